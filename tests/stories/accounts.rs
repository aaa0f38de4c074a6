//! Joining, signing in, refreshing over a line that loses answers, and what people are told when it does not work.

use std::net::SocketAddr;

use sheaf_client::account::{Account, AccountError, Enrolment, Insist};
use sheaf_client::chance;
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_document::ids::DeviceId;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::RelayAddress;
use sheaf_protocol::secret::Secret;
use sheaf_stories::line::Line;
use sheaf_stories::world::World;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::people::Person;
use crate::terminal::Terminal;

/// Ada at a device of hers.
fn ada() -> Enrolment {
    Enrolment {
        name: "Ada".into(),
        email: "ada@example.org".into(),
        password: Secret::new("correct horse battery"),
        device: DeviceId::from_bytes(chance::bytes()),
        device_name: "Ada's desk".into(),
    }
}

async fn vault() -> Vault {
    Vault::open(MemoryKeychain::default()).await
}

/// Returns the code that a relay refused with.
fn code(refused: Result<impl Sized, AccountError>) -> Code {
    match refused {
        Err(AccountError::Refused { code, .. }) => code,
        Err(other) => panic!("expected a refusal, not: {other}"),
        Ok(_) => panic!("expected a refusal"),
    }
}

#[tokio::test]
async fn ada_joins_once_with_her_invitation_and_signs_in_again_with_her_password() -> anyhow::Result<()> {
    let (world, folder) = (World::begin().await?, tempfile::tempdir()?);
    let link = world.owner_invitation(world.address());
    let (account, session) =
        Account::join(&link, Insist::Encrypted, ada(), vault().await, folder.path()).await?;
    assert_eq!(session.name, "Ada", "the relay knows her by her name");
    assert_eq!(account.access(false).await?, session.access, "the first token is used while it lasts");

    let bo = Enrolment { name: "Bo".into(), email: "bo@example.org".into(), ..ada() };
    let again = Account::join(&link, Insist::Encrypted, bo, vault().await, folder.path()).await;
    assert_eq!(code(again), Code::INVITATION, "an invitation is for one person, once");
    let tablet = Account::join(&link, Insist::Encrypted, ada(), vault().await, folder.path()).await?;
    assert_eq!(tablet.1.person, session.person, "the person who used it is let in with it by their password");

    let address = RelayAddress::parse(&format!("http://{}", world.address())).expect("an address");
    let sign_in = |who| async {
        Account::sign_in(address.clone(), Insist::Encrypted, who, vault().await, folder.path()).await
    };
    assert!(sign_in(ada()).await.is_ok(), "her password opens another device");
    let wrong = Enrolment { password: Secret::new("incorrect horse"), ..ada() };
    assert_eq!(code(sign_in(wrong).await), Code::CREDENTIALS, "a wrong one does not");
    let stranger = Enrolment { email: "eve@example.org".into(), ..ada() };
    assert_eq!(
        code(sign_in(stranger).await),
        Code::CREDENTIALS,
        "and nobody learns which addresses have accounts"
    );
    Ok(())
}

#[tokio::test]
async fn an_invited_colleague_sees_the_same_workspace() -> anyhow::Result<()> {
    let (world, folder) = (World::begin().await?, tempfile::tempdir()?);
    let link = world.owner_invitation(world.address());
    let (account, owner) =
        Account::join(&link, Insist::Encrypted, ada(), vault().await, folder.path()).await?;
    let invitation = account.invite().await?;
    let tomas = Enrolment { name: "Tomás".into(), email: "tomas@example.org".into(), ..ada() };
    let (_, member) =
        Account::join(invitation.link.expose(), Insist::Encrypted, tomas, vault().await, folder.path())
            .await?;
    assert_eq!(member.workspace, owner.workspace, "one relay, one workspace");
    let people = account.workspace().await?.people;
    assert_eq!(people.len(), 2, "both are listed: {people:?}");
    Ok(())
}

#[tokio::test]
async fn a_line_that_loses_answers_signs_nobody_out() -> anyhow::Result<()> {
    let (world, folder) = (World::begin().await?, tempfile::tempdir()?);
    let line = Line::to(world.address()).await?;
    let link = world.owner_invitation(line.address());
    let (account, session) =
        Account::join(&link, Insist::Encrypted, ada(), vault().await, folder.path()).await?;

    let mut lost = 0;
    for bytes in (100..1600).step_by(150) {
        line.cut_after(bytes); // the question, its answer, or a part of either is lost
        lost += u32::from(account.access(true).await.is_err());
        line.restore();
        account.access(true).await.expect("asking again always works: the next secret is the device's own");
        assert_eq!(account.workspace().await?.id, session.workspace, "and the token it gives is a good one");
    }
    assert!(lost >= 3, "the line did lose answers: {lost}");
    Ok(())
}

#[tokio::test]
async fn a_session_that_was_ended_elsewhere_says_so() -> anyhow::Result<()> {
    let (world, folder) = (World::begin().await?, tempfile::tempdir()?);
    let link = world.owner_invitation(world.address());
    let keychain = vault().await;
    let (account, session) =
        Account::join(&link, Insist::Encrypted, ada(), keychain.clone(), folder.path()).await?;
    let address = account.api().address().clone();
    let (workspace, device) = (session.workspace, session.device);
    let elsewhere = Account::resume(address, Insist::Encrypted, workspace, device, keychain, folder.path())?;
    assert!(elsewhere.access(false).await.is_ok(), "a second program of the same profile is signed in");
    account.sign_out().await;
    assert!(
        matches!(elsewhere.access(true).await, Err(AccountError::SignedOut)),
        "what is signed out stays signed out"
    );
    Ok(())
}

/// Returns the address of something that answers every request with a page.
async fn a_web_server() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let page = "HTTP/1.1 200 OK\r\ncontent-length: 14\r\nconnection: close\r\n\r\n<h1>Hello</h1>";
            let _ = stream.write_all(page.as_bytes()).await;
        }
    });
    Ok(address)
}

#[tokio::test]
async fn wrong_addresses_are_told_apart() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let profile = folder.path();
    let secret = "a".repeat(43);
    let join = |link: String| async move {
        Account::join(&link, Insist::Encrypted, ada(), vault().await, profile).await
    };

    let page = join(format!("http://{}/join#{secret}", a_web_server().await?)).await;
    assert!(matches!(page, Err(AccountError::NotARelay)), "a web server is no relay");

    let nobody = join(format!("http://127.0.0.1:1/join#{secret}")).await;
    assert!(matches!(nobody, Err(AccountError::Unreachable(_))), "nothing answers there");

    let open = join(format!("http://relay.example.org/join#{secret}")).await;
    assert!(matches!(open, Err(AccountError::Insecure)), "passwords do not travel in the clear");

    let no_link = join("https://example.org/".into()).await;
    assert!(matches!(no_link, Err(AccountError::Link)), "a link without a secret is no invitation");

    let short = Enrolment { password: Secret::new("short"), ..ada() };
    let link = format!("http://127.0.0.1:1/join#{secret}");
    let refused = Account::join(&link, Insist::Encrypted, short, vault().await, folder.path()).await;
    assert_eq!(
        code(refused),
        Code::FIELD_SHORT,
        "the same check as the relay's warns before anything is sent"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_at_a_terminal_invites_the_next() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let owners = world.owner_invitation(world.address());
    let invites = move || Terminal::join("Imke", &owners)?.says(&["invite"]);
    let link = tokio::task::spawn_blocking(invites).await??;
    let tomás = Person::join("Tomás", world.address(), link.trim_end()).await?;
    tomás.until("in step", sheaf_client::Status::is_synced).await
}
