//! A keychain that lasts as long as the app: what is left where the system has none.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use sheaf_protocol::secret::Secret;

use super::{Keychain, Trouble};

/// Secrets in memory.
#[derive(Debug, Default)]
pub struct MemoryKeychain {
    secrets: Mutex<BTreeMap<String, Secret>>,
}

impl MemoryKeychain {
    /// Moves every secret into another keychain.
    ///
    /// # Errors
    /// When the other does not take one; that one and those after it stay here.
    pub(super) fn drain_into(&self, other: &dyn Keychain) -> Result<(), Trouble> {
        let mut secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(first) = secrets.first_entry() {
            other.write(first.key(), first.get())?;
            first.remove();
        }
        Ok(())
    }
}

impl Keychain for MemoryKeychain {
    fn read(&self, name: &str) -> Result<Option<Secret>, Trouble> {
        Ok(self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn write(&self, name: &str, secret: &Secret) -> Result<(), Trouble> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret.clone());
        Ok(())
    }

    fn forget(&self, name: &str) -> Result<(), Trouble> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}
