//! A file as people see it: what it is called, where its bytes are, how far they have come.

use sheaf_document::ids::{ContentHash, PersonId};
use sheaf_protocol::record::Dimensions;
use sheaf_store::FileRow;

use super::look::may_be_shown;

/// A file, and how it stands with it on this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileView {
    /// Its name among files.
    pub hash: ContentHash,
    /// What it is called; empty where nobody has said so yet.
    pub name: String,
    /// Its bytes; 0 where nobody has said so yet.
    pub size: u64,
    /// What it is, as a media type; empty where nobody has said so yet.
    pub media: String,
    /// How large a picture is.
    pub dimensions: Option<Dimensions>,
    /// Who added it, where that is known.
    pub person: Option<PersonId>,
    /// Whether it is a picture that may be shown, as far as is said of it.
    pub is_picture: bool,
    /// Where its bytes are.
    pub whereabouts: Whereabouts,
    /// How many of them have been carried, while they are on their way.
    pub done: u64,
    /// What keeps them, if it is something that a person should know.
    pub trouble: Option<Trouble>,
}

/// Where a file's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whereabouts {
    /// On this device, and nobody waits for them.
    Here,
    /// On this device, on their way to the relay.
    Uploading,
    /// At the relay, on their way here.
    Coming,
    /// Not here, and not at the relay as far as is known: whoever added the file has not brought it yet.
    Missing,
    /// On this device, and the relay does not take them.
    Refused,
}

/// What keeps a file from being carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The relay takes no file as large as this.
    TooLarge,
    /// There is no room for it on this device.
    DiskFull,
    /// The relay has lost it.
    Gone,
}

impl FileView {
    /// Returns a file of which nothing is known but its name among files.
    pub(crate) fn unknown(hash: ContentHash) -> Self {
        Self {
            hash,
            name: String::new(),
            size: 0,
            media: String::new(),
            dimensions: None,
            person: None,
            is_picture: false,
            whereabouts: Whereabouts::Missing,
            done: 0,
            trouble: None,
        }
    }

    /// Returns a file as the store knows it. `is_shared` says that there is a relay to bring it to.
    pub(crate) fn of(row: FileRow, is_shared: bool, done: u64, trouble: Option<Trouble>) -> Self {
        let whereabouts = match (row.is_held, trouble) {
            (true, Some(Trouble::TooLarge)) => Whereabouts::Refused,
            (true, _) if row.is_waiting && is_shared => Whereabouts::Uploading,
            (true, _) => Whereabouts::Here,
            (false, Some(Trouble::Gone)) => Whereabouts::Missing,
            (false, _) if row.is_agreed => Whereabouts::Coming,
            (false, _) => Whereabouts::Missing,
        };
        let file = row.file;
        Self {
            hash: file.hash,
            is_picture: may_be_shown(&file.media, file.size, file.dimensions),
            name: file.name,
            size: file.size,
            media: file.media,
            dimensions: file.dimensions,
            person: Some(row.person),
            whereabouts,
            done,
            trouble,
        }
    }
}
