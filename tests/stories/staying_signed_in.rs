//! What must not sign anybody out: a shared keychain, a wrong relay, a gateway, a sleep, a proxy.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sheaf_client::account::{Account, AccountError, Enrolment, Insist};
use sheaf_client::chance;
use sheaf_client::keychain::{Keychain, MemoryKeychain, Trouble, Vault};
use sheaf_document::ids::{DeviceId, PersonId, WorkspaceId};
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Invitation, Problem, RelayAddress, Role, Session};
use sheaf_protocol::secret::Secret;
use sheaf_stories::world::World;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;

/// Somebody at a profile of theirs.
fn person(name: &str) -> Enrolment {
    Enrolment {
        name: name.into(),
        email: format!("{}@example.org", name.to_lowercase()),
        password: Secret::new("correct horse battery"),
        device: DeviceId::from_bytes(chance::bytes()),
        device_name: "the desk by the window".into(),
    }
}

async fn keychain() -> Vault {
    Vault::open(MemoryKeychain::default()).await
}

fn address(of: SocketAddr) -> RelayAddress {
    RelayAddress::parse(&format!("http://{of}")).expect("an address")
}

#[tokio::test]
async fn two_profiles_of_one_desktop_share_a_keychain_and_each_stays_themselves() -> anyhow::Result<()> {
    let (world, keychain) = (World::begin().await?, keychain().await);
    let (hers, his) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let link = world.owner_invitation(world.address());
    let (ada, ada_is) =
        Account::join(&link, Insist::Encrypted, person("Ada"), keychain.clone(), hers.path()).await?;
    let link = ada.invite().await?.link;
    let (_, bo_is) =
        Account::join(link.expose(), Insist::Encrypted, person("Bo"), keychain.clone(), his.path()).await?;
    assert_eq!(ada_is.workspace, bo_is.workspace, "both are in one workspace");

    let resume = |session: &Session, folder: &Path| {
        let (address, keychain) = (address(world.address()), keychain.clone());
        Account::resume(address, Insist::Encrypted, session.workspace, session.device, keychain, folder)
    };
    resume(&bo_is, his.path())?.sign_out().await;
    let ada = resume(&ada_is, hers.path())?.access(false).await;
    assert!(ada.is_ok(), "Bo has left, Ada has not: {:?}", ada.err());
    Ok(())
}

#[tokio::test]
async fn a_relay_that_does_not_answer_holds_up_nobody_at_another() -> anyhow::Result<()> {
    let (crew, choir) = (World::begin().await?, World::begin().await?);
    let (keychain, folder, ada) = (keychain().await, tempfile::tempdir()?, person("Ada"));
    let join = async |world: &World| {
        let link = world.owner_invitation(world.address());
        Account::join(&link, Insist::Encrypted, ada.clone(), keychain.clone(), folder.path()).await
    };
    let ((at_crew, _), (_, session)) = (join(&crew).await?, join(&choir).await?);

    let mute = TcpListener::bind("127.0.0.1:0").await?;
    let (workspace, device) = (session.workspace, session.device);
    let (at, profile) = (address(mute.local_addr()?), folder.path());
    let at_choir = Account::resume(at, Insist::Encrypted, workspace, device, keychain.clone(), profile)?;
    let asking = tokio::spawn(async move { at_choir.access(true).await });
    let _unanswered = mute.accept().await?;
    let access = timeout(Duration::from_secs(20), at_crew.access(true)).await;
    assert!(access.is_ok_and(|access| access.is_ok()), "the crew's relay is there for her all the same");
    asking.abort();
    Ok(())
}

#[tokio::test]
async fn a_wrong_relay_at_the_address_costs_nothing_once_the_right_one_is_back() -> anyhow::Result<()> {
    let (ours, other) = (World::begin().await?, World::begin().await?);
    let (keychain, folder) = (keychain().await, tempfile::tempdir()?);
    let link = ours.owner_invitation(ours.address());
    let (_, session) =
        Account::join(&link, Insist::Encrypted, person("Ada"), keychain.clone(), folder.path()).await?;
    let (workspace, device) = (session.workspace, session.device);
    let at = |relay: SocketAddr| {
        let (keychain, profile) = (keychain.clone(), folder.path());
        Account::resume(address(relay), Insist::Encrypted, workspace, device, keychain, profile)
    };
    for _ in 0..3 {
        let refused = at(other.address())?.access(true).await;
        assert!(matches!(refused, Err(AccountError::SignedOut)), "an empty relay knows nobody");
    }
    at(ours.address())?
        .access(true)
        .await
        .expect("the operator puts the right folder back: Ada is signed in");
    Ok(())
}

/// A keychain that can be locked.
#[derive(Clone, Default)]
struct Lockable {
    inside: Arc<MemoryKeychain>,
    locked: Arc<AtomicBool>,
}

impl Lockable {
    fn inside(&self) -> Result<&MemoryKeychain, Trouble> {
        if self.locked.load(Ordering::SeqCst) { Err(Trouble::Locked) } else { Ok(&self.inside) }
    }
}

impl Keychain for Lockable {
    fn read(&self, name: &str) -> Result<Option<Secret>, Trouble> {
        self.inside()?.read(name)
    }
    fn write(&self, name: &str, secret: &Secret) -> Result<(), Trouble> {
        self.inside()?.write(name, secret)
    }
    fn forget(&self, name: &str) -> Result<(), Trouble> {
        self.inside()?.forget(name)
    }
}

#[tokio::test]
async fn a_keychain_that_is_locked_for_a_while_signs_nobody_out() -> anyhow::Result<()> {
    let (world, folder, keychain) = (World::begin().await?, tempfile::tempdir()?, Lockable::default());
    let vault = Vault::open(keychain.clone()).await;
    let link = world.owner_invitation(world.address());
    let (account, session) =
        Account::join(&link, Insist::Encrypted, person("Ada"), vault.clone(), folder.path()).await?;
    let start = |vault: Vault| {
        let (workspace, device) = (session.workspace, session.device);
        let address = address(world.address());
        Account::resume(address, Insist::Encrypted, workspace, device, vault, folder.path())
    };
    keychain.locked.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        account.access(true).await.expect("her session goes on, in memory");
    }
    assert_eq!(vault.trouble(), Some(Trouble::Locked), "she is told why it may not outlast the app");
    keychain.locked.store(false, Ordering::SeqCst);
    account.access(true).await.expect("and on");
    assert_eq!(vault.trouble(), None, "all is well again");
    start(Vault::open(keychain.clone()).await)?.access(false).await.expect("also after the next start");

    let just_started = start(Vault::open(keychain.clone()).await)?;
    keychain.locked.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        let waits = just_started.access(false).await;
        assert!(matches!(waits, Err(AccountError::Keychain(Trouble::Locked))), "nobody knows yet: {waits:?}");
    }
    keychain.locked.store(false, Ordering::SeqCst);
    just_started.access(false).await.expect("she unlocks it, and is signed in as ever");
    Ok(())
}

/// Returns the address of something that answers one request after the other with these.
async fn answering(answers: Vec<String>) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let _ = stream.read(&mut [0; 16384]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    Ok(address)
}

fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_gateway_without_its_relay_is_no_stranger() -> anyhow::Result<()> {
    let gateway = answering(vec![answer("502 Bad Gateway", "<h1>502</h1>")]).await?;
    let folder = tempfile::tempdir()?;
    let link = format!("http://{gateway}/join#{}", "a".repeat(43));
    let joined =
        Account::join(&link, Insist::Encrypted, person("Ada"), keychain().await, folder.path()).await;
    let Err(error) = joined else { panic!("nobody can join through a gateway alone") };
    assert!(
        matches!(error, AccountError::Unreachable(_)),
        "the relay is away and will be back, not: {error}"
    );
    Ok(())
}

#[tokio::test]
async fn a_token_that_ended_while_the_machine_slept_is_replaced_without_a_word() -> anyhow::Result<()> {
    let (workspace, device) = (WorkspaceId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
    let session = |token: &str| {
        let session = Session {
            access: Secret::new(token),
            expires_in: 600,
            workspace,
            person: PersonId::from_bytes([3; 16]),
            name: "Ada".into(),
            role: Role::Owner,
            device,
        };
        serde_json::to_string(&session).map(|body| answer("200 OK", &body))
    };
    let health = r#"{"service":"sheaf-relay","release":"1.0.0","versions":[1,1]}"#;
    let lapsed = serde_json::to_string(&Problem::new(Code::UNAUTHENTICATED))?;
    let invitation = Invitation { link: Secret::new("a link"), expires_at: 0 };
    let relay = answering(vec![
        answer("200 OK", health),
        session("from before the sleep")?,
        answer("401 Unauthorized", &lapsed),
        session("fresh")?,
        answer("200 OK", &serde_json::to_string(&invitation)?),
    ])
    .await?;
    let folder = tempfile::tempdir()?;
    let link = format!("http://{relay}/join#{}", "a".repeat(43));
    let (account, _) =
        Account::join(&link, Insist::Encrypted, person("Ada"), keychain().await, folder.path()).await?;
    let invited = account.invite().await;
    assert_eq!(invited.ok(), Some(invitation), "a token that lapsed is no reason to bother a person");
    Ok(())
}

#[test]
fn what_is_meant_for_this_machine_is_not_handed_to_a_proxy() -> anyhow::Result<()> {
    let story = "accounts::an_invited_colleague_sees_the_same_workspace";
    let output = std::process::Command::new(std::env::current_exe()?)
        .args(["--exact", story])
        .env("http_proxy", "http://127.0.0.1:1")
        .env("all_proxy", "http://127.0.0.1:1")
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "passwords in plain http stay here:\n{said}"
    );
    Ok(())
}
