//! Where the app's secrets are right now: the keychain while it works, memory while it does not, and why.
//!
//! What was read or kept once is known in memory too, so a session that began goes on when the keychain stops working in
//! the midst of it. What the keychain did not take moves there as soon as it works again: what it holds meanwhile is spent,
//! and would end the session at the next start.

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
    /// The newest that is known of every secret that was asked for or kept.
    known: Arc<MemoryKeychain>,
    /// What the keychain did not take.
    owed: Arc<MemoryKeychain>,
    state: Arc<Mutex<State>>,
}

#[derive(Clone, Copy)]
struct State {
    /// Why secrets are only in memory.
    trouble: Option<Trouble>,
    /// Whether the keychain has worked since the app started: then what it holds is only out of reach.
    has_worked: bool,
}

impl Vault {
    /// Opens the vault: probes the keychain, and falls back to memory where it does not keep secrets.
    pub async fn open(keychain: impl Keychain) -> Self {
        let state = State { trouble: Some(Trouble::Missing), has_worked: false };
        let vault = Self {
            keychain: Arc::new(keychain),
            known: Arc::default(),
            owed: Arc::default(),
            state: Arc::new(Mutex::new(state)),
        };
        vault.retry().await;
        vault
    }

    /// Returns why secrets are only in memory, or `None` while the keychain keeps them.
    pub fn trouble(&self) -> Option<Trouble> {
        self.state().trouble
    }

    /// Tries the keychain again; what memory held moves there when it works now.
    pub async fn retry(&self) -> Option<Trouble> {
        let owed = self.owed.clone();
        let found = self.ask(move |keychain| {
            probe(keychain)?;
            owed.drain_into(keychain)
        });
        let trouble = found.await.err();
        self.turn(trouble);
        trouble
    }

    /// Returns the secret of this name, if there is one. A keychain that did not work is tried again where the secret is not
    /// known, for a person may have unlocked it since; and where it has worked before, for then they will.
    ///
    /// # Errors
    /// When a keychain that has worked does not any more, and the secret is not known.
    pub async fn read(&self, name: &str) -> Result<Option<Secret>, Trouble> {
        let State { trouble, has_worked } = self.state();
        if trouble.is_some() && (has_worked || self.known.read(name)?.is_none()) {
            self.retry().await;
        }
        if self.trouble().is_none() {
            let named = name.to_owned();
            match self.ask(move |keychain| keychain.read(&named)).await {
                Ok(found) => {
                    match &found {
                        Some(secret) => self.known.write(name, secret)?,
                        None => self.known.forget(name)?,
                    }
                    return Ok(found);
                }
                Err(trouble) => self.turn(Some(trouble)),
            }
        }
        match (self.known.read(name)?, self.state()) {
            (None, State { trouble: Some(trouble), has_worked: true }) => Err(trouble),
            (known, _) => Ok(known),
        }
    }

    /// Keeps a secret. Where the keychain stops working it is kept in memory, and [`Vault::trouble`] says so.
    pub async fn write(&self, name: &str, secret: &Secret) {
        let _ = self.known.write(name, secret); // memory takes everything
        if self.trouble().is_none() {
            let (named, kept) = (name.to_owned(), secret.clone());
            match self.ask(move |keychain| keychain.write(&named, &kept)).await {
                Ok(()) => return,
                Err(trouble) => self.turn(Some(trouble)),
            }
        }
        let _ = self.owed.write(name, secret);
    }

    /// Forgets a secret, wherever it is.
    pub async fn forget(&self, name: &str) {
        for memory in [&self.known, &self.owed] {
            let _ = memory.forget(name);
        }
        if self.trouble().is_none() {
            let name = name.to_owned();
            if let Err(trouble) = self.ask(move |keychain| keychain.forget(&name)).await {
                tracing::warn!(%trouble, "a secret could not be removed from the keychain");
            }
        }
    }

    fn state(&self) -> State {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The keychain works, or it does not.
    fn turn(&self, trouble: Option<Trouble>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.trouble = trouble;
        state.has_worked |= trouble.is_none();
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
