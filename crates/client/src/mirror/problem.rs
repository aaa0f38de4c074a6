//! What a mirror cannot do, for a person to know of. Nothing is lost by any of it: both sides stay as they are.

use std::io;

/// Something that is not kept in step, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it lies, from the folder's top.
    pub path: String,
    /// Why.
    pub trouble: Trouble,
}

/// Why something is not kept in step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Trouble {
    /// A symbolic link; what it leads to may lie anywhere.
    #[error("it is a link, and links are not followed")]
    Link,
    /// A pipe, a device or the like.
    #[error("it is no ordinary file")]
    NoFile,
    /// More than 16 MiB.
    #[error("it is larger than 16 MiB")]
    TooLarge,
    /// Its bytes are no UTF-8.
    #[error("it is no UTF-8 text")]
    NoText,
    /// Its name is no text.
    #[error("its name is no UTF-8 text")]
    Name,
    /// It lies in more than 32 folders.
    #[error("it lies too deep")]
    TooDeep,
    /// There are more than 100,000 files.
    #[error("there are too many files")]
    TooMany,
    /// The system does not let it be read.
    #[error("it cannot be read: {0}")]
    Unreadable(io::ErrorKind),
    /// The system does not let it be written.
    #[error("it cannot be written: {0}")]
    Unwritable(io::ErrorKind),
    /// Its document cannot be read, or does not take the change.
    #[error("its document does not take the change: {0}")]
    Document(String),
    /// A cloud drive made a copy, because it was changed in two places; it is a document of its own now.
    #[error("a cloud drive made this copy of a file that was changed in two places")]
    Copy,
}

/// Says whether a file's name is one that a cloud drive gives to the second version of a file.
pub(super) fn is_copy(name: &str) -> bool {
    let name = name.to_lowercase();
    ["conflicted copy", "sync-conflict-", "(conflict", "case conflict"].iter().any(|sign| name.contains(sign))
}
