//! Writing what a person on this device did. When it returns, it is *saved on this device*.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry::{Occupied, Vacant};

use bytes::Bytes;
use rusqlite::Transaction;
use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::entry::{Counter, Flags, Kind, Millis, Origin};

use crate::error::Result;
use crate::store::{Pen, Store};
use crate::table::document::Change;
use crate::table::log::NewRow;
use crate::table::{document, log, outbox};

/// An update made on this device.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalWrite {
    /// The document; it begins with its first update.
    pub document: DocumentId,
    /// How the update came to be.
    pub origin: Origin,
    /// When, by this device's clock.
    pub at: Millis,
    /// The update, admitted by the validator.
    pub bytes: Bytes,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The entry's name within this replica, rising in the order of writing.
    pub counter: Counter,
    /// The rest of its name.
    pub hash: ContentHash,
}

impl Store {
    /// Appends an update to the log and the outbox and marks its document for search, in one transaction.
    pub fn commit_local(&mut self, write: &LocalWrite) -> Result<Written> {
        self.write(|transaction, pen| {
            let document = document::intern(transaction, write.document)?;
            let mut change = Change::default();
            let written = append(transaction, pen, document, &mut change, Kind::UPDATE, write)?;
            document::change(transaction, document, change)?;
            Ok(written)
        })
    }

    /// Does what [`Store::commit_local`] does for several updates: all of them or none, at the price of one sync.
    pub fn commit_local_all(&mut self, writes: &[LocalWrite]) -> Result<Vec<Written>> {
        self.write(|transaction, pen| {
            let mut changes = BTreeMap::<DocumentId, (i64, Change)>::new();
            let mut all = Vec::with_capacity(writes.len());
            for write in writes {
                let (id, change) = match changes.entry(write.document) {
                    Occupied(seen) => seen.into_mut(),
                    Vacant(new) => {
                        new.insert((document::intern(transaction, write.document)?, Change::default()))
                    }
                };
                all.push(append(transaction, pen, *id, change, Kind::UPDATE, write)?);
            }
            for (id, change) in changes.into_values() {
                document::change(transaction, id, change)?;
            }
            Ok(all)
        })
    }
}

/// Adds a row to the log and the outbox.
pub(crate) fn append(
    transaction: &Transaction<'_>,
    pen: &mut Pen,
    document: i64,
    change: &mut Change,
    kind: Kind,
    write: &LocalWrite,
) -> Result<Written> {
    pen.counter += 1;
    let written = Written { counter: pen.counter, hash: ContentHash::of(&write.bytes) };
    let row = NewRow {
        kind,
        document,
        author: pen.author,
        counter: written.counter,
        hash: written.hash,
        origin: write.origin,
        flags: Flags::default(),
        key_id: 0,
        at: write.at,
        number: None,
        bytes: &write.bytes,
    };
    let entry = log::append(transaction, &row)?;
    outbox::add(transaction, written.counter, entry)?;
    change.grow(write.at);
    change.waiting += 1;
    Ok(written)
}
