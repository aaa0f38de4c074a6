//! Records: small validated rows beside the texts, such as where a document stands in the tree.
//!
//! A replica writes a *draft*, which says some fields of one thing; the relay holds it against the rules here and either
//! numbers it or refuses it. The numbers order what was said, field by field: the last word holds, and no clock is asked.
//! The rules are functions without a world of their own, so that a replica warns a person by the very rule by which the
//! relay will decide.
//!
//! All records of a workspace make up one [`stream`]: to the log it is one more document, whose entries are records and
//! whose snapshot is what [`Records::fold`] returns. So whatever carries documents carries records too.
//!
//! Deliberately absent: time, rights beyond "only about yourself", text. What an entry's bytes are stands in `codec::record`.

mod file;
mod order;
mod rules;
mod state;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use sheaf_document::ids::{DocumentId, PersonId, WorkspaceId};

use crate::codec::{self, WireError};

pub use file::{Dimensions, FileWrite, is_file_name, is_media};
pub use order::{Crowded, Order};
pub use rules::{DEEPEST, Parent, Refused, check};
pub use state::Records;

/// Returns the document under which a log keeps the records of its workspace.
pub const fn stream(workspace: WorkspaceId) -> DocumentId {
    DocumentId::from_bytes(*workspace.as_bytes())
}

/// What a record says: some fields of one thing, the others stay as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Where a document stands in the tree.
    Place(PlaceWrite),
    /// Who somebody is.
    Member(MemberWrite),
    /// What somebody keeps at hand.
    Favourite(FavouriteWrite),
    /// What a blob is. The first who says so says all of it.
    File(FileWrite),
}

/// Fields of a document's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceWrite {
    /// The document.
    pub document: DocumentId,
    /// Under what it stands, and where among its neighbours. A document's first place says this.
    pub position: Option<Position>,
    /// A sign beside its title, an emoji as a rule; empty for none. At most [`crate::limits::ICON`] bytes.
    pub icon: Option<String>,
    /// Whether it is in the trash; what stands under it is there with it.
    pub trashed: Option<bool>,
    /// The document schema that its text needs. It only rises: a lower one changes nothing.
    pub schema: Option<u16>,
}

/// A position in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The document that it stands under; `None` at the top.
    pub parent: Parent,
    /// Its order among those that stand there too; of equal ones the lesser id comes first.
    pub order: Order,
}

/// Fields of a member. Only they themselves say them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberWrite {
    /// The person.
    pub person: PersonId,
    /// What others call them.
    pub name: String,
}

/// Whether its author keeps a document at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FavouriteWrite {
    /// The document.
    pub document: DocumentId,
    /// Whether they do.
    pub on: bool,
}

impl PlaceWrite {
    /// Says nothing yet about a document.
    pub fn of(document: DocumentId) -> Self {
        Self { document, position: None, icon: None, trashed: None, schema: None }
    }

    /// Says where a document stands.
    pub fn at(document: DocumentId, parent: Parent, order: Order) -> Self {
        Self { position: Some(Position { parent, order }), ..Self::of(document) }
    }
}

/// Bytes that were read as a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// All that they say.
    Known(Record),
    /// What this version understands of a later one's record.
    Partly(Record),
    /// A later version's record about something that this one knows nothing of.
    Unknown,
}

impl Record {
    /// Returns the bytes of an entry that says this.
    pub fn encode(&self) -> Bytes {
        codec::encode_record(self)
    }

    /// Reads the bytes of an entry.
    ///
    /// # Errors
    /// When they are no record; a relay refuses them, a replica passes over them.
    pub fn decode(bytes: &Bytes) -> Result<Decoded, WireError> {
        codec::decode_record(bytes.clone())
    }
}
