//! A session that ended: said as what it is, editing goes on, and its person is let in again, but nobody else.

use std::time::Duration;

use sheaf_client::account::{Account, AccountError, Enrolment, Insist};
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_client::team::{self, TeamError};
use sheaf_client::{Clock, Profile, Replica, Status, session};
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::problem::Code;
use sheaf_protocol::secret::Secret;
use sheaf_stories::world::World;
use tempfile::TempDir;
use tokio::time::timeout;

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(120);
const PASSWORD: &str = "correct horse battery";

/// Somebody who is in the team.
struct Person {
    profile: Profile,
    vault: Vault,
    account: Account,
    replica: Replica,
    _folder: TempDir,
}

impl Person {
    async fn join(name: &str, link: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (profile, clock) = (Profile::open(folder.path())?, Clock::system());
        let vault = empty_keychain().await;
        let who = Enrolment {
            name: name.to_owned(),
            email: address(name),
            password: Secret::new(PASSWORD),
            device: profile.device(&clock)?,
            device_name: team::device_name(),
        };
        let insist = Insist::Encrypted;
        let (account, session) = Account::join(link, insist, who, vault.clone(), profile.folder()).await?;
        let replica = team::settle(&profile, &account, &session, insist, &clock).await?;
        replica.connect(team::relay(&account));
        let person = Self { profile, vault, account, replica, _folder: folder };
        person.until("in step", Status::is_synced).await?;
        Ok(person)
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<Account, TeamError> {
        let (password, vault) = (Secret::new(password), self.vault.clone());
        team::sign_in(&self.replica, &self.profile, address(name), password, vault).await
    }

    async fn until(&self, what: &str, stands: impl Fn(&Status) -> bool) -> anyhow::Result<()> {
        let mut status = self.replica.follow_status();
        let Ok(waited) = timeout(PATIENCE, status.wait_for(|status| stands(status))).await else {
            anyhow::bail!("never {what}: {:?}", self.replica.status());
        };
        waited?;
        Ok(())
    }
}

async fn empty_keychain() -> Vault {
    Vault::open(MemoryKeychain::default()).await
}

fn address(name: &str) -> String {
    format!("{}@example.org", name.to_lowercase())
}

fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

fn is_signed_out(status: &Status) -> bool {
    status.relay == Some(session::Status::SignedOut)
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_session_was_ended_is_signed_out_and_not_offline_and_writes_on() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let imke = Person::join("Imke", &world.owner_invitation(world.address())).await?;
    let document = imke.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    imke.until("in step", Status::is_synced).await?;

    imke.account.sign_out().await;
    imke.until("signed out", is_signed_out).await?;
    imke.replica.append(document, vec![paragraph("written meanwhile")], Origin::TYPED).await?;
    assert_eq!(imke.replica.status().waiting, 1, "what she writes is saved here and waits");

    let wrong = imke.sign_in("Imke", "incorrect horse").await.err();
    assert!(
        matches!(wrong, Some(TeamError::Account(AccountError::Refused { code: Code::CREDENTIALS, .. }))),
        "a wrong password is said to be one: {wrong:?}"
    );
    let account = imke.sign_in("Imke", PASSWORD).await?;
    imke.replica.connect(team::relay(&account));
    imke.until("in step", Status::is_synced).await?;
    let name = imke.replica.setting(team::TEAM).await?;
    assert_eq!(name.as_deref(), Some("Our team"), "a team has a name, though nobody gave it one");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keychain_a_restart_signs_out_and_a_password_signs_in_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut imke = Person::join("Imke", &world.owner_invitation(world.address())).await?;
    imke.replica.disconnect();
    imke.vault = empty_keychain().await;
    let account = team::resume(&imke.replica, &imke.profile, imke.vault.clone()).await?.expect("a team");
    imke.replica.connect(team::relay(&account));
    imke.until("signed out", is_signed_out).await?;

    let account = imke.sign_in("Imke", PASSWORD).await?;
    imke.replica.connect(team::relay(&account));
    imke.until("in step", Status::is_synced).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_cannot_sign_in_on_somebodys_device() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let imke = Person::join("Imke", &world.owner_invitation(world.address())).await?;
    let bo = Person::join("Bo", imke.account.invite().await?.link.expose()).await?;
    imke.account.sign_out().await;
    imke.until("signed out", is_signed_out).await?;
    let refused = imke.sign_in("Bo", PASSWORD).await.err();
    assert!(matches!(refused, Some(TeamError::OtherPerson)), "the device is Imke's: {refused:?}");
    assert!(bo.replica.status().is_synced(), "and Bo is where he was");
    imke.sign_in("Imke", PASSWORD).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_as_another_device_over_an_older_copy_writes_on_under_another_name() -> anyhow::Result<()>
{
    let world = World::begin().await?;
    let imke = Person::join("Imke", &world.owner_invitation(world.address())).await?;
    let document = imke.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    imke.until("in step", Status::is_synced).await?;
    let before = imke.replica.identity().author;
    imke.replica.stop().await;

    // A disk failed on the file that says which device this is.
    std::fs::remove_file(imke.profile.folder().join("profile.json"))?;
    let clock = Clock::system();
    let who = Enrolment {
        name: String::new(),
        email: address("Imke"),
        password: Secret::new(PASSWORD),
        device: imke.profile.device(&clock)?,
        device_name: team::device_name(),
    };
    let relay = imke.account.api().address().clone();
    let (insist, vault) = (Insist::Encrypted, empty_keychain().await);
    let (account, session) = Account::sign_in(relay, insist, who, vault, imke.profile.folder()).await?;
    assert_ne!(session.device, before.device, "it is another device to the relay");
    let replica = team::settle(&imke.profile, &account, &session, insist, &clock).await?;
    replica.append(document, vec![paragraph("and on")], Origin::TYPED).await?;
    replica.connect(team::relay(&account));
    let mut status = replica.follow_status();
    timeout(PATIENCE, status.wait_for(Status::is_synced)).await??;
    replica.stop().await;

    let workspace = session.workspace;
    let after = Replica::open(&imke.profile, workspace, clock).await?.identity().author;
    assert_ne!(after.replica, before.replica, "the old name is the old device's");
    assert_eq!((after.person, after.device), (before.person, session.device), "the same person goes on");
    let ada = Person::join("Ada", account.invite().await?.link.expose()).await?;
    assert_eq!(ada.replica.text(document).await?, "begun\nand on", "and everybody has all of it, once");
    Ok(())
}
