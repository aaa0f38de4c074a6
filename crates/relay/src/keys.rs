//! The relay's secrets, kept apart from its database so that a copied database opens nothing.
//!
//! Two files: the Ed25519 key that signs access tokens and the key that seals entries. They are made once; a database
//! whose keys are gone is refused, for with a new seal key nobody could bring back what a restored relay forgot.

use std::path::PathBuf;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use sheaf_protocol::entry::SealKey;

use crate::clock;
use crate::error::{Error, Result};
use crate::folder::{self, Folder};

/// The relay's secrets.
pub struct Keys {
    /// Ed25519, PKCS#8.
    pub signing: Vec<u8>,
    /// The other half of `signing`, as 32 raw bytes.
    pub verifying: Vec<u8>,
    /// Seals what the log accepted.
    pub seal: SealKey,
}

impl Keys {
    /// Makes the keys that are missing. Called only while the folder has no database yet.
    pub fn create_missing(folder: &Folder) -> Result<()> {
        if !signing_file(folder).exists() {
            let pair = Ed25519KeyPair::generate().map_err(|_| Error::Chance(getrandom::Error::UNEXPECTED))?;
            let pair = pair.to_pkcs8().map_err(|_| Error::Chance(getrandom::Error::UNEXPECTED))?;
            folder::write_private(&signing_file(folder), pair.as_ref())?;
        }
        if !seal_file(folder).exists() {
            folder::write_private(&seal_file(folder), &clock::chance::<32>()?)?;
        }
        Ok(())
    }

    /// Reads both keys.
    pub fn load(folder: &Folder) -> Result<Self> {
        let path = signing_file(folder);
        let signing = read(&path)?;
        let pair = Ed25519KeyPair::from_pkcs8(&signing).map_err(|_| Error::Key { path })?;
        let path = seal_file(folder);
        let seal = read(&path)?.try_into().map_err(|_| Error::Key { path })?;
        Ok(Self { verifying: pair.public_key().as_ref().to_vec(), signing, seal: SealKey::new(seal) })
    }
}

fn signing_file(folder: &Folder) -> PathBuf {
    folder.keys().join("signing.pkcs8")
}

fn seal_file(folder: &Folder) -> PathBuf {
    folder.keys().join("seal.key")
}

fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|_| Error::Key { path: path.to_owned() })
}
