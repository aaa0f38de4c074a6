//! Records that the relay refused. Each waits alone: what is said of other things goes on, and so does every text.
//!
//! A refused record is not shown; until a person settles it, it stays in the outbox, where nothing reads it.

use std::collections::BTreeSet;

use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::{Counter, Kind};
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::Record;

use super::{Tree, read};
use crate::error::Result;
use crate::forks::Settle;
use crate::store::Store;
use crate::table::document::Change;
use crate::table::{document, outbox, records, refusal, upload};

/// A record that the relay will not take.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedRecord {
    /// Its name within this replica.
    pub counter: Counter,
    /// Why.
    pub code: Code,
    /// What it says.
    pub record: Record,
    /// The title of the document that it is about, or the name of the file; empty where it is about neither.
    pub title: String,
}

impl Store {
    /// Writes down that the relay will not take this record. Nothing happens when it does not wait here; one of a file whose
    /// bytes the relay lacks only waits until they are brought. Returns the
    /// documents whose rows in the tree are others now.
    pub fn refuse(&mut self, counter: Counter, code: Code, detail: &str) -> Result<BTreeSet<DocumentId>> {
        self.write(|transaction, pen| {
            let mut tree = Tree::of(transaction)?;
            let waiting = outbox::named(transaction, counter)?.filter(|waiting| waiting.kind == Kind::RECORD);
            let Some(waiting) = waiting else { return Ok(BTreeSet::new()) };
            let record = read(&records::bytes(transaction, waiting.entry)?);
            if let (Some(Record::File(file)), Code::NO_FILE) = (&record, code) {
                // It lost the bytes, or another relay did: they are brought again, and this goes out after them.
                upload::put(transaction, file.hash, Some(waiting.entry))?;
                return Ok(BTreeSet::new());
            }
            refusal::put(transaction, waiting.entry, code, detail)?;
            tree.touch_entry(waiting.entry)?;
            tree.finish(pen)
        })
    }

    /// Returns the records that wait for a person, in the order of writing.
    pub fn refused_records(&self) -> Result<Vec<RefusedRecord>> {
        self.read(|connection| {
            let mut all = Vec::new();
            for (counter, code, bytes) in refusal::all(connection)? {
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
                all.push(RefusedRecord { counter, code, record, title });
            }
            Ok(all)
        })
    }

    /// Settles a refused record: it is offered to the relay again, or taken out of the outbox and kept in the log alone.
    /// Without such a one, nothing happens. Returns the documents whose rows in the tree are others now.
    pub fn settle_record(&mut self, counter: Counter, how: Settle) -> Result<BTreeSet<DocumentId>> {
        self.write(|transaction, pen| {
            let mut tree = Tree::of(transaction)?;
            let Some(waiting) = outbox::named(transaction, counter)? else { return Ok(BTreeSet::new()) };
            if !refusal::remove(transaction, waiting.entry)? {
                return Ok(BTreeSet::new());
            }
            if how == Settle::Discard {
                outbox::remove(transaction, counter)?;
                records::set_aside(transaction, waiting.entry)?;
                let change = Change { entries: -1, waiting: -1, ..Change::default() };
                document::change(transaction, waiting.document, change)?;
            }
            tree.touch_entry(waiting.entry)?;
            tree.finish(pen)
        })
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
