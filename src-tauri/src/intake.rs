//! Files on their way in from the window, and out to the folder of downloads. Neither is ever whole in memory.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sheaf_client::ReplicaError;
use sheaf_client::files::{FileError, Fresh, to_save};
use tokio::task::spawn_blocking;

/// As many files may be on their way in at once.
const AT_ONCE: usize = 16;
/// As many files of one name lie in a folder before nobody looks for another.
const NAMESAKES: u32 = 10_000;

/// Files that the window is handing over. Dropped, nothing is left of them.
#[derive(Default)]
pub struct Intake(Mutex<Files>);

#[derive(Default)]
struct Files {
    last: u32,
    /// A file is out while a piece of it is written.
    files: BTreeMap<u32, Option<Fresh>>,
}

impl Intake {
    /// Takes in a file that was begun, and returns its number; `None` when there are too many.
    pub fn take_in(&self, fresh: Fresh) -> Option<u32> {
        let mut files = self.files();
        if files.files.len() >= AT_ONCE {
            return None;
        }
        files.last += 1;
        let number = files.last;
        files.files.insert(number, Some(fresh));
        Some(number)
    }

    /// Writes the next piece. A file whose piece is not written is given up.
    ///
    /// # Errors
    /// When it is too large, the disk fails, or there is no such file.
    pub async fn write(&self, number: u32, bytes: Vec<u8>) -> Result<(), FileError> {
        let out = self.files().files.get_mut(&number).and_then(Option::take);
        let mut fresh = out.ok_or_else(nothing)?;
        let written = spawn_blocking(move || fresh.write(&bytes).map(|()| fresh)).await;
        let written = written.map_err(|_| FileError::from(ReplicaError::Stopped)).flatten();
        let mut files = self.files();
        match written {
            Ok(fresh) => {
                // Whoever gave it up meanwhile is heard.
                if let Some(place) = files.files.get_mut(&number) {
                    *place = Some(fresh);
                }
                Ok(())
            }
            Err(error) => {
                files.files.remove(&number);
                Err(error)
            }
        }
    }

    /// Takes a file out: it is whole, or given up.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn take_out(&self, number: u32) -> Result<Fresh, FileError> {
        self.files().files.remove(&number).flatten().ok_or_else(nothing)
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn nothing() -> FileError {
    io::Error::from(ErrorKind::NotFound).into()
}

/// Saves a copy of a file in a folder under its name, or one told apart from those that are there; returns that.
///
/// # Errors
/// When the disk fails; then there is no such file.
pub fn save(from: &Path, folder: &Path, name: &str) -> Result<String, FileError> {
    let mut source = File::open(from)?;
    for number in 0..NAMESAKES {
        let name = to_save(name, number);
        let path = folder.join(&name);
        let mut copy = match File::create_new(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            made => made?,
        };
        if let Err(error) = io::copy(&mut source, &mut copy).and_then(|_| copy.sync_all()) {
            // What the disk does not take back stays.
            let _ = fs::remove_file(&path);
            return Err(error.into());
        }
        return Ok(name);
    }
    Err(io::Error::from(ErrorKind::AlreadyExists).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_takes_nobodys_place() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("shelf");
        fs::write(&from, "a plan").unwrap();
        let downloads = folder.path().join("Downloads");
        fs::create_dir(&downloads).unwrap();
        fs::write(downloads.join("plan.pdf"), "another plan").unwrap();
        let names: Vec<_> = (0..2).map(|_| save(&from, &downloads, "plan.pdf").unwrap()).collect();
        assert_eq!(names, ["plan (1).pdf", "plan (2).pdf"]);
        assert_eq!(fs::read_to_string(downloads.join("plan.pdf")).unwrap(), "another plan");
        assert_eq!(fs::read_to_string(downloads.join("plan (2).pdf")).unwrap(), "a plan");
        let outside = save(&from, &downloads, "../../evil.sh").unwrap();
        assert!(
            outside == "evil.sh" && downloads.join("evil.sh").exists(),
            "it stays in the folder: {outside}"
        );
        assert!(
            save(&from, &folder.path().join("nowhere"), "plan.pdf").is_err(),
            "a folder that is not there"
        );
    }
}
