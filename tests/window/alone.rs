//! One person, one window, no relay.

use std::process::Stdio;

use serde_json::json;
use tokio::process::Command;
use tokio::time::timeout;

use crate::desk::Desk;
use crate::drawer::written;
use crate::driver::{self, PATIENCE};
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_is_ready_to_write_and_a_crash_costs_nothing() {
    let mut imke = Desk::new(&Session::begin());
    imke.start().await;
    imke.read("every word is kept as you type it").await;
    imke.status("Saved on this device").await;

    imke.go_to_the_end().await;
    imke.type_words(" Grüße from the ferry").await;
    imke.read("Grüße from the ferry").await;
    imke.saved().await;
    imke.status("Saved on this device").await;
    let before = imke.text().await;
    imke.kill();

    imke.start().await;
    imke.read("Grüße from the ferry").await;
    assert_eq!(imke.text().await, before, "what the window called saved is there, and nothing else");
}

/// Draws everything once more from its first line on, under the eyes of somebody who notes each rule that is broken: on the
/// first drawing nobody can look before it begins.
const DRAW_AGAIN: &str = "const done = arguments[arguments.length - 1];
window.broken = [];
document.addEventListener('securitypolicyviolation', (event) => window.broken.push(event.blockedURI));
document.getElementById('app').replaceChildren();
import(document.querySelector('script[type=module]').src + '?again').then(() => done('drawn'), (error) => done(String(error)))";

/// Breaks a rule on purpose; what is noted after that is everything.
const BREAK: &str = "const done = arguments[arguments.length - 1];
document.addEventListener('securitypolicyviolation', () => done(window.broken), { once: true });
new Image().src = 'https://example.org/on-purpose.png'";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_fenced_in_and_its_bytes_stay_raw() {
    let mut ada = Desk::new(&Session::begin());
    ada.put([written(
        "# Tides\n\n![The tides in March](https://example.org/tides.png)\n\nHigh water at six.\n",
    )])
    .await;
    ada.start().await;
    let drawn = ada.page().execute_async(DRAW_AGAIN, Vec::new()).await.expect("the page answers");
    assert_eq!(drawn, "drawn");
    ada.says(".ProseMirror .picture", "The tides in March").await;
    ada.go_to_the_end().await;
    ada.type_words(" one more word").await;
    ada.read("one more word").await;
    ada.picture("picture").await;
    ada.saved().await; // the shell takes no change that does not come as raw bytes
    let broken = ada.page().execute_async(BREAK, Vec::new()).await.expect("the page answers");
    let purpose = json!(["https://example.org/on-purpose.png"]);
    assert_eq!(broken, purpose, "from its first line on the page breaks no rule of its own by itself");
    let kind = "const done = arguments[arguments.length - 1]; \
        window.__TAURI_INTERNALS__.invoke('start').then(async (start) => { \
        const bytes = await window.__TAURI_INTERNALS__.invoke('open', { document: start.place.document }); \
        done(Object.prototype.toString.call(bytes)) }, (error) => done(JSON.stringify(error)))";
    let kind = ada.page().execute_async(kind, Vec::new()).await.expect("the shell answers");
    assert_eq!(kind, "[object ArrayBuffer]", "a document crosses as bytes, never as JSON");

    for (what, script) in [
        ("the network", "fetch('https://example.org/').then(() => done('open'), () => done('shut'))"),
        (
            "another command",
            "window.__TAURI_INTERNALS__.invoke('plugin:window|close').then(() => done('open'), () => done('shut'))",
        ),
        ("evaluated text", "try { (0, eval)('1'); done('open') } catch { done('shut') }"),
        ("another window", "done(window.open('https://example.org/') ? 'open' : 'shut')"),
    ] {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        let answer = ada.page().execute_async(&script, Vec::new()).await.expect("the page answers");
        assert_eq!(answer, "shut", "{what} is out of a script's reach");
    }
    let _ = ada.page().execute("location.href = 'https://example.org/'", Vec::new()).await;
    assert_eq!(ada.ask("return location.protocol").await, "tauri:", "the page stays where it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_of_two_lines_is_seen_whole() {
    let mut ada = Desk::new(&Session::begin());
    let title = "What the harbour master said about the winter crew in November";
    ada.put([written(&format!("# {title}\n\nFour of them.\n"))]).await;
    ada.start().await;
    ada.page().set_window_size(720, 600).await.expect("the window is narrow");
    ada.until("the title has more than one line, and no line is hidden", async || {
        let lines = "const title = document.querySelector('.title textarea'); \
            return title.value !== '' && title.clientHeight > 60 && title.scrollHeight <= title.clientHeight";
        ada.ask(lines).await == true
    })
    .await;
    ada.picture("two-line-title").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_on_the_profile_goes_and_brings_the_first_one_back() {
    let mut tomas = Desk::new(&Session::begin());
    tomas.start().await;
    tomas.minimise();
    tomas.until("the window is put away", async || !tomas.is_on_screen()).await;
    let first = tomas.app_pid().expect("the first app runs");
    let mut second = driver::on_profile(&tomas.session, &driver::app(), tomas.profile());
    second.stdout(Stdio::null()).stderr(Stdio::null());
    let mut second = Command::from(second).kill_on_drop(true).spawn().expect("the second app starts");
    let ended = timeout(PATIENCE, second.wait()).await.expect("it does not stay").expect("it ends by itself");
    assert!(ended.success(), "calling the first one to the front is no failure: {ended}");
    assert_eq!(tomas.app_pid(), Some(first), "the first one goes on");
    tomas.until("and its window is back", async || tomas.is_on_screen()).await;
    tomas.go_to_the_end().await;
    tomas.type_words(" still here").await;
    tomas.read("still here").await;
}
