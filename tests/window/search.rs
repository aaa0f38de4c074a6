//! Search in the real window: what was typed a moment ago is found, and opened, without a mouse.

use fantoccini::key::Key;

use crate::desk::Desk;
use crate::drawer::written;
use crate::session::Session;

/// What is chosen in the palette.
const CHOSEN: &str =
    "return document.querySelector('.palette [role=option][data-selected]')?.textContent ?? ''";

#[tokio::test(flavor = "multi_thread")]
async fn imke_finds_what_she_has_just_typed_and_opens_it() {
    let mut imke = Desk::new(&Session::begin());
    imke.put(
        ["# Ferry timetable\n\nNine and noon.\n", "# Crew and cabins\n\nTomás has the upper berth.\n"]
            .map(written),
    )
    .await;
    imke.start().await;
    imke.choose("Ferry timetable").await;
    imke.go_to_the_end().await;
    imke.type_words(" A porpoise beside the pier").await;
    imke.saved().await;
    imke.choose("Crew and cabins").await;
    imke.read("Tomás has the upper berth.").await;

    imke.search("porp").await;
    imke.says(".palette .snippet", "A porpoise beside the pier").await;
    imke.says(".palette .snippet mark", "porpoise").await;
    imke.chosen("Ferry timetable").await;
    imke.press_key(Key::Enter).await;
    imke.read("A porpoise beside the pier").await;
    imke.type_words("!").await;
    imke.saved().await;

    imke.search("upper tomas").await;
    imke.chosen("Crew and cabins").await;
    imke.press_key(Key::Escape).await;
    imke.until("the palette is gone", async || {
        imke.ask("return document.querySelector('.palette')").await.is_null()
    })
    .await;
}

impl Desk {
    /// Opens the palette by its keys and types into it.
    async fn search(&self, words: &str) {
        let page = self.page().active_element().await.expect("something has the keyboard");
        let keys = format!("{}k{}", char::from(Key::Control), char::from(Key::Null));
        page.send_keys(&keys).await.expect("the keys are pressed");
        self.see(".palette input").await.send_keys(words).await.expect("it is typed");
    }

    /// Waits until this is chosen in the palette.
    async fn chosen(&self, words: &str) {
        self.until(words, async || {
            self.ask(CHOSEN).await.as_str().is_some_and(|chosen| chosen.contains(words))
        })
        .await;
    }

    /// Presses a key where the keyboard is.
    async fn press_key(&self, key: Key) {
        let here = self.page().active_element().await.expect("something has the keyboard");
        here.send_keys(&char::from(key).to_string()).await.expect("the key is pressed");
    }
}
