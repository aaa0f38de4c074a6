//! The real window: how long a person waits for a long document, and for a letter in it.
//!
//! `cargo bench -p sheaf-stories --bench window [-- rounds]`, with the app built in release beside it. The profile is written by
//! the client library, the app is the shipped one, started on a screen of its own (no GPU, so painting is the processor's
//! work too) and driven from outside. Times are taken in the page, by its own clock, which ticks in milliseconds; a frame
//! counts as painted at the first task after it. The bare peer, Yjs alone, runs in the same page, turn by turn.

#[cfg(target_os = "linux")]
#[path = "../../window/driver.rs"]
mod driver;
#[cfg(target_os = "linux")]
mod page;
#[cfg(target_os = "linux")]
mod profile;
#[cfg(target_os = "linux")]
mod rounds;
#[cfg(target_os = "linux")]
#[path = "../../window/session.rs"]
mod session;
#[cfg(target_os = "linux")]
mod yjs;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(9);
    tokio::runtime::Runtime::new()?.block_on(rounds::measure(rounds))
}

/// Only the Linux window can be driven from outside.
#[cfg(not(target_os = "linux"))]
fn main() {}
