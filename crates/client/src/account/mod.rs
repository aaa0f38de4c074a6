//! Who is signed in at a relay: joining, signing in, fresh access tokens, signing out.
//!
//! The access token lives in memory for minutes; the refresh secret lives in the keychain and is replaced at each use. The
//! device makes the next secret itself and files it, marked as pending, before it asks: an answer that is lost on a bad
//! line costs nothing, for the same question may be asked again and has the same answer.

mod api;
mod blobs;
mod filed;
mod keeper;

use sheaf_protocol::problem::Code;

pub use api::{Insist, RelayApi};
pub use blobs::Held;
pub use keeper::{Account, Enrolment};

use crate::keychain::Trouble;

/// Why an account could not do what it was asked. Nothing is lost by any of these: documents stay open and editable.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The link or address is none.
    #[error("this is not an invitation link of a relay")]
    Link,
    /// The relay speaks plain http over a network, and nobody insisted.
    #[error("the relay at this address is not encrypted")]
    Insecure,
    /// Nothing answers there.
    #[error("the relay does not answer")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something answers, but it is no relay.
    #[error("what answers at this address is not a Sheaf relay")]
    NotARelay,
    /// The relay said no.
    #[error("the relay refused: {}{}", .code.name(), .field.as_ref().map(|field| format!(" ({field})")).unwrap_or_default())]
    Refused {
        /// Why.
        code: Code,
        /// Which field, when one is the reason.
        field: Option<String>,
    },
    /// There is no session on this device, or it ended.
    #[error("nobody is signed in here any more")]
    SignedOut,
    /// The keychain has stopped working, and nobody can know whether there is a session. It is tried again.
    #[error("{0}")]
    Keychain(#[from] Trouble),
    /// The lock that keeps two programs from refreshing at once could not be had.
    #[error("the profile's folder cannot be written")]
    Folder(#[source] std::io::Error),
}
