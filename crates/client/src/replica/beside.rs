//! Reading beside the desk: lists and the tree wait for no document that is being built there.
//!
//! What the desk has committed is seen at once. The store stays open between two questions, for the window asks often; after a
//! failure it is opened anew.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sheaf_store::{Access, Options, Store, StoreError};

use crate::error::Result;

/// A store that is read beside whoever writes it.
pub(super) struct Beside {
    path: PathBuf,
    store: Mutex<Option<Store>>,
}

impl Beside {
    /// Returns one that is opened by the first question.
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, store: Mutex::default() }
    }

    /// Returns where the store is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads something.
    ///
    /// # Errors
    /// When the disk fails.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Store) -> std::result::Result<T, StoreError>,
    ) -> Result<T> {
        let mut kept = self.lock();
        let store = match kept.take() {
            Some(store) => store,
            None => Store::open(&self.path, Options { key: None, access: Access::Read })?,
        };
        let found = read(&store)?;
        *kept = Some(store);
        Ok(found)
    }

    /// Lets go of the file.
    pub(super) fn close(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Store>> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
