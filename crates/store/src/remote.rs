//! Storing what a relay sent: entries, foldings, acknowledgements, and how far the log is here now.
//!
//! An entry's name is (replica, counter, hash). What is here under its name is not added again, so a page may come
//! twice; other bytes under the same replica and counter are another entry and stay beside the first. An own entry
//! that comes back from the relay, by whatever way, is an acknowledgement. What a person has taken out meanwhile and the
//! relay holds all the same is part of its document again: the others have it.
//!
//! A row whose bytes the disk has damaged still bears its name. Where a document is sent from its beginning because the
//! copy here is not to be trusted, each row is read and hashed, and gets the bytes that its hash names: the one case in
//! which the bytes of a row change.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;
use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::{Author, Counter, Entry, Kind, Millis, Seq};
use sheaf_protocol::frame::{Ack, Snapshot};

use crate::error::Result;
use crate::store::{Pen, Store};
use crate::table::document::Change;
use crate::table::log::{NewRow, Number};
use crate::table::{author, document, epoch, folded, fork, log, outbox, refusal, replica, snapshot};
use crate::tree::Tree;

/// What a relay sent, stored in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteBatch {
    /// Entries in the log's order.
    pub entries: Vec<Entry>,
    /// Documents folded through a number, standing for entries that are not sent.
    pub snapshots: Vec<Snapshot>,
    /// How far the log is here once this is stored; `None`, for a document that is sent from its beginning, leaves that
    /// as it was.
    pub cursor: Option<Seq>,
    /// The life of the log that the snapshots and the cursor belong to.
    pub epoch: Epoch,
}

/// What was new in a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemoteOutcome {
    /// Which of the batch's entries were not here yet, in order: what open documents have to be given.
    pub fresh: Vec<usize>,
    /// The counters of own entries among them that left the outbox.
    pub acknowledged: Vec<Counter>,
    /// The documents whose rows in the tree are others now.
    pub places: BTreeSet<DocumentId>,
}

/// What came of acknowledgements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledged {
    /// The counters that left the outbox.
    pub left: Vec<Counter>,
    /// Documents that hold words again which a person had taken out, for the relay holds them: they have to be read anew.
    pub overruled: BTreeSet<DocumentId>,
    /// The documents whose rows in the tree are others now.
    pub places: BTreeSet<DocumentId>,
}

impl Store {
    /// Stores entries, snapshots and cursor in one transaction. Storing the same again changes nothing.
    pub fn commit_remote(&mut self, batch: &RemoteBatch) -> Result<RemoteOutcome> {
        self.write(|transaction, pen| {
            let mut storing = Storing::begin(transaction, pen, batch.epoch)?;
            storing.heals = batch.cursor.is_none();
            let before = replica::position(transaction)?.epoch;
            if batch.cursor.is_some() && before.is_some_and(|before| before != batch.epoch) {
                storing.tree.hear_of_new_life()?;
            }
            let mut outcome = RemoteOutcome::default();
            for snapshot in &batch.snapshots {
                storing.fold(batch.epoch, snapshot)?;
            }
            for (index, entry) in batch.entries.iter().enumerate() {
                match storing.store(entry)? {
                    Place::Known => {}
                    Place::Fresh => outcome.fresh.push(index),
                    Place::Acknowledged => outcome.acknowledged.push(entry.draft.counter),
                }
            }
            outcome.places = storing.finish()?;
            if let Some(cursor) = batch.cursor {
                replica::move_to(transaction, batch.epoch, cursor)?;
            }
            Ok(outcome)
        })
    }

    /// Takes acknowledged rows out of the outbox and gives them their numbers, and moves the cursor if one is given,
    /// in one transaction. An acknowledgement of other bytes than those that wait under its counter means some other
    /// entry and is passed over.
    pub fn acknowledge(&mut self, of: Epoch, acks: &[Ack], cursor: Option<Seq>) -> Result<Acknowledged> {
        self.write(|transaction, pen| {
            let mut storing = Storing::begin(transaction, pen, of)?;
            let epoch = storing.epoch(of)?;
            let mut acknowledged = Acknowledged::default();
            for ack in acks {
                let (author, replica) = (storing.pen.author, storing.pen.replica);
                let number = Number { epoch, seq: ack.seq, seal: ack.seal };
                if let Some(waiting) = outbox::find(transaction, ack.counter, ack.hash)? {
                    log::number(transaction, waiting.entry, author, ack.at, number)?;
                    storing.leave(ack.counter, waiting, ack.at, ack.seq)?;
                    acknowledged.left.push(ack.counter);
                } else if let Some(known) = log::find(transaction, replica, ack.counter, ack.hash)?
                    && known.state == log::SET_ASIDE
                {
                    log::number(transaction, known.id, author, ack.at, number)?;
                    storing.overrule(known, ack.at, ack.seq)?;
                    if known.kind != Kind::RECORD {
                        acknowledged.overruled.insert(document::named(transaction, known.document)?);
                    }
                }
            }
            acknowledged.places = storing.finish()?;
            if let Some(cursor) = cursor {
                replica::move_to(transaction, of, cursor)?;
            }
            Ok(acknowledged)
        })
    }
}

enum Place {
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

struct Storing<'a> {
    transaction: &'a Transaction<'a>,
    pen: &'a mut Pen,
    seen: Seen,
    tree: Tree<'a>,
    /// Whether what is here is read again, for it may be damaged.
    heals: bool,
}

impl<'a> Storing<'a> {
    fn begin(transaction: &'a Transaction<'a>, pen: &'a mut Pen, life: Epoch) -> Result<Self> {
        let tree = Tree::hearing(transaction, life)?;
        Ok(Self { transaction, pen, seen: Seen::default(), tree, heals: false })
    }

    fn store(&mut self, entry: &Entry) -> Result<Place> {
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

    fn fold(&mut self, epoch: Epoch, sent: &Snapshot) -> Result<()> {
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
    fn leave(&mut self, counter: Counter, waiting: outbox::Waiting, at: Millis, number: Seq) -> Result<()> {
        let change = self.change(waiting.document);
        change.waiting -= 1;
        (change.at, change.dated) = (change.at.max(at), true);
        outbox::remove(self.transaction, counter)?;
        if waiting.kind == Kind::RECORD {
            let was_shown = !refusal::remove(self.transaction, waiting.entry)?;
            let bytes = log::bytes(self.transaction, waiting.entry)?;
            self.tree.hear_own(self.pen, waiting.entry, number, &bytes, was_shown)?;
        }
        Ok(())
    }

    /// A refusal was overruled: a row is part of its document again, in the place it always had.
    fn overrule(&mut self, known: log::Found, at: Millis, number: Seq) -> Result<()> {
        let change = self.change(known.document);
        change.ground = true;
        change.grow(at);
        if known.kind == Kind::RECORD {
            let bytes = log::bytes(self.transaction, known.id)?;
            self.tree.hear_own(self.pen, known.id, number, &bytes, false)?;
        }
        Ok(())
    }

    /// Writes down how each document has changed, and returns those whose rows in the tree are others now.
    fn finish(self) -> Result<BTreeSet<DocumentId>> {
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

    fn epoch(&mut self, epoch: Epoch) -> Result<i64> {
        if let Some(id) = self.seen.epochs.get(&epoch) {
            return Ok(*id);
        }
        let id = epoch::intern(self.transaction, epoch)?;
        self.seen.epochs.insert(epoch, id);
        Ok(id)
    }
}
