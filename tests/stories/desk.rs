//! A person's desk: a device that has joined, whose replica is opened, stopped and opened again.

use std::path::{Path, PathBuf};

use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_client::{Clock, Profile, Replica, team};
use sheaf_document::ids::WorkspaceId;
use sheaf_protocol::secret::Secret;
use sheaf_store::{Access, Options, Store};
use tempfile::TempDir;

use crate::terminal::PASSWORD;

/// A device of somebody who has joined.
pub struct Desk {
    profile: Profile,
    account: Account,
    workspace: WorkspaceId,
    _folder: TempDir,
}

impl Desk {
    /// Takes an invitation.
    pub async fn join(name: &str, invitation: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (profile, clock) = (Profile::open(folder.path())?, Clock::system());
        let enrolment = Enrolment {
            name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase()),
            password: Secret::new(PASSWORD),
            device: profile.device(&clock)?,
            device_name: format!("{name}'s desk"),
        };
        let vault = Vault::open(MemoryKeychain::default()).await;
        let (account, session) =
            Account::join(invitation, Insist::Encrypted, enrolment, vault, profile.folder()).await?;
        let workspace = session.workspace;
        profile.join(workspace, session.person, session.device, &clock)?;
        Ok(Self { profile, account, workspace, _folder: folder })
    }

    /// Opens the replica and connects it.
    pub async fn open(&self) -> anyhow::Result<Replica> {
        let replica = Replica::open(&self.profile, self.workspace, Clock::system()).await?;
        replica.connect(team::relay(&self.account));
        Ok(replica)
    }

    /// Returns the folder that the workspace's file lies in.
    pub fn folder(&self) -> PathBuf {
        self.profile.database(self.workspace).parent().map(Path::to_owned).unwrap_or_default()
    }

    /// Opens what lies on the disk, beside a replica or where there is none.
    pub fn disk(&self, access: Access) -> anyhow::Result<Store> {
        Ok(Store::open(&self.profile.database(self.workspace), Options { key: None, access })?)
    }
}
