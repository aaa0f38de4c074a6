//! Reading what the log says about documents: the list, what search has not seen, entries to send again.

use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::{Entry, Millis, Seq};
use sheaf_protocol::problem::Code;

use crate::error::Result;
use crate::outbox::Budget;
use crate::store::Store;
use crate::table::{document, epoch, log, setting};

/// A document, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRow {
    /// The document.
    pub id: DocumentId,
    /// Its title, as it was last put here; empty before.
    pub title: String,
    /// When it last changed; by the relay's clock once that has all of it, so that replicas agree.
    pub updated_at: Millis,
    /// Whether it has changed since search read it.
    pub stale: bool,
    /// How many entries of it are here, not counting those that came folded.
    pub entries: u64,
    /// How many of them no relay has acknowledged.
    pub unacknowledged: u64,
    /// Why the relay does not take them, when a person has to settle that.
    pub stuck: Option<Code>,
}

/// A document that changed after search read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    /// The document.
    pub document: DocumentId,
    /// Which state of it has to be read; rises with every change.
    pub generation: u64,
}

/// What was read of a document that had changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The state that was read.
    pub stale: Stale,
    /// Its title; `None` where that could not be read, and stays as it was.
    pub title: Option<String>,
    /// A small thing that was found, as a setting.
    pub finding: Option<(String, String)>,
}

impl From<Stale> for Reading {
    /// A state that was read without anything to be kept of it.
    fn from(stale: Stale) -> Self {
        Self { stale, title: None, finding: None }
    }
}

impl Store {
    /// Returns every document, the one that changed last first.
    pub fn documents(&self) -> Result<Vec<DocumentRow>> {
        self.read(document::all)
    }

    /// Keeps a document's title for the list. A document that is not here has none.
    pub fn put_title(&mut self, document: DocumentId, title: &str) -> Result<()> {
        self.write(|transaction, _| document::put_title(transaction, document, title))
    }

    /// Writes down the titles of several documents at once.
    ///
    /// # Errors
    /// When the disk fails; then nothing was written.
    pub fn put_titles<'t>(&mut self, titles: impl IntoIterator<Item = (DocumentId, &'t str)>) -> Result<()> {
        self.write(|transaction, _| {
            let mut titles = titles.into_iter();
            titles.try_for_each(|(document, title)| document::put_title(transaction, document, title))
        })
    }

    /// Returns documents that changed since search read them, the one that changed last first.
    pub fn stale_documents(&self, limit: usize) -> Result<Vec<Stale>> {
        self.read(|connection| document::stale(connection, limit))
    }

    /// Writes down what was read of documents, all in one transaction. What changed meanwhile stays stale.
    pub fn put_readings(&mut self, readings: &[Reading]) -> Result<()> {
        self.write(|transaction, _| {
            for Reading { stale, title, finding } in readings {
                if let Some(title) = title {
                    document::put_title(transaction, stale.document, title)?;
                }
                if let Some((key, value)) = finding {
                    setting::put(transaction, key, Some(value))?;
                }
                document::indexed(transaction, *stale)?;
            }
            Ok(())
        })
    }

    /// Returns the lives of relays' logs that this replica has met, the one that it met first first.
    pub fn epochs(&self) -> Result<Vec<Epoch>> {
        self.read(epoch::all)
    }

    /// Returns entries that this life of the log numbered above a number, in its order: what to bring back to a relay
    /// that was restored from an older backup.
    pub fn numbered_after(&self, epoch: Epoch, after: Seq, budget: Budget) -> Result<Vec<Entry>> {
        self.read(|connection| log::numbered_after(connection, epoch, after, budget))
    }

    /// Returns the numbered entries of a document in causal order: what to bring back to a relay that lacks some.
    pub fn numbered_in(&self, document: DocumentId) -> Result<Vec<Entry>> {
        self.read(|connection| match document::find(connection, document)? {
            Some(id) => log::numbered_in(connection, id),
            None => Ok(Vec::new()),
        })
    }
}
