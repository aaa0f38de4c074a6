//! The gatekeeper: every update passes here, wherever it comes from, before anything believes it.
//!
//! It keeps the validator's state of the documents in use and makes the others' from the store when they are needed. What a
//! person here writes is admitted before it is committed; what a relay sends is stored whatever it is, because the log is
//! the truth, but only what is admitted is shown or read. Updates that are stored and not admitted are *unsound*: they
//! keep their place in the log, and may yet pass once what they build on has arrived.

mod fold;

use std::collections::BTreeMap;

use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::update::{Admitted, DocState, Limits, Refusal};
use sheaf_store::{Store, Through};

use crate::error::{ReplicaError, Result};

pub use fold::{Folded, fold};

/// As many bytes of states are kept for documents that nobody has open.
const KEPT: usize = 32 << 20;

/// The states of the documents in use.
#[derive(Debug)]
pub struct Gatekeeper {
    hash_key: [u8; 16],
    states: BTreeMap<DocumentId, Known>,
    /// Bytes of all states together.
    bytes: usize,
    turn: u64,
}

#[derive(Debug)]
struct Known {
    state: DocState,
    /// How many stored updates were not admitted.
    unsound: usize,
    bytes: usize,
    used: u64,
}

/// A whole document, as it was read from the store.
#[derive(Debug)]
pub struct Loaded {
    /// Everything that is sound in it, as one update.
    pub update: Vec<u8>,
    /// How many of its updates are not sound.
    pub unsound: usize,
    /// How many updates it was read from.
    pub updates: usize,
    /// What a snapshot made of it reaches through.
    pub through: Through,
}

impl Gatekeeper {
    /// Returns one that knows nothing yet; the key is random and secret (see [`DocState::new`]).
    pub fn new(hash_key: [u8; 16]) -> Self {
        Self { hash_key, states: BTreeMap::new(), bytes: 0, turn: 0 }
    }

    /// Reads a whole document from the store, gives it to an empty one in memory if there is one, and keeps its state.
    pub fn load(
        &mut self,
        store: &Store,
        document: DocumentId,
        into: Option<&mut Document>,
    ) -> Result<Loaded> {
        let updates = store.updates(document)?;
        let Folded { state, update, unsound } = fold(&updates.list, self.hash_key, into)?;
        for refusal in &unsound {
            tracing::warn!(document.id = %document, %refusal, "a stored update is not sound; it is kept and not shown");
        }
        self.keep(document, state, unsound.len());
        Ok(Loaded { update, unsound: unsound.len(), updates: updates.list.len(), through: updates.through })
    }

    /// Admits an update to a document, whose state is made from the store if it is not here. A refused one changes nothing.
    pub fn admit<'a>(
        &mut self,
        store: &Store,
        document: DocumentId,
        bytes: &'a [u8],
    ) -> Result<Admitted<'a>> {
        if !self.knows(document) {
            self.load(store, document, None)?;
        }
        let outcome = self.admit_known(document, bytes, &Limits::BULK);
        Ok(outcome.ok_or(ReplicaError::NotFound(document))??)
    }

    /// Admits an update to a document whose state is here; `None` where it is not, for then the update is looked at when
    /// somebody needs the document.
    pub fn admit_known<'a>(
        &mut self,
        document: DocumentId,
        bytes: &'a [u8],
        limits: &Limits,
    ) -> Option<std::result::Result<Admitted<'a>, Refusal>> {
        let known = self.states.get_mut(&document)?;
        let outcome = known.state.admit(bytes, limits);
        let size = known.state.heap_bytes();
        self.bytes = self.bytes - known.bytes + size;
        self.turn += 1;
        (known.bytes, known.used) = (size, self.turn);
        Some(outcome)
    }

    /// Says whether the state of a document is here.
    pub fn knows(&self, document: DocumentId) -> bool {
        self.states.contains_key(&document)
    }

    /// Says whether the state of a document is here and some of its stored updates are unsound.
    pub fn is_unsound(&self, document: DocumentId) -> bool {
        self.states.get(&document).is_some_and(|known| known.unsound > 0)
    }

    /// Forgets a document's state, which is no longer what the store holds.
    pub fn forget(&mut self, document: DocumentId) {
        if let Some(known) = self.states.remove(&document) {
            self.bytes -= known.bytes;
        }
    }

    /// Lets go of the states that were not used for longest, but never of one that is in use.
    pub fn trim(&mut self, in_use: impl Fn(DocumentId) -> bool) {
        while self.bytes > KEPT {
            let idle = self.states.iter().filter(|(document, _)| !in_use(**document));
            let Some((&document, _)) = idle.min_by_key(|(_, known)| known.used) else { return };
            self.forget(document);
        }
    }

    fn keep(&mut self, document: DocumentId, state: DocState, unsound: usize) {
        self.forget(document);
        let bytes = state.heap_bytes();
        self.bytes += bytes;
        self.turn += 1;
        self.states.insert(document, Known { state, unsound, bytes, used: self.turn });
    }
}
