//! What is too large is refused before it enters the document, and the document goes on.

use crate::desk::Desk;
use crate::session::Session;

/// A change of 17 MiB, as a broken page would send it.
const CHANGE: &str = "const done = arguments[arguments.length - 1]; \
    const { invoke } = window.__TAURI_INTERNALS__; \
    invoke('start').then(({ documents }) => invoke('open', { document: documents[0].id }) \
    .then(() => invoke('commit', new Uint8Array(17 << 20), { headers: { document: documents[0].id } }))) \
    .then(() => done('stored'), (problem) => done(problem.code))";

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
