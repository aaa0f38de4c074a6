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

mod storing;

use std::collections::BTreeSet;

use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::{Counter, Entry, Kind, Seq};
use sheaf_protocol::frame::{Ack, Snapshot};

use crate::error::Result;
use crate::store::Store;
use crate::table::log::Number;
use crate::table::{document, epoch, log, outbox, replica};
use crate::tree::{Changed, Tree};
use storing::{Place, Storing};

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
    /// What is shown in another way now.
    pub changed: Changed,
}

/// What came of acknowledgements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledged {
    /// The counters that left the outbox.
    pub left: Vec<Counter>,
    /// Documents that hold words again which a person had taken out, for the relay holds them: they have to be read anew.
    pub overruled: BTreeSet<DocumentId>,
    /// What is shown in another way now.
    pub changed: Changed,
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
            outcome.changed = storing.finish()?;
            if let Some(cursor) = batch.cursor {
                replica::move_to(transaction, batch.epoch, cursor)?;
            }
            Ok(outcome)
        })
    }

    /// The relay's log is not the one that went by this name: its end is gone, and what it has numbered since may be anybody's.
    /// What is here under numbers of that life belongs from now on to one that no relay names, until the log, read from its
    /// beginning, tells it again; what it does not tell is known to be lacking there.
    pub fn set_apart(&mut self, life: Epoch) -> Result<()> {
        self.write(|transaction, _| {
            epoch::set_apart(transaction, life)?;
            if replica::position(transaction)?.epoch == Some(life) {
                Tree::hearing(transaction, life)?.hear_of_new_life()?;
                replica::move_to(transaction, life, 0)?;
            }
            Ok(())
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
            acknowledged.changed = storing.finish()?;
            if let Some(cursor) = cursor {
                replica::move_to(transaction, of, cursor)?;
            }
            Ok(acknowledged)
        })
    }
}
