//! The relay: a team's log, kept durably and fanned out.
//!
//! One binary, one data folder. HTTP for accounts ([`http`]), a WebSocket of our own for frames ([`websocket`]), one
//! writer thread that owns the rooms ([`room`]) and the writing connection, readers beside it, SQLite
//! ([`storage`]). No Yjs document lives here: the relay checks bytes, keeps a log and passes it on; what
//! has to read a document does it in a child process ([`worker`]).

pub mod accounts;
mod blobs;
mod clock;
pub mod config;
pub mod error;
mod folder;
pub mod http;
pub mod invitation;
pub mod keys;
mod listen;
pub mod logging;
pub mod orphans;
mod readers;
mod relay;
pub mod restored;
pub mod room;
mod snapshots;
pub mod storage;
pub mod websocket;
pub mod worker;
mod writer;

pub use config::Config;
pub use error::Error;
pub use relay::{Relay, RelayHandle};

/// Chooses the cryptography of this process; every entry point calls it first. Calling it again changes nothing.
pub fn install_crypto() {
    // An error means that it was chosen before.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
}
