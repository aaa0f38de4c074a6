//! A window's seat at a workspace: the living replica, the hand that opens and writes, and where the person is.

use sheaf_client::keychain::Vault;
use sheaf_client::{Profile, Replica, Watcher, team};
use tauri::async_runtime;
use tauri::ipc::{Channel, InvokeResponseBody};
use url::Url;

use crate::events;
use crate::shapes::{Me, Place, Problem, ProblemCode, Start};
use crate::translate;

/// Where the person was, as JSON.
const PLACE: &str = "window.place";
/// A workspace without a team has no name of its own.
const ALONE: &str = "This device";

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
        let team = name.or_else(|| self.relay.as_deref().map(host));
        Ok(Start {
            workspace: team.unwrap_or_else(|| ALONE.to_owned()),
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

    /// Reaches for the team's relay, where there is one. Only then is the keychain asked, and it may take its time.
    pub async fn connect(replica: Replica, profile: Profile, vault: Vault) {
        match team::resume(&replica, &profile, vault).await {
            Ok(Some(account)) => {
                replica.connect(team::relay(&account));
                if let Err(error) = team::learn_name(&replica, &account).await {
                    tracing::warn!(%error, "the team's name cannot be kept");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "the team's relay cannot be reached from here"),
        }
    }

    /// Says whether a team has this workspace.
    pub fn is_shared(&self) -> bool {
        self.relay.is_some()
    }
}

/// Names a team by where its relay is, until the relay was asked.
fn host(address: &str) -> String {
    let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| address.to_owned())
}
