//! Writing records on this device: drafts, until the relay has taken them.

use std::collections::BTreeMap;

use bytes::Bytes;
use rusqlite::Connection;
use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::entry::{Counter, Kind, Millis, Origin};
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{Decoded, Record, Refused};

use super::{Changed, Tree};
use crate::error::Result;
use crate::local::{LocalWrite, Written, append};
use crate::store::Store;
use crate::table::document::{self, Change};
use crate::table::{file, outbox, upload};

/// A record made on this device.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalRecord {
    /// What it says.
    pub record: Record,
    /// How it came to be.
    pub origin: Origin,
    /// When, by this device's clock.
    pub at: Millis,
}

/// What was written, and what it changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drafted {
    /// The entries: the records', then the updates'.
    pub written: Vec<Written>,
    /// What is shown in another way now.
    pub changed: Changed,
}

impl Store {
    /// Appends records and then updates to the log and the outbox, in one transaction. Each record is held against the
    /// rules, with those before it; one of a file, whose bytes are here, waits until they are at the relay.
    ///
    /// # Errors
    /// [`crate::StoreError::Rule`] for the first record that breaks one; then nothing was written.
    pub fn commit_records(&mut self, records: &[LocalRecord], updates: &[LocalWrite]) -> Result<Drafted> {
        self.write(|transaction, pen| {
            let mut tree = Tree::of(transaction)?;
            let stream = tree.stream;
            let mut changes = BTreeMap::<DocumentId, (i64, Change)>::new();
            let mut drafted = Drafted::default();
            let lines = records.iter().map(|draft| {
                let LocalRecord { record, origin, at } = draft;
                let write = LocalWrite { document: stream, origin: *origin, at: *at, bytes: record.encode() };
                (Some(record), write)
            });
            for (record, write) in lines.chain(updates.iter().map(|update| (None, update.clone()))) {
                if let Some(record) = record {
                    check_form(record, &write.bytes)?;
                    tree.put_on(record)??;
                }
                let kind = if record.is_some() { Kind::RECORD } else { Kind::UPDATE };
                tree.meet(write.document)?;
                let id = document::intern(transaction, write.document)?;
                let (_, change) = changes.entry(write.document).or_insert((id, Change::default()));
                let written = append(transaction, pen, id, change, kind, &write)?;
                if let Some(Record::File(file)) = record {
                    wait_for_bytes(transaction, file.hash, written.counter)?;
                }
                drafted.written.push(written);
            }
            for (id, change) in changes.into_values() {
                document::change(transaction, id, change)?;
            }
            drafted.changed = tree.finish(pen)?;
            Ok(drafted)
        })
    }
}

/// The bytes of a file are here, and a draft that tells of it goes out once the relay has them too.
pub(super) fn wait_for_bytes(connection: &Connection, hash: ContentHash, draft: Counter) -> Result<()> {
    let entry = outbox::named(connection, draft)?.map(|waiting| waiting.entry);
    file::hold(connection, hash, true)?;
    upload::put(connection, hash, entry)
}

/// Refuses what no reader would take for what it is, such as an icon of a thousand letters.
fn check_form(record: &Record, bytes: &Bytes) -> std::result::Result<(), Refused> {
    match Record::decode(bytes) {
        Ok(Decoded::Known(read)) if read == *record => Ok(()),
        _ => Err(Refused { code: Code::INVALID, detail: "a field is not of its form" }),
    }
}
