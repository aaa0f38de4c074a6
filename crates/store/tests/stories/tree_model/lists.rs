//! The relay's log and what a replica knows of it, as lists that anybody can read.

use std::collections::{BTreeMap, BTreeSet};

use sheaf_document::ids::{DocumentId, Epoch, PersonId};
use sheaf_protocol::entry::{Author, Counter, Entry, Seq};
use sheaf_protocol::record::{FavouriteWrite, Parent, PlaceWrite, Record, Records};
use sheaf_store::RemoteBatch;

use super::{DOCUMENTS, all};
use crate::support::*;

/// A line of the relay's log.
#[derive(Debug, Clone)]
pub struct Line {
    pub author: Author,
    pub counter: Counter,
    pub record: Record,
}

/// What a replica was told, at its place in the order of everything that was ever said.
#[derive(Debug, Clone)]
pub enum Told {
    Entry(PersonId, Record),
    Folding(Records),
}

#[derive(Debug, Clone)]
pub struct Draft {
    pub counter: Counter,
    pub record: Record,
    pub refused: bool,
}

/// The relay's log and what Imke's replica knows of it, as lists.
#[derive(Debug, Default)]
pub struct Model {
    pub life: u8,
    pub log: Vec<Line>,
    /// Life, number, and what was said.
    pub told: Vec<(u8, Seq, Told)>,
    /// Lines that are on their way to her, by number.
    pub underway: Vec<Seq>,
    pub drafts: Vec<Draft>,
    pub texts: BTreeSet<DocumentId>,
    pub counter: Counter,
    pub others: Counter,
}

/// What is shown of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub parent: Parent,
    pub order: Vec<u8>,
    pub icon: String,
    pub trashed: bool,
    pub recovered: bool,
    pub favourite: bool,
    pub children: u64,
}

impl Model {
    pub fn epoch(&self) -> Epoch {
        Epoch::from_bytes([0xe0 + self.life; 16])
    }

    pub fn agreed(&self) -> Records {
        let mut told: Vec<_> = self.told.iter().collect();
        told.sort_by_key(|(life, seq, told)| (*life, *seq, matches!(told, Told::Folding(_))));
        let mut records = Records::default();
        for (.., told) in told {
            match told {
                Told::Entry(by, record) => records.apply(*by, record),
                Told::Folding(folded) => {
                    for (by, document) in
                        [imke(), tomas()].into_iter().flat_map(|by| all().into_iter().map(move |d| (by, d)))
                    {
                        let off = FavouriteWrite { document, on: false };
                        records.apply(by.person, &Record::Favourite(off));
                    }
                    folded.rows().for_each(|(by, record)| records.apply(by, &record));
                }
            }
        }
        records
    }

    pub fn records(&self) -> Records {
        let mut records = self.agreed();
        for draft in self.drafts.iter().filter(|draft| !draft.refused) {
            if records.check(imke().person, &draft.record).is_ok() {
                records.apply(imke().person, &draft.record);
            }
        }
        records
    }

    pub fn shown(&self) -> BTreeMap<DocumentId, Shown> {
        let records = self.records();
        let mut rows = BTreeMap::new();
        let bare = |recovered| Shown {
            parent: None,
            order: Vec::new(),
            icon: String::new(),
            trashed: false,
            recovered,
            favourite: false,
            children: 0,
        };
        for document in &self.texts {
            rows.insert(*document, bare(true));
        }
        for (_, record) in records.rows() {
            if let Record::Place(PlaceWrite { document, position: Some(position), icon, trashed, .. }) =
                record
            {
                let recovered = is_lost(&records, document);
                let row = Shown {
                    parent: position.parent.filter(|_| !recovered),
                    order: position.order.as_bytes().to_vec(),
                    icon: icon.unwrap(),
                    trashed: trashed.unwrap(),
                    ..bare(recovered)
                };
                rows.insert(document, row);
            }
        }
        for (by, record) in records.rows() {
            if let (true, Record::Favourite(write)) = (by == imke().person, record)
                && let Some(row) = rows.get_mut(&write.document)
            {
                row.favourite = true;
            }
        }
        let parents: Vec<_> = rows.values().filter(|row| !row.trashed).filter_map(|row| row.parent).collect();
        for parent in parents {
            rows.get_mut(&parent).expect("what is not lost stands under something").children += 1;
        }
        rows
    }

    pub fn take(&mut self, author: Author, counter: Counter, record: Record) -> Seq {
        self.log.push(Line { author, counter, record });
        self.log.len() as Seq
    }

    pub fn tell(&mut self, seq: Seq) -> Entry {
        let Line { author, counter, record } = self.log[seq as usize - 1].clone();
        self.told.push((self.life, seq, Told::Entry(author.person, record.clone())));
        Entry { epoch: self.epoch(), ..record_entry(seq, author, counter, &record) }
    }

    pub fn batch(&self, entries: Vec<Entry>) -> RemoteBatch {
        RemoteBatch { entries, snapshots: vec![], cursor: Some(self.log.len() as Seq), epoch: self.epoch() }
    }
}

/// Whether a place's parent has none, or stands under it.
fn is_lost(records: &Records, document: DocumentId) -> bool {
    let (mut next, mut steps) = (records.parent(document).flatten(), 0);
    while let Some(above) = next {
        let Some(parent) = records.parent(above) else { return steps == 0 };
        steps += 1;
        if above == document {
            return true;
        }
        if steps > DOCUMENTS {
            return false;
        }
        next = parent;
    }
    false
}
