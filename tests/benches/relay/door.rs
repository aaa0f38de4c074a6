//! Coming in: the account that a relay's owner makes, and a line for each replica of it.

use bytes::Bytes;
use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::chance;
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_document::ids::{DeviceId, ReplicaId};
use sheaf_protocol::codec::{self, Side};
use sheaf_protocol::cut::Joiner;
use sheaf_protocol::frame::{CatchUp, Frame, Hello, Page};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::rest::{Session, path};
use sheaf_protocol::secret::Secret;
use tokio::io::AsyncWriteExt as _;
use tokio::net::tcp::OwnedWriteHalf;

use super::server::{Kind, Server};
use super::wire::{self, Incoming};

/// The way in to one server.
pub struct Door<'a> {
    /// The server.
    pub server: &'a Server,
    /// The workspace and the right to enter it; the bare broadcast asks for none.
    pub session: Option<Session>,
}

/// A client's two ends of a line.
pub struct Line {
    /// What arrives.
    pub ears: Ears,
    /// What leaves.
    pub mouth: OwnedWriteHalf,
}

/// The end of a line where frames arrive.
pub struct Ears {
    incoming: Incoming,
    joiner: Joiner,
}

impl<'a> Door<'a> {
    /// Finds the way in; a relay's owner joins it. Every client is a replica of that person's one device.
    pub async fn find(server: &'a Server) -> anyhow::Result<Self> {
        let session = match server.kind {
            Kind::Bare => None,
            Kind::Relay => Some(join(&server.invitation).await?),
        };
        Ok(Self { server, session })
    }

    /// Connects a replica that holds nothing yet.
    pub async fn enter(&self, replica: ReplicaId) -> anyhow::Result<Line> {
        let (incoming, mouth) = wire::open(self.server.address, path::SOCKET).await?;
        let mut line = Line { ears: Ears { incoming, joiner: Joiner::new() }, mouth };
        if let Some(session) = &self.session {
            let offer = Offer::ours((1, 1));
            let hello = Hello {
                versions: offer.versions,
                features: offer.features,
                schemas: offer.schemas,
                token: Some(session.access.clone()),
                workspace: session.workspace,
                replica,
                epoch: None,
                cursor: 0,
                trace: 0,
            };
            line.say(&Frame::Hello(hello)).await?;
            while !matches!(line.ears.hear().await?, Frame::Welcome(_)) {}
        }
        Ok(line)
    }

    /// Connects a replica and brings it up to date, so that it follows from now on.
    pub async fn follow(&self, replica: ReplicaId) -> anyhow::Result<Line> {
        let mut line = self.enter(replica).await?;
        if self.session.is_some() {
            line.catch_up(0, |_| Ok(())).await?;
        }
        Ok(line)
    }
}

impl Line {
    /// Sends a frame.
    pub async fn say(&mut self, frame: &Frame) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        wire::append(&codec::encode(frame), &mut bytes);
        self.mouth.write_all(&bytes).await
    }

    /// Reads everything after this number, page by page, and returns how often it had to ask.
    pub async fn catch_up(
        &mut self,
        since: u64,
        mut take: impl FnMut(Page) -> anyhow::Result<()>,
    ) -> anyhow::Result<usize> {
        self.say(&Frame::CatchUp(CatchUp { since, held: vec![], first: vec![] })).await?;
        let mut asked = 1;
        loop {
            if let Frame::Page(page) = self.ears.hear().await? {
                let more = page.more;
                take(page)?;
                if !more {
                    return Ok(asked);
                }
                self.say(&Frame::More).await?;
                asked += 1;
            }
        }
    }
}

impl Ears {
    /// Returns the next message as it is.
    pub async fn message(&mut self) -> std::io::Result<Bytes> {
        self.incoming.message().await
    }

    /// Returns the next frame.
    pub async fn hear(&mut self) -> anyhow::Result<Frame> {
        loop {
            let message = self.message().await?;
            let Some(whole) = self.joiner.push(message)? else { continue };
            match codec::decode(whole, Side::Relay)? {
                Frame::Goodbye(goodbye) => anyhow::bail!("the relay said goodbye: {goodbye:?}"),
                frame => return Ok(frame),
            }
        }
    }
}

async fn join(invitation: &str) -> anyhow::Result<Session> {
    let who = Enrolment {
        name: "Ada".into(),
        email: "ada@example.org".into(),
        password: Secret::new("correct horse battery"),
        device: DeviceId::from_bytes(chance::bytes()),
        device_name: "desk".into(),
    };
    let (vault, folder) = (Vault::open(MemoryKeychain::default()).await, tempfile::tempdir()?);
    let (_, session) = Account::join(invitation, Insist::Encrypted, who, vault, folder.path()).await?;
    Ok(session)
}
