//! Forks: documents whose edits the relay will not take. Waiting and stuck are different states: what waits is sent
//! again by itself, what is stuck is shown to a person, who settles it. Until then it is part of its document here.

use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Counter;
use sheaf_protocol::problem::Code;

use crate::error::Result;
use crate::store::Store;
use crate::table::document::Change;
use crate::table::{document, folded, fork, log, outbox, snapshot};

/// A document whose unacknowledged edits the relay will not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The document.
    pub document: DocumentId,
    /// The entry that was refused.
    pub counter: Counter,
    /// Why.
    pub code: Code,
    /// What exactly, for a log.
    pub detail: String,
    /// How many entries of the document wait, the refused one included.
    pub entries: u64,
}

/// How a person settles a fork.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// Offer the edits to the relay again.
    Retry,
    /// Take the edits out of the document. They stay in the log.
    Discard,
}

impl Store {
    /// Stops the outbox of one document, because the relay will never take this entry. Returns `false`, and stops
    /// nothing, when the entry does not wait here.
    pub fn stick(
        &mut self,
        document: DocumentId,
        counter: Counter,
        code: Code,
        detail: &str,
    ) -> Result<bool> {
        self.write(|transaction, _| {
            let waiting = outbox::named(transaction, counter)?;
            let Some(waiting) = waiting else { return Ok(false) };
            if document::find(transaction, document)? != Some(waiting.document) {
                return Ok(false);
            }
            fork::put(transaction, waiting.document, waiting.entry, code, detail)?;
            Ok(true)
        })
    }

    /// Returns the forks that wait for a person, the one that changed last first.
    pub fn forks(&self) -> Result<Vec<Fork>> {
        self.read(fork::all)
    }

    /// Says whether anything is left of a document's text here.
    pub fn has_words(&self, document: DocumentId) -> Result<bool> {
        self.read(|connection| match document::find(connection, document)? {
            Some(id) => Ok(log::has_any(connection, id)? || folded::has_any(connection, id)?),
            None => Ok(false),
        })
    }

    /// Settles a document's fork; without one, nothing happens.
    pub fn settle(&mut self, document: DocumentId, how: Settle) -> Result<()> {
        self.write(|transaction, _| {
            let Some(id) = document::find(transaction, document)? else { return Ok(()) };
            if !fork::remove(transaction, id)? || how == Settle::Retry {
                return Ok(());
            }
            let removed = outbox::set_aside(transaction, id)?;
            log::set_aside(transaction, id)?;
            snapshot::forget(transaction, id)?;
            let change = Change { entries: -removed, waiting: -removed, at: 0, dated: false, ground: true };
            document::change(transaction, id, change)
        })
    }
}
