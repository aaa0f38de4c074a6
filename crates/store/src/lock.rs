//! One writing process per replica, held by a lock of the operating system on a file beside the database.
//!
//! SQLite's own locks last for one transaction; this one lasts as long as the store, so that two apps never take
//! turns on one outbox. It goes away with its process, however that ends, so there is never a stale one to remove.
//! The file itself stays: removing it would let two processes lock two different files of one name.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::error::{Result, StoreError};

/// Holds the right to write until it is dropped.
#[derive(Debug)]
pub(crate) struct WriteLock {
    file: File,
}

impl WriteLock {
    /// Takes the right to write the database at this path, or says who cannot be waited for.
    pub(crate) fn take(database: &Path) -> Result<Self> {
        let path = beside(database, ".lock");
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

impl Drop for WriteLock {
    /// Lets go explicitly: closing is not enough while a program that this one is starting still holds a copy of the
    /// descriptor, between its fork and its exec.
    fn drop(&mut self) {
        let _ = self.file.unlock(); // a failure leaves it to the end of this process
    }
}

/// Returns the path of a file beside the database: its name and this ending.
pub(crate) fn beside(database: &Path, ending: &str) -> std::path::PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
