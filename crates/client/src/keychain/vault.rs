//! Where the app's secrets are right now: the keychain while it works, memory while it does not, and why.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sheaf_protocol::rest::Hex;
use sheaf_protocol::secret::Secret;

use crate::chance;

use super::{Keychain, MemoryKeychain, Trouble};

/// How long a person may take to answer the keychain's prompt.
const PATIENCE: Duration = Duration::from_secs(60);

/// A handle on the app's secrets; clones share it.
#[derive(Clone)]
pub struct Vault {
    keychain: Arc<dyn Keychain>,
    memory: Arc<MemoryKeychain>,
    trouble: Arc<Mutex<Option<Trouble>>>,
}

impl Vault {
    /// Opens the vault: probes the keychain, and falls back to memory where it does not keep secrets.
    pub async fn open(keychain: impl Keychain) -> Self {
        let vault = Self {
            keychain: Arc::new(keychain),
            memory: Arc::default(),
            trouble: Arc::new(Mutex::new(Some(Trouble::Missing))),
        };
        vault.retry().await;
        vault
    }

    /// Returns why secrets are only in memory, or `None` while the keychain keeps them.
    pub fn trouble(&self) -> Option<Trouble> {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tries the keychain again; what memory held moves there when it works now.
    pub async fn retry(&self) -> Option<Trouble> {
        let memory = self.memory.clone();
        let found = self.ask(move |keychain| {
            probe(keychain)?;
            memory.drain_into(keychain)
        });
        let trouble = found.await.err();
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        trouble
    }

    /// Returns the secret of this name, if there is one. Where none is, a keychain that did not work is tried again: a
    /// person may have unlocked it since.
    ///
    /// # Errors
    /// When a keychain that worked before does not any more.
    pub async fn read(&self, name: &str) -> Result<Option<Secret>, Trouble> {
        let found = self.read_here(name).await?;
        if found.is_some() || self.trouble().is_none() || self.retry().await.is_some() {
            return Ok(found);
        }
        self.read_here(name).await
    }

    async fn read_here(&self, name: &str) -> Result<Option<Secret>, Trouble> {
        let name = name.to_owned();
        self.with(move |keychain| keychain.read(&name)).await
    }

    /// Keeps a secret. Where the keychain stops working it is kept in memory, and [`Vault::trouble`] says so.
    pub async fn write(&self, name: &str, secret: &Secret) {
        let (named, kept) = (name.to_owned(), secret.clone());
        if let Err(trouble) = self.with(move |keychain| keychain.write(&named, &kept)).await {
            *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(trouble);
            let _ = self.memory.write(name, secret); // memory takes everything
        }
    }

    /// Forgets a secret, wherever it is.
    pub async fn forget(&self, name: &str) {
        let _ = self.memory.forget(name); // memory takes everything
        let name = name.to_owned();
        if let Err(trouble) = self.with(move |keychain| keychain.forget(&name)).await {
            tracing::warn!(%trouble, "a secret could not be removed from the keychain");
        }
    }

    async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&dyn Keychain) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        if self.trouble().is_some() {
            return act(self.memory.as_ref());
        }
        self.ask(act).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        act: impl FnOnce(&dyn Keychain) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let keychain = self.keychain.clone();
        let answer = tokio::task::spawn_blocking(move || act(keychain.as_ref()));
        match tokio::time::timeout(PATIENCE, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Trouble::Failed),
            Err(_) => Err(Trouble::Locked),
        }
    }
}

/// Finds out whether a keychain keeps what it is given: a locked one may well answer "no such secret" to a read. The
/// throw-away secret has a name of its own, for another Sheaf may be probing the same keychain.
fn probe(keychain: &dyn Keychain) -> Result<(), Trouble> {
    let name = format!("probe/{}", Hex::<8>(chance::bytes()));
    let secret = Secret::new("kept");
    keychain.write(&name, &secret)?;
    let kept = keychain.read(&name)? == Some(secret);
    keychain.forget(&name)?;
    if kept { Ok(()) } else { Err(Trouble::Failed) }
}
