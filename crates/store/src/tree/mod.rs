//! The tree that is shown: what the log says, with this device's waiting drafts put on it in the order of writing, each held
//! against the rules as the relay will hold it.
//!
//! The one idea: the drafts lie on top like sheets of glass. What is agreed below them may change at any time; then the
//! things that it is about and those that drafts are about are shown bare again, and the drafts are put on anew. Whatever
//! nobody touched is not looked at, however many documents there are. A draft that no longer holds is not shown; the relay
//! will say so in its answer. Where acknowledgements come in the order of writing, as they do as a rule, nothing that is
//! shown changes, and nothing is put on anew.

mod drafts;
mod heard;
mod lost;
mod reading;
mod refusals;
mod unfold;

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use rusqlite::Connection;
use sheaf_document::ids::{ContentHash, DocumentId, Epoch, PersonId};
use sheaf_protocol::entry::Seq;
use sheaf_protocol::record::{self, Decoded, PlaceWrite, Record, Refused, check};

use crate::error::Result;
use crate::store::{Identity, Pen};
use crate::table::agreed::{self, Said};
use crate::table::place::{self, HOMELESS, STANDS, Shown};
use crate::table::{document, favourite, file, member, records, replica};

pub use drafts::{Drafted, LocalRecord};
pub use reading::{Level, MemberRow, Place, PlaceRow, Spot};
pub use refusals::RefusedRecord;

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Place(DocumentId),
    Member(PersonId),
    Favourite(PersonId, DocumentId),
    File(ContentHash),
}

impl Thing {
    fn of(by: PersonId, record: &Record) -> Self {
        match record {
            Record::Place(write) => Self::Place(write.document),
            Record::Member(write) => Self::Member(write.person),
            Record::Favourite(write) => Self::Favourite(by, write.document),
            Record::File(write) => Self::File(write.hash),
        }
    }
}

/// What is shown in another way than before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// The documents whose rows in the tree are others.
    pub places: BTreeSet<DocumentId>,
    /// Whether somebody goes by another name, or came.
    pub members: bool,
}

/// The tree, for one transaction.
pub(crate) struct Tree<'t> {
    connection: &'t Connection,
    /// Who writes here: the author of every draft.
    me: PersonId,
    /// Where the log keeps records.
    stream: DocumentId,
    /// The life of the log that is heard.
    life: Option<Epoch>,
    /// Through which number a folding of it has said everything, once that was asked.
    covered: Option<Seq>,
    /// The rows that were looked at, as they were before.
    before: BTreeMap<DocumentId, Option<Shown>>,
    /// Documents of which something else is shown in another way.
    marked: BTreeSet<DocumentId>,
    /// Whether somebody may go by another name.
    members: bool,
    /// What has to be shown bare again.
    touched: BTreeSet<Thing>,
    /// Whether the drafts have to be put on anew.
    is_stale: bool,
}

/// Returns the record in an entry's bytes, as far as this version knows it.
pub(crate) fn read(bytes: &Bytes) -> Option<Record> {
    match Record::decode(bytes) {
        Ok(Decoded::Known(record) | Decoded::Partly(record)) => Some(record),
        // It is in the log for a version that knows it.
        Ok(Decoded::Unknown) | Err(_) => None,
    }
}

impl<'t> Tree<'t> {
    /// Returns the tree, to be written on.
    pub(crate) fn of(connection: &'t Connection) -> Result<Self> {
        let Identity { workspace, author } = replica::identity(connection)?;
        Ok(Self {
            connection,
            me: author.person,
            stream: record::stream(workspace),
            life: None,
            covered: None,
            before: BTreeMap::new(),
            marked: BTreeSet::new(),
            members: false,
            touched: BTreeSet::new(),
            is_stale: false,
        })
    }

    /// Returns the tree, to be told what this life of the log says.
    pub(crate) fn hearing(connection: &'t Connection, life: Epoch) -> Result<Self> {
        Ok(Self { life: Some(life), ..Self::of(connection)? })
    }

    /// Takes what the log says under a number. What is shown of it stays until [`Tree::unsettle`].
    fn agree(&mut self, by: PersonId, number: Seq, record: &Record) -> Result<Said> {
        let said = match record {
            Record::Place(write) => agreed::say(self.connection, number, write)?,
            Record::Member(write) => member::say(self.connection, number, write.person, &write.name)?,
            Record::Favourite(write) => {
                favourite::say(self.connection, number, by, write.document, write.on)?
            }
            Record::File(write) => file::say(self.connection, number, by, write)?,
        };
        if said.changed {
            self.touched.insert(Thing::of(by, record));
        }
        Ok(said)
    }

    /// What is shown may not follow any more from what is agreed.
    pub(crate) fn unsettle(&mut self) {
        self.is_stale = true;
    }

    /// A draft is none any more, or is one again: what it is about has to be worked out anew.
    fn touch(&mut self, by: PersonId, record: &Record) {
        self.touched.insert(Thing::of(by, record));
        self.unsettle();
    }

    /// A document is about to be here that was not: it has words, whatever else it has.
    pub(crate) fn meet(&mut self, document: DocumentId) -> Result<()> {
        if document != self.stream && document::find(self.connection, document)?.is_none() {
            self.marked.insert(document);
        }
        Ok(())
    }

    /// Puts a draft on what is shown, or says which rule it breaks and shows nothing of it.
    fn put_on(&mut self, record: &Record) -> Result<std::result::Result<(), Refused>> {
        match record {
            Record::Place(write) => {
                let checked = check(write, |document| place::standing(self.connection, document))?;
                if checked.is_ok() {
                    self.show(write)?;
                }
                return Ok(checked);
            }
            Record::Member(write) => {
                member::show(self.connection, write.person, &write.name)?;
                self.members = true;
            }
            Record::Favourite(write) => {
                favourite::show(self.connection, self.me, write.document, write.on)?;
                self.marked.insert(write.document);
            }
            Record::File(write) => file::show(self.connection, self.me, write)?,
        }
        Ok(Ok(()))
    }

    fn show(&mut self, write: &PlaceWrite) -> Result<()> {
        let shown = place::get(self.connection, write.document)?.filter(|place| place.lost != HOMELESS);
        let mut place = match shown {
            Some(place) => place,
            // What was said of it before it had a place holds from now on.
            None => agreed::get(self.connection, write.document)?.unwrap_or_default().into(),
        };
        if let Some(position) = &write.position {
            (place.parent, place.order) = (position.parent, position.order.as_bytes().to_vec());
        }
        if let Some(icon) = &write.icon {
            place.icon.clone_from(icon);
        }
        place.trashed = write.trashed.unwrap_or(place.trashed);
        self.set(write.document, Some(&place))
    }

    /// Shows a thing as the log says it, without drafts.
    fn bare(&mut self, thing: Thing) -> Result<()> {
        match thing {
            Thing::Member(person) => {
                self.members = true;
                member::reset(self.connection, person)
            }
            Thing::File(hash) => file::reset(self.connection, hash),
            Thing::Favourite(person, document) => {
                self.marked.insert(document);
                favourite::reset(self.connection, person, document)
            }
            Thing::Place(document) => {
                let agreed = agreed::get(self.connection, document)?;
                let place = match agreed.filter(|agreed| agreed.positioned_by.is_some()) {
                    Some(agreed) => {
                        let lost = place::get(self.connection, document)?.map_or(STANDS, |place| place.lost);
                        let lost = if lost == HOMELESS { STANDS } else { lost };
                        Some(Shown { lost, ..agreed.into() })
                    }
                    None => document::find(self.connection, document)?.map(|_| Shown::homeless()),
                };
                self.set(document, place.as_ref())
            }
        }
    }

    /// Shows a place, or none, and remembers what was shown before of all that this changes.
    fn set(&mut self, document: DocumentId, place: Option<&Shown>) -> Result<()> {
        let shown = place::get(self.connection, document)?;
        for parent in [&shown.as_ref(), &place].into_iter().filter_map(|place| place.and_then(|it| it.parent))
        {
            if !self.before.contains_key(&parent) {
                self.before.insert(parent, place::get(self.connection, parent)?);
            }
        }
        place::put(self.connection, document, shown.as_ref(), place)?;
        self.before.entry(document).or_insert(shown);
        Ok(())
    }

    /// Works out what is shown after all of it, and returns what is another than before.
    pub(crate) fn finish(mut self, pen: &mut Pen) -> Result<Changed> {
        if self.is_stale {
            self.put_on_anew(pen)?;
        }
        self.find_the_lost()?;
        let mut places = self.marked;
        for (document, before) in self.before {
            if place::get(self.connection, document)? != before {
                places.insert(document);
            }
        }
        Ok(Changed { places, members: self.members })
    }

    fn put_on_anew(&mut self, pen: &mut Pen) -> Result<()> {
        let drafts = records::drafts(self.connection)?;
        let drafts: Vec<Record> = drafts.iter().filter_map(read).collect();
        self.touched.extend(drafts.iter().map(|record| Thing::of(self.me, record)));
        for thing in std::mem::take(&mut self.touched) {
            self.bare(thing)?;
        }
        pen.drafts_hold = true;
        for record in &drafts {
            pen.drafts_hold &= self.put_on(record)?.is_ok();
        }
        Ok(())
    }
}
