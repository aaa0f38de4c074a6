//! Where somebody was is where they go on: the same document, the same line, also after the app was killed.

use sheaf_document::ids::DocumentId;
use sheaf_store::{Access, Options, Store};

use crate::desk::Desk;
use crate::drawer::written;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn the_caret_is_in_its_line_after_a_crash() {
    let mut imke = Desk::new(&Session::begin());
    let lines: String = (1..=80).map(|line| format!("Day {line} at sea.\n\n")).collect();
    let [log, _] = imke.put([written(&format!("# Log\n\n{lines}")), written("# Berths\n\nFour.\n")]).await;
    imke.start().await;
    imke.choose("Log").await;
    imke.read("Day 80 at sea.").await;
    imke.click("p:nth-child(47)").await;
    imke.until("she is known to be in the log, at some line", async || is_in(&imke, log)).await;
    imke.kill();

    imke.start().await;
    imke.read("Day 80 at sea.").await;
    let keyboard = "return document.activeElement?.classList.contains('ProseMirror')";
    imke.until("the keyboard is in the text", async || imke.ask(keyboard).await == true).await;
    imke.type_words("!").await;
    imke.until("she writes on in the line where she was", async || {
        let text = imke.text().await;
        text.lines().any(|line| line.contains('!') && line.replace('!', "") == "Day 47 at sea.")
    })
    .await;
    let line = "const line = document.querySelector('.ProseMirror > p:nth-child(47)').getBoundingClientRect(); \
        return line.top > 0 && line.bottom < innerHeight";
    assert_eq!(imke.ask(line).await, true, "and sees it");
}

/// Says whether it is written down that somebody's caret is in a document.
fn is_in(who: &Desk, document: DocumentId) -> bool {
    let read = Options { key: None, access: Access::Read };
    let store = Store::open(&who.database(), read).expect("it can be read beside the app");
    let place = store.setting("window.place").expect("it is whole").unwrap_or_default();
    place.contains(&document.to_string()) && place.contains("anchor")
}
