//! The operating system's keychain: Keychain Services, Credential Manager, or a Secret Service.
//!
//! On Linux the service can appear after the app started (a session bus, an unlocked collection), so the connection is
//! made anew by whoever calls while there is none.

use keyring_core::{Entry, Error};
use sheaf_protocol::secret::Secret;

use super::{Keychain, SERVICE, Trouble};

/// The system's keychain. It holds nothing itself: each call finds its way anew.
#[derive(Debug, Default)]
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn read(&self, name: &str) -> Result<Option<Secret>, Trouble> {
        ask(name, |entry| match entry.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn write(&self, name: &str, secret: &Secret) -> Result<(), Trouble> {
        ask(name, |entry| entry.set_password(secret.expose()))
    }

    fn forget(&self, name: &str) -> Result<(), Trouble> {
        ask(name, |entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            answer => answer,
        })
    }
}

/// Asks the keychain; once more over a new connection where a service restarted and knows nothing of the old one.
fn ask<T>(name: &str, question: impl Fn(&Entry) -> Result<T, Error>) -> Result<T, Trouble> {
    let answer = match entry(name).and_then(|entry| question(&entry)) {
        Err(Error::PlatformFailure(_)) if disconnect() => entry(name).and_then(|entry| question(&entry)),
        answer => answer,
    };
    answer.map_err(|error| trouble(&error))
}

fn entry(name: &str) -> Result<Entry, Error> {
    if keyring_core::get_default_store().is_none() {
        connect().map_err(|error| {
            tracing::debug!(%error, "no keychain");
            Error::NoDefaultStore
        })?;
    }
    Entry::new(SERVICE, name)
}

/// Connects to the Secret Service; unlike the library's own choice this can be tried again.
#[cfg(target_os = "linux")]
fn connect() -> Result<(), Error> {
    keyring_core::set_default_store(zbus_secret_service_keyring_store::Store::new()?);
    Ok(())
}

/// Forgets the connection; says whether another one can be made.
fn disconnect() -> bool {
    if cfg!(target_os = "linux") {
        keyring_core::unset_default_store();
    }
    cfg!(target_os = "linux")
}

/// Lets the library choose: there is exactly one keychain on these systems, and it is always there.
#[cfg(not(target_os = "linux"))]
fn connect() -> Result<(), Error> {
    match keyring::Entry::store_status() {
        Ok(()) => Ok(()),
        Err(_) => Err(Error::NoDefaultStore),
    }
}

fn trouble(error: &Error) -> Trouble {
    tracing::debug!(%error, "the keychain refused");
    match error {
        Error::NoStorageAccess(_) => Trouble::Locked,
        Error::NoDefaultStore => Trouble::Missing,
        _ => Trouble::Failed,
    }
}
