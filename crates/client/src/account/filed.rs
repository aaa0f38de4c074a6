//! What stands in the keychain for one workspace: the refresh secret, and the rotation that is under way.

use serde::{Deserialize, Serialize};
use sheaf_document::ids::WorkspaceId;
use sheaf_protocol::rest::Hex;
use sheaf_protocol::secret::Secret;

use super::AccountError;
use crate::chance;
use crate::keychain::{Trouble, Vault};

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
    /// Reads what is filed for a workspace.
    ///
    /// # Errors
    /// [`AccountError::SignedOut`] when nothing is, or the keychain does not give it out.
    pub async fn read(vault: &Vault, workspace: WorkspaceId) -> Result<Self, AccountError> {
        let filed = vault.read(&name(workspace)).await.map_err(signed_out)?.ok_or(AccountError::SignedOut)?;
        serde_json::from_str(filed.expose()).map_err(|_| AccountError::SignedOut)
    }

    /// Files it in place of what was there.
    pub async fn write(&self, vault: &Vault, workspace: WorkspaceId) {
        if let Ok(text) = serde_json::to_string(self) {
            vault.write(&name(workspace), &Secret::new(text)).await;
        }
    }

    /// Forgets what is filed.
    pub async fn forget(vault: &Vault, workspace: WorkspaceId) {
        vault.forget(&name(workspace)).await;
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

fn name(workspace: WorkspaceId) -> String {
    format!("refresh/{workspace}")
}

fn signed_out(trouble: Trouble) -> AccountError {
    tracing::warn!(%trouble, "the refresh secret cannot be read");
    AccountError::SignedOut
}
