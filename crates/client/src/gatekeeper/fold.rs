//! A document's stored updates as one, with the validator's state of it.
//!
//! They were admitted before they were stored here or came from a relay that admitted them, so as a rule their merge passes
//! at once. Where it does not, they are tried one by one, as often as that wins something: what is unsound is left out.
//! However much they came to, they are read: a document that could only be read up to some size would be lost beyond it.

use std::error::Error;

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::update::{DocState, Limits, Refusal, SnapshotError, merge, snapshot};

use crate::error::{ReplicaError, Result};

/// What stored updates come to.
#[derive(Debug)]
pub struct Folded {
    /// The validator's state after them.
    pub state: DocState,
    /// The sound ones as one update.
    pub update: Vec<u8>,
    /// Why each of the others was refused.
    pub unsound: Vec<Refusal>,
}

/// Folds updates in the order in which they were stored, and gives them to a document that is empty.
///
/// # Errors
/// [`ReplicaError::Unreadable`] when the sound ones have no merge, or the document does not take what was admitted.
pub fn fold(list: &[Bytes], hash_key: [u8; 16], into: Option<&mut Document>) -> Result<Folded> {
    let mut state = DocState::new(hash_key);
    let mut unsound = Vec::new();
    // What has no merge is tried one by one, like a merge that is refused.
    let mut update = merge(list.iter().map(AsRef::as_ref)).unwrap_or_default();
    let mut admitted = state.admit(&update, &Limits::WHOLE);
    if admitted.is_err() {
        (update, unsound) = sound_of(list, hash_key).map_err(unreadable)?;
        state = DocState::new(hash_key);
        admitted = state.admit(&update, &Limits::WHOLE);
    }
    let admitted = admitted.map_err(unreadable)?;
    if let Some(document) = into {
        document.apply(&admitted).map_err(unreadable)?;
    }
    Ok(Folded { state, update, unsound })
}

/// Returns what is sound, as one update, and why the rest is not.
fn sound_of(
    list: &[Bytes],
    hash_key: [u8; 16],
) -> std::result::Result<(Vec<u8>, Vec<Refusal>), SnapshotError> {
    let mut state = DocState::new(hash_key);
    let mut sound = Vec::new();
    let mut left: Vec<&Bytes> = list.iter().collect();
    loop {
        let (before, mut refusals) = (left.len(), Vec::new());
        left.retain(|update| match state.admit(update, &Limits::WHOLE) {
            Ok(admitted) => {
                sound.push(admitted.bytes());
                false
            }
            Err(refusal) => {
                refusals.push(refusal);
                true
            }
        });
        if left.is_empty() || left.len() == before {
            return Ok((snapshot(sound.iter().copied(), hash_key, &Limits::WHOLE)?, refusals));
        }
    }
}

fn unreadable(error: impl Error + Send + Sync + 'static) -> ReplicaError {
    ReplicaError::Unreadable(error.into())
}
