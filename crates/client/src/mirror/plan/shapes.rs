//! What a plan is made of, and what it says: both sides of a mirror on paper.

use std::collections::{BTreeMap, BTreeSet};

use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::record::Parent;

use crate::folder::paths;

/// What a file and its document were when they last agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where the file lay, from the folder's top.
    pub path: String,
    /// What was in it; `None` for a document that is only a folder: nothing is written in it.
    pub hash: Option<ContentHash>,
    /// By what the system knows the file across renames, where it says so.
    pub inode: Option<u64>,
    /// What the document was called.
    pub title: String,
}

/// Every document that was mirrored.
pub type Rows = BTreeMap<DocumentId, Row>;

/// A folder, as it was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Disk {
    /// Whether the folder itself is there and can be read.
    pub is_there: bool,
    /// The Markdown files by their paths.
    pub files: BTreeMap<String, Found>,
    /// The folders in it.
    pub folders: BTreeSet<String>,
    /// Whatever nothing can be said of, with all that lies below: it could not be read, or is no ordinary file.
    pub unclear: BTreeSet<String>,
}

/// A file that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// What is in it.
    pub hash: ContentHash,
    /// See [`Row::inode`].
    pub inode: Option<u64>,
}

/// A document, as it stands below what is mirrored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The document that it stands under; `None` right at the top of what is mirrored.
    pub parent: Parent,
    /// What it is called.
    pub title: String,
    /// Whether it says something else than its file did when both last agreed.
    pub is_changed: bool,
    /// Whether nothing is written in it.
    pub is_empty: bool,
}

/// Every document that is to be in the folder.
pub type Documents = BTreeMap<DocumentId, Standing>;

/// One thing to do. Each names what it was decided on, so that whoever does it can see whether that is still so.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Make a document for a folder that has none.
    Folder {
        /// The folder.
        path: String,
    },
    /// A file was moved or renamed: its document follows.
    Follow {
        /// The document.
        document: DocumentId,
        /// Where the file is now.
        path: String,
    },
    /// Bring what changed in a file into its document.
    Merge {
        /// The document.
        document: DocumentId,
        /// Where the file is.
        path: String,
        /// What is in it.
        hash: ContentHash,
    },
    /// Make a document of a new file, or take the one that says the same already.
    Create {
        /// Where the file is.
        path: String,
        /// What is in it.
        hash: ContentHash,
    },
    /// Take a document out of the trash: its file changed.
    Restore {
        /// The document.
        document: DocumentId,
    },
    /// Put a document into the trash: its file was deleted.
    Trash {
        /// The document.
        document: DocumentId,
    },
    /// Write a document's file.
    Write {
        /// The document.
        document: DocumentId,
        /// Where to.
        path: String,
        /// What it takes the place of; `None` where nothing may be yet.
        over: Option<ContentHash>,
    },
    /// Move a file: its document was moved or renamed.
    Rename {
        /// The document.
        document: DocumentId,
        /// Where it is.
        from: String,
        /// Where to.
        to: String,
    },
    /// Delete a file: its document is not here any more.
    Remove {
        /// The document.
        document: DocumentId,
        /// Where it is.
        path: String,
        /// What is in it.
        hash: ContentHash,
    },
    /// Forget a document that is neither here nor there.
    Forget {
        /// The document.
        document: DocumentId,
    },
}

/// Why nothing is done until a person says what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// The folder itself is not there.
    Vanished,
    /// So many files are missing at once.
    Missing(usize),
}

/// What a person says of many missing files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answer {
    /// Nobody said anything yet.
    #[default]
    Ask,
    /// They were deleted: their documents go into the trash.
    Trash,
    /// They got lost: they are to be written again.
    Write,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// In this order.
    pub steps: Vec<Step>,
    /// What a person has to say first.
    pub question: Option<Question>,
    /// The documents whose files are missing and that will be taken for deleted once that has lasted.
    pub missing: BTreeSet<DocumentId>,
}

/// What else a plan depends on.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// The documents whose files have been missing for long enough.
    pub ripe: BTreeSet<DocumentId>,
    /// What a person said of missing files.
    pub answer: Answer,
    /// What was tried and could not be done.
    pub failed: BTreeSet<Step>,
}

impl Disk {
    /// Says whether nothing can be said of what lies, or does not lie, at a path.
    pub fn is_unclear(&self, path: &str) -> bool {
        let mut path = path;
        while !path.is_empty() {
            if self.unclear.contains(path) {
                return true;
            }
            path = paths::folder(path);
        }
        false
    }
}
