//! An index with what is read to keep it: used by one thread.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use sheaf_document::ids::DocumentId;
use sheaf_document::search::Query;
use sheaf_document::{links, outline, text};
use sheaf_store::search::{About, Found, Index, Page};
use sheaf_store::{Access, Options, Store, StoreError};

use crate::error::{ReplicaError, Result};
use crate::reader::Reader;

/// The index of a workspace, and the workspace.
#[derive(Debug)]
pub(crate) struct Catalogue {
    path: PathBuf,
    store: Store,
    reader: Reader,
    index: Index,
}

impl Catalogue {
    /// Opens the index of the workspace at a path, whoever else has it open.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let store = Store::open(path, Options { key: None, access: Access::Read })?;
        let index = Index::open(path, &store)?;
        Ok(Self { path: path.to_owned(), store, reader: Reader::open_file(path)?, index })
    }

    /// Brings in some documents that changed; returns how many that were.
    pub(crate) fn refresh(&mut self, most: usize) -> Result<usize> {
        self.attempt(|it| it.index.refresh(&it.store, most, |document| page(&it.reader, document)))
    }

    /// Returns how many documents changed that are not in as they are.
    pub(crate) fn left(&mut self) -> Result<u64> {
        self.attempt(|it| Ok(it.index.left(&it.store)?))
    }

    /// Returns what there is.
    pub(crate) fn find(&mut self, query: &Query, most: usize) -> Result<Found> {
        self.attempt(|it| Ok(it.index.find(&it.store, query, most)?))
    }

    /// Returns what is known of a document, with at most so many links to it.
    pub(crate) fn about(&mut self, document: DocumentId, most: usize) -> Result<About> {
        self.attempt(|it| Ok(it.index.about(&it.store, document, most)?))
    }

    /// An index that turns out to be damaged is made anew; the documents are not touched by that.
    fn attempt<T>(&mut self, mut work: impl FnMut(&mut Self) -> Result<T>) -> Result<T> {
        if !self.index.is_in_place() {
            self.index = Index::open(&self.path, &self.store)?;
        }
        match work(self) {
            Err(ReplicaError::Store(error @ (StoreError::Corrupt(_) | StoreError::Sqlite(_)))) => {
                tracing::warn!(%error, "the index is damaged; it is made anew");
                Index::remove(&self.path)?;
                self.index = Index::open(&self.path, &self.store)?;
                work(self)
            }
            done => done,
        }
    }
}

/// Returns what there is to find in a document; nothing in one that cannot be read.
fn page(reader: &Reader, document: DocumentId) -> Result<Option<Page>> {
    let read = || {
        let read = reader.document(document)?;
        let tree = read.tree();
        let headings: Vec<String> =
            outline::headings(&tree).into_iter().map(|heading| heading.text).collect();
        let links = links::documents(&tree).into_iter().collect();
        Ok(Page { title: read.title(), headings: headings.join("\n"), text: text::plain(&tree), links })
    };
    // A defect that one document brings to light concerns that document.
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(page)) => Ok(Some(page)),
        Ok(Err(error @ ReplicaError::Store(_))) => Err(error),
        Ok(Err(error)) => {
            tracing::warn!(document.id = %document, %error, "it cannot be searched");
            Ok(None)
        }
        Err(_) => {
            tracing::warn!(document.id = %document, "a defect; it cannot be searched");
            Ok(None)
        }
    }
}
