//! The view may fail; the words are elsewhere.

use fantoccini::Locator;

use crate::desk::Desk;
use crate::drawer::written;
use crate::session::Session;

/// Takes something away that every editor needs, so that the next one fails.
const BREAK: &str = "window.kept = window.MutationObserver; window.MutationObserver = class { constructor() { throw new Error('story') } }";
const MEND: &str = "window.MutationObserver = window.kept";

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_fails_says_so_and_has_its_text_when_it_is_loaded_again() {
    let mut tomas = Desk::new(&Session::begin());
    tomas.put([written("# Tides\n\nHigh water at six.\n")]).await;
    tomas.start().await;
    tomas.go_to_the_end().await;
    tomas.type_words(" Low water at noon.").await;
    tomas.choose("Welcome to Sheaf").await;
    tomas.read("every word is kept as you type it").await;

    tomas.ask(BREAK).await;
    tomas.choose("Tides").await;
    tomas.says("[role=alert]", "what you wrote is saved on this device").await;
    tomas.picture("failed-view").await;
    tomas.ask(MEND).await;
    let again = tomas.page().find(Locator::Css("[role=alert] button")).await.expect("there is a way out");
    again.click().await.expect("it can be pressed");
    tomas.read("High water at six. Low water at noon.").await;
    tomas.go_to_the_end().await;
    tomas.type_words(" Slack at nine.").await;
    tomas.read("Slack at nine.").await;
    tomas.saved().await;
}
