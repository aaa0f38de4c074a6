//! Blobs: the bytes of files, each named by its hash, in the data folder.
//!
//! The one idea: a blob is there once its file bears its name. Before, its bytes lie apart, and how many there are is how far the
//! upload came; so an upload goes on after any accident, and there is nothing to keep in step with the folder. What lies
//! apart is each device's own: nobody's nonsense stands in the way of another's upload. A name is given only to bytes
//! that were read from the disk again and hashed, and once given stays.
//!
//! Deliberately absent: which documents show a blob, what it is, when it may go.

mod upload;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use sheaf_document::ids::{ContentHash, DeviceId, WorkspaceId};
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::Hex;
use tokio::fs;

use crate::error::{Error, Result};
use crate::folder;
pub use upload::Upload;

/// As many unfinished uploads may one device have.
const UNFINISHED: usize = 64;
/// An upload that nobody went on with for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The blobs of a relay.
pub struct Blobs {
    root: PathBuf,
    /// The most bytes that one may have.
    largest: u64,
    /// Uploads that a request is writing right now.
    writing: Arc<Mutex<BTreeSet<PathBuf>>>,
}

/// Whose blobs: those of a workspace are for everyone in it, an upload is its device's.
#[derive(Debug, Clone, Copy)]
pub struct Whose {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The device that uploads.
    pub device: DeviceId,
}

/// How much of a blob is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// All of it, so many bytes.
    Whole(u64),
    /// So many bytes of this device's upload.
    Part(u64),
}

/// Why bytes are not taken.
#[derive(Debug, thiserror::Error)]
pub enum Untaken {
    /// The upload stands elsewhere: go on there.
    #[error("the upload stands at {0}")]
    Elsewhere(u64),
    /// A code says why.
    #[error("{}", .0.name())]
    Refused(Code),
    /// The disk did not take it; what it took is kept.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl Blobs {
    /// Returns the blobs in this folder, none of them larger than `largest` bytes.
    pub fn new(root: PathBuf, largest: u64) -> Self {
        Self { root, largest, writing: Arc::default() }
    }

    /// Returns the file of a blob, whether or not it is there.
    pub fn path(&self, workspace: WorkspaceId, hash: ContentHash) -> PathBuf {
        let name = Hex::from(hash).to_string();
        let shelf = name.get(..2).unwrap_or_default();
        self.root.join(workspace.to_string()).join(shelf).join(&name)
    }

    /// Returns how many bytes a blob has that is here whole; waits for the disk.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn measure(&self, workspace: WorkspaceId, hash: ContentHash) -> io::Result<Option<u64>> {
        match std::fs::metadata(self.path(workspace, hash)) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Says how much of a blob is here.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn held(&self, whose: Whose, hash: ContentHash) -> io::Result<Held> {
        if let Some(length) = length(&self.path(whose.workspace, hash)).await? {
            return Ok(Held::Whole(length));
        }
        Ok(Held::Part(length(&self.part(whose, hash)).await?.unwrap_or_default()))
    }

    /// Goes on with an upload of `total` bytes at `offset`, which is 0 for a new one.
    ///
    /// # Errors
    /// [`Untaken`] says why not; nothing changed.
    pub async fn upload(
        &self,
        whose: Whose,
        hash: ContentHash,
        offset: u64,
        total: u64,
    ) -> std::result::Result<Upload, Untaken> {
        if total > self.largest {
            return Err(Untaken::Refused(Code::TOO_LARGE));
        }
        let part = self.part(whose, hash);
        let alone = Alone::with(&self.writing, part.clone()).ok_or(Untaken::Refused(Code::BUSY))?;
        let at = length(&part).await?;
        if offset != at.unwrap_or_default() {
            return Err(Untaken::Elsewhere(at.unwrap_or_default()));
        }
        if at.is_none() {
            self.begin(&part).await?;
        }
        Ok(Upload::open(part, self.path(whose.workspace, hash), hash, offset, total, alone).await?)
    }

    async fn begin(&self, part: &Path) -> std::result::Result<(), Untaken> {
        let Some(folder) = part.parent() else { return Ok(()) };
        let made = folder.to_owned();
        let made = tokio::task::spawn_blocking(move || folder::make_durable_folder(&made)).await;
        made.map_err(io::Error::other)??;
        let mut unfinished = 0;
        let mut entries = fs::read_dir(folder).await?;
        while entries.next_entry().await?.is_some() {
            unfinished += 1;
        }
        if unfinished >= UNFINISHED { Err(Untaken::Refused(Code::BUSY)) } else { Ok(()) }
    }

    /// Forgets uploads that nobody went on with.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn tidy(&self, now: SystemTime) -> Result<()> {
        let parts = self.parts();
        let tidy = || -> io::Result<()> {
            for device in std::fs::read_dir(&parts)? {
                for part in std::fs::read_dir(device?.path())? {
                    let part = part?;
                    let since = now.duration_since(part.metadata()?.modified()?).unwrap_or_default();
                    if since > FORGOTTEN {
                        std::fs::remove_file(part.path())?;
                    }
                }
            }
            Ok(())
        };
        match tidy() {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(Error::Folder { path: parts, source })
            }
            _ => Ok(()),
        }
    }

    fn parts(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    fn part(&self, whose: Whose, hash: ContentHash) -> PathBuf {
        self.parts().join(whose.device.to_string()).join(format!("{}-{}", whose.workspace, Hex::from(hash)))
    }
}

/// Returns the length of a file; `None` when there is none.
async fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path).await {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The right to write to one upload, until it is dropped.
pub(crate) struct Alone {
    writing: Arc<Mutex<BTreeSet<PathBuf>>>,
    part: PathBuf,
}

impl Alone {
    fn with(writing: &Arc<Mutex<BTreeSet<PathBuf>>>, part: PathBuf) -> Option<Self> {
        let is_first = writing.lock().unwrap_or_else(PoisonError::into_inner).insert(part.clone());
        is_first.then(|| Self { writing: writing.clone(), part })
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.part);
    }
}
