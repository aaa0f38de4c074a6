//! What stands in the keychain for a device in a workspace: the refresh secret, and the rotation that is under way.

use serde::{Deserialize, Serialize};
use sheaf_document::ids::{DeviceId, WorkspaceId};
use sheaf_protocol::rest::Hex;
use sheaf_protocol::secret::Secret;

use super::AccountError;
use crate::chance;
use crate::keychain::Vault;

/// The refresh secret of this device, as filed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Filed {
    /// The secret that the relay knows the hash of.
    pub secret: Secret,
    /// A rotation that was begun and perhaps not answered.
    pub pending: Option<Pending>,
}

/// A rotation under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pending {
    /// Its name.
    pub rotation: Hex<16>,
    /// The secret that takes over.
    pub next: Secret,
}

impl Filed {
    /// Reads what is filed under a name.
    ///
    /// # Errors
    /// [`AccountError::SignedOut`] when nothing is; [`AccountError::Keychain`] when nobody can know.
    pub async fn read(vault: &Vault, name: &str) -> Result<Self, AccountError> {
        let filed = vault.read(name).await?.ok_or(AccountError::SignedOut)?;
        serde_json::from_str(filed.expose()).map_err(|_| AccountError::SignedOut)
    }

    /// Files it in place of what was there.
    pub async fn write(&self, vault: &Vault, name: &str) {
        if let Ok(text) = serde_json::to_string(self) {
            vault.write(name, &Secret::new(text)).await;
        }
    }

    /// Forgets what is filed.
    pub async fn forget(vault: &Vault, name: &str) {
        vault.forget(name).await;
    }
}

impl Pending {
    /// Begins a rotation.
    pub fn begin() -> Self {
        Self { rotation: Hex(chance::bytes()), next: fresh_secret() }
    }
}

/// Returns a refresh secret of 256 random bits, as the alphabet that relays take.
pub(super) fn fresh_secret() -> Secret {
    let bytes: [u8; 32] = chance::bytes();
    Secret::new(Hex(bytes).to_string())
}

/// Returns the name to file under. It tells the device too: two profiles of one desktop share a keychain, and may be two
/// people in one workspace.
pub(super) fn name(workspace: WorkspaceId, device: DeviceId) -> String {
    format!("refresh/{workspace}/{device}")
}
