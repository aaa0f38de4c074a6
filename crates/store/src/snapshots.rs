//! A document's updates, and the snapshot that shortens reading them.
//!
//! A snapshot is a cache: it holds what [`Store::updates`] returned at some moment, folded into one update. It is made
//! outside any transaction, so it is kept only if the document has not changed meanwhile in another way than by rows at
//! its end; [`Through`] is how the store knows.

use bytes::Bytes;
use sheaf_document::ids::DocumentId;

use crate::error::Result;
use crate::store::Store;
use crate::table::{document, folded, log, snapshot};

/// Everything that a document is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updates {
    /// Updates in causal order. The first ones may be foldings; those repeat what others hold, and two of them, from two
    /// lives of the relay's log, may overlap in part, so fold the list (`update::merge`) rather than admit one by one.
    pub list: Vec<Bytes>,
    /// What a snapshot made of the list reaches through.
    pub through: Through,
}

/// A moment of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Through {
    row: i64,
    ground: i64,
}

impl Store {
    /// Returns the updates that a document is made of: what came folded, or the snapshot that holds it, then the rows
    /// after it. A document that is not here has none.
    pub fn updates(&self, document: DocumentId) -> Result<Updates> {
        self.read(|connection| {
            let Some(id) = document::find(connection, document)? else {
                return Ok(Updates { list: Vec::new(), through: Through::default() });
            };
            let (first, mut list) = match snapshot::of(connection, id)? {
                Some((through, bytes)) => (through, vec![bytes.into()]),
                None => (0, folded::of(connection, id)?.into_iter().map(Bytes::from).collect()),
            };
            let (tail, row) = log::updates(connection, id, first)?;
            list.extend(tail);
            Ok(Updates { list, through: Through { row, ground: document::ground(connection, id)? } })
        })
    }

    /// Returns the updates that a document is made of as they came, whatever snapshot there is of them.
    pub fn every_update(&self, document: DocumentId) -> Result<Vec<Bytes>> {
        self.read(|connection| {
            let Some(id) = document::find(connection, document)? else { return Ok(Vec::new()) };
            let mut list: Vec<Bytes> = folded::of(connection, id)?.into_iter().map(Bytes::from).collect();
            list.extend(log::updates(connection, id, 0)?.0);
            Ok(list)
        })
    }

    /// Returns the updates of a document without those that wait here for a relay: what the others have of it.
    pub fn agreed(&self, document: DocumentId) -> Result<Vec<Bytes>> {
        self.read(|connection| {
            let Some(id) = document::find(connection, document)? else { return Ok(Vec::new()) };
            let mut list: Vec<Bytes> = folded::of(connection, id)?.into_iter().map(Bytes::from).collect();
            list.extend(log::in_state(connection, id, log::NUMBERED)?);
            Ok(list)
        })
    }

    /// Keeps a snapshot made of what [`Store::updates`] returned. Returns `false`, and keeps nothing, when it would not
    /// hold all that the document is made of by now, or no more than the present snapshot.
    pub fn put_snapshot(&mut self, document: DocumentId, through: Through, bytes: &[u8]) -> Result<bool> {
        self.write(|transaction, _| match document::find(transaction, document)? {
            Some(id) if document::ground(transaction, id)? == through.ground => {
                snapshot::put(transaction, id, through.row, bytes)
            }
            _ => Ok(false),
        })
    }
}
