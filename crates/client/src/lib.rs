//! A living replica: its session with a relay, its store, its keychain, and who is signed in.
//!
//! Floor 3. [`session`] decides and is pure; everything else here carries out what it says. Product logic ends here: the
//! desktop shell and the command line only call it.

pub mod account;
pub mod chance;
pub mod clock;
mod desk;
mod engine;
mod error;
pub mod export;
pub mod files;
pub mod folder;
mod gatekeeper;
pub mod import;
pub mod keychain;
pub mod mirror;
pub mod profile;
pub mod publish;
pub mod reader;
pub mod refused;
pub mod replica;
mod search;
pub mod session;
mod socket;
pub mod team;
mod writing;

pub use clock::Clock;
pub use error::ReplicaError;
pub use profile::Profile;
pub use reader::Reader;
pub use refused::Refused;
pub use replica::{Events, Relay, Replica, ReplicaEvent, Status, Watcher};
pub use sheaf_store::search::{About, Found, Hit, Kind};
pub use sheaf_store::{Level, MemberRow, Place, PlaceRow, RefusedRecord, Spot};

/// Chooses the cryptography for TLS, once per process; every program calls it first.
pub fn install_crypto() {
    // A second call finds the first one's choice, which is the same.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// Says whether this may stand in a log, whatever filter somebody asks for: at its most talkative the WebSocket library
/// writes whole frames, and with them tokens and people's words.
pub fn may_be_logged(metadata: &tracing::Metadata<'_>) -> bool {
    !metadata.target().starts_with("tungstenite")
}
