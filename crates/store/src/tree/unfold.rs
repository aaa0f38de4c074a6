//! Records that are here only folded, after a relay was restored from a backup that holds less of them.
//!
//! A folding has no seals, so it cannot be brought back. What it said, and neither what the log kept nor what its new life
//! says, is drafted anew: the relay takes it by its rules, like anything else that somebody says.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use sheaf_document::ids::{ContentHash, DocumentId, PersonId};
use sheaf_protocol::entry::{Kind, Millis, Origin};
use sheaf_protocol::record::{FavouriteWrite, MemberWrite, Order, PlaceWrite, Position, Record, Records};

use super::drafts::{Drafted, wait_for_bytes};
use super::{Tree, read};
use crate::error::Result;
use crate::local::{LocalWrite, append};
use crate::store::Store;
use crate::table::agreed::{self, Agreed};
use crate::table::document::{self, Change};
use crate::table::{favourite, file, folded, member, records};
use crate::unfold::{Kept, holds};

/// A number that an earlier life of the log gave.
const EARLIER: Option<u64> = Some(0);

impl Store {
    /// Takes away what came folded of the records and that this relay's log may hold no more, and drafts what neither its
    /// log nor anything else says, parents first. To be called once everything that the log says is here.
    pub fn unfold_records(&mut self, kept: &Kept, at: Millis) -> Result<Drafted> {
        self.write(|transaction, pen| {
            let mut tree = Tree::of(transaction)?;
            let stream = document::intern(transaction, tree.stream)?;
            let theirs = Theirs::of(transaction, stream, kept)?;
            for (epoch, through, _) in folded::with_numbers(transaction, stream)? {
                if !holds(kept, epoch, through) {
                    folded::remove(transaction, stream, epoch)?;
                }
            }
            let (mut drafted, mut change) = (Drafted::default(), Change::default());
            for record in tree.lacking(&theirs)? {
                let (document, bytes) = (tree.stream, record.encode());
                let write = LocalWrite { document, origin: Origin::RESTORED, at, bytes };
                let written = append(transaction, pen, stream, &mut change, Kind::RECORD, &write)?;
                if let Record::File(file) = &record {
                    wait_for_bytes(transaction, file.hash, written.counter)?;
                }
                drafted.written.push(written);
            }
            document::change(transaction, stream, change)?;
            tree.unsettle();
            drafted.changed = tree.finish(pen)?;
            Ok(drafted)
        })
    }
}

/// What a relay's log says that keeps so much of each of its lives.
#[derive(Default)]
struct Theirs {
    places: BTreeMap<DocumentId, PlaceWrite>,
    names: BTreeMap<PersonId, String>,
    favourites: BTreeSet<(PersonId, DocumentId)>,
    files: BTreeSet<ContentHash>,
}

impl Theirs {
    fn of(connection: &Connection, stream: i64, kept: &Kept) -> Result<Self> {
        let mut said = Vec::new();
        for (epoch, through, bytes) in folded::with_numbers(connection, stream)? {
            if let Ok(records) = Records::unfold(&bytes)
                && holds(kept, epoch, through)
            {
                said.extend(records.rows().map(|(by, record)| (through, by, record)));
            }
        }
        for (epoch, seq, by, bytes) in records::records(connection, stream)? {
            if let Some(record) = read(&bytes).filter(|_| holds(kept, epoch, seq)) {
                said.push((seq, by, record));
            }
        }
        // What a log keeps of its lives has one row of numbers.
        said.sort_by_key(|(number, ..)| *number);
        let mut records = Records::default();
        said.iter().for_each(|(_, by, record)| records.apply(*by, record));
        let mut theirs = Self::default();
        for (by, record) in records.rows() {
            match record {
                Record::Place(write) => drop(theirs.places.insert(write.document, write)),
                Record::Member(write) => drop(theirs.names.insert(write.person, write.name)),
                Record::Favourite(write) => drop(theirs.favourites.insert((by, write.document))),
                Record::File(write) => drop(theirs.files.insert(write.hash)),
            }
        }
        Ok(theirs)
    }
}

impl Tree<'_> {
    /// Returns what an earlier life of the log said, and this one neither kept nor says in another way.
    fn lacking(&self, theirs: &Theirs) -> Result<Vec<Record>> {
        let mut writes = BTreeMap::new();
        for (document, agreed) in agreed::unsaid(self.connection)? {
            let nothing = PlaceWrite::of(document);
            let write = lacking(&agreed, theirs.places.get(&document).unwrap_or(&nothing));
            if write != nothing {
                writes.insert(document, write);
            }
        }
        let mut records = Vec::new();
        while let Some(&document) = writes.keys().next() {
            let (mut way, mut next) = (Vec::new(), Some(document));
            while let Some(write) = next.and_then(|document| writes.remove(&document)) {
                next = write.position.as_ref().and_then(|position| position.parent);
                way.push(Record::Place(write));
            }
            records.extend(way.into_iter().rev());
        }
        for (document, on) in favourite::unsaid(self.connection, self.me)? {
            if on != theirs.favourites.contains(&(self.me, document)) {
                records.push(Record::Favourite(FavouriteWrite { document, on }));
            }
        }
        for file in file::unsaid(self.connection)? {
            if !theirs.files.contains(&file.hash) {
                records.push(Record::File(file));
            }
        }
        if let Some(name) = member::unsaid(self.connection, self.me)?
            && theirs.names.get(&self.me) != Some(&name)
        {
            records.push(Record::Member(MemberWrite { person: self.me, name }));
        }
        Ok(records)
    }
}

/// Returns the fields of a place that only an earlier life of the log said.
fn lacking(agreed: &Agreed, theirs: &PlaceWrite) -> PlaceWrite {
    let order = Order::from_bytes(&agreed.order);
    let position = order.map(|order| Position { parent: agreed.parent, order });
    PlaceWrite {
        document: theirs.document,
        position: position
            .filter(|it| agreed.positioned_by == EARLIER && theirs.position.as_ref() != Some(it)),
        icon: (agreed.icon_by == EARLIER && agreed.icon != theirs.icon.as_deref().unwrap_or_default())
            .then(|| agreed.icon.clone()),
        trashed: (agreed.trashed_by == EARLIER && agreed.trashed != theirs.trashed.unwrap_or_default())
            .then_some(agreed.trashed),
        schema: (agreed.schema > theirs.schema.unwrap_or_default()).then_some(agreed.schema),
    }
}
