//! One request's part of an upload: bytes are appended, and when the last one is there the blob gets its name.
//!
//! A request may end at any moment, and what the disk is doing for it goes on for a while. So every such thing holds the right to
//! write to the upload: no later request, and no name, comes between.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::ids::ContentHash;
use sheaf_protocol::problem::Code;
use tokio::task::spawn_blocking;

use super::{Alone, Untaken};
use crate::folder;

/// As many bytes are read at a time to be hashed.
const PIECE: usize = 1024 * 1024;

/// An upload that is being written.
pub struct Upload {
    file: Arc<File>,
    part: PathBuf,
    blob: PathBuf,
    hash: ContentHash,
    at: u64,
    total: u64,
    alone: Arc<Alone>,
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
        let opened = part.clone();
        let open = move || File::options().create(true).append(true).open(opened);
        let file = spawn_blocking(open).await.map_err(io::Error::other)??;
        Ok(Self { file: file.into(), part, blob, hash, at, total, alone: alone.into() })
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// [`Code::TOO_LARGE`] for more than was announced; the disk's.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Untaken> {
        let length = bytes.len() as u64;
        if self.at + length > self.total {
            return Err(Untaken::Refused(Code::TOO_LARGE));
        }
        let (file, alone) = (self.file.clone(), self.alone.clone());
        let write = move || {
            let _alone = alone;
            (&*file).write_all(&bytes)
        };
        spawn_blocking(write).await.map_err(io::Error::other)??;
        self.at += length;
        Ok(())
    }

    /// Ends this request's part. Returns how far the upload is; with its last byte the blob is there, durably.
    ///
    /// # Errors
    /// [`Code::BLOB_MISMATCH`] when the bytes are not those that the name means: they are gone then. The disk's.
    pub async fn end(self) -> Result<u64, Untaken> {
        if self.at < self.total {
            return Ok(self.at);
        }
        let Self { part, blob, hash, at, alone, .. } = self;
        let named = spawn_blocking(move || {
            let _alone = alone;
            give_name(&part, &blob, hash)
        });
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
