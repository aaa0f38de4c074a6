//! Words that are composed: by a real input method, inside the text, while a colleague writes into the same paragraph.
//!
//! The input method is GTK's own for Vietnamese (VIQR), which is there wherever the window is. It shows what is being
//! composed in the text as every input method does: `e`, `^` and `.` become ệ. Methods with a daemon and a list of
//! candidates (IBus, Fcitx) reach the page through the same two events and are not driven here.

use fantoccini::key::Key;
use sheaf_stories::world::World;

use crate::colleague::Colleague;
use crate::desk::Desk;
use crate::session::Session;

const WATCH: &str = "window.composed = []; for (const kind of ['compositionstart', 'compositionend']) \
    document.addEventListener(kind, (event) => window.composed.push(kind), true)";

#[tokio::test(flavor = "multi_thread")]
async fn a_word_is_composed_in_place_while_a_colleague_writes_beside_it() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut linh = Desk::new(&Session::begin());
    linh.start().await;
    linh.meet("Share", &world.owner_invitation(world.address()), "Linh").await;
    linh.see("[data-phase=editing] .ProseMirror").await;
    linh.kill();
    linh.equip("GTK_IM_MODULE", "viqr");
    linh.start().await;
    let ada = Colleague::join("Ada", &world, world.address()).await?;
    let welcome = linh.only_document();
    ada.read(welcome, "This is a document.").await?;
    let before = linh.stored(welcome);

    linh.ask(WATCH).await;
    linh.go_to_the_end().await;
    linh.type_words(&format!("{}{}{}", Key::Control, Key::Home, Key::Null)).await;
    linh.type_words("Tie^").await;
    linh.read("TiêThis is").await;
    let begun = linh.ask("return composed.join()").await;
    let is_open = begun.as_str().is_some_and(|events| events.ends_with("compositionstart"));
    assert!(is_open, "it is being composed: {begun}");
    linh.saved().await;

    ada.type_at(welcome, 0, "Ada: ").await?;
    linh.until("Ada's words are on Linh's disk", async || {
        linh.document(welcome).text().contains("Ada: ") && linh.stored(welcome).len() > before.len()
    })
    .await;
    assert_eq!(linh.ask("return composed.join()").await, begun, "nothing ends the composition");
    linh.read("TiêThis is").await;
    linh.type_words("'ng Vie^.t ").await;
    linh.read("Tiếng Việt This is").await;
    linh.read("Ada: ").await;
    linh.saved().await;
    ada.read(welcome, "Tiếng Việt This is").await?;
    let text = ada.copy(welcome).await?.text();
    assert_eq!(text.matches("Ti").count(), 1, "every letter is there once: {text}");
    assert_eq!(linh.document(welcome).text(), text, "both hold the same");
    assert_eq!(linh.text().await.lines().next(), text.lines().next(), "and the window shows it");
    Ok(())
}
