//! What a folder and its documents were when they last agreed, kept beside the replica.
//!
//! ```text
//! ledger.json     a row for each document: where its file lay, the hash of what was in it
//! bases/<hash>    what was in it: the base of the next merge
//! ```
//!
//! A base is named by its hash, so that whatever ends a write early, a row never has another's words for its own. Without
//! its base a row is worth nothing and is dropped: its file is looked at as if for the first time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::rest::Hex;
use sheaf_store::sync_folder;

use super::plan::{Row, Rows};
use crate::profile::make_folder;

/// The ledger of one mirror.
#[derive(Debug)]
pub struct Ledger {
    folder: PathBuf,
    rows: Rows,
    by_path: BTreeMap<String, DocumentId>,
    is_saved: bool,
}

/// A row, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    path: String,
    hash: Option<Hex<32>>,
    inode: Option<u64>,
    title: String,
}

impl Ledger {
    /// Opens the ledger in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// When the disk fails. A damaged ledger is an empty one.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        make_folder(&folder.join("bases"))?;
        let kept: BTreeMap<DocumentId, Kept> = match fs::read(folder.join("ledger.json")) {
            Ok(text) => serde_json::from_slice(&text).unwrap_or_else(|error| {
                tracing::warn!(%error, "a mirror's ledger is damaged; everything is compared anew");
                BTreeMap::new()
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        let mut ledger = Self { folder, rows: Rows::new(), by_path: BTreeMap::new(), is_saved: true };
        for (document, Kept { path, hash, inode, title }) in kept {
            let hash = hash.map(ContentHash::from);
            if hash.is_none_or(|hash| ledger.base(hash).is_some()) {
                ledger.put(document, Row { path, hash, inode, title });
            }
        }
        ledger.is_saved = true;
        ledger.sweep()?;
        Ok(ledger)
    }

    /// Returns every row.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Returns the document whose file lay at a path.
    pub fn at(&self, path: &str) -> Option<DocumentId> {
        self.by_path.get(path).copied()
    }

    /// Returns what was in a file.
    pub fn base(&self, hash: ContentHash) -> Option<String> {
        let text = fs::read_to_string(self.base_path(hash)).ok()?;
        (ContentHash::of(text.as_bytes()) == hash).then_some(text)
    }

    /// Notes that a file and its document agree.
    ///
    /// # Errors
    /// When the disk fails; then nothing is noted.
    pub fn agree(
        &mut self,
        document: DocumentId,
        path: &str,
        text: &str,
        title: String,
        inode: Option<u64>,
    ) -> io::Result<()> {
        let hash = ContentHash::of(text.as_bytes());
        if self.base(hash).is_none() {
            whole(&self.base_path(hash), text.as_bytes())?;
        }
        self.put(document, Row { path: path.to_owned(), hash: Some(hash), inode, title });
        Ok(())
    }

    /// Notes a row.
    pub fn put(&mut self, document: DocumentId, row: Row) {
        self.forget(document);
        self.by_path.insert(row.path.clone(), document);
        self.rows.insert(document, row);
    }

    /// Forgets a row.
    pub fn forget(&mut self, document: DocumentId) {
        self.is_saved = false;
        if let Some(row) = self.rows.remove(&document)
            && self.at(&row.path) == Some(document)
        {
            self.by_path.remove(&row.path);
        }
    }

    /// Brings what was noted to the disk. What is not there after a crash is found out again by merging, which changes
    /// nothing that was done.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn save(&mut self) -> io::Result<()> {
        if self.is_saved {
            return Ok(());
        }
        let kept: BTreeMap<&DocumentId, Kept> = self
            .rows
            .iter()
            .map(|(document, Row { path, hash, inode, title })| {
                let hash = hash.map(Hex::from);
                (document, Kept { path: path.clone(), hash, inode: *inode, title: title.clone() })
            })
            .collect();
        sync_folder(&self.folder.join("bases"))?;
        whole(&self.folder.join("ledger.json"), &serde_json::to_vec(&kept)?)?;
        sync_folder(&self.folder)?;
        self.is_saved = true;
        Ok(())
    }

    /// Takes away the bases that no row needs any more.
    fn sweep(&self) -> io::Result<()> {
        let needed: BTreeSet<String> =
            self.rows.values().filter_map(|row| row.hash).map(|hash| Hex::from(hash).to_string()).collect();
        for entry in fs::read_dir(self.folder.join("bases"))? {
            let entry = entry?;
            if entry.file_name().to_str().is_none_or(|name| !needed.contains(name)) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn base_path(&self, hash: ContentHash) -> PathBuf {
        self.folder.join("bases").join(Hex::from(hash).to_string())
    }
}

/// Writes a file whole or not at all.
fn whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unborn = path.with_extension("new");
    let mut file = File::create(&unborn)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(unborn, path)
}
