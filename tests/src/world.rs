//! A world for stories: a relay on a free port with a folder of its own, in this process.

use std::net::SocketAddr;
use std::path::Path;

use sheaf_relay::config::Bounds;
use sheaf_relay::storage::Role;
use sheaf_relay::{Config, Relay, RelayHandle};
use tempfile::TempDir;

/// A relay that a story starts, stops and starts again on the same folder and port.
pub struct World {
    folder: TempDir,
    address: SocketAddr,
    relay: Option<RelayHandle>,
    invitation: String,
    wishes: Wishes,
}

/// What a story's relay has of its own.
#[derive(Default)]
struct Wishes {
    /// What the team is called.
    team: Option<String>,
    /// The largest file.
    largest_file: Option<u64>,
}

impl World {
    /// Starts a relay from nothing.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn begin() -> anyhow::Result<Self> {
        Self::start(Wishes::default()).await
    }

    /// Starts a relay from nothing, for a team with a name.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn of(team: &str) -> anyhow::Result<Self> {
        Self::start(Wishes { team: Some(team.to_owned()), ..Wishes::default() }).await
    }

    /// Starts a relay from nothing that takes no file of more bytes.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn with_files_up_to(bytes: u64) -> anyhow::Result<Self> {
        Self::start(Wishes { largest_file: Some(bytes), ..Wishes::default() }).await
    }

    async fn start(wishes: Wishes) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let relay = Relay::start(config(folder.path(), "127.0.0.1:0".parse()?, &wishes)).await?;
        let invitation = relay.owner_invitation.clone().unwrap_or_default();
        Ok(Self { address: relay.addr, folder, relay: Some(relay), invitation, wishes })
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
        let config = config(self.folder.path(), self.address, &self.wishes);
        self.relay = Some(Relay::start(config).await?);
        Ok(())
    }
}

fn config(data: &Path, listen: SocketAddr, wishes: &Wishes) -> Config {
    let usual = Config::new(data);
    let largest_file = wishes.largest_file.unwrap_or(usual.bounds.largest_file);
    let name = wishes.team.clone().unwrap_or_else(|| usual.name.clone());
    Config { listen, name, bounds: Bounds { largest_file, ..usual.bounds }, ..usual }
}
