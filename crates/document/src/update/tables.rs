//! What the rules need to know of a document, in a few bytes for each run of typing.
//!
//! For each client: its next clock, which list or map entry each stretch of its clocks is in, and which of them it has begun. For each shared type:
//! what it is and how deep. No content, no order, no deletions; map keys only as keyed hashes, so that nobody can aim
//! for collisions. Everything but the next clocks only grows at the end, which makes taking back cheap.

use std::collections::{BTreeMap, BTreeSet};

use super::admit::Scratch;
use super::structs::{Span, TypeKind};
use crate::document::{BODY, META, TITLE};

/// One list, one entry of a map, or the nowhere that collected content is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Gc,
    /// The list of this container.
    List(u32),
    /// This one of [`Tables::entries`].
    Entry(u32),
}

/// What a stretch of clocks is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Gc,
    InList(u32),
    InEntry(u32),
    DeletedInList(u32),
    DeletedInEntry(u32),
    /// The shared type that made this container.
    Type(u32),
}

#[derive(Debug, Clone, Copy)]
struct Run {
    start: u32,
    held: Held,
}

#[derive(Debug)]
struct Writer {
    client: u64,
    next: u32,
    /// This client's turn in the update that is being admitted.
    turn: Option<u32>,
    runs: Vec<Run>,
}

/// A root or a shared type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Container {
    pub kind: TypeKind,
    pub depth: u16,
    within: Slot,
}

#[derive(Debug)]
pub(super) struct Tables {
    hash_key: [u8; 32],
    by_client: BTreeMap<u64, u32>,
    writers: Vec<Writer>,
    containers: Vec<Container>,
    /// Container and hash of the key.
    by_key: BTreeMap<(u32, u64), u32>,
    /// The container of each map entry.
    entries: Vec<u32>,
    /// The slots that each writer has begun.
    begun: BTreeSet<(u32, Slot)>,
}

/// Where the tables ended before an update.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    writers: usize,
    containers: usize,
    entries: usize,
}

impl Tables {
    pub(super) fn new(hash_key: [u8; 16]) -> Self {
        let mut wide = [0; 32];
        wide.iter_mut().zip(hash_key.iter().cycle()).for_each(|(to, from)| *to = *from);
        let root = |kind| Container { kind, depth: 0, within: Slot::Gc };
        Self {
            hash_key: wide,
            by_client: BTreeMap::new(),
            writers: Vec::new(),
            containers: vec![root(TypeKind::XmlFragment), root(TypeKind::Text), root(TypeKind::Map)],
            by_key: BTreeMap::new(),
            entries: Vec::new(),
            begun: BTreeSet::new(),
        }
    }

    /// Returns the container of a root, which has the kind that every reader gives it.
    pub(super) fn root(name: &[u8]) -> Option<u32> {
        [BODY, TITLE, META].iter().zip(0..).find(|(root, _)| root.as_bytes() == name).map(|(_, at)| at)
    }

    pub(super) fn clients(&self) -> impl Iterator<Item = (u64, u32)> {
        self.writers.iter().map(|writer| (writer.client, writer.next))
    }

    pub(super) fn find(&self, client: u64) -> Option<u32> {
        self.by_client.get(&client).copied()
    }

    /// Returns the number of a client, known or new.
    pub(super) fn writer(&mut self, client: u64) -> u32 {
        *self.by_client.entry(client).or_insert_with(|| {
            self.writers.push(Writer { client, next: 0, turn: None, runs: Vec::new() });
            last(self.writers.len())
        })
    }

    pub(super) fn next(&self, writer: u32) -> u32 {
        self.writers.get(writer as usize).map_or(0, |writer| writer.next)
    }

    pub(super) fn runs(&self, writer: u32) -> usize {
        self.writers.get(writer as usize).map_or(0, |writer| writer.runs.len())
    }

    pub(super) fn turn(&self, writer: u32) -> Option<u32> {
        self.writers.get(writer as usize).and_then(|writer| writer.turn)
    }

    pub(super) fn set_turn(&mut self, writer: u32, turn: Option<u32>) {
        if let Some(writer) = self.writers.get_mut(writer as usize) {
            writer.turn = turn;
        }
    }

    /// Returns what a clock below the writer's next one is.
    pub(super) fn held(&self, writer: u32, clock: u32) -> Held {
        let runs = self.writers.get(writer as usize).map_or(&[][..], |writer| &writer.runs);
        let run = match runs.last() {
            Some(last) if last.start <= clock => Some(last),
            _ => runs.get(..runs.partition_point(|run| run.start <= clock)).and_then(<[Run]>::last),
        };
        run.map_or(Held::Gc, |run| run.held)
    }

    pub(super) fn slot(&self, held: Held) -> Slot {
        match held {
            Held::Gc => Slot::Gc,
            Held::InList(container) | Held::DeletedInList(container) => Slot::List(container),
            Held::InEntry(entry) | Held::DeletedInEntry(entry) => Slot::Entry(entry),
            Held::Type(container) => self.container(container).map_or(Slot::Gc, |container| container.within),
        }
    }

    pub(super) fn container(&self, container: u32) -> Option<Container> {
        self.containers.get(container as usize).copied()
    }

    pub(super) fn entry_of(&self, entry: u32) -> Option<Container> {
        self.entries.get(entry as usize).and_then(|container| self.container(*container))
    }

    /// Returns the slot of a map's key, known or new; new ones are noted for [`Tables::take_back`].
    pub(super) fn entry(
        &mut self,
        container: u32,
        key: Span,
        bytes: &[u8],
        made: &mut Vec<(u32, u64)>,
    ) -> Slot {
        let hash = blake3::keyed_hash(&self.hash_key, key.of(bytes));
        let short = hash.as_bytes().iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let entry = self.by_key.entry((container, short)).or_insert_with(|| {
            made.push((container, short));
            self.entries.push(container);
            last(self.entries.len())
        });
        Slot::Entry(*entry)
    }

    /// Notes that a writer begins a slot, for [`Tables::take_back`] too; says whether it had not before.
    pub(super) fn begin(&mut self, writer: u32, slot: Slot, begun: &mut Vec<(u32, Slot)>) -> bool {
        let new = self.begun.insert((writer, slot));
        if new {
            begun.push((writer, slot));
        }
        new
    }

    pub(super) fn make_type(&mut self, kind: TypeKind, depth: u16, within: Slot) -> Held {
        self.containers.push(Container { kind, depth, within });
        Held::Type(last(self.containers.len()))
    }

    /// Takes the clocks from the writer's next one up to `next`.
    pub(super) fn extend(&mut self, writer: u32, next: u32, held: Held) {
        let Some(writer) = self.writers.get_mut(writer as usize) else { return };
        if matches!(held, Held::Type(_)) || writer.runs.last().is_none_or(|run| run.held != held) {
            writer.runs.push(Run { start: writer.next, held });
        }
        writer.next = next;
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { writers: self.writers.len(), containers: self.containers.len(), entries: self.entries.len() }
    }

    /// Takes one client back to where it was.
    pub(super) fn rewind(&mut self, writer: u32, next: u32, runs: usize) {
        if let Some(writer) = self.writers.get_mut(writer as usize) {
            writer.next = next;
            writer.runs.truncate(runs);
        }
    }

    /// Forgets everything new since the mark, after every client was rewound.
    pub(super) fn take_back(&mut self, mark: Mark, Scratch { made, begun, .. }: &Scratch) {
        for writer in self.writers.drain(mark.writers..) {
            self.by_client.remove(&writer.client);
        }
        self.containers.truncate(mark.containers);
        self.entries.truncate(mark.entries);
        for key in made {
            self.by_key.remove(key);
        }
        for slot in begun {
            self.begun.remove(slot);
        }
    }

    /// Bytes on the heap, give or take the slack of tree nodes.
    pub(super) fn heap_bytes(&self) -> usize {
        let runs: usize = self.writers.iter().map(|writer| writer.runs.capacity()).sum();
        runs * size_of::<Run>()
            + self.writers.capacity() * size_of::<Writer>()
            + self.containers.capacity() * size_of::<Container>()
            + self.entries.capacity() * size_of::<u32>()
            + self.by_client.len() * (size_of::<(u64, u32)>() * 3 / 2)
            + self.by_key.len() * (size_of::<(u32, u64, u32)>() * 3 / 2)
            + self.begun.len() * (size_of::<(u32, Slot)>() * 3 / 2)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "one for each struct ever admitted at most: clocks end at 2^31"
)]
const fn last(len: usize) -> u32 {
    (len - 1) as u32
}
