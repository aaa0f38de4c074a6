//! The tree of documents, as a replica that has a part of the log and some words of its own comes to show it.
//!
//! What the log says is put together from what the relay told, by its numbers: life by life, for a restored log numbers
//! anew what it had forgotten. On top stand this replica's own words that are on their way, each as far as the rules allow.

use std::collections::BTreeMap;

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::entry::Kind;
use sheaf_protocol::record::{
    Decoded, FavouriteWrite, MemberWrite, Order, PlaceWrite, Position, Record, Records,
};

use crate::chance::Chance;
use crate::disk::Disk;
use crate::person::{Person, STREAM};
use crate::world::{DOCUMENTS, World};

/// As many places as a workspace has at most, so that people get into each other's way.
const PLACES: usize = 9;

impl World {
    /// Someone puts the tree in order.
    pub fn tend(&mut self, who: usize) {
        let person = &mut self.people[who];
        let wish = person.program.as_ref().and_then(|_| wish(person, &mut self.chance));
        if let Some(record) = wish {
            let bytes = person.keep(Kind::RECORD, STREAM, record.encode());
            self.saved.push((STREAM, ContentHash::of(&bytes)));
            self.tell(who, sheaf_client::session::Input::Bell);
        }
    }
}

/// Returns what somebody wants of the tree that they see. Most are warned of what cannot be, and do not say it.
fn wish(person: &Person, chance: &mut Chance) -> Option<Record> {
    let shown = person.disk.shown();
    let places = places(&shown);
    let pick = |chance: &mut Chance| {
        let at = chance.between(0, places.len().max(1) as u64) as usize;
        places.keys().nth(at).copied()
    };
    let somewhere = |chance: &mut Chance| {
        let parent = if chance.percent(30) { None } else { pick(chance) };
        let order = Order::between(None, None, chance.any()).expect("there is room");
        Some(Position { parent, order })
    };
    let is_sparse = places.len() < 3 || places.len() < PLACES && chance.percent(15);
    let new = DOCUMENTS.into_iter().find(|document| !places.contains_key(document));
    let document =
        if is_sparse { new.unwrap_or_else(|| DocumentId::from_bytes(chance.id())) } else { pick(chance)? };
    let of = PlaceWrite::of(document);
    let record = match chance.between(0, 100) {
        _ if is_sparse => Record::Place(PlaceWrite { position: somewhere(chance), ..of }),
        0..55 => Record::Place(PlaceWrite { position: somewhere(chance), ..of }),
        55..70 => Record::Place(PlaceWrite { icon: Some(chance.between(0, 10).to_string()), ..of }),
        70..80 => Record::Place(PlaceWrite { trashed: Some(true), ..of }),
        80..86 => {
            let position = somewhere(chance).map(|position| Position { parent: None, ..position });
            Record::Place(PlaceWrite { position, trashed: Some(false), ..of })
        }
        86..96 => Record::Favourite(FavouriteWrite { document, on: chance.percent(60) }),
        _ => {
            let name = format!("{} the {}th", person.name, chance.between(1, 20));
            Record::Member(MemberWrite { person: person.disk.author.person, name })
        }
    };
    let is_allowed = shown.check(person.disk.author.person, &record).is_ok();
    (is_allowed || chance.percent(10)).then_some(record)
}

impl Disk {
    /// Returns the records as the log has them, as far as this replica was told.
    pub fn agreed(&self) -> Records {
        let mut told: Vec<_> = self.lines_of(STREAM).filter(|line| line.told.is_some()).collect();
        told.sort_by_key(|line| line.told);
        let mut records = Records::default();
        for line in told {
            match &line.entry {
                Some(held) => records.apply(held.draft.author.person, &read(&line.bytes)),
                None => unfold(&mut records, &line.bytes),
            }
        }
        records
    }

    /// Returns the records as they are shown here: with this replica's own words that are on their way.
    pub fn shown(&self) -> Records {
        let mut records = self.agreed();
        for place in self.outbox.iter().filter(|place| !self.refused.contains_key(place)) {
            let line = &self.lines[*place];
            let by = self.author.person;
            if line.document == STREAM && records.check(by, &read(&line.bytes)).is_ok() {
                records.apply(by, &read(&line.bytes));
            }
        }
        records
    }
}

fn read(bytes: &Bytes) -> Record {
    match Record::decode(bytes) {
        Ok(Decoded::Known(record)) => record,
        other => panic!("nobody says such a thing here: {other:?}"),
    }
}

/// A folding holds all that the log says through its number, and so also what it says nothing of any more.
fn unfold(records: &mut Records, bytes: &Bytes) {
    let rows: Vec<_> = Records::unfold(bytes).expect("the relay's own").rows().collect();
    let before: Vec<_> = records.rows().collect();
    for (by, record) in before.into_iter().filter(|row| !rows.contains(row)) {
        if let Record::Favourite(FavouriteWrite { document, .. }) = record {
            records.apply(by, &Record::Favourite(FavouriteWrite { document, on: false }));
        }
    }
    rows.iter().for_each(|(by, record)| records.apply(*by, record));
}

/// Returns every document that has a place, and under what it stands.
pub fn places(records: &Records) -> BTreeMap<DocumentId, Option<DocumentId>> {
    let rows = records.rows().filter_map(|(_, record)| match record {
        Record::Place(write) => Some((write.document, write.position?.parent)),
        _ => None,
    });
    rows.collect()
}

/// Returns what can be reached from the top of the tree, each as often as it is met there. What is missing in it is shown
/// apart, where it can be picked up.
pub fn from_the_top(records: &Records) -> Vec<DocumentId> {
    let places = places(records);
    let mut under: BTreeMap<Option<DocumentId>, Vec<DocumentId>> = BTreeMap::new();
    for (document, parent) in &places {
        under.entry(*parent).or_default().push(*document);
    }
    let (mut met, mut next) = (Vec::new(), vec![None]);
    while let Some(parent) = next.pop() {
        for document in under.get(&parent).into_iter().flatten() {
            met.push(*document);
            next.push(Some(*document));
        }
    }
    met
}
