//! The store itself: a connection, the right to write, and what every method begins and ends with.

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sheaf_document::ids::{DeviceId, Epoch, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Counter, Seq};

use crate::error::{Result, StoreError};
use crate::lock::WriteLock;
use crate::table::{author, folded, log, outbox, replica, setting};

/// A replica's disk. Send it to the thread that uses it; for reading on another thread, open another.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    writer: Option<Writer>,
}

/// Whose copy of which workspace this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The person, device and replica that local writes are signed with.
    pub author: Author,
}

/// How much of a relay's log is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// The life of the log that the cursor belongs to; `None` before the first contact with a relay.
    pub epoch: Option<Epoch>,
    /// The last number that is stored.
    pub cursor: Seq,
}

#[derive(Debug)]
struct Writer {
    pen: Pen,
    _lock: WriteLock,
}

/// How the next local row will be signed. Kept in memory so that a keystroke need not look it up; it changes only
/// with a transaction that has committed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    /// The author's row.
    pub(crate) author: i64,
    /// The author's replica.
    pub(crate) replica: ReplicaId,
    /// The author's device: what another device wrote under this replica's name is not this copy's.
    pub(crate) device: DeviceId,
    /// The highest counter in use under this replica.
    pub(crate) counter: Counter,
    /// Whether every record that waits is known to hold against the rules, so that its acknowledgement in its turn changes
    /// nothing that is shown.
    pub(crate) drafts_hold: bool,
}

impl Pen {
    /// Returns the pen of this identity, after everything that the log holds under its replica.
    pub(crate) fn take(connection: &Connection, author: Author) -> Result<Self> {
        let counter = log::last_counter(connection, author)?.max(outbox::last_counter(connection)?);
        let Author { replica, device, .. } = author;
        let (author, drafts_hold) = (author::intern(connection, author)?, replica::drafts_hold(connection)?);
        Ok(Self { author, replica, device, counter, drafts_hold })
    }
}

impl Store {
    pub(crate) fn reading(connection: Connection) -> Result<Self> {
        let store = Self { connection, writer: None };
        store.identity()?;
        Ok(store)
    }

    pub(crate) fn writing(mut connection: Connection, lock: WriteLock) -> Result<Self> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let pen = Pen::take(&transaction, replica::identity(&transaction)?.author)?;
        transaction.commit()?;
        Ok(Self { connection, writer: Some(Writer { pen, _lock: lock }) })
    }

    /// Runs one read: everything in it sees the same moment.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let transaction = self.connection.unchecked_transaction()?;
        work(&transaction)
    }

    /// Runs one write: all of it is durable when this returns, or none of it happened.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Pen) -> Result<T>,
    ) -> Result<T> {
        let writer = self.writer.as_mut().ok_or(StoreError::ReadOnly)?;
        let mut pen = writer.pen;
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction, &mut pen)?;
        if pen.drafts_hold != writer.pen.drafts_hold {
            replica::note_drafts(&transaction, pen.drafts_hold)?;
        }
        transaction.commit()?;
        writer.pen = pen;
        Ok(done)
    }

    /// Returns whose copy of which workspace this is.
    pub fn identity(&self) -> Result<Identity> {
        self.read(replica::identity)
    }

    /// Returns how much of the relay's log is here.
    pub fn position(&self) -> Result<Position> {
        self.read(replica::position)
    }

    /// Returns the highest number of the present life of the relay's log that is known here, 0 before the first contact. It
    /// may be above the cursor: an acknowledgement comes before what lies before it.
    pub fn reach(&self) -> Result<Seq> {
        self.read(|connection| {
            let Position { epoch: Some(epoch), cursor } = replica::position(connection)? else {
                return Ok(0);
            };
            let beyond = log::last_number(connection, epoch)?.max(folded::furthest(connection, epoch)?);
            Ok(cursor.max(beyond))
        })
    }

    /// Returns a small setting.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.read(|connection| setting::get(connection, key))
    }

    /// Sets or, with `None`, forgets a small setting. Never a secret: those live in the keychain.
    pub fn put_setting(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        self.write(|transaction, _| setting::put(transaction, key, value))
    }
}

#[cfg(test)]
mod tests;
