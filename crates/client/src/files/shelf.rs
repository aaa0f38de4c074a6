//! A workspace's files on this device.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sheaf_document::ids::{ContentHash, WorkspaceId};
use sheaf_protocol::rest::Hex;
use sheaf_store::sync_folder;

use super::{FileError, Fresh};
use crate::chance;
use crate::profile::{Profile, make_folder};

/// As many bytes are read at a time.
const PIECE: usize = 256 * 1024;
/// How the names of files begin that nobody has named yet.
const NEW: &str = "new-";

/// Where the files of a workspace are. Clones share it.
#[derive(Debug, Clone)]
pub struct Shelf {
    root: PathBuf,
    /// Who carries a file right now; others wait for them.
    carried: Arc<Mutex<BTreeMap<ContentHash, Arc<tokio::sync::Mutex<()>>>>>,
}

/// A file that is on the shelf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Its name.
    pub hash: ContentHash,
    /// Its bytes.
    pub size: u64,
}

impl Shelf {
    /// Returns the shelf of a workspace.
    pub fn of(profile: &Profile, workspace: WorkspaceId) -> Self {
        Self { root: profile.files(workspace), carried: Arc::default() }
    }

    /// Returns where the file of this name is, if it is here.
    pub fn path(&self, hash: ContentHash) -> PathBuf {
        let name = Hex::from(hash).to_string();
        self.root.join(name.get(..2).unwrap_or_default()).join(&name)
    }

    /// Returns the size of a file that is here whole.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn size(&self, hash: ContentHash) -> io::Result<Option<u64>> {
        length(&self.path(hash))
    }

    /// Puts a file of at most `most` bytes on the shelf; durable when this returns. One that is there already stays.
    ///
    /// # Errors
    /// [`FileError::TooLarge`], or the disk's; then nothing is left of it.
    pub fn put(&self, mut from: impl Read, most: u64) -> Result<Kept, FileError> {
        let (mut fresh, mut piece) = (self.begin(most)?, vec![0; PIECE]);
        while let Some(bytes) = next(&mut from, &mut piece)? {
            fresh.write(bytes)?;
        }
        fresh.keep()
    }

    /// Begins to put a file of at most `most` bytes on the shelf, a piece at a time.
    ///
    /// # Errors
    /// The disk's.
    pub fn begin(&self, most: u64) -> Result<Fresh, FileError> {
        make_durable(&self.unfinished())?;
        let path = self.unfinished().join(format!("{NEW}{:016x}", u64::from_le_bytes(chance::bytes())));
        Fresh::begin(self.clone(), path, most)
    }

    /// Removes what an earlier process began to put here and did not end. To be called before anybody puts anything.
    ///
    /// # Errors
    /// The disk's.
    pub(crate) fn tidy(&self) -> io::Result<()> {
        let entries = match fs::read_dir(self.unfinished()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_name().to_str().is_some_and(|name| name.starts_with(NEW)) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Takes a file off the shelf whose bytes are not those that its name means; says whether it was so.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn discard_damaged(&self, hash: ContentHash) -> io::Result<bool> {
        let path = self.path(hash);
        let is_damaged = hash_of(&File::open(&path)?)?.hash != hash;
        if is_damaged {
            fs::remove_file(path)?;
        }
        Ok(is_damaged)
    }

    /// Returns where the bytes of a file are gathered until all have come.
    pub(super) fn part(&self, hash: ContentHash) -> io::Result<PathBuf> {
        make_durable(&self.unfinished())?;
        Ok(self.unfinished().join(Hex::from(hash).to_string()))
    }

    /// Puts gathered bytes on the shelf if they are what the name means, else removes them.
    pub(super) fn finish(&self, hash: ContentHash) -> Result<(), FileError> {
        let part = self.part(hash)?;
        let file = File::options().read(true).write(true).open(&part)?;
        if hash_of(&file)?.hash != hash {
            fs::remove_file(&part)?;
            return Err(FileError::Mismatch);
        }
        file.sync_all()?;
        drop(file);
        Ok(self.name(&part, hash)?)
    }

    /// Waits until nobody else carries this file.
    pub(super) async fn alone(&self, hash: ContentHash) -> tokio::sync::OwnedMutexGuard<()> {
        let lock = {
            let mut carried = self.carried.lock().unwrap_or_else(PoisonError::into_inner);
            carried.retain(|_, lock| Arc::strong_count(lock) > 1);
            carried.entry(hash).or_default().clone()
        };
        lock.lock_owned().await
    }

    fn unfinished(&self) -> PathBuf {
        self.root.join("unfinished")
    }

    /// Gives bytes their name.
    pub(super) fn name(&self, bytes: &Path, hash: ContentHash) -> io::Result<()> {
        let path = self.path(hash);
        let Some(folder) = path.parent() else { return Ok(()) };
        make_durable(folder)?;
        fs::rename(bytes, &path)?;
        sync_folder(folder)
    }
}

fn hash_of(mut file: &File) -> io::Result<Kept> {
    let (mut hasher, mut size, mut piece) = (blake3::Hasher::new(), 0, vec![0; PIECE]);
    while let Some(bytes) = next(&mut file, &mut piece)? {
        size += bytes.len() as u64;
        hasher.update(bytes);
    }
    Ok(Kept { hash: ContentHash::from_bytes(*hasher.finalize().as_bytes()), size })
}

/// Reads the next bytes; `None` at the end.
fn next<'p>(from: &mut impl Read, piece: &'p mut [u8]) -> io::Result<Option<&'p [u8]>> {
    loop {
        match from.read(piece) {
            Ok(read) => return Ok(piece.get(..read).filter(|bytes| !bytes.is_empty())),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Makes a folder so that a power cut leaves it.
fn make_durable(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let Some(parent) = folder.parent() else { return Ok(()) };
    make_durable(parent)?;
    make_folder(folder)?;
    sync_folder(parent)
}

/// Returns the length of a file; `None` when there is none.
pub(super) fn length(path: &Path) -> io::Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shelf() -> (Shelf, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::open(folder.path()).unwrap();
        (Shelf::of(&profile, WorkspaceId::from_bytes([7; 16])), folder)
    }

    fn left_over(shelf: &Shelf) -> usize {
        fs::read_dir(shelf.unfinished()).unwrap().count()
    }

    #[test]
    fn the_same_photograph_from_two_cameras_is_kept_once() {
        let (shelf, _folder) = shelf();
        let photo = vec![0x5a; 700_000];
        let kept = shelf.put(photo.as_slice(), 1 << 20).unwrap();
        assert_eq!(kept, Kept { hash: ContentHash::of(&photo), size: 700_000 });
        assert_eq!(
            shelf.put(photo.as_slice(), 1 << 20).unwrap(),
            kept,
            "whoever brings it again is told its name"
        );
        assert_eq!(fs::read(shelf.path(kept.hash)).unwrap(), photo);
        assert_eq!(left_over(&shelf), 0, "nothing lies about");
    }

    #[test]
    fn a_film_that_is_too_large_leaves_nothing_behind() {
        let (shelf, _folder) = shelf();
        let endless = io::repeat(1);
        let refused = shelf.put(endless, 1_000_000);
        assert!(matches!(refused, Err(FileError::TooLarge { most: 1_000_000 })), "{refused:?}");
        assert_eq!(left_over(&shelf), 0, "not even what was read of it");
    }

    #[test]
    fn what_a_crash_left_half_written_is_tidied_and_what_was_coming_is_kept() {
        let (shelf, _folder) = shelf();
        shelf.tidy().expect("there is nothing yet");
        let mut fresh = shelf.begin(100).unwrap();
        fresh.write(b"a lett").unwrap();
        std::mem::forget(fresh); // the power goes
        fs::write(shelf.part(ContentHash::of(b"a film")).unwrap(), b"a fi").unwrap();
        shelf.tidy().unwrap();
        assert_eq!(left_over(&shelf), 1, "a download goes on where it was, and an addition begins anew");
    }

    #[test]
    fn bytes_that_are_not_what_their_name_means_never_reach_the_shelf() {
        let (shelf, _folder) = shelf();
        let hash = ContentHash::of(b"a letter");
        fs::write(shelf.part(hash).unwrap(), b"a ladder").unwrap();
        assert!(matches!(shelf.finish(hash), Err(FileError::Mismatch)));
        assert_eq!((shelf.size(hash).unwrap(), left_over(&shelf)), (None, 0), "it is to be fetched again");
        fs::write(shelf.part(hash).unwrap(), b"a letter").unwrap();
        shelf.finish(hash).unwrap();
        assert_eq!(shelf.size(hash).unwrap(), Some(8));
    }
}
