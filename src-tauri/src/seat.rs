//! A window's seat at a workspace: the living replica, the hand that opens and writes, and where the person is.

use std::time::Duration;

use sheaf_client::keychain::Vault;
use sheaf_client::team::TeamError;
use sheaf_client::{Profile, Replica, ReplicaError, Watcher, team};
use tauri::async_runtime;
use tauri::ipc::{Channel, InvokeResponseBody};
use url::Url;

use crate::events;
use crate::shapes::{Me, Place, Problem, ProblemCode, Start};
use crate::translate;

/// Where the person was, as JSON.
const PLACE: &str = "window.place";
/// Between two attempts to find the team's relay, where what says where it is cannot be read.
const PAUSE: Duration = Duration::from_secs(3);

/// A window that has a workspace open. Dropping it closes the window's documents; the replica lives on in its clones.
pub struct Seat {
    pub replica: Replica,
    pub watcher: Watcher,
    /// The relay's address, where a team has this workspace.
    relay: Option<String>,
}

impl Seat {
    /// Takes a seat and begins to tell the window what happens.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn take(
        replica: Replica,
        window: Option<Channel<InvokeResponseBody>>,
    ) -> Result<Self, Problem> {
        let relay = replica.setting(team::RELAY).await?;
        let (watcher, events) = replica.watch();
        if let Some(window) = window {
            async_runtime::spawn(events::tell(replica.clone(), relay.is_some(), events, window));
        }
        Ok(Self { replica, watcher, relay })
    }

    /// Says what there is.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn describe(&self) -> Result<Start, Problem> {
        let place = self.replica.setting(PLACE).await?;
        let shared = self.relay.is_some();
        let name = self.replica.setting(team::TEAM).await?;
        Ok(Start {
            workspace: name_of(name, self.relay.as_deref()),
            shared,
            me: Me {
                id: self.replica.identity().author.person.to_string(),
                name: self.replica.setting(team::NAME).await?.unwrap_or_default(),
            },
            documents: self.replica.documents().await?.into_iter().map(translate::row).collect(),
            place: place.and_then(|place| serde_json::from_str(&place).ok()),
            sync: translate::sync(&self.replica.status(), shared),
            revived: false,
        })
    }

    /// Remembers where the person is.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn remember(&self, place: &Place) -> Result<(), Problem> {
        let place =
            serde_json::to_string(place).map_err(|error| Problem::new(ProblemCode::Internal, error))?;
        Ok(self.replica.put_setting(PLACE, Some(place)).await?)
    }

    /// Reaches for the team's relay, where there is one. Only then is the keychain asked, and it may take its time. As long
    /// as nobody can tell where the relay is, the workspace is offline.
    pub async fn connect(replica: Replica, profile: Profile, vault: Vault) {
        loop {
            match team::resume(&replica, &profile, vault.clone()).await {
                Ok(None) | Err(TeamError::Replica(ReplicaError::Stopped)) => return,
                Ok(Some(account)) => {
                    replica.connect(team::relay(&account));
                    if let Err(error) = team::learn_name(&replica, &account).await {
                        tracing::warn!(%error, "the team's name cannot be kept");
                    }
                    return;
                }
                Err(error) => {
                    tracing::warn!(%error, "nobody can tell where the team's relay is; trying again");
                    replica.disconnect();
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Says whether a team has this workspace.
    pub fn is_shared(&self) -> bool {
        self.relay.is_some()
    }
}

/// Names a workspace: as its team does, or by where the relay is until that was asked; one on this device alone has no name.
pub fn name_of(team: Option<String>, relay: Option<&str>) -> Option<String> {
    let host = |url: Url| url.host_str().map(str::to_owned);
    team.or_else(|| {
        relay.map(|address| Url::parse(address).ok().and_then(host).unwrap_or(address.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use sheaf_client::keychain::MemoryKeychain;
    use sheaf_client::{Clock, session};

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
        let seeking = tokio::spawn(Seat::connect(replica.clone(), profile, vault));
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
