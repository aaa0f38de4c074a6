//! People who write with and without a line, on machines that crash: in the end everyone has every line.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::clock::Reading;
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_client::{
    Clock, Events, Profile, Replica, ReplicaError, ReplicaEvent, Status, chance, session, team,
};
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::frame::Here;
use sheaf_protocol::secret::Secret;
use sheaf_store::StoreError;
use sheaf_stories::line::Line;
use sheaf_stories::world::World;
use tempfile::TempDir;
use tokio::time::timeout;

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(120);

/// Somebody at a device of theirs, with a line to the relay.
struct Person {
    name: String,
    line: Line,
    profile: Profile,
    account: Account,
    workspace: WorkspaceId,
    clock: Clock,
    asleep: Arc<AtomicU64>,
    replica: Replica,
    _folder: TempDir,
}

impl Person {
    async fn join(name: &str, relay: SocketAddr, invitation: &str) -> anyhow::Result<Self> {
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
    async fn write(&self, document: DocumentId, words: &str) -> anyhow::Result<()> {
        Ok(self.replica.append(document, vec![paragraph(words)], Origin::TYPED).await?)
    }

    /// The process is gone from one moment to the next, and is started again.
    async fn crash(&mut self) -> anyhow::Result<()> {
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
    async fn until(&self, what: &str, stands: impl Fn(&Status) -> bool) -> anyhow::Result<()> {
        let mut status = self.replica.follow_status();
        let Ok(waited) = timeout(PATIENCE, status.wait_for(|status| stands(status))).await else {
            anyhow::bail!("{} never was {what}: {:?}", self.name, self.replica.status());
        };
        waited?;
        Ok(())
    }

    /// Waits until the document has all these lines.
    async fn has_all(&self, document: DocumentId, lines: &BTreeSet<String>) -> anyhow::Result<String> {
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

fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

async fn team(world: &World, names: &[&str]) -> anyhow::Result<Vec<Person>> {
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

/// Small steps from a seed, so that a story that went wrong can be told again.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        // Xorshift (Marsaglia): good enough to choose who crashes.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Everyone writes while lines are cut anywhere and machines crash; then the weather clears.
async fn through_bad_weather(names: &[&str], rounds: u32) -> anyhow::Result<()> {
    let given = std::env::var("SHEAF_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| u64::from_le_bytes(chance::bytes()) | 1);
    let told = told_from(Chance(seed), names, rounds).await;
    told.with_context(|| format!("SHEAF_SEED={seed} tells this story again"))
}

async fn told_from(mut chance: Chance, names: &[&str], rounds: u32) -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut people = team(&world, names).await?;
    let first = people.first().context("somebody begins")?;
    let document = first.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    let mut lines = BTreeSet::from(["begun".to_owned()]);
    for person in &people {
        person.has_all(document, &lines).await?;
    }
    for round in 0..rounds {
        for person in &mut people {
            match chance.below(5) {
                0 => person.line.cut(),
                1 => person.line.cut_after(u32::try_from(chance.below(6_000))?),
                2 => person.line.restore(),
                3 => person.crash().await?,
                _ => {}
            }
            let words = format!("{} in round {round}", person.name);
            person.write(document, &words).await?;
            lines.insert(words);
        }
    }
    for person in &people {
        person.line.restore();
    }
    let mut texts = BTreeSet::new();
    for person in &people {
        person.until("done sending", |status| status.waiting == 0).await?;
        texts.insert(person.has_all(document, &lines).await?);
    }
    ensure!(texts.len() == 1, "everyone reads the same: {texts:#?}");
    let text = texts.into_iter().next().unwrap_or_default();
    ensure!(text.lines().count() == lines.len(), "and no line twice:\n{text}");
    for person in &people {
        ensure!(person.replica.status().forks == 0, "nothing of {}'s was refused", person.name);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_lose_no_line_in_bad_weather() -> anyhow::Result<()> {
    through_bad_weather(&["Imke", "Tomás"], 12).await
}

#[tokio::test(flavor = "multi_thread")]
async fn five_people_lose_no_line_in_bad_weather() -> anyhow::Result<()> {
    through_bad_weather(&["Imke", "Tomás", "Ada", "Bo", "Chidi"], 6).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_that_slept_notices_that_its_line_is_dead() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let document = imke.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    imke.until("in step", Status::is_synced).await?;

    imke.line.go_silent();
    tomás.has_all(document, &["begun".to_owned()].into()).await?;
    tomás.write(document, "while Imke's laptop slept").await?;
    imke.asleep.fetch_add(3_600_000, Ordering::SeqCst);
    imke.until("aware of the sleep", |status| {
        matches!(status.relay, Some(session::Status::Offline { .. } | session::Status::Connecting))
    })
    .await?;
    imke.line.restore();
    imke.has_all(document, &["while Imke's laptop slept".to_owned()].into()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_stops_and_starts_is_found_again() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let document = people[0].replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    people[0].until("in step", Status::is_synced).await?;
    world.stop_relay().await?;
    people[0]
        .until("offline", |status| matches!(status.relay, Some(session::Status::Offline { .. })))
        .await?;
    people[0].write(document, "written alone").await?;
    world.start_relay().await?;
    let lines = ["begun", "written alone"].map(str::to_owned).into();
    people[1].has_all(document, &lines).await?;
    people[0].until("in step again", Status::is_synced).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caret_is_seen_until_its_person_leaves() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let document = imke.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    tomás.has_all(document, &["begun".to_owned()].into()).await?;
    let ((hers, _), (his, mut events)) = (imke.replica.watch(), tomás.replica.watch());
    hers.open(document).await?;
    his.open(document).await?;
    hers.set_caret(Some(document), "behind the second word".into());

    let here = people_in(document, &["Imke"], &mut events).await.context("Tomás never saw Imke")?;
    let caret = here.first().and_then(|person| person.caret.clone());
    assert_eq!(caret.as_deref(), Some(&b"behind the second word"[..]), "her caret, as her editor wrote it");
    imke.replica.disconnect();
    people_in(document, &[], &mut events).await.context("Tomás never saw Imke leave")?;
    Ok(())
}

/// Waits until just these people are in a document.
async fn people_in(document: DocumentId, names: &[&str], events: &mut Events) -> anyhow::Result<Vec<Here>> {
    loop {
        let event = timeout(PATIENCE, events.next()).await?.context("the replica ended")?;
        if let ReplicaEvent::People { document: Some(at), people } = event
            && at == document
            && people.iter().map(|person| person.name.as_str()).eq(names.iter().copied())
        {
            return Ok(people);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_profile_loses_no_line_of_either_copy() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let document = imke.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    imke.until("in step", Status::is_synced).await?;
    imke.replica.stop().await;

    let attic = tempfile::tempdir()?;
    let copied = Profile::open(attic.path())?;
    let (from, to) = (imke.profile.database(imke.workspace), copied.database(imke.workspace));
    std::fs::create_dir_all(to.parent().context("a folder")?)?;
    for ending in ["", "-wal"] {
        let beside = |path: &std::path::Path| format!("{}{ending}", path.display());
        if std::path::Path::new(&beside(&from)).exists() {
            std::fs::copy(beside(&from), beside(&to))?;
        }
    }
    let first = Replica::open(&imke.profile, imke.workspace, imke.clock.clone()).await?;
    let second = Replica::open(&copied, imke.workspace, imke.clock.clone()).await?;
    first.append(document, vec![paragraph("on the old machine")], Origin::TYPED).await?;
    second.append(document, vec![paragraph("on the restored one")], Origin::TYPED).await?;
    first.connect(team::relay(&imke.account));
    second.connect(team::relay(&imke.account));
    let lines = ["begun", "on the old machine", "on the restored one"].map(str::to_owned).into();
    tomás.has_all(document, &lines).await?;
    Ok(())
}
