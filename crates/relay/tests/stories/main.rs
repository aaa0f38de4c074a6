//! Stories about a real relay: who may come in, what it keeps, what it survives.
#![expect(clippy::unwrap_used, reason = "a panic in a story is its report")]

mod accounts;
mod blobs;
mod door;
mod flood;
mod folder;
mod foreign;
#[cfg(target_os = "linux")]
mod full;
mod killed;
mod process;
mod records;
mod replica;
#[cfg(target_os = "linux")]
mod worker;
mod world;
mod writing;
