//! Bytes on their way onto a shelf: hashed while they are written, named when the last one is there.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use sheaf_document::ids::ContentHash;

use super::{FileError, Kept, Shelf};

/// A file that is being put on a shelf, a piece at a time. Dropped before it is kept, nothing is left of it.
#[derive(Debug)]
pub struct Fresh {
    shelf: Shelf,
    path: PathBuf,
    file: File,
    hasher: blake3::Hasher,
    size: u64,
    most: u64,
    is_named: bool,
}

impl Fresh {
    pub(super) fn begin(shelf: Shelf, path: PathBuf, most: u64) -> Result<Self, FileError> {
        let file = File::create_new(&path)?;
        Ok(Self { shelf, path, file, hasher: blake3::Hasher::new(), size: 0, most, is_named: false })
    }

    /// Writes the next bytes.
    ///
    /// # Errors
    /// [`FileError::TooLarge`], or the disk's.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        self.size += bytes.len() as u64;
        if self.size > self.most {
            return Err(FileError::TooLarge { most: self.most });
        }
        self.hasher.update(bytes);
        Ok(self.file.write_all(bytes)?)
    }

    /// Puts all of it on the shelf, durably. A file that is there already stays.
    ///
    /// # Errors
    /// The disk's; then nothing is left of it.
    pub fn keep(mut self) -> Result<Kept, FileError> {
        self.file.sync_all()?;
        let hash = ContentHash::from_bytes(*self.hasher.finalize().as_bytes());
        self.shelf.name(&self.path, hash)?;
        self.is_named = true;
        Ok(Kept { hash, size: self.size })
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if !self.is_named {
            // What cannot be removed is tidied at the next start.
            let _ = fs::remove_file(&self.path);
        }
    }
}
