//! When the relay lacks what a document's rows build on: bring it back, then push the rows again.
//!
//! Every round must win something. A document whose rows are refused again and again with nothing gained is given to a
//! person, because endless silent retries are how people lose trust.

use bytes::Bytes;
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::{Counter, Entry};
use sheaf_protocol::problem::Code;

use super::outbox::Outbox;
use super::{Output, Session};

/// As many rounds may win nothing.
const ROUNDS: u32 = 2;

/// A document whose rows wait.
#[derive(Default)]
pub struct Mending {
    /// The first row that was refused in this round.
    counter: Counter,
    /// What the relay has of the document.
    have: Bytes,
    /// Rounds that won nothing, one after the other.
    rounds: u32,
    /// Whether a row of the document was acknowledged in this round.
    won: bool,
    /// Whether the round's rows are to be gathered and pushed again once all of them are answered.
    lacks: bool,
    /// Whether the store looks for what is lacking.
    asked: bool,
}

impl Mending {
    /// Says whether the document's rows are not to be sent now.
    pub fn is_held(&self) -> bool {
        self.lacks || self.asked
    }
}

impl Outbox {
    /// The relay lacks what this row builds on.
    pub fn lacks(&mut self, document: DocumentId, counter: Counter, have: Bytes) {
        let mending = self.mending.entry(document).or_default();
        if !std::mem::replace(&mut mending.lacks, true) {
            mending.counter = counter;
        }
        // A run of such answers tells it once.
        if !have.is_empty() {
            mending.have = have;
        }
    }

    /// A row of this document was acknowledged.
    pub fn progress(&mut self, document: DocumentId) {
        if let Some(mending) = self.mending.get_mut(&document) {
            mending.won = true;
        }
    }
}

impl Session {
    /// Goes on with a document once all its rows that were on their way are answered.
    pub(super) fn mend(&mut self, document: DocumentId, out: &mut Vec<Output>) {
        if self.outbox.is_on_the_way(document) {
            return;
        }
        let Some(mending) = self.outbox.mending.get_mut(&document) else { return };
        if mending.asked {
            return;
        }
        mending.rounds = if mending.won { 0 } else { mending.rounds + 1 };
        if !mending.lacks {
            self.outbox.mending.remove(&document);
        } else if mending.rounds > ROUNDS {
            let detail = "the relay lacks what this builds on".to_owned();
            let counter = mending.counter;
            self.refuse(document, counter, Code::INVALID, detail, out);
        } else {
            mending.asked = true;
            out.push(Output::Mend { document, have: mending.have.clone() });
        }
    }

    /// Brings back what the store found, then pushes the rows again.
    pub(super) fn mended(&mut self, document: DocumentId, entries: Vec<Entry>, out: &mut Vec<Output>) {
        let Some(mending) = self.outbox.mending.get_mut(&document).filter(|mending| mending.asked) else {
            return;
        };
        (mending.asked, mending.lacks, mending.won) = (false, false, false);
        self.bring_back(entries, out);
        self.outbox.rewind();
    }
}
