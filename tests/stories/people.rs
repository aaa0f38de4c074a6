//! People at devices of their own, each with a line to the relay that can be cut.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::clock::Reading;
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_client::{Clock, Profile, Replica, ReplicaError, Status, team};
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::secret::Secret;
use sheaf_store::StoreError;
use sheaf_stories::line::Line;
use sheaf_stories::world::World;
use tempfile::TempDir;
use tokio::time::timeout;

/// Whatever takes longer than this will never happen.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Somebody at a device of theirs, with a line to the relay.
pub struct Person {
    pub name: String,
    pub line: Line,
    pub profile: Profile,
    pub account: Account,
    pub workspace: WorkspaceId,
    pub clock: Clock,
    pub asleep: Arc<AtomicU64>,
    pub replica: Replica,
    _folder: TempDir,
}

impl Person {
    /// Takes an invitation and begins to sync.
    pub async fn join(name: &str, relay: SocketAddr, invitation: &str) -> anyhow::Result<Self> {
        let line = Line::to(relay).await?;
        let folder = tempfile::tempdir()?;
        let profile = Profile::open(folder.path())?;
        let (clock, asleep) = clock_that_can_sleep();
        let enrolment = Enrolment {
            name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase()),
            password: Secret::new("correct horse battery"),
            device: profile.device(&clock)?,
            device_name: format!("{name}'s desk"),
        };
        let link = invitation.replace(&relay.to_string(), &line.address().to_string());
        let keychain = Vault::open(MemoryKeychain::default()).await;
        let (account, session) =
            Account::join(&link, Insist::Encrypted, enrolment, keychain, profile.folder()).await?;
        let workspace = session.workspace;
        profile.join(workspace, session.person, session.device, &clock)?;
        let replica = Replica::open(&profile, workspace, clock.clone()).await?;
        replica.connect(team::relay(&account));
        let name = name.to_owned();
        Ok(Self { name, line, profile, account, workspace, clock, asleep, replica, _folder: folder })
    }

    /// Writes one line.
    pub async fn write(&self, document: DocumentId, words: &str) -> anyhow::Result<()> {
        Ok(self.replica.append(document, vec![paragraph(words)], Origin::TYPED).await?)
    }

    /// The replica is dropped as it stands, with all that it was about to do, and is opened again.
    pub async fn crash(&mut self) -> anyhow::Result<()> {
        let beside = tempfile::tempdir()?;
        let nothing = Profile::open(beside.path())?;
        let placeholder = nothing.begin(&self.clock)?;
        // Dropping the handle stops the engine wherever it is.
        self.replica = Replica::open(&nothing, placeholder, self.clock.clone()).await?;
        self.replica = loop {
            match Replica::open(&self.profile, self.workspace, self.clock.clone()).await {
                Ok(replica) => break replica,
                Err(ReplicaError::Store(StoreError::Locked)) => tokio::task::yield_now().await,
                Err(error) => return Err(error.into()),
            }
        };
        self.replica.connect(team::relay(&self.account));
        Ok(())
    }

    /// Waits until things stand so.
    pub async fn until(&self, what: &str, stands: impl Fn(&Status) -> bool) -> anyhow::Result<()> {
        let mut status = self.replica.follow_status();
        let Ok(waited) = timeout(PATIENCE, status.wait_for(|status| stands(status))).await else {
            anyhow::bail!("{} never was {what}: {:?}", self.name, self.replica.status());
        };
        waited?;
        Ok(())
    }

    /// Waits until the document has all these lines.
    pub async fn has_all(&self, document: DocumentId, lines: &BTreeSet<String>) -> anyhow::Result<String> {
        let (_watcher, mut events) = self.replica.watch();
        let mut status = self.replica.follow_status();
        loop {
            let text = self.replica.text(document).await.unwrap_or_default();
            let here: BTreeSet<_> = text.lines().map(str::to_owned).collect();
            if here.is_superset(lines) {
                return Ok(text);
            }
            let next = async {
                tokio::select! {
                    _ = events.next() => {}
                    _ = status.changed() => {}
                }
            };
            if timeout(PATIENCE, next).await.is_err() {
                let missing: Vec<_> = lines.difference(&here).collect();
                anyhow::bail!("{} never got {missing:?}: {:?}", self.name, self.replica.status());
            }
        }
    }
}

/// A wall clock that can be set forward, as sleep does; the other clock stands still meanwhile.
fn clock_that_can_sleep() -> (Clock, Arc<AtomicU64>) {
    let (system, asleep) = (Clock::system(), Arc::new(AtomicU64::new(0)));
    let slept = asleep.clone();
    let read = move || {
        let now = system.read();
        Reading { wall: now.wall + slept.load(Ordering::SeqCst), ..now }
    };
    (Clock::new(read), asleep)
}

/// A line of text.
pub fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

/// People who join one workspace, the first as its owner, each over a line of their own.
pub async fn team(world: &World, names: &[&str]) -> anyhow::Result<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    for name in names {
        let link = match people.first() {
            None => world.owner_invitation(world.address()),
            Some(owner) => {
                let link = owner.account.invite().await?.link.expose().to_owned();
                // The invitation leads to the relay itself; each takes it over a line of their own.
                link.replace(&owner.line.address().to_string(), &world.address().to_string())
            }
        };
        people.push(Person::join(name, world.address(), &link).await?);
    }
    Ok(people)
}
