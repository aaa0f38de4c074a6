//! What a record may say: one function for the relay that decides and the replica that warns.
//!
//! The tree is asked, not held: to a relay it is a map in memory, to a replica a table on its disk. Whatever is asked is
//! bounded by the depth of the tree, however many documents there are.

use sheaf_document::ids::{DocumentId, PersonId};

use super::{PlaceWrite, Record};
use crate::problem::Code;

/// The document that another stands under; `None` at the top.
pub type Parent = Option<DocumentId>;

/// A document stands under at most so many others. Each is a step of every rule that is asked about it.
pub const DEEPEST: usize = 100;

/// Why a record is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", code.name())]
pub struct Refused {
    /// The code.
    pub code: Code,
    /// What exactly, for a log.
    pub detail: &'static str,
}

const fn refused<E>(code: Code, detail: &'static str) -> Result<Result<(), Refused>, E> {
    Ok(Err(Refused { code, detail }))
}

/// Says whether a document's place may be as this says. `place` returns what a document stands under, `None` for one that
/// has no place.
///
/// # Errors
/// Those of `place`. What it refuses it returns: [`Code::NO_PARENT`], [`Code::CYCLE`], [`Code::TOO_DEEP`], and
/// [`Code::INVALID`] for a first place without a position.
pub fn check<E>(
    write: &PlaceWrite,
    mut place: impl FnMut(DocumentId) -> Result<Option<Parent>, E>,
) -> Result<Result<(), Refused>, E> {
    let Some(position) = &write.position else {
        return match place(write.document)? {
            Some(_) => Ok(Ok(())),
            None => refused(Code::INVALID, "a first place has no position"),
        };
    };
    // What a restore brought back may stand in a circle already.
    let (mut way, mut next) = (vec![write.document], position.parent);
    for _ in 0..=DEEPEST {
        let Some(above) = next else { return Ok(Ok(())) };
        if way.contains(&above) {
            return refused(Code::CYCLE, "what it would stand under comes to stand under itself");
        }
        way.push(above);
        let Some(parent) = place(above)? else {
            return refused(Code::NO_PARENT, "what it would stand under has no place");
        };
        next = parent;
    }
    refused(Code::TOO_DEEP, "it would stand too deep")
}

/// Says whether a record is about its author, if only they may write it.
pub(super) fn check_author(by: PersonId, record: &Record) -> Result<(), Refused> {
    match record {
        Record::Member(write) if write.person != by => {
            Err(Refused { code: Code::FORBIDDEN, detail: "only they themselves say who they are" })
        }
        _ => Ok(()),
    }
}
