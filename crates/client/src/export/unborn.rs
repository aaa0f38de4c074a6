//! A folder that nobody sees until it is whole.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use sheaf_store::sync_folder;

use crate::chance;

/// As many namesakes are told apart.
const NAMESAKES: u32 = 10_000;

/// A folder that is being filled beside where it will be. Dropped before it has a name, nothing is left of it.
#[derive(Debug)]
pub struct Unborn {
    into: PathBuf,
    folder: PathBuf,
}

impl Unborn {
    /// Begins one; the folder that it will be in is made if it is not there.
    pub fn begin(into: &Path) -> io::Result<Self> {
        fs::create_dir_all(into)?;
        let name = format!(".sheaf-export-{:016x}", u64::from_le_bytes(chance::bytes()));
        let folder = into.join(name);
        fs::create_dir(&folder)?;
        Ok(Self { into: into.to_owned(), folder })
    }

    /// Writes a file at a path in it that nothing has yet.
    pub fn write(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.make(path)?.write_all(bytes)
    }

    /// Copies a file to such a path.
    pub fn copy(&self, from: &Path, path: &str) -> io::Result<()> {
        let mut source = File::open(from)?;
        io::copy(&mut source, &mut self.make(path)?).map(drop)
    }

    /// Makes a folder in it.
    pub fn folder(&self, path: &str) -> io::Result<()> {
        fs::create_dir_all(self.folder.join(path))
    }

    /// Gives it a name, or one told apart from what is there; returns where it is.
    pub fn name(self, name: &str) -> io::Result<PathBuf> {
        for number in 1..NAMESAKES {
            let path = self.into.join(told_apart(name, "", number));
            if fs::symlink_metadata(&path).is_ok() {
                continue;
            }
            match fs::rename(&self.folder, &path) {
                // Somebody was faster.
                Err(error) if is_taken(&error) => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    sync_folder(&self.into)?;
                    return Ok(path);
                }
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }

    /// The same for the one file that is in it.
    pub fn name_only_file(self, name: &str, ending: &str) -> io::Result<PathBuf> {
        let only = self.folder.join(format!("{name}{ending}"));
        File::open(&only)?.sync_all()?;
        for number in 1..NAMESAKES {
            let path = self.into.join(told_apart(name, ending, number));
            match fs::hard_link(&only, &path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                // A disk that knows no second names: its own way to take a name that is free.
                Err(_) => match File::create_new(&path) {
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                    Err(error) => return Err(error),
                    Ok(_) => fs::rename(&only, &path)?,
                },
                Ok(()) => {}
            }
            sync_folder(&self.into)?;
            return Ok(path);
        }
        Err(ErrorKind::AlreadyExists.into())
    }

    fn make(&self, path: &str) -> io::Result<File> {
        let path = self.folder.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create_new(path)
    }
}

impl Drop for Unborn {
    fn drop(&mut self) {
        // Once it has a name there is nothing here; what a disk does not take back stays hidden.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn told_apart(name: &str, ending: &str, number: u32) -> String {
    if number == 1 { format!("{name}{ending}") } else { format!("{name} {number}{ending}") }
}

fn is_taken(error: &io::Error) -> bool {
    use ErrorKind::{AlreadyExists, DirectoryNotEmpty, NotADirectory};
    matches!(error.kind(), AlreadyExists | DirectoryNotEmpty | NotADirectory)
}
