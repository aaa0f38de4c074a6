//! What is told of an import while it runs, and at its end.

use std::io::{self, ErrorKind};

use sheaf_document::ids::DocumentId;

use crate::error::ReplicaError;

/// How far an import or export is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Documents that are done.
    pub done: usize,
    /// Documents in all.
    pub total: usize,
    /// The one that is next, by its path in the folder.
    pub path: String,
}

/// What came of an import.
#[derive(Debug)]
pub struct Report {
    /// The document that it all stands under; `None` where nothing was made.
    pub document: Option<DocumentId>,
    /// What that is called.
    pub title: String,
    /// How many documents were made, that one included.
    pub documents: usize,
    /// How many files they show.
    pub files: usize,
    /// What was not brought in, or not wholly, in the order of the paths.
    pub left: Vec<Left>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an import ended.
#[derive(Debug)]
pub enum Outcome {
    /// All that could be read is there.
    Whole,
    /// Somebody ended it; what was made until then is in the trash.
    Cancelled,
    /// It could not go on; what was made until then is in the trash.
    Failed(ReplicaError),
}

/// Something that was not brought in or out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// Where it lies in the folder.
    pub path: String,
    /// Why.
    pub why: Why,
}

/// Why something was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Its name begins with a dot: it is some program's, not a text.
    Hidden,
    /// A link to something else, which may lie anywhere; links are not followed.
    Link,
    /// No file: a device, a pipe.
    Special,
    /// It lies in more folders than documents may stand under.
    TooDeep,
    /// There are more than one import brings in; this and what comes behind it.
    TooMany,
    /// It is larger than this many bytes.
    TooLarge(u64),
    /// Its bytes are no text in UTF-8.
    NotText,
    /// It is not what its name says, or damaged.
    Damaged,
    /// It is of a kind that no document can be made of, and no document shows it.
    NotShown,
    /// The system does not let it be read, for this reason.
    Unreadable(ErrorKind),
    /// What is in it cannot be a document: one piece of it is larger than any change may be.
    Refused,
    /// Its bytes are not on this device yet.
    NotHere,
}

impl Why {
    /// Returns the reason's name, for programs and catalogues.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::Link => "link",
            Self::Special => "special",
            Self::TooDeep => "too_deep",
            Self::TooMany => "too_many",
            Self::TooLarge(_) => "too_large",
            Self::NotText => "not_text",
            Self::Damaged => "damaged",
            Self::NotShown => "not_shown",
            Self::Unreadable(_) => "unreadable",
            Self::Refused => "refused",
            Self::NotHere => "not_here",
        }
    }
}

impl From<io::Error> for Why {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.kind())
    }
}
