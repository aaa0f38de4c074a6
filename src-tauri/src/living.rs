//! A workspace that is alive: its replica, and its road to the relay of its team, whether or not anybody looks at it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sheaf_client::account::{Account, AccountError};
use sheaf_client::keychain::Vault;
use sheaf_client::team::{Members, TeamError};
use sheaf_client::{Clock, Profile, Replica, ReplicaError, session, team};
use sheaf_document::ids::WorkspaceId;
use url::Url;

use crate::shapes::{Problem, Workspace};
use crate::translate;

/// Between two attempts to find the team's relay, where what says where it is cannot be read.
const PAUSE: Duration = Duration::from_secs(3);

/// A workspace that is alive.
pub struct Living {
    pub replica: Replica,
    /// Who is signed in at its relay, once that is known.
    account: Mutex<Option<Account>>,
}

impl Living {
    /// Returns the workspace of this replica, which is in step with nobody yet.
    pub fn of(replica: Replica) -> Self {
        Self { replica, account: Mutex::default() }
    }

    /// Returns its id.
    pub fn workspace(&self) -> WorkspaceId {
        self.replica.identity().workspace
    }

    /// Keeps it in step with this account's relay from now on.
    pub fn connect(&self, account: Account) {
        *self.account.lock().unwrap_or_else(PoisonError::into_inner) = Some(account.clone());
        self.replica.connect(team::relay(&account));
    }

    /// Returns who is signed in at its relay.
    ///
    /// # Errors
    /// [`AccountError::Unreachable`] while nobody knows: the keychain is being asked, or there is no relay.
    pub fn account(&self) -> Result<Account, AccountError> {
        let account = self.account.lock().unwrap_or_else(PoisonError::into_inner).clone();
        account.ok_or_else(|| AccountError::Unreachable("nobody has looked for it yet".into()))
    }

    /// Reaches for the team's relay, where there is one and nobody did yet. Only then is the keychain asked, and it may take
    /// its time. As long as nobody can tell where the relay is, the workspace is offline.
    pub async fn find_relay(&self, profile: &Profile, vault: &Vault) {
        while self.account().is_err() {
            match team::resume(&self.replica, profile, vault.clone()).await {
                Ok(None) | Err(TeamError::Replica(ReplicaError::Stopped)) => return,
                Ok(Some(account)) => self.connect(account),
                Err(error) => {
                    tracing::warn!(%error, "nobody can tell where the team's relay is; trying again");
                    self.replica.disconnect();
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Says whether its relay answers at present.
    pub fn is_in_touch(&self) -> bool {
        use session::Status::{CatchingUp, Synced, Waiting};
        matches!(self.replica.status().relay, Some(CatchingUp { .. } | Synced | Waiting { .. }))
    }

    /// Asks the relay what the team is called and who is in it; this device remembers it.
    ///
    /// # Errors
    /// As the relay says, or when the disk fails.
    pub async fn learn(&self, clock: &Clock) -> Result<Members, Problem> {
        let account = self.account().map_err(TeamError::Account)?;
        Ok(team::learn(&self.replica, &account, clock).await?)
    }

    /// Returns its row in the list of workspaces; `None` where nobody would miss it there.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn row(&self, here: bool) -> Result<Option<Workspace>, ReplicaError> {
        let relay = self.replica.setting(team::RELAY).await?;
        let name = name_of(self.replica.setting(team::TEAM).await?, relay.as_deref());
        let id = self.workspace();
        if !here
            && name.is_none()
            && !self.replica.documents().await?.iter().any(|row| row.updated_at > made(id))
        {
            return Ok(None);
        }
        let sync = Some(translate::sync(&self.replica.status(), relay.is_some()));
        Ok(Some(Workspace { id: id.to_string(), name, here, sync, problem: None }))
    }
}

/// Names a workspace: as its team does, or by where the relay is until that was asked; one on this device alone has no name.
pub fn name_of(team: Option<String>, relay: Option<&str>) -> Option<String> {
    let host = |url: Url| url.host_str().map(str::to_owned);
    team.or_else(|| {
        relay.map(|address| Url::parse(address).ok().and_then(host).unwrap_or(address.to_owned()))
    })
}

/// Returns when a workspace was made, in milliseconds since 1970: its id begins with that (RFC 9562, version 7). The welcome
/// in it is as old; whatever is younger somebody wrote.
pub fn made(id: WorkspaceId) -> u64 {
    let [a, b, c, d, e, f, ..] = *id.as_bytes();
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

#[cfg(test)]
mod tests {
    use sheaf_client::keychain::MemoryKeychain;

    use super::*;

    #[tokio::test]
    async fn a_team_that_cannot_be_found_is_offline_and_looked_for_again() {
        sheaf_client::install_crypto();
        let folder = tempfile::tempdir().unwrap();
        let (profile, clock) = (Profile::open(folder.path()).unwrap(), Clock::system());
        let workspace = profile.begin(&clock).unwrap();
        let replica = Replica::open(&profile, workspace, clock).await.unwrap();
        replica.put_setting(team::RELAY, Some("spilled coffee".to_owned())).await.unwrap();
        let vault = Vault::open(MemoryKeychain::default()).await;
        let living = Living::of(replica.clone());
        let seeking = tokio::spawn(async move { living.find_relay(&profile, &vault).await });
        let mut status = replica.follow_status();
        let stands = status.wait_for(|status| status.relay.is_some()).await.unwrap().clone();
        assert!(
            matches!(translate::sync(&stands, true), crate::shapes::Sync::Offline { waiting: 1.. }),
            "nobody is told for ever that a connection is being made: {stands:?}"
        );

        replica.put_setting(team::RELAY, Some("https://relay.example.org".to_owned())).await.unwrap();
        let signed_out = |status: &sheaf_client::Status| status.relay == Some(session::Status::SignedOut);
        status.wait_for(signed_out).await.expect("now somebody is asked who this is");
        seeking.await.expect("and nobody goes on looking");
    }
}
