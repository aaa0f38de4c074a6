//! Folds many updates into one, in time linear in their bytes, collecting nothing.
//!
//! Yjs and yrs merge by walking all updates at once and do not join neighbours; thousands of keystrokes take them minutes
//! and come out as thousands of structs. Here every struct of every update is laid on its client's line by clock, what
//! overlaps is dropped ([`super::line`]), neighbours that Yjs would have joined are joined ([`super::join`]), and
//! the deleted ranges are united. Deleted content stays as it was written: a snapshot is a cache of the log, and people
//! may want back what somebody deleted.

use std::collections::BTreeMap;

use super::delete_set::Range;
use super::join::Neighbours;
use super::limits::Limits;
use super::line::{self, Keep, Piece};
use super::refusal::Refusal;
use super::state_vector::StateVector;
use super::structs::{Id, Parsed};
use super::write;

/// Says why updates have no merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// One of them breaks a rule of the encoding.
    #[error("update {number} (from 0) cannot be read: {refusal}")]
    Unreadable {
        /// Which one, in the order given.
        number: usize,
        /// The rule.
        #[source]
        refusal: Refusal,
    },
    /// Structs of a client are missing between those that are here.
    #[error("client {} has a hole at clock {}", .0.client, .0.clock)]
    Hole(Id),
}

/// Updates on their way into one. Holds some 130 bytes for each struct.
#[derive(Debug, Default)]
pub struct Merger<'a> {
    count: usize,
    bytes: usize,
    pieces: BTreeMap<u64, Vec<Piece<'a>>>,
    deletes: BTreeMap<u64, Vec<Range>>,
    parsed: Parsed,
}

impl<'a> Merger<'a> {
    /// Returns a merge of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an update. The order is free, but where two updates say different things about one id, which no honest ones
    /// do, the first stays: give a log in its order, so that a merge of it is what its readers hold.
    pub fn push(&mut self, update: &'a [u8]) -> Result<(), MergeError> {
        self.parsed
            .read(update, &Limits::WHOLE)
            .map_err(|refusal| MergeError::Unreadable { number: self.count, refusal })?;
        self.count += 1;
        self.bytes += update.len();
        for group in &self.parsed.groups {
            let structs = self.parsed.structs.get(group.first..group.end).unwrap_or_default();
            let pieces = || structs.iter().map(|one| Piece::new(update, group.client, *one));
            self.pieces.entry(group.client).or_default().extend(pieces());
            // Emptied means deleted, also where another update still has what was written.
            for piece in pieces().filter(Piece::is_emptied) {
                let range = Range { start: piece.start(), end: piece.end() };
                self.deletes.entry(group.client).or_default().push(range);
            }
        }
        for deleted in &self.parsed.deletes.clients {
            let ranges = self.parsed.deletes.ranges_of(deleted);
            self.deletes.entry(deleted.client).or_default().extend(ranges);
        }
        Ok(())
    }

    /// Returns the merge of all that was added.
    pub fn finish(self) -> Result<Vec<u8>, MergeError> {
        self.finish_for(&StateVector::default())
    }

    /// Returns the merge without what a reader with this state vector has. All deletions stay: a state vector does not
    /// say which of them the reader knows.
    pub fn finish_for(self, have: &StateVector) -> Result<Vec<u8>, MergeError> {
        self.fold(have, Keep::Written)
    }

    pub(super) fn fold(self, have: &StateVector, keep: Keep) -> Result<Vec<u8>, MergeError> {
        let mut lines = self.pieces;
        for (client, pieces) in &mut lines {
            line::straighten(pieces, keep);
            line::drop_known(pieces, have.next(*client));
            line::no_hole(pieces).map_err(|clock| MergeError::Hole(Id { client: *client, clock }))?;
        }
        lines.retain(|_, pieces| !pieces.is_empty());
        let mut deletes = self.deletes;
        deletes.values_mut().for_each(unite);

        let mut neighbours = Neighbours::new(&lines, &deletes);
        let mut out = Vec::with_capacity(self.bytes);
        write::number(&mut out, lines.len() as u64);
        for (client, pieces) in lines.iter().rev() {
            let runs: Vec<&[Piece<'_>]> =
                pieces.chunk_by(|left, right| neighbours.join(left, right)).collect();
            write::number(&mut out, runs.len() as u64);
            write::number(&mut out, *client);
            write::number(&mut out, pieces.first().map_or(0, |first| u64::from(first.start())));
            runs.into_iter().for_each(|run| write::run(&mut out, run));
        }
        write::deletes(&mut out, &deletes);
        Ok(out)
    }
}

/// Returns one update that says what all of these say, for a reader who has none of them or any part.
pub fn merge<'a>(updates: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, MergeError> {
    let mut merger = Merger::new();
    updates.into_iter().try_for_each(|update| merger.push(update))?;
    merger.finish()
}

/// Returns what a reader with this state vector lacks of the update, and all of its deletions.
pub fn diff(update: &[u8], have: &StateVector) -> Result<Vec<u8>, MergeError> {
    let mut merger = Merger::new();
    merger.push(update)?;
    merger.finish_for(have)
}

/// Sorts ranges and joins those that touch.
fn unite(ranges: &mut Vec<Range>) {
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
}
