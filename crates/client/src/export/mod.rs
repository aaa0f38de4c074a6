//! Taking out what is in a workspace: a document, what stands under it, or everything, as files that other programs read.
//!
//! The one idea: what is taken out lies there whole or not at all, and never in the place of anything. It is gathered in a
//! folder that nobody sees and gets its name at the end; a name that is taken is told apart. The same workspace gives the same
//! bytes each time.
//!
//! It reads beside whoever writes, so nobody's typing waits for it. Deliberately absent: what is in the trash.

mod attachments;
mod gather;
mod html;
mod layout;
mod unborn;

use std::io;
use std::path::PathBuf;

use sheaf_document::ids::DocumentId;

pub use gather::export;

use crate::error::ReplicaError;
use crate::import::Left;

/// What is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything that stands in the tree.
    Workspace,
    /// A document with everything that stands under it.
    Below(DocumentId),
    /// A document alone.
    Alone(DocumentId),
}

/// As what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Markdown, with the files that documents show in a folder beside them.
    Markdown,
    /// Pages of HTML, with their pictures in them.
    Html,
}

/// What came of an export.
#[derive(Debug)]
pub struct Report {
    /// The folder or file that was made.
    pub path: PathBuf,
    /// How many documents are in it.
    pub documents: usize,
    /// How many files they show.
    pub files: usize,
    /// What is not in it, or not wholly.
    pub left: Vec<Left>,
}

/// Why nothing was taken out. Nothing is left of the attempt.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Somebody ended it.
    #[error("the export was cancelled; nothing was written")]
    Cancelled,
    /// There is nothing to take out.
    #[error("there is nothing to export")]
    Nothing,
    /// The folder cannot be written.
    #[error("the folder cannot be written ({0}); nothing was left in it")]
    Disk(#[from] io::Error),
    /// The workspace cannot be read.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
}
