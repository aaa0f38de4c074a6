//! The records of a workspace as they stand: what the relay decides by, and what a snapshot of them holds.
//!
//! [`Records::apply`] takes everything that the log holds, in its order, and asks no rule: what was accepted once may stand
//! against a rule after a restore brought it back among others. Whoever shows the tree looks for what does not reach the top.

use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::convert::Infallible;

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DocumentId, PersonId};

use super::rules::{Parent, Refused, check, check_author};
use super::{FavouriteWrite, FileWrite, MemberWrite, PlaceWrite, Position, Record};
use crate::codec::{self, WireError};

/// What one thing takes in memory, beside its texts: a node of a map, its keys and fields.
const THING: usize = 160;

/// Every thing that records speak of, each with the last word on every field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    places: BTreeMap<DocumentId, Place>,
    members: BTreeMap<PersonId, String>,
    favourites: BTreeSet<(PersonId, DocumentId)>,
    /// Each with who added it.
    files: BTreeMap<ContentHash, (PersonId, FileWrite)>,
    /// Bytes of orders, icons, names and media types.
    texts: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    /// Whose word was the last.
    by: PersonId,
    position: Option<Position>,
    icon: String,
    trashed: bool,
    schema: u16,
}

impl Records {
    /// Says whether this may be the next thing that the log says.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, by: PersonId, record: &Record) -> Result<(), Refused> {
        check_author(by, record)?;
        let Record::Place(write) = record else { return Ok(()) };
        let checked = check(write, |document| Ok::<_, Infallible>(self.parent(document)));
        match checked {
            Ok(checked) => checked,
            Err(never) => match never {},
        }
    }

    /// Says whether this is the first word on something, and makes room for it necessary.
    pub fn is_new(&self, by: PersonId, record: &Record) -> bool {
        match record {
            Record::Place(write) => !self.places.contains_key(&write.document),
            Record::Member(write) => !self.members.contains_key(&write.person),
            Record::Favourite(write) => write.on && !self.favourites.contains(&(by, write.document)),
            Record::File(write) => !self.files.contains_key(&write.hash),
        }
    }

    /// Takes the next thing that the log says, about whatever.
    pub fn apply(&mut self, by: PersonId, record: &Record) {
        match record {
            Record::Place(write) => self.apply_place(by, write),
            Record::Member(MemberWrite { person, name }) => {
                self.texts += name.len();
                if let Some(before) = self.members.insert(*person, name.clone()) {
                    self.texts -= before.len();
                }
            }
            Record::Favourite(FavouriteWrite { document, on: true }) => {
                self.favourites.insert((by, *document));
            }
            Record::Favourite(FavouriteWrite { document, on: false }) => {
                self.favourites.remove(&(by, *document));
            }
            Record::File(write) => {
                if let btree_map::Entry::Vacant(vacant) = self.files.entry(write.hash) {
                    self.texts += write.name.len() + write.media.len();
                    vacant.insert((by, write.clone()));
                }
            }
        }
    }

    fn apply_place(&mut self, by: PersonId, write: &PlaceWrite) {
        let place = self.places.entry(write.document).or_insert_with(|| Place::fresh(by));
        self.texts -= place.texts();
        place.by = by;
        if let Some(position) = &write.position {
            place.position = Some(position.clone());
        }
        if let Some(icon) = &write.icon {
            place.icon.clone_from(icon);
        }
        place.trashed = write.trashed.unwrap_or(place.trashed);
        place.schema = place.schema.max(write.schema.unwrap_or_default());
        self.texts += place.texts();
    }

    /// Returns what a document stands under; `None` for one without a place.
    pub fn parent(&self, document: DocumentId) -> Option<Parent> {
        Some(self.places.get(&document)?.position.as_ref()?.parent)
    }

    /// Returns every thing with all its fields, as one record each, and whose word holds.
    pub fn rows(&self) -> impl Iterator<Item = (PersonId, Record)> {
        let places = self.places.iter().map(|(&document, place)| {
            let Place { by, position, icon, trashed, schema } = place.clone();
            let (icon, trashed, schema) = (Some(icon), Some(trashed), Some(schema));
            (by, Record::Place(PlaceWrite { document, position, icon, trashed, schema }))
        });
        let members = self.members.iter().map(|(&person, name)| {
            let name = name.clone();
            (person, Record::Member(MemberWrite { person, name }))
        });
        let favourites = self
            .favourites
            .iter()
            .map(|&(person, document)| (person, Record::Favourite(FavouriteWrite { document, on: true })));
        let files = self.files.values().map(|(by, write)| (*by, Record::File(write.clone())));
        places.chain(members).chain(favourites).chain(files)
    }

    /// Returns all of it in bytes: the snapshot of the stream.
    pub fn fold(&self) -> Vec<u8> {
        codec::encode_records(self.rows())
    }

    /// Reads what [`Records::fold`] returned.
    ///
    /// # Errors
    /// When the bytes are something else.
    pub fn unfold(bytes: &Bytes) -> Result<Self, WireError> {
        let mut records = Self::default();
        for (by, record) in codec::decode_records(bytes.clone())? {
            records.apply(by, &record);
        }
        Ok(records)
    }

    /// Returns about how many bytes of memory this takes.
    pub fn heap_bytes(&self) -> usize {
        let things = self.places.len() + self.members.len() + self.favourites.len() + self.files.len();
        things * THING + self.texts
    }
}

impl Place {
    fn fresh(by: PersonId) -> Self {
        Self { by, position: None, icon: String::new(), trashed: false, schema: 0 }
    }

    fn texts(&self) -> usize {
        self.icon.len() + self.position.as_ref().map_or(0, |position| position.order.as_bytes().len())
    }
}
