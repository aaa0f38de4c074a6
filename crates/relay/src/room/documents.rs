//! What the room holds of each document, and of the stream of records as of one more: what its entries are held against,
//! and what waits to be judged.
//!
//! Everything pushed to one document is judged in the order of arrival, so what builds on something never overtakes it.
//! Nothing is held for documents at rest beyond a bound: their state is a cache of the log.

use std::collections::{BTreeMap, VecDeque};

use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::entry::{Draft, Millis};
use sheaf_protocol::problem::Code;

use super::Named;
use super::ready::Ready;

/// As many documents as are kept ready.
const READY: usize = 4_096;
/// As many bytes of state as are kept ready.
const HEAP: usize = 64 * 1024 * 1024;

/// As many bytes of state as one document may need: some hundred thousand blocks, or millions of times that somebody
/// went on in another paragraph; and all records together, some hundred thousand. What needs more takes nothing new.
const FULL: usize = 32 * 1024 * 1024;

/// The documents that the room knows something about.
#[derive(Default)]
pub struct Documents {
    slots: BTreeMap<DocumentId, Slot>,
    heap: usize,
}

/// One document.
#[derive(Default)]
pub struct Slot {
    pub state: State,
    /// What arrived and is not judged yet.
    pub waiting: VecDeque<Pushed>,
    /// Whether storage is being asked about a name in `waiting`.
    pub asking: bool,
    /// How many entries were accepted and are not durable.
    pub uncommitted: usize,
    /// Whether it was used since the last sweep.
    used: bool,
    /// What `state` weighed when last looked at.
    heap: usize,
}

/// How far a document is loaded.
#[derive(Default)]
pub enum State {
    /// Nothing is known, and storage has not been asked.
    #[default]
    Cold,
    /// Storage has been asked.
    Loading,
    /// Entries can be judged.
    Ready(Ready),
    /// It takes no more entries.
    Closed(Code),
}

/// An entry that waits to be judged.
pub struct Pushed {
    pub draft: Draft,
    /// When this relay accepted it first, if it was brought back.
    pub brought: Option<Millis>,
    pub name: Name,
    pub blob: Blob,
}

/// What is known of an entry's name.
pub enum Name {
    /// The log cannot hold it.
    Fresh,
    /// The log may hold it.
    Unknown,
    /// Storage was asked, and holds these under it.
    Asked(Vec<Named>),
}

/// What is known of the blob that a file's record names. No other entry names one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Blob {
    /// Nobody has looked.
    Unknown,
    /// Somebody is looking.
    Asked(ContentHash),
    /// It is here whole, with so many bytes, or it is not.
    Measured(Option<u64>),
}

impl Documents {
    /// Returns the document's slot, an empty one if nothing was known.
    pub fn slot(&mut self, document: DocumentId) -> &mut Slot {
        let slot = self.slots.entry(document).or_default();
        slot.used = true;
        slot
    }

    /// Weighs a document's state once it is loaded, and after each commit.
    pub fn weigh(&mut self, document: DocumentId) {
        let Some(slot) = self.slots.get_mut(&document) else { return };
        let State::Ready(ready) = &slot.state else { return };
        let heap = ready.heap_bytes();
        self.heap = self.heap - slot.heap + heap;
        slot.heap = heap;
    }

    /// Forgets a document's state, which was ahead of the log; what waits is judged again from the log.
    pub fn forget(&mut self, document: DocumentId) {
        let Some(slot) = self.slots.get_mut(&document) else { return };
        slot.state = State::Cold;
        slot.uncommitted = 0;
        self.heap -= std::mem::take(&mut slot.heap);
    }

    /// Drops from every queue what is not wanted, and returns it.
    pub fn drop_waiting(&mut self, unwanted: impl Fn(&Pushed) -> bool) -> Vec<Pushed> {
        let mut dropped = Vec::new();
        for slot in self.slots.values_mut().filter(|slot| !slot.waiting.is_empty()) {
            let (out, kept) = std::mem::take(&mut slot.waiting).into_iter().partition(&unwanted);
            slot.waiting = kept;
            dropped.extend::<VecDeque<_>>(out);
        }
        dropped
    }

    /// Returns the documents in which something waits although their state is unknown.
    pub fn stranded(&self) -> Vec<DocumentId> {
        let stranded = |slot: &Slot| matches!(slot.state, State::Cold) && !slot.waiting.is_empty();
        self.slots.iter().filter(|(_, slot)| stranded(slot)).map(|(&document, _)| document).collect()
    }

    /// Lets go of documents at rest, least recently used first, until the bounds hold with some room.
    pub fn shed(&mut self) {
        if self.slots.len() <= READY && self.heap <= HEAP {
            return;
        }
        // Two rounds are enough: the first takes the mark of use away.
        for _ in 0..2 {
            let (mut len, mut heap) = (self.slots.len(), self.heap);
            self.slots.retain(|_, slot| {
                let full = len > READY * 3 / 4 || heap > HEAP * 3 / 4;
                let used = std::mem::take(&mut slot.used);
                if !full || used || !slot.is_at_rest() {
                    return true;
                }
                len -= 1;
                heap -= slot.heap;
                false
            });
            self.heap = heap;
        }
    }
}

impl Slot {
    /// Notes that an accepted entry is durable.
    pub fn settled(&mut self) {
        self.uncommitted = self.uncommitted.saturating_sub(1);
    }

    /// Says whether the document has grown as far as it may, as of its last commit.
    pub fn is_full(&self) -> bool {
        self.heap > FULL
    }

    fn is_at_rest(&self) -> bool {
        self.waiting.is_empty()
            && self.uncommitted == 0
            && !self.asking
            && !matches!(self.state, State::Loading)
    }
}
