//! What lies in the data folder, and what an operator is told when something is wrong with it.

use sheaf_protocol::rest::InvitationLink;
use sheaf_relay::storage::Role;
use sheaf_relay::{Error, Relay, invitation};

use crate::world::{World, code, config};

#[tokio::test]
async fn one_folder_serves_one_relay() {
    let world = World::start().await;
    let second = Relay::start(config(&world.data)).await.map(|_| ());
    assert!(matches!(second, Err(Error::FolderInUse { .. })), "{second:?}");
    let mut elsewhere = config(&world.data.with_extension("other"));
    elsewhere.listen = world.relay.addr;
    let taken = Relay::start(elsewhere).await.map(|_| ());
    assert!(matches!(taken, Err(Error::AddressTaken { .. })), "{taken:?}");
}

#[tokio::test]
async fn the_operator_invites_while_the_relay_runs() {
    let world = World::start().await;
    let link = invitation::by_operator(&world.data, Role::Member).unwrap();
    let link = InvitationLink::parse(link.expose()).unwrap();
    assert!(world.join("Ada", &link).await.is_ok());
    let nowhere = invitation::by_operator(&world.data.join("nothing"), Role::Member);
    assert!(matches!(nowhere, Err(Error::FolderEmpty { .. })));
}

#[tokio::test]
async fn a_restart_keeps_the_link_until_somebody_owns_the_relay() {
    let World { data, relay, _dir, .. } = World::start().await;
    let before = InvitationLink::parse(relay.owner_invitation.as_deref().unwrap()).unwrap();
    relay.stop().await.unwrap();
    let world = World::again(data, _dir).await;
    assert_eq!(world.owner_link().secret, before.secret, "the same link still works");
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let World { data, relay, _dir, .. } = world;
    relay.stop().await.unwrap();
    let world = World::again(data, _dir).await;
    assert_eq!(world.relay.owner_invitation, None, "there is an owner");
    assert!(world.refresh("Imke", 1, "next").await.is_ok(), "and she is still signed in");
    drop(imke);
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_is_the_operators_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::start().await;
    let mode = |name: &str| world.data.join(name).metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(""), mode("keys")), (0o700, 0o700));
    for secret in ["owner-invitation.txt", "keys/signing.pkcs8", "keys/seal.key"] {
        assert_eq!(mode(secret), 0o600, "{secret}");
    }
}

#[tokio::test]
async fn no_secret_lies_in_the_database() {
    let world = World::start().await;
    let link = world.owner_link();
    let imke = world.join("Imke", &link).await.unwrap();
    let (data, told) = (
        world.data.clone(),
        [
            link.secret.expose().to_owned(),
            imke.access.expose().to_owned(),
            crate::world::PASSWORD.to_owned(),
            crate::world::secret("Imke").expose().to_owned(),
        ],
    );
    world.relay.stop().await.unwrap();
    let database = std::fs::read(data.join("relay.db")).unwrap();
    for secret in told {
        let found = database.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "a secret of {} letters lies in the database", secret.len());
    }
}

#[tokio::test]
async fn a_database_without_its_keys_or_damaged_is_refused_and_left_alone() {
    let World { data, relay, _dir, .. } = World::start().await;
    relay.stop().await.unwrap();
    let key = std::fs::read(data.join("keys/seal.key")).unwrap();
    std::fs::remove_file(data.join("keys/seal.key")).unwrap();
    let keyless = Relay::start(config(&data)).await.map(|_| ());
    assert!(matches!(keyless, Err(Error::Key { .. })), "{keyless:?}");
    std::fs::write(data.join("keys/seal.key"), key).unwrap();

    std::fs::write(data.join("relay.db"), vec![b'x'; 8192]).unwrap();
    let damaged = Relay::start(config(&data)).await.map(|_| ());
    assert!(matches!(damaged, Err(Error::DatabaseCorrupt { .. })), "{damaged:?}");
    assert_eq!(std::fs::read(data.join("relay.db")).unwrap(), vec![b'x'; 8192]);
}

#[tokio::test]
async fn an_expired_link_opens_nothing() {
    let world = World::start().await;
    let link = world.owner_link();
    let database = rusqlite::Connection::open(world.data.join("relay.db")).unwrap();
    database.execute("UPDATE invitations SET expires_at = 1", []).unwrap();
    let late = world.join("Imke", &link).await;
    assert_eq!(code(late), sheaf_protocol::problem::Code::INVITATION);
}
