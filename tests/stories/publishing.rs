//! A workspace that somebody wrote alone comes to a relay: under its own ids, whatever interrupts it, and never in place of
//! somebody else's.

use std::time::Duration;

use anyhow::Context as _;
use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_client::{Clock, Place, Profile, Replica, Status, publish, team};
use sheaf_document::ids::DocumentId;
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::rest::Claim;
use sheaf_protocol::secret::Secret;
use sheaf_stories::line::Line;
use sheaf_stories::world::World;
use tempfile::TempDir;
use tokio::time::timeout;

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(120);
/// Enough lines for a line to break in the midst of them.
const LINES: u32 = 400;

/// Somebody at a device of theirs.
struct Person {
    name: &'static str,
    profile: Profile,
    vault: Vault,
    clock: Clock,
    replica: Replica,
    _folder: TempDir,
}

impl Person {
    /// Somebody starts Sheaf for the first time.
    async fn alone(name: &'static str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (profile, clock) = (Profile::open(folder.path())?, Clock::system());
        let vault = Vault::open(MemoryKeychain::default()).await;
        let replica = Replica::open(&profile, profile.begin(&clock)?, clock.clone()).await?;
        Ok(Self { name, profile, vault, clock, replica, _folder: folder })
    }

    fn enrolment(&self) -> anyhow::Result<Enrolment> {
        Ok(Enrolment {
            name: self.name.to_owned(),
            email: format!("{}@example.org", self.name.to_lowercase()),
            password: Secret::new("correct horse battery"),
            device: self.profile.device(&self.clock)?,
            device_name: "desk".to_owned(),
        })
    }

    /// Publishes, as far as the relay's answer.
    async fn publish(&self, link: &str) -> anyhow::Result<Account> {
        let (who, vault) = (self.enrolment()?, self.vault.clone());
        let published =
            publish::begin(&self.replica, &self.profile, link, Insist::Encrypted, who, vault, &self.clock)
                .await?;
        Ok(published.0)
    }

    /// Starts Sheaf again, on whatever workspace is the profile's now, and lets it reach for its relay.
    async fn start_again(&mut self) -> anyhow::Result<()> {
        self.replica.stop().await;
        let workspace = self.profile.begin(&self.clock)?;
        self.replica = Replica::open(&self.profile, workspace, self.clock.clone()).await?;
        publish::go_on(&self.replica, &self.profile).await?;
        let account = team::resume(&self.replica, &self.profile, self.vault.clone()).await?;
        self.replica.connect(team::relay(&account.context("the workspace has a relay")?));
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

    async fn titles(&self) -> anyhow::Result<Vec<(DocumentId, String)>> {
        let mut titles: Vec<_> =
            self.replica.documents().await?.into_iter().map(|row| (row.id, row.title)).collect();
        titles.sort();
        Ok(titles)
    }
}

fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn imke_publishes_over_a_bad_line_and_everything_keeps_its_name() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let line = Line::to(world.address()).await?;
    let mut imke = Person::alone("Imke").await?;
    let minutes = imke.replica.create("Minutes", vec![paragraph("line 0")], Origin::TYPED).await?;
    for number in 1..LINES {
        imke.replica.append(minutes, vec![paragraph(&format!("line {number}"))], Origin::TYPED).await?;
    }
    let (before, titles) = (imke.replica.identity(), imke.titles().await?);
    let everything = imke.replica.status().waiting;
    assert!(everything >= u64::from(LINES), "all that was ever written here waits for a relay: {everything}");

    let account = imke.publish(&world.owner_invitation(line.address())).await?;
    for bytes in [6_000, 8_000, 10_000] {
        line.cut_after(bytes);
        imke.replica.connect(team::relay(&account));
        imke.until("offline", |status| {
            matches!(status.relay, Some(sheaf_client::session::Status::Offline { .. }))
        })
        .await?;
        line.restore();
    }
    let waiting = imke.replica.status().waiting;
    assert!(waiting > 0, "the line broke in the middle, and the status says how much still waits: {waiting}");

    line.cut();
    imke.start_again().await?;
    assert!(imke.replica.status().waiting > 0, "a new start knows what still waits");
    line.restore();
    imke.until("in step", Status::is_synced).await?;
    assert_eq!(imke.replica.identity(), before, "workspace, person, device and replica are who they were");
    assert_eq!(imke.titles().await?, titles, "and so is every document");

    let mut tomas = Person::alone("Tomas").await?;
    let invitation = account.invite().await?.link;
    let (who, vault) = (tomas.enrolment()?, tomas.vault.clone());
    let (his, session) =
        Account::join(invitation.expose(), Insist::Encrypted, who, vault, tomas.profile.folder()).await?;
    assert_eq!(session.workspace, before.workspace, "Tomás is in Imke's workspace");
    team::settle(&tomas.profile, &his, &session, Insist::Encrypted, &tomas.clock).await?.stop().await;
    tomas.profile.remember(session.workspace, &tomas.clock)?;
    tomas.start_again().await?;
    tomas.until("in step", Status::is_synced).await?;
    let ids = |titles: &[(DocumentId, String)]| titles.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    assert_eq!(ids(&tomas.titles().await?), ids(&titles), "he has every document");
    let (hers, read) = (imke.replica.text(minutes).await?, tomas.replica.text(minutes).await?);
    assert_eq!(read, hers, "and reads every line");
    assert_eq!(read.lines().count(), LINES as usize, "none of them twice");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_does_not_lock_the_owner_out() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let line = Line::to(world.address()).await?;
    let imke = Person::alone("Imke").await?;
    let link = world.owner_invitation(line.address());
    // Enough for the question and too little for the answer, wherever that begins: one of these loses it.
    let mut attempts = 0;
    for bytes in (900..1_600).step_by(50) {
        line.cut_after(bytes);
        attempts += 1;
        let published = imke.publish(&link).await;
        line.restore();
        if published.is_ok() {
            break;
        }
    }
    assert!(attempts > 1, "the line lost something: {attempts}");
    let account = imke.publish(&link).await.context("the same link and password again")?;
    imke.replica.connect(team::relay(&account));
    imke.until("in step", Status::is_synced).await?;
    assert_eq!(account.workspace().await?.people.len(), 1, "she is there once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_with_a_team_on_it_keeps_its_workspace_and_takes_the_documents() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (imke, mut bo) = (Person::alone("Imke").await?, Person::alone("Bo").await?);
    let account = imke.publish(&world.owner_invitation(world.address())).await?;
    imke.replica.connect(team::relay(&account));
    imke.until("in step", Status::is_synced).await?;

    let soups = bo.replica.create("Soups", vec![], Origin::TYPED).await?;
    let words = vec![paragraph("leeks, saffron")];
    let recipe = bo.replica.create_in(Some(soups), Place::Last, "Fish soup", words, Origin::TYPED).await?;
    bo.replica.set_icon(recipe, "🐟".to_owned()).await?;
    bo.replica.favourite(recipe, true).await?;
    let alone = bo.replica.identity();
    bo.publish(account.invite().await?.link.expose()).await?;
    bo.start_again().await?;
    bo.until("in step", Status::is_synced).await?;
    let here = bo.replica.identity();
    assert_eq!(here.workspace, imke.replica.identity().workspace, "Bo is in the team's workspace now");
    assert_ne!(here.author.person, alone.author.person, "a claim is nothing on a relay that somebody uses");
    assert!(bo.replica.text(recipe).await?.contains("saffron"), "his document came along, under its id");
    assert!(bo.profile.workspaces()?.contains(&alone.workspace), "and his own workspace is where it was");

    imke.until("in step", Status::is_synced).await?;
    let mut status = imke.replica.follow_status();
    while imke.replica.text(recipe).await.is_err() {
        timeout(PATIENCE, status.changed()).await.context("Imke never got Bo's document")??;
    }
    let (_watcher, mut events) = imke.replica.watch();
    while imke.replica.path(recipe).await?.len() < 2 {
        timeout(PATIENCE, events.next()).await.context("Imke never saw where it stands")?;
    }
    for person in [&imke, &bo] {
        let path: Vec<_> = person.replica.path(recipe).await?.into_iter().map(|(id, ..)| id).collect();
        assert_eq!(path, [soups, recipe], "{} finds it where it stood", person.name);
        let row = person.replica.places(vec![recipe]).await?.remove(0);
        let is_bo = person.name == bo.name;
        assert_eq!((row.icon.as_str(), row.favourite), ("🐟", is_bo), "what he keeps at hand is his");
        let names: Vec<_> = person.replica.members().await?.into_iter().map(|member| member.name).collect();
        assert_eq!(names, ["Bo", "Imke"], "and they know each other by name");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_brought_along_comes_at_the_next_start() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (imke, mut bo) = (Person::alone("Imke").await?, Person::alone("Bo").await?);
    let account = imke.publish(&world.owner_invitation(world.address())).await?;
    let recipe = bo.replica.create("Fish soup", vec![paragraph("leeks, saffron")], Origin::TYPED).await?;
    let database = bo.profile.database(bo.replica.identity().workspace);
    bo.publish(account.invite().await?.link.expose()).await?;
    bo.replica.stop().await;

    let sound = std::fs::read(&database)?;
    std::fs::write(&database, b"a disk that went wrong")?;
    let started = bo.start_again().await;
    assert!(started.is_err(), "Bo is told that his document did not come over");
    let account = team::resume(&bo.replica, &bo.profile, bo.vault.clone()).await?;
    bo.replica.connect(team::relay(&account.context("the workspace has a relay")?));
    bo.until("in step", Status::is_synced).await?;
    assert!(bo.replica.text(recipe).await.is_err(), "the team's workspace is open all the same");

    std::fs::write(&database, sound)?;
    bo.start_again().await?;
    bo.until("in step", Status::is_synced).await?;
    assert!(bo.replica.text(recipe).await?.contains("saffron"), "and what was planned is done");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_over_a_person_or_a_workspace_by_claiming_it() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let (imke, mallory) = (Person::alone("Imke").await?, Person::alone("Mallory").await?);
    let account = imke.publish(&world.owner_invitation(world.address())).await?;
    let hers = imke.replica.identity();
    let claim = Claim { workspace: hers.workspace, person: hers.author.person };
    let owners = world.owner_again(world.address())?;
    let members = account.invite().await?.link.expose().to_owned();
    for (link, name) in [(owners, "Mallory"), (members, "Mal")] {
        let who = Enrolment {
            email: format!("{name}@example.org"),
            device: sheaf_document::ids::DeviceId::from_bytes(sheaf_client::chance::bytes()),
            ..mallory.enrolment()?
        };
        let (vault, folder) = (mallory.vault.clone(), mallory.profile.folder());
        let joined = Account::join_with(claim, &link, Insist::Encrypted, who, vault, folder).await?;
        assert_ne!(joined.1.person, hers.author.person, "{name} is a new person, whatever they claim");
    }
    assert_eq!(account.workspace().await?.people.len(), 3, "three people, Imke still one of them");
    Ok(())
}
