//! A world for stories: a relay on a free port with a folder of its own, in this process.

use std::net::SocketAddr;
use std::path::Path;

use sheaf_relay::storage::Role;
use sheaf_relay::{Config, Relay, RelayHandle};
use tempfile::TempDir;

/// A relay that a story starts, stops and starts again on the same folder and port.
pub struct World {
    folder: TempDir,
    address: SocketAddr,
    relay: Option<RelayHandle>,
    invitation: String,
    /// What the team is called, if it has a name of its own.
    team: Option<String>,
}

impl World {
    /// Starts a relay from nothing.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn begin() -> anyhow::Result<Self> {
        Self::start(None).await
    }

    /// Starts a relay from nothing, for a team with a name.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn of(team: &str) -> anyhow::Result<Self> {
        Self::start(Some(team.to_owned())).await
    }

    async fn start(team: Option<String>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let relay = Relay::start(config(folder.path(), "127.0.0.1:0".parse()?, team.as_deref())).await?;
        let invitation = relay.owner_invitation.clone().unwrap_or_default();
        Ok(Self { address: relay.addr, folder, relay: Some(relay), invitation, team })
    }

    /// Returns where the relay listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the relay's data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the owner's invitation, leading to the relay through this address (a line's, or its own).
    pub fn owner_invitation(&self, through: SocketAddr) -> String {
        self.invitation.replace(&self.address.to_string(), &through.to_string())
    }

    /// Makes an invitation for one more member, as the operator does beside the running relay.
    ///
    /// # Errors
    /// As the relay says.
    pub fn invitation(&self, through: SocketAddr) -> anyhow::Result<String> {
        self.operator_invites(Role::Member, through)
    }

    /// Makes an invitation for another owner, as the operator does beside the running relay.
    ///
    /// # Errors
    /// As the relay says.
    pub fn owner_again(&self, through: SocketAddr) -> anyhow::Result<String> {
        self.operator_invites(Role::Owner, through)
    }

    fn operator_invites(&self, role: Role, through: SocketAddr) -> anyhow::Result<String> {
        let link = sheaf_relay::invitation::by_operator(self.folder.path(), role)?;
        Ok(link.expose().replace(&self.address.to_string(), &through.to_string()))
    }

    /// Stops the relay in order.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn stop_relay(&mut self) -> anyhow::Result<()> {
        if let Some(relay) = self.relay.take() {
            relay.stop().await?;
        }
        Ok(())
    }

    /// Starts it again on the same folder and port.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn start_relay(&mut self) -> anyhow::Result<()> {
        let config = config(self.folder.path(), self.address, self.team.as_deref());
        self.relay = Some(Relay::start(config).await?);
        Ok(())
    }
}

fn config(data: &Path, listen: SocketAddr, team: Option<&str>) -> Config {
    let config = Config { listen, ..Config::new(data) };
    match team {
        Some(team) => Config { name: team.to_owned(), ..config },
        None => config,
    }
}
