//! Files on this device: the bytes of what documents show, each under its hash, and their way to the relay and from it.
//!
//! The one idea: bytes that are named by their hash never change, so a copy is right or it is not there. A [`Shelf`] holds
//! what is here whole, and apart from that what is still coming; [`upload`] and [`download`] go on wherever an earlier attempt
//! stopped. Both may be ended at any moment and begun again.
//!
//! What is to be carried, and in which order, is the porter's to know. Deliberately absent: which documents show a file.

mod carry;
mod delay;
mod fresh;
mod look;
mod name;
mod porter;
mod shelf;
mod view;

use std::io;

pub use carry::{Progress, download, upload};
pub use fresh::Fresh;
pub use look::{Look, look};
pub use name::{fit, to_save};
pub(crate) use porter::Porter;
pub use shelf::{Kept, Shelf};
pub use view::{FileView, Trouble, Whereabouts};

use crate::account::AccountError;
use crate::error::ReplicaError;

/// Why a file was not kept or carried. What there was before is as it was; what was carried is kept for the next attempt.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is larger than a file may be.
    #[error("the file is larger than {most} bytes")]
    TooLarge {
        /// The largest that may be.
        most: u64,
    },
    /// The relay does not have it: the device that added it has not brought it yet.
    #[error("the relay does not have this file yet")]
    NotThere,
    /// The bytes that came are not those that the name means.
    #[error("the bytes that came are not this file's")]
    Mismatch,
    /// The relay did not do its part.
    #[error(transparent)]
    Relay(#[from] AccountError),
    /// The disk did not do its part.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// The replica did not do its part.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}
