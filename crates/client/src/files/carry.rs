//! Files on their way: a piece at a time, so that memory is bounded, progress is known and a broken line costs one piece.

use std::io::SeekFrom;

use bytes::Bytes;
use sheaf_document::ids::ContentHash;
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use super::shelf::length;
use super::{FileError, Shelf};
use crate::account::{Account, Held};

/// Bytes of a piece.
const PIECE: u64 = 1024 * 1024;
/// As many pieces one after the other may win nothing, because somebody else carries the same file from here.
const STALLED: u32 = 3;

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that have arrived.
    pub done: u64,
    /// Bytes in all.
    pub total: u64,
}

/// Brings a file from the shelf to the relay, from where an earlier attempt stopped; `tell` hears how far it is.
///
/// # Errors
/// [`FileError::Relay`] when the relay does not take it, [`FileError::Disk`] when it cannot be read here.
pub async fn upload(
    account: &Account,
    shelf: &Shelf,
    hash: ContentHash,
    mut tell: impl FnMut(Progress),
) -> Result<(), FileError> {
    let _alone = shelf.alone(hash).await;
    let mut file = File::open(shelf.path(hash)).await?;
    let total = file.metadata().await?.len();
    let mut at = match account.blob_held(hash).await? {
        Held::Whole(_) => return Ok(()),
        Held::Part(at) => at.min(total),
    };
    let mut stalled = 0;
    loop {
        tell(Progress { done: at, total });
        let piece = read(&mut file, at, PIECE.min(total - at)).await?;
        // An empty file is one piece of nothing; any other ends with its last piece.
        let stands = account.blob_send(hash, at, total, piece).await?.min(total);
        if stands >= total && matches!(account.blob_held(hash).await?, Held::Whole(_)) {
            tell(Progress { done: total, total });
            return Ok(());
        }
        stalled = if stands > at { 0 } else { stalled + 1 };
        if stalled > STALLED {
            return Err(FileError::Mismatch);
        }
        at = stands;
    }
}

/// Fetches a file of at most `most` bytes from the relay onto the shelf, from where an earlier attempt stopped; `tell` hears
/// how far it is.
///
/// # Errors
/// [`FileError::NotThere`] when the relay has not got it, [`FileError::TooLarge`], [`FileError::Mismatch`] when it sent
/// something else, [`FileError::Relay`], [`FileError::Disk`].
pub async fn download(
    account: &Account,
    shelf: &Shelf,
    hash: ContentHash,
    most: u64,
    mut tell: impl FnMut(Progress),
) -> Result<(), FileError> {
    let _alone = shelf.alone(hash).await;
    if shelf.size(hash)?.is_some() {
        return Ok(());
    }
    let Held::Whole(total) = account.blob_held(hash).await? else { return Err(FileError::NotThere) };
    if total > most {
        return Err(FileError::TooLarge { most });
    }
    let part = shelf.part(hash)?;
    let mut at = length(&part)?.unwrap_or_default();
    let mut file = OpenOptions::new().create(true).append(true).open(&part).await?;
    if at > total {
        file.set_len(0).await?;
        at = 0;
    }
    while at < total {
        tell(Progress { done: at, total });
        let piece = account.blob_read(hash, at, PIECE.min(total - at)).await?;
        if piece.is_empty() {
            return Err(FileError::Mismatch);
        }
        file.write_all(&piece).await?;
        at += piece.len() as u64;
    }
    file.flush().await?;
    drop(file);
    let shelf = shelf.clone();
    let finished = tokio::task::spawn_blocking(move || shelf.finish(hash)).await;
    finished.map_err(std::io::Error::other)??;
    tell(Progress { done: total, total });
    Ok(())
}

async fn read(file: &mut File, at: u64, length: u64) -> std::io::Result<Bytes> {
    file.seek(SeekFrom::Start(at)).await?;
    let mut piece = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(length).read_to_end(&mut piece).await?;
    Ok(piece.into())
}
