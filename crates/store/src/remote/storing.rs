//! Storing entry after entry: what is new, what was here, what has left the outbox, and how each document changes by it.

use std::collections::BTreeMap;

use rusqlite::Transaction;
use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::{Author, Counter, Entry, Kind, Millis, Seq};
use sheaf_protocol::frame::Snapshot;

use crate::error::Result;
use crate::store::Pen;
use crate::table::document::Change;
use crate::table::log::{NewRow, Number};
use crate::table::{author, document, epoch, folded, fork, log, outbox, records, refusal, snapshot};
use crate::tree::{Changed, Tree};

/// What became of an entry.
pub(super) enum Place {
    Known,
    Fresh,
    Acknowledged,
}

/// The small numbers of what is named again and again, and how documents change.
#[derive(Default)]
struct Seen {
    documents: BTreeMap<DocumentId, i64>,
    authors: BTreeMap<Author, i64>,
    epochs: BTreeMap<Epoch, i64>,
    changes: BTreeMap<i64, Change>,
}

/// A transaction in which something is stored that a relay said.
pub(super) struct Storing<'a> {
    transaction: &'a Transaction<'a>,
    pub(super) pen: &'a mut Pen,
    seen: Seen,
    pub(super) tree: Tree<'a>,
    /// Whether what is here is read again, for it may be damaged.
    pub(super) heals: bool,
}

impl<'a> Storing<'a> {
    pub(super) fn begin(transaction: &'a Transaction<'a>, pen: &'a mut Pen, life: Epoch) -> Result<Self> {
        let tree = Tree::hearing(transaction, life)?;
        Ok(Self { transaction, pen, seen: Seen::default(), tree, heals: false })
    }

    /// Stores an entry, or finds that it is here.
    pub(super) fn store(&mut self, entry: &Entry) -> Result<Place> {
        let Entry { draft, at, .. } = entry;
        let number = Number { epoch: self.epoch(entry.epoch)?, seq: entry.seq, seal: entry.seal };
        let author = self.author(draft.author)?;
        let own = draft.author.replica == self.pen.replica;
        if own && let Some(waiting) = outbox::find(self.transaction, draft.counter, draft.hash)? {
            log::number(self.transaction, waiting.entry, author, *at, number)?;
            self.leave(draft.counter, waiting, *at, entry.seq)?;
            return Ok(Place::Acknowledged);
        }
        let known = log::find(self.transaction, draft.author.replica, draft.counter, draft.hash)?;
        if let Some(known) = known {
            log::number(self.transaction, known.id, author, *at, number)?;
            let is_healed = self.heals && log::heal(self.transaction, known.id, draft.hash, &draft.bytes)?;
            self.hear(entry)?;
            if known.state == log::SET_ASIDE {
                self.overrule(known, *at, entry.seq)?;
            } else if is_healed {
                self.change(known.document).ground = true;
            } else {
                return Ok(Place::Known);
            }
            return Ok(Place::Fresh);
        }
        if own && draft.author.device == self.pen.device {
            // Written by this copy in a past that its disk has forgotten; that name must not be given again.
            self.pen.counter = self.pen.counter.max(draft.counter);
        }
        let (document, change) = self.document(draft.document)?;
        change.grow(*at);
        let row = NewRow {
            kind: draft.kind,
            document,
            author,
            counter: draft.counter,
            hash: draft.hash,
            origin: draft.origin,
            flags: draft.flags,
            key_id: draft.key_id,
            at: *at,
            number: Some(number),
            bytes: &draft.bytes,
        };
        log::append(self.transaction, &row)?;
        self.hear(entry)?;
        Ok(Place::Fresh)
    }

    fn hear(&mut self, entry: &Entry) -> Result<()> {
        let Entry { draft, seq, .. } = entry;
        if self.tree.is_about(draft) {
            self.tree.hear(draft.author.person, *seq, &draft.bytes)?;
        }
        Ok(())
    }

    /// Stores a folding.
    pub(super) fn fold(&mut self, epoch: Epoch, sent: &Snapshot) -> Result<()> {
        let epoch = self.epoch(epoch)?;
        let transaction = self.transaction;
        let (document, change) = self.document(sent.document)?;
        if folded::put(transaction, document, epoch, sent.through, &sent.bytes)? {
            change.ground = true;
            change.at = change.at.max(sent.at);
            if self.tree.is_folded_in(sent) {
                self.tree.hear_folding(sent)?;
            }
        }
        Ok(())
    }

    /// Takes a row that a relay has held under a number since then out of the outbox.
    pub(super) fn leave(
        &mut self,
        counter: Counter,
        waiting: outbox::Waiting,
        at: Millis,
        number: Seq,
    ) -> Result<()> {
        let change = self.change(waiting.document);
        change.waiting -= 1;
        (change.at, change.dated) = (change.at.max(at), true);
        outbox::remove(self.transaction, counter)?;
        if waiting.kind == Kind::RECORD {
            let was_shown = !refusal::remove(self.transaction, waiting.entry)?;
            let bytes = records::bytes(self.transaction, waiting.entry)?;
            self.tree.hear_own(self.pen, waiting.entry, number, &bytes, was_shown)?;
        }
        Ok(())
    }

    /// A refusal was overruled: a row is part of its document again, in the place it always had.
    pub(super) fn overrule(&mut self, known: log::Found, at: Millis, number: Seq) -> Result<()> {
        let change = self.change(known.document);
        change.ground = true;
        change.grow(at);
        if known.kind == Kind::RECORD {
            let bytes = records::bytes(self.transaction, known.id)?;
            self.tree.hear_own(self.pen, known.id, number, &bytes, false)?;
        }
        Ok(())
    }

    /// Writes down how each document has changed, and returns what is shown in another way now.
    pub(super) fn finish(self) -> Result<Changed> {
        for (id, change) in self.seen.changes {
            if change.ground {
                snapshot::forget(self.transaction, id)?;
            }
            document::change(self.transaction, id, change)?;
        }
        fork::forget_overruled(self.transaction)?;
        self.tree.finish(self.pen)
    }

    fn document(&mut self, document: DocumentId) -> Result<(i64, &mut Change)> {
        let id = match self.seen.documents.get(&document) {
            Some(id) => *id,
            None => {
                self.tree.meet(document)?;
                document::intern(self.transaction, document)?
            }
        };
        self.seen.documents.insert(document, id);
        Ok((id, self.change(id)))
    }

    fn change(&mut self, document: i64) -> &mut Change {
        self.seen.changes.entry(document).or_default()
    }

    fn author(&mut self, author: Author) -> Result<i64> {
        if let Some(id) = self.seen.authors.get(&author) {
            return Ok(*id);
        }
        let id = author::intern(self.transaction, author)?;
        self.seen.authors.insert(author, id);
        Ok(id)
    }

    pub(super) fn epoch(&mut self, epoch: Epoch) -> Result<i64> {
        if let Some(id) = self.seen.epochs.get(&epoch) {
            return Ok(*id);
        }
        let id = epoch::intern(self.transaction, epoch)?;
        self.seen.epochs.insert(epoch, id);
        Ok(id)
    }
}
