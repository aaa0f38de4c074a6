//! Reading a workspace beside whoever writes it: another process, or the desk.
//!
//! It sees what was committed, keeps nothing and changes nothing; titles are read from the text where the list's are
//! outdated.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::markdown::write_document;
use sheaf_document::search::Query;
use sheaf_protocol::entry::Millis;
use sheaf_protocol::record::Parent;
use sheaf_store::search::Found;
use sheaf_store::{Access, DocumentRow, FileRow, Fork, Identity, Level, Options, PlaceRow, Store};

use crate::chance;
use crate::error::{ReplicaError, Result};
use crate::gatekeeper::fold;
use crate::profile::Profile;
use crate::refused::{Refused, words_beyond};
use crate::search::{Catalogue, STEP};

/// A workspace, opened for reading.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    store: Store,
    hash_key: [u8; 16],
}

impl Reader {
    /// Opens a workspace of a profile, whoever else has it open.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn open(profile: &Profile, workspace: WorkspaceId) -> Result<Self> {
        Self::open_file(&profile.database(workspace))
    }

    pub(crate) fn open_file(path: &Path) -> Result<Self> {
        let store = Store::open(path, Options { key: None, access: Access::Read })?;
        Ok(Self { path: path.to_owned(), store, hash_key: chance::bytes() })
    }

    /// Returns the workspace, and who writes in it.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn identity(&self) -> Result<Identity> {
        Ok(self.store.identity()?)
    }

    /// Returns every document, the one that changed last first.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn documents(&self) -> Result<Vec<DocumentRow>> {
        let mut rows = self.store.documents()?;
        for row in rows.iter_mut().filter(|row| row.stale) {
            // One that cannot be read keeps the title that it had, and keeps no other from being listed.
            if let Ok(document) = self.document(row.id) {
                row.title = document.title();
            }
        }
        Ok(rows)
    }

    /// Returns how much of each document is here, by which a change of its text shows.
    pub(crate) fn versions(&self) -> Result<BTreeMap<DocumentId, (u64, Millis)>> {
        let rows = self.store.documents()?;
        Ok(rows.into_iter().map(|row| (row.id, (row.entries, row.updated_at))).collect())
    }

    /// Returns all of a level of the tree, in its order.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn level(&self, level: Level) -> Result<Vec<PlaceRow>> {
        Ok(self.store.level(level, None, usize::MAX)?)
    }

    /// Returns a document's row of the tree; `None` where it is not here.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn place(&self, document: DocumentId) -> Result<Option<PlaceRow>> {
        Ok(self.store.places(&[document])?.pop())
    }

    /// Returns every file that is known, in the order of their names.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn files(&self) -> Result<Vec<FileRow>> {
        Ok(self.store.all_files()?)
    }

    /// Returns everything that has a place, each behind what it stands under, the trash too.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn tree(&self) -> Result<Vec<PlaceRow>> {
        let mut trash = BTreeMap::<Parent, Vec<PlaceRow>>::new();
        for row in self.level(Level::Trash)? {
            trash.entry(row.parent).or_default().push(row);
        }
        let mut below = |parent| -> Result<Vec<PlaceRow>> {
            let mut rows = self.level(Level::Under(parent))?;
            rows.extend(trash.remove(&parent).unwrap_or_default());
            rows.reverse();
            Ok(rows)
        };
        let (mut rows, mut left) = (Vec::new(), below(None)?);
        while let Some(row) = left.pop() {
            left.extend(below(Some(row.id))?);
            rows.push(row);
        }
        Ok(rows)
    }

    /// Returns the documents whose changes the relay refused.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn forks(&self) -> Result<Vec<Fork>> {
        Ok(self.store.forks()?)
    }

    /// Returns a small thing that was remembered.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        Ok(self.store.setting(key)?)
    }

    /// Returns the documents and people that a query asks for, at most so many documents: in all that is committed, however
    /// long it takes to bring in what is new. Calls `wait` before each step of that with how many documents are to come.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn search(&self, query: &Query, most: usize, mut wait: impl FnMut(u64)) -> Result<Found> {
        let mut catalogue = Catalogue::open(&self.path)?;
        loop {
            wait(catalogue.left()?);
            if catalogue.refresh(STEP)? == 0 {
                return catalogue.find(query, most);
            }
        }
    }

    /// Returns a document's plain text, without its title.
    ///
    /// # Errors
    /// When there is no such document, it cannot be read, or the disk fails.
    pub fn text(&self, document: DocumentId) -> Result<String> {
        Ok(self.document(document)?.text())
    }

    /// Returns a document as Markdown, its title as the first heading.
    ///
    /// # Errors
    /// As [`Reader::text`].
    pub fn markdown(&self, document: DocumentId) -> Result<String> {
        let document = self.document(document)?;
        let title = document.title();
        let title = (!title.is_empty()).then_some(title.as_str());
        Ok(write_document(title, &document.tree().children))
    }

    /// Returns what the relay refused of a document; `None` when it refused nothing.
    ///
    /// # Errors
    /// As [`Reader::text`].
    pub fn refused(&self, document: DocumentId) -> Result<Option<Refused>> {
        let Some(fork) = self.store.forks()?.into_iter().find(|fork| fork.document == document) else {
            return Ok(None);
        };
        let mut agreed = Document::new(chance::client());
        fold(&self.store.agreed(document)?, self.hash_key, Some(&mut agreed))?;
        let words = words_beyond(&self.document(document)?, &agreed);
        Ok(Some(Refused { code: fork.code, changes: fork.entries, words }))
    }

    /// Returns every change that a document was made by, as it was written: no limit that it kept then is too low now.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn updates(&self, document: DocumentId) -> Result<Vec<Bytes>> {
        Ok(self.store.every_update(document)?)
    }

    /// Returns a document in memory, without what in it is unsound.
    ///
    /// # Errors
    /// As [`Reader::text`].
    pub fn document(&self, document: DocumentId) -> Result<Document> {
        let updates = self.store.updates(document)?.list;
        if updates.is_empty() {
            return Err(ReplicaError::NotFound(document));
        }
        let mut read = Document::new(chance::client());
        fold(&updates, self.hash_key, Some(&mut read))?;
        Ok(read)
    }
}
