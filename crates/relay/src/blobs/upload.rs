//! One request's part of an upload: bytes are appended, and when the last one is there the blob gets its name.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sheaf_document::ids::ContentHash;
use sheaf_protocol::problem::Code;
use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt;

use super::{Alone, Untaken};
use crate::folder;

/// As many bytes are read at a time to be hashed.
const PIECE: usize = 1024 * 1024;

/// An upload that is being written.
pub struct Upload {
    file: fs::File,
    part: PathBuf,
    blob: PathBuf,
    hash: ContentHash,
    at: u64,
    total: u64,
    _alone: Alone,
}

impl Upload {
    pub(super) async fn open(
        part: PathBuf,
        blob: PathBuf,
        hash: ContentHash,
        at: u64,
        total: u64,
        alone: Alone,
    ) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(&part).await?;
        Ok(Self { file, part, blob, hash, at, total, _alone: alone })
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// [`Code::TOO_LARGE`] for more than was announced; the disk's.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), Untaken> {
        if self.at + bytes.len() as u64 > self.total {
            return Err(Untaken::Refused(Code::TOO_LARGE));
        }
        self.file.write_all(bytes).await?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Ends this request's part. Returns how far the upload is; with its last byte the blob is there, durably.
    ///
    /// # Errors
    /// [`Code::BLOB_MISMATCH`] when the bytes are not those that the name means: they are gone then. The disk's.
    pub async fn end(mut self) -> Result<u64, Untaken> {
        self.file.flush().await?;
        if self.at < self.total {
            return Ok(self.at);
        }
        let Self { file, part, blob, hash, at, _alone, .. } = self;
        drop(file);
        let named = tokio::task::spawn_blocking(move || give_name(&part, &blob, hash));
        let is_it = named.await.map_err(io::Error::other)??;
        if is_it { Ok(at) } else { Err(Untaken::Refused(Code::BLOB_MISMATCH)) }
    }
}

/// Gives bytes their name if it means them, else removes them; says which.
fn give_name(part: &Path, blob: &Path, hash: ContentHash) -> io::Result<bool> {
    let file = File::options().read(true).write(true).open(part)?;
    if hash_of(&file)? != hash {
        std::fs::remove_file(part)?;
        return Ok(false);
    }
    file.sync_all()?;
    if let Some(shelf) = blob.parent() {
        folder::make_durable_folder(shelf)?;
    }
    std::fs::rename(part, blob)?;
    folder::sync_parent(blob)?;
    Ok(true)
}

fn hash_of(mut file: &File) -> io::Result<ContentHash> {
    let (mut hasher, mut piece) = (blake3::Hasher::new(), vec![0; PIECE]);
    loop {
        let read = file.read(&mut piece)?;
        match piece.get(..read) {
            Some(bytes) if read > 0 => hasher.update(bytes),
            _ => return Ok(ContentHash::from_bytes(*hasher.finalize().as_bytes())),
        };
    }
}
