//! Turns a trace into updates as live editing would have made them, one for each edit.
//!
//! The whole play is computed before anything of it is written: the same trace with the same client ids gives the same
//! updates, byte for byte. So two processes that each play one person of a trace need no word between them; each
//! computes everybody's part, writes its own, and waits where its part builds on letters that have not arrived yet
//! ([`Step::needs`]). All text lies in one code block, where line breaks are legal.

mod stage;
#[cfg(test)]
mod tests;
mod together;

use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_document::typist::Typist;

use crate::trace::{Edit, Script, Trace};

pub use stage::Stage;
pub use together::Broken;

/// One update of a play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whose it is, from 0.
    pub person: usize,
    /// Yjs update, v1.
    pub update: Vec<u8>,
    /// What must have arrived before it means anything: next clocks of other clients.
    pub needs: Vec<(u64, u32)>,
}

/// Returns the client id of each person in a replay into this document, the first writer's the smallest: texts typed at
/// one place at one time then stand in the order that the published traces ended with.
///
/// Derived from the document's random id and not drawn, because every process of a replay must know everybody's.
pub fn clients(document: DocumentId, people: usize) -> Vec<u64> {
    let hash = ContentHash::of(document.as_bytes());
    let low = hash.as_bytes().iter().take(6).fold(0, |all, byte| all << 8 | u64::from(*byte));
    (0..people as u64).map(|person| low + 1 + person).collect()
}

/// Returns every update of a play, in an order in which each comes after what it builds on.
///
/// # Errors
/// When the trace edits beyond the end of its text.
pub fn perform(trace: &Trace, clients: &[u64]) -> Result<Vec<Step>, Broken> {
    let start = (!trace.start.is_empty()).then(|| Edit { at: 0, delete: 0, insert: trace.start.clone() });
    match &trace.script {
        Script::Alone(edits) => {
            let (mut typist, first) = Typist::begin(clients.first().copied().unwrap_or(1));
            let typed = start.iter().chain(edits).map(|edit| typist.edit(edit.at, edit.delete, &edit.insert));
            let updates = [first].into_iter().chain(typed);
            Ok(updates.map(|update| Step { person: 0, update, needs: Vec::new() }).collect())
        }
        Script::Together { turns, .. } => together::perform(start.as_ref(), turns, clients),
    }
}
