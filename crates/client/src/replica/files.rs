//! The files of a workspace, for the desktop shell and the command line: added, looked at, found.
//!
//! A file is here as soon as it was added, whether or not there is a relay; its bytes are carried by themselves.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sheaf_document::ids::ContentHash;
use sheaf_protocol::record::FileWrite;
use sheaf_store::FileRow;
use tokio::task::spawn_blocking;

use super::Replica;
use crate::error::{ReplicaError, Result};
use crate::files::{FileError, FileView, Fresh, Kept, Shelf, fit, look};
use crate::team;

impl Replica {
    /// Begins to add a file, a piece at a time: [`Replica::keep_file`] ends it. `size` is how many bytes are announced, so
    /// that one that is too large is refused before it is read.
    ///
    /// # Errors
    /// [`FileError::TooLarge`], or when the disk fails.
    pub async fn begin_file(&self, size: u64) -> std::result::Result<Fresh, FileError> {
        let most = team::largest_file(self).await?;
        if size > most {
            return Err(FileError::TooLarge { most });
        }
        let shelf = self.shelf().clone();
        on_disk(move || shelf.begin(most)).await
    }

    /// Adds the file that was begun, under a name.
    ///
    /// # Errors
    /// When the disk fails; then there is no such file.
    pub async fn keep_file(&self, fresh: Fresh, name: &str) -> std::result::Result<FileView, FileError> {
        let kept = on_disk(move || fresh.keep()).await?;
        self.write_down(kept, name).await
    }

    /// Adds the file at a path.
    ///
    /// # Errors
    /// [`FileError::TooLarge`], or when the disk fails; then there is no such file.
    pub async fn add_file(&self, path: &Path) -> std::result::Result<FileView, FileError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let most = team::largest_file(self).await?;
        let (shelf, path) = (self.shelf().clone(), path.to_owned());
        let kept = on_disk(move || put(&shelf, &path, most)).await?;
        self.write_down(kept, &name).await
    }

    async fn write_down(&self, kept: Kept, name: &str) -> std::result::Result<FileView, FileError> {
        let path = self.shelf().path(kept.hash);
        let seen = on_disk(move || Ok(look(&path)?)).await?;
        let Kept { hash, size } = kept;
        let file = FileWrite { hash, size, media: seen.media, name: fit(name), dimensions: seen.dimensions };
        self.inner.desk.ask(move |desk| desk.add_file(file)).await?;
        let view = self.files(vec![hash]).await?.pop();
        Ok(view.unwrap_or_else(|| FileView::unknown(hash)))
    }

    /// Returns how it stands with these files, in this order. Somebody looks at them: what is not here is fetched first.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn files(&self, hashes: Vec<ContentHash>) -> Result<Vec<FileView>> {
        let asked = hashes.clone();
        let rows = self.inner.desk.ask(move |desk| desk.read(|store| store.files(&asked))).await?;
        let rows = self.as_on_shelf(rows).await?;
        let lacking: Vec<_> = hashes
            .iter()
            .filter(|hash| !rows.iter().any(|row| row.file.hash == **hash && row.is_held))
            .copied()
            .collect();
        self.inner.porter.want(&lacking);
        let is_shared = self.status().relay.is_some();
        let views = hashes.into_iter().map(|hash| match rows.iter().find(|row| row.file.hash == hash) {
            Some(row) => {
                let (done, trouble) = self.inner.porter.progress(hash);
                FileView::of(row.clone(), is_shared, done, trouble)
            }
            None => FileView::unknown(hash),
        });
        Ok(views.collect())
    }

    /// Puts right what is noted of files that somebody took off the shelf, or that came while the app ended.
    async fn as_on_shelf(&self, mut rows: Vec<FileRow>) -> Result<Vec<FileRow>> {
        let shelf = self.shelf().clone();
        let hashes: Vec<_> = rows.iter().map(|row| row.file.hash).collect();
        let look = move || hashes.iter().map(|hash| shelf.size(*hash).map(|it| it.is_some())).collect();
        let held: io::Result<Vec<bool>> = spawn_blocking(look).await.map_err(|_| ReplicaError::Stopped)?;
        for (row, is_held) in rows.iter_mut().zip(held?) {
            if row.is_held != is_held {
                let hash = row.file.hash;
                row.is_held = is_held;
                self.inner.desk.ask(move |desk| desk.hold(hash, is_held)).await?;
            }
        }
        Ok(rows)
    }

    /// Returns where a file's bytes are, if they are on this device.
    pub fn file_path(&self, hash: ContentHash) -> PathBuf {
        self.shelf().path(hash)
    }

    /// Brings a file along from another workspace of this person.
    pub(crate) async fn bring_file(&self, from: &Shelf, file: FileWrite) -> Result<()> {
        let (path, shelf) = (from.path(file.hash), self.shelf().clone());
        let put = on_disk(move || put(&shelf, &path, u64::MAX)).await;
        put.map_err(|error| match error {
            FileError::Disk(error) => error.into(),
            FileError::Replica(error) => error,
            other => ReplicaError::Unreadable(other.into()),
        })?;
        self.inner.desk.ask(move |desk| desk.add_file(file)).await
    }

    fn shelf(&self) -> &Shelf {
        self.inner.porter.shelf()
    }
}

fn put(shelf: &Shelf, path: &Path, most: u64) -> std::result::Result<Kept, FileError> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
    }
    if metadata.len() > most {
        return Err(FileError::TooLarge { most });
    }
    shelf.put(file, most)
}

/// Does something that waits for the disk where nobody else has to.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, FileError> + Send + 'static,
) -> std::result::Result<T, FileError> {
    spawn_blocking(work).await.map_err(|_| ReplicaError::Stopped)?
}
