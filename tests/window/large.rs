//! Things that are too large: refused before they enter the document, in words, and the document goes on.

use fantoccini::key::Key;

use crate::desk::Desk;
use crate::session::Session;

/// What the system's clipboard holds after the next copy: 102 million letters.
const COPY: &str = "document.addEventListener('copy', (event) => { \
    event.clipboardData.setData('text/plain', 'sheaf '.repeat(17_000_000)); \
    event.preventDefault(); event.stopImmediatePropagation() }, { capture: true, once: true })";

/// A change of 17 MiB, as a broken page would send it.
const CHANGE: &str = "const done = arguments[arguments.length - 1]; \
    const { invoke } = window.__TAURI_INTERNALS__; \
    invoke('level', { level: { under: null }, after: null, limit: 1 }).then(([{ id }]) => invoke('open', { document: id }) \
    .then(() => invoke('commit', new Uint8Array(17 << 20), { headers: { document: id } }))) \
    .then(() => done('stored'), (problem) => done(problem.code))";

#[tokio::test(flavor = "multi_thread")]
async fn a_paste_of_a_hundred_megabytes_is_offered_back() {
    let mut ada = Desk::new(&Session::begin());
    ada.start().await;
    let welcome = ada.only_document();
    let (before, stored) = (ada.text().await, ada.stored(welcome));
    ada.go_to_the_end().await;
    ada.ask(COPY).await;
    for keys in ["a", "c"] {
        ada.type_words(&format!("{}{keys}{}", Key::Control, Key::Null)).await;
    }
    ada.go_to_the_end().await;
    ada.type_words(&format!("{}v{}", Key::Control, Key::Null)).await;
    ada.says(".notice", "It is still on your clipboard").await;
    ada.picture("huge-paste").await;
    assert_eq!(ada.text().await, before, "nothing of it is in the document");
    assert_eq!(ada.stored(welcome), stored, "nor on the disk");

    ada.go_to_the_end().await;
    ada.type_words(" A few words instead.").await;
    ada.read("A few words instead.").await;
    ada.saved().await;
    ada.status("Saved on this device").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_seventeen_mebibytes_is_refused_and_costs_nothing() {
    let mut ada = Desk::new(&Session::begin());
    ada.start().await;
    let welcome = ada.only_document();
    let stored = ada.stored(welcome);
    let answer = ada.page().execute_async(CHANGE, Vec::new()).await.expect("the shell answers");
    assert_eq!(answer, "too_large", "the shell says why");
    assert_eq!(ada.stored(welcome), stored, "nothing of it is on the disk");

    ada.go_to_the_end().await;
    ada.type_words(" A few words instead.").await;
    ada.saved().await;
    ada.kill();
    assert!(ada.document(welcome).text().contains("A few words instead."), "the document goes on");
}
