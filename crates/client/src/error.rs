//! What can go wrong with a replica, as far as a caller can act on it.

use std::error::Error;
use std::io;

use sheaf_document::ids::DocumentId;
use sheaf_document::update::Refusal;
use sheaf_protocol::problem::Code;
use sheaf_store::StoreError;

/// Why a replica did not do what it was asked. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum ReplicaError {
    /// The disk failed; the message says what is safe and what to do.
    #[error(transparent)]
    Store(StoreError),
    /// The bytes are no sound change of this document. They were not stored.
    #[error("the change was refused: {0}")]
    Refused(#[from] Refusal),
    /// The document's updates passed every rule one by one, and still it cannot be read. They are kept as they are.
    #[error("the document cannot be read; nothing of it is lost")]
    Unreadable(#[source] Box<dyn Error + Send + Sync>),
    /// A record that the relay would refuse for this, so it was not written.
    #[error("this is not possible here ({})", .0.name())]
    Rule(Code),
    /// There is no such document here.
    #[error("there is no document {0} here")]
    NotFound(DocumentId),
    /// A defect in Sheaf ended this call, and only this call: what was saved before it is on the disk.
    #[error("something in Sheaf is broken; everything that was saved is safe")]
    Broken,
    /// The replica was stopped.
    #[error("the workspace was closed")]
    Stopped,
}

impl From<StoreError> for ReplicaError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Rule(refused) => Self::Rule(refused.code),
            other => Self::Store(other),
        }
    }
}

impl From<io::Error> for ReplicaError {
    fn from(error: io::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What this crate's functions return.
pub(crate) type Result<T> = std::result::Result<T, ReplicaError>;
