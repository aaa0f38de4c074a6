//! Records that the relay refused. Each waits alone: what is said of other things goes on, and so does every text.
//!
//! A refused record is not shown; until a person settles it, it stays in the outbox, where nothing reads it.

use sheaf_protocol::entry::{Counter, Kind};
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::Record;

use super::{Changed, Tree, read};
use crate::error::Result;
use crate::forks::Settle;
use crate::store::Store;
use crate::table::document::Change;
use crate::table::{document, fork, outbox, records, refusal, upload};

/// A record that the relay will not take.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedRecord {
    /// Its row in this device's log: names it for good, whatever the replica is called.
    pub row: i64,
    /// Why.
    pub code: Code,
    /// What it says.
    pub record: Record,
    /// The title of the document that it is about, or the name of the file; empty where it is about neither.
    pub title: String,
}

impl Store {
    /// Writes down which records the relay will not take, why, and what exactly, for a log. What does not wait here is passed
    /// over; the record of a file whose bytes the relay lacks only waits until they are brought.
    pub fn refuse(&mut self, records: &[(Counter, Code, String)]) -> Result<Changed> {
        self.write(|transaction, pen| {
            let mut tree = Tree::of(transaction)?;
            for (counter, code, detail) in records {
                let waiting = outbox::named(transaction, *counter)?;
                let Some(waiting) = waiting.filter(|waiting| waiting.kind == Kind::RECORD) else { continue };
                let record = read(&records::bytes(transaction, waiting.entry)?);
                if let (Some(Record::File(file)), Code::NO_FILE) = (&record, *code) {
                    // It lost the bytes, or another relay did: they are brought again, and this goes out after them.
                    upload::put(transaction, file.hash, Some(waiting.entry))?;
                } else {
                    refusal::put(transaction, waiting.entry, *code, detail)?;
                    tree.touch_entry(waiting.entry)?;
                }
            }
            tree.finish(pen)
        })
    }

    /// Returns the records that wait for a person, in the order of writing.
    pub fn refused_records(&self) -> Result<Vec<RefusedRecord>> {
        self.read(|connection| {
            let mut all = Vec::new();
            for (row, code, bytes) in refusal::all(connection)? {
                let Some(record) = read(&bytes) else { continue };
                let about = match &record {
                    Record::Place(write) => Some(write.document),
                    Record::Favourite(write) => Some(write.document),
                    Record::Member(_) | Record::File(_) => None,
                };
                let title = match (&record, about) {
                    (Record::File(write), _) => write.name.clone(),
                    (_, Some(about)) => document::title(connection, about)?,
                    (_, None) => String::new(),
                };
                all.push(RefusedRecord { row, code, record, title });
            }
            Ok(all)
        })
    }

    /// Settles a refused record: it is offered to the relay again, or taken out of the outbox and kept in the log alone.
    /// Without such a one, nothing happens.
    pub fn settle_record(&mut self, row: i64, how: Settle) -> Result<Changed> {
        self.write(|transaction, pen| {
            let mut tree = Tree::of(transaction)?;
            if !refusal::remove(transaction, row)? {
                return Ok(Changed::default());
            }
            if how == Settle::Discard {
                outbox::let_go(transaction, row)?;
                records::set_aside(transaction, row)?;
                let stream = document::intern(transaction, tree.stream)?;
                let change = Change { entries: -1, waiting: -1, ..Change::default() };
                document::change(transaction, stream, change)?;
            }
            tree.touch_entry(row)?;
            tree.finish(pen)
        })
    }

    /// Returns how many documents and how many records wait for a person to settle them.
    pub fn refusals(&self) -> Result<(u64, u64)> {
        self.read(|connection| Ok((fork::count(connection)?, refusal::count(connection)?)))
    }
}

impl Tree<'_> {
    fn touch_entry(&mut self, entry: i64) -> Result<()> {
        if let Some(record) = read(&records::bytes(self.connection, entry)?) {
            self.touch(self.me, &record);
        }
        Ok(())
    }
}
