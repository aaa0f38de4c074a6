//! Folds a whole log into one update that is proven to pass the rules.
//!
//! A merge prefers what was written over what somebody later had only as deleted. The rules never looked at content that
//! came after its range was known as collected, so a hostile writer can smuggle in what they refuse. Then the log's
//! own order decides: what was admitted first stays, and of that every struct has passed.

use super::limits::Limits;
use super::line::Keep;
use super::merge::{MergeError, Merger};
use super::refusal::Refusal;
use super::state::DocState;
use super::state_vector::StateVector;

/// Says why a log has no snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// The updates do not fit together.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// They do not begin at the beginning, were never admitted, or exceed the limits together.
    #[error("the merged log is refused: {0}")]
    Refused(#[from] Refusal),
}

/// Returns a document's log, or a snapshot and the log behind it, as one update within the limits of who will read it. The
/// updates come in the log's order, from the first; the key is as for [`DocState::new`].
pub fn snapshot<'a, U>(updates: U, hash_key: [u8; 16], limits: &Limits) -> Result<Vec<u8>, SnapshotError>
where
    U: IntoIterator<Item = &'a [u8]> + Clone,
{
    let fold = |keep| {
        let mut merger = Merger::new();
        updates.clone().into_iter().try_for_each(|update| merger.push(update))?;
        merger.fold(&StateVector::default(), keep)
    };
    let passes = |merged: &[u8]| DocState::new(hash_key).admit(merged, limits).map(|_| ());
    let merged = fold(Keep::Written)?;
    if passes(&merged).is_ok() {
        return Ok(merged);
    }
    let merged = fold(Keep::First)?;
    passes(&merged)?;
    Ok(merged)
}
