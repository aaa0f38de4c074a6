//! The data folder: one relay's everything, readable by its operator only.
//!
//! ```text
//! DIR/relay.db               the database (with -wal and -shm beside it)
//! DIR/keys/                  secrets that never enter the database or its backups
//! DIR/blobs/                 the bytes of files, each under its hash
//! DIR/owner-invitation.txt   the first invitation link, until somebody used it
//! DIR/relay.lock             held while a relay runs
//! ```

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// A data folder.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

/// Held while a relay runs on a folder; the system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock {
    file: File,
}

impl Folder {
    /// Makes the folder (mode 0700) where it is missing.
    pub fn create(path: &Path) -> Result<Self> {
        let folder = Self { path: path.to_owned() };
        make_private_folder(&folder.path)?;
        make_private_folder(&folder.keys())?;
        Ok(folder)
    }

    /// Returns the folder of a relay that was started before.
    pub fn existing(path: &Path) -> Result<Self> {
        let folder = Self { path: path.to_owned() };
        if folder.database().exists() { Ok(folder) } else { Err(Error::FolderEmpty { path: folder.path }) }
    }

    /// Takes the folder for this process.
    pub fn lock(&self) -> Result<FolderLock> {
        let path = self.path.join("relay.lock");
        let file = private_options()
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| Error::Folder { path: path.clone(), source })?;
        match file.try_lock() {
            Ok(()) => Ok(FolderLock { file }),
            Err(TryLockError::WouldBlock) => Err(Error::FolderInUse { path: self.path.clone() }),
            Err(TryLockError::Error(source)) => Err(Error::Folder { path, source }),
        }
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.path.join("relay.db")
    }

    /// The folder of secrets.
    pub fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The folder of files' bytes.
    pub fn blobs(&self) -> PathBuf {
        self.path.join("blobs")
    }

    /// The file with the owner's invitation link.
    pub fn owner_invitation(&self) -> PathBuf {
        self.path.join("owner-invitation.txt")
    }
}

impl Drop for FolderLock {
    /// Lets go explicitly: a program that this one is starting holds a copy of the descriptor until it runs.
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "the lock on the data folder goes only when this process ends");
        }
    }
}

/// Writes a file that only its owner can read, durably, replacing what was there in one step.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    let fresh = path.with_extension("new");
    let write = || -> io::Result<()> {
        let mut file = private_options().create(true).truncate(true).open(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, path)?;
        sync_parent(path)
    };
    write().map_err(|source| Error::Folder { path: path.to_owned(), source })
}

fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make_private_folder(path: &Path) -> Result<()> {
    let made = private_folders().recursive(true).create(path);
    made.map_err(|source| Error::Folder { path: path.to_owned(), source })
}

fn private_folders() -> fs::DirBuilder {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Makes a folder where it is missing, and every one above it, so that a power cut leaves them.
pub fn make_durable_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_durable_folder(parent)?;
    }
    match private_folders().create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => sync_parent(path),
    }
}

/// A rename is durable once the folder that holds the name is.
pub fn sync_parent(path: &Path) -> io::Result<()> {
    match path.parent() {
        #[cfg(unix)]
        Some(parent) => File::open(parent)?.sync_all(),
        _ => Ok(()),
    }
}
