//! How to reach a relay: an address, and somebody who knows a fresh access token.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use sheaf_protocol::secret::Secret;

use crate::account::Account;

/// Why there is no access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoAccess {
    /// The relay could not be asked; it is worth another attempt.
    #[error("the relay does not answer")]
    Unreachable,
    /// The session ended: a person has to sign in.
    #[error("nobody is signed in here any more")]
    SignedOut,
}

/// Answers with an access token; `true` asks for a new one, because the relay refused the last.
pub type Access = Arc<dyn Fn(bool) -> BoxFuture<'static, Result<Secret, NoAccess>> + Send + Sync>;

/// A relay that a replica can connect to.
#[derive(Clone)]
pub struct Relay {
    /// The socket's address: `ws://` or `wss://`.
    pub(crate) socket: String,
    pub(crate) access: Access,
    /// Who carries files to it; nobody does where this is not known.
    pub(crate) account: Option<Account>,
}

impl Relay {
    /// Returns the relay whose socket is at this address (`ws://` or `wss://`), with its source of access tokens.
    pub fn new(socket: impl Into<String>, access: Access) -> Self {
        Self { socket: socket.into(), access, account: None }
    }

    /// The same, with somebody to carry files.
    pub fn with_files(self, account: Account) -> Self {
        Self { account: Some(account), ..self }
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Relay").field(&self.socket).finish()
    }
}
