//! What the validator knows of one document, and the proof it gives out.
//!
//! The state is small: twelve bytes for a run of one author's typing, however long, and some sixty for a shared type. It
//! can be made again at any time by admitting a snapshot and the log behind it.

use super::admit::{Scratch, admit};
use super::limits::Limits;
use super::refusal::{Refusal, RefusalCode};
use super::state_vector::StateVector;
use super::structs::Parsed;
use super::summary::Summary;
use super::tables::Tables;

/// Scratch above this many bytes is given back after the update that needed it.
const SCRATCH_KEPT: usize = 16 << 10;

/// What was admitted to one document so far, as far as the rules need it.
#[derive(Debug)]
pub struct DocState {
    pub(super) tables: Tables,
    parsed: Parsed,
    scratch: Scratch,
}

/// An update that passed: the proof that its bytes may be stored, sent on and applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted<'a> {
    bytes: &'a [u8],
    summary: Summary,
}

impl<'a> Admitted<'a> {
    /// Returns the very bytes that were admitted.
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns what they do.
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }
}

impl DocState {
    /// Returns the state of an empty document. Map keys are kept as hashes under `hash_key`, which should be random and
    /// secret, so that nobody can make two keys collide.
    pub fn new(hash_key: [u8; 16]) -> Self {
        Self { tables: Tables::new(hash_key), parsed: Parsed::default(), scratch: Scratch::default() }
    }

    /// Admits an update: afterwards it counts as part of the document. A refused one changes nothing.
    ///
    /// Takes time and memory proportional to the bytes, some 100 bytes of scratch for each struct.
    pub fn admit<'a>(&mut self, bytes: &'a [u8], limits: &Limits) -> Result<Admitted<'a>, Refusal> {
        self.admit_from(bytes, limits, |_| true)
    }

    /// Admits an update if every client that writes something new in it may write; see [`DocState::admit`].
    pub fn admit_from<'a>(
        &mut self,
        bytes: &'a [u8],
        limits: &Limits,
        may_write: impl Fn(u64) -> bool,
    ) -> Result<Admitted<'a>, Refusal> {
        let outcome = self.parsed.read(bytes, limits).and_then(|()| {
            for (client, at) in self.writers() {
                Refusal::unless(may_write(client), RefusalCode::Stranger, at)?;
            }
            admit(&mut self.tables, &mut self.scratch, &self.parsed, bytes)
        });
        if self.parsed.heap_bytes() + self.scratch.heap_bytes() > SCRATCH_KEPT {
            self.parsed = Parsed::default();
            self.scratch = Scratch::default();
        }
        outcome.map(|summary| Admitted { bytes, summary })
    }

    /// Returns the clients that write something new in the update that was read, and where.
    fn writers(&self) -> impl Iterator<Item = (u64, usize)> {
        let writes = self.parsed.groups.iter().filter(|group| {
            let last = group.end.checked_sub(1).and_then(|last| self.parsed.structs.get(last));
            last.is_some_and(|last| last.next() > self.next(group.client))
        });
        writes.map(|group| (group.client, group.at))
    }

    /// Returns the next clock of every client that wrote here.
    pub fn state_vector(&self) -> StateVector {
        self.tables.clients().collect()
    }

    /// Returns a client's next clock: 0 when it wrote nothing.
    pub fn next(&self, client: u64) -> u32 {
        self.tables.find(client).map_or(0, |writer| self.tables.next(writer))
    }

    /// Returns how many clients wrote here.
    pub fn clients(&self) -> usize {
        self.tables.clients().count()
    }

    /// Returns about how many bytes the state holds on the heap, scratch included.
    pub fn heap_bytes(&self) -> usize {
        self.tables.heap_bytes() + self.parsed.heap_bytes() + self.scratch.heap_bytes()
    }
}
