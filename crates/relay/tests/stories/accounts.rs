//! Who may come in, and for how long.

use std::time::Duration;

use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Health, Invite, Role, Session, Workspace, path};
use sheaf_protocol::secret::Secret;
use sheaf_relay::accounts::limits::{Rate, Rates};

use crate::world::{PASSWORD, World, code, patient, secret};

#[tokio::test]
async fn imke_owns_the_relay_and_invites_tomas() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    assert_eq!(imke.role, Role::Owner);
    assert!(!world.data.join("owner-invitation.txt").exists(), "the used link does not lie about");

    let tomas = world.join("Tomás", &world.invite(&imke).await).await.unwrap();
    assert_eq!((tomas.role, tomas.workspace), (Role::Member, imke.workspace));

    let workspace: Workspace = world.get(path::WORKSPACE, Some(&tomas.access)).await.unwrap();
    let names: Vec<_> = workspace.people.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["Imke", "Tomás"]);
}

#[tokio::test]
async fn a_link_is_good_for_one_person() {
    let world = World::start().await;
    let link = world.owner_link();
    let imke = world.join("Imke", &link).await.unwrap();
    assert_eq!(code(world.join("Ada", &link).await), Code::INVITATION, "it was used");
    let mut wrong = world.owner_link();
    wrong.secret = secret("guess");
    assert_eq!(code(world.join("Ada", &wrong).await), Code::INVITATION, "it was never made");
    let link = world.invite(&imke).await;
    assert_eq!(code(world.join("imke", &link).await), Code::EMAIL_TAKEN, "however it is cased");
    assert!(world.join("Ada", &link).await.is_ok(), "a refused join does not spend the link");
}

#[tokio::test]
async fn wrong_passwords_and_unknown_people_get_the_same_answer() {
    let world = World::start().await;
    world.join("Imke", &world.owner_link()).await.unwrap();
    assert!(world.sign_in("IMKE@example.org", PASSWORD, "tablet").await.is_ok());
    let wrong = world.sign_in("imke@example.org", "wrong horse battery", "x").await.unwrap_err();
    let unknown = world.sign_in("nobody@example.org", PASSWORD, "x").await.unwrap_err();
    assert_eq!(wrong, unknown, "nobody learns who has an account");
    assert_eq!(wrong.code(), Code::CREDENTIALS);
}

#[tokio::test]
async fn a_device_rotates_its_secret_and_survives_lost_answers() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let first = world.refresh("Imke", 1, "second").await.unwrap();
    assert_eq!((first.device, first.person), (imke.device, imke.person));
    assert!(world.refresh("Imke", 1, "second").await.is_ok(), "the answer was lost; asked again");
    assert_eq!(code(world.refresh("Imke", 2, "other").await), Code::ROTATING, "two windows raced");
    assert!(world.refresh("second", 3, "third").await.is_ok(), "the race signed nobody out");
    assert_eq!(code(world.refresh("nonsense", 4, "x").await), Code::UNAUTHENTICATED);
}

#[tokio::test]
async fn signing_out_ends_the_device_and_its_tokens() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let tablet = world.sign_in("imke@example.org", PASSWORD, "tablet").await.unwrap();
    world.sign_out(&tablet.access).await;
    let workspace = world.get::<Workspace>(path::WORKSPACE, Some(&tablet.access)).await;
    assert_eq!(code(workspace), Code::REVOKED, "though the token has minutes to live");
    assert_eq!(code(world.refresh("tablet", 1, "x").await), Code::REVOKED);
    assert!(world.refresh("Imke", 1, "next").await.is_ok(), "the laptop goes on");
    assert_eq!(tablet.person, imke.person);
}

#[tokio::test]
async fn nobody_signs_in_on_somebody_elses_device() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let mut ada = world.joining("Ada", &world.invite(&imke).await);
    ada.device.id = imke.device;
    assert_eq!(code(world.post::<Session>(path::JOIN, None, &ada).await), Code::FORBIDDEN);
}

#[tokio::test]
async fn nothing_opens_without_a_good_token() {
    let world = World::start().await;
    let none = world.get::<Workspace>(path::WORKSPACE, None).await;
    assert_eq!(code(none), Code::UNAUTHENTICATED);
    let made_up = Secret::new("e30.e30.e30");
    let forged = world.post::<Workspace>(path::INVITATIONS, Some(&made_up), &Invite::default()).await;
    assert_eq!(code(forged), Code::UNAUTHENTICATED);
    assert_eq!(code(world.get::<Workspace>("/api/v1/nothing", None).await), Code::NOT_FOUND);
    let health: Health = world.get(path::HEALTH, None).await.unwrap();
    assert_eq!(health.service, Health::SERVICE);
}

#[tokio::test]
async fn bad_fields_are_named_and_large_bodies_refused() {
    let world = World::start().await;
    let mut join = world.joining("Imke", &world.owner_link());
    join.password = Secret::new("short");
    let short = world.post::<Session>(path::JOIN, None, &join).await.unwrap_err();
    assert_eq!((short.code(), short.field.as_deref()), (Code::FIELD_SHORT, Some("password")));
    let large = world.post::<Session>(path::JOIN, None, &"x".repeat(100_000)).await;
    assert_eq!(code(large), Code::TOO_LARGE);
    assert_eq!(code(world.post::<Session>(path::JOIN, None, &"text").await), Code::FIELD);
}

#[tokio::test]
async fn guessing_is_slowed_down() {
    let slow = Rate { burst: 3, every: Duration::from_secs(3600) };
    let world = World::start_with(Rates { account: slow, ..patient() }).await;
    world.join("Imke", &world.owner_link()).await.unwrap();
    for _ in 0..3 {
        let guess = world.sign_in("imke@example.org", "wrong horse battery", "x").await;
        assert_eq!(code(guess), Code::CREDENTIALS);
    }
    let fourth = world.sign_in("imke@example.org", PASSWORD, "x").await.unwrap_err();
    assert_eq!(fourth.code(), Code::BUSY);
    assert!(fourth.again_after_ms.is_some_and(|wait| wait > 0), "it says when to come back");
    let unknown = world.sign_in("nobody@example.org", PASSWORD, "x").await;
    assert_eq!(code(unknown), Code::CREDENTIALS, "each account has its own count");
}

#[tokio::test]
async fn a_stranger_cannot_lock_imke_out() {
    let slow = Rate { burst: 3, every: Duration::from_secs(3600) };
    let rates = Rates { account: slow, ..patient() };
    let world = World::with(|config| (config.rates, config.trust_proxy) = (rates, true)).await;
    let (home, mallory) = (world.seen_at("192.0.2.1"), world.seen_at("203.0.113.9"));
    home.join("Imke", &world.owner_link()).await.unwrap();
    let guess = || mallory.sign_in("imke@example.org", "wrong horse battery", "x");
    for _ in 0..3 {
        assert_eq!(code(guess().await), Code::CREDENTIALS);
    }
    assert_eq!(code(guess().await), Code::BUSY, "that is enough of Mallory");
    let imke = home.sign_in("imke@example.org", PASSWORD, "tablet").await;
    assert!(imke.is_ok(), "Imke's own door is as open as before: {imke:?}");
}

#[tokio::test]
async fn guesses_at_a_shared_address_put_nobody_offline() {
    let slow = Rate { burst: 4, every: Duration::from_secs(3600) };
    let world = World::start_with(Rates { address: slow, ..patient() }).await;
    world.join("Imke", &world.owner_link()).await.unwrap();
    let mallory = world.seen_at("203.0.113.9");
    for _ in 0..3 {
        assert_eq!(code(mallory.refresh("nonsense", 1, "x").await), Code::UNAUTHENTICATED);
    }
    assert_eq!(code(mallory.refresh("nonsense", 1, "x").await), Code::BUSY, "guesses are charged");
    let elsewhere = world.seen_at("198.51.100.1").sign_in("imke@example.org", PASSWORD, "x").await;
    assert_eq!(code(elsewhere), Code::BUSY, "nobody says of themselves where they are");
    let refreshed = world.refresh("Imke", 1, "second").await;
    assert!(refreshed.is_ok(), "who has a secret of the relay's own is no stranger: {refreshed:?}");
}
