//! Who may open a socket, and what those hear who may not.

use std::time::Duration;

use sheaf_document::typist::Typist;
use sheaf_protocol::frame::Frame;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::path;
use sheaf_protocol::secret::Secret;
use sheaf_relay::Config;
use sheaf_relay::config::Bounds;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::replica::{Replica, hello, item};
use crate::world::{World, config};

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_hello_with_a_good_token_is_welcome() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let (_replica, welcome) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    assert_eq!((welcome.person, welcome.device, welcome.head), (imke.person, imke.device, 0));
}

#[tokio::test]
async fn everyone_else_is_told_why_not() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let good = hello(&imke, 1);
    let forged = Some(Secret::new("e30.e30.e30"));
    let refused = [
        (Frame::Hello(sheaf_protocol::frame::Hello { token: None, ..good.clone() }), Code::UNAUTHENTICATED),
        (Frame::Hello(sheaf_protocol::frame::Hello { token: forged, ..good.clone() }), Code::UNAUTHENTICATED),
        (Frame::More, Code::PROTOCOL),
    ];
    for (first, code) in refused {
        let mut stranger = Replica::open(world.relay.addr, None).await.unwrap();
        stranger.send(first.clone()).await.unwrap();
        assert_eq!(stranger.goodbye().await.unwrap().code, code, "{first:?}");
    }
    world.sign_out(&imke.access).await;
    let mut late = Replica::open(world.relay.addr, None).await.unwrap();
    late.send(Frame::Hello(good)).await.unwrap();
    assert_eq!(late.goodbye().await.unwrap().code, Code::REVOKED, "the token is good, the device is out");
}

/// What somebody types first in a document.
fn by(client: u64) -> Vec<u8> {
    Typist::begin(client).1
}

#[tokio::test]
async fn nobody_speaks_as_somebody_elses_replica() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let mallory = world.join("Mallory", &world.invite(&imke).await).await.unwrap();
    let (mut hers, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    hers.push(vec![item(1, 1, by(1))]).await.unwrap();
    hers.acks(1).await.unwrap();

    let mut forged = Replica::open(world.relay.addr, None).await.unwrap();
    forged.send(Frame::Hello(hello(&mallory, 1))).await.unwrap();
    let goodbye = forged.goodbye().await.unwrap();
    assert_eq!(goodbye.code, Code::REPLICA_TAKEN, "the name is known from any entry, and it is Imke's");
    assert!(goodbye.again_after_ms.is_some(), "an honest device takes another and comes back");

    hers.push(vec![item(2, 2, by(1))]).await.expect("nobody has touched her line");
    hers.acks(1).await.unwrap();
    let (_again, _) =
        Replica::join(world.relay.addr, hello(&imke, 1)).await.expect("it is hers wherever she comes from");
    Replica::join(world.relay.addr, hello(&mallory, 2))
        .await
        .expect("and a name of her own is free to Mallory");
}

#[tokio::test]
async fn a_counter_beyond_all_counting_costs_only_its_writer() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let mallory = world.join("Mallory", &world.invite(&imke).await).await.unwrap();
    let (mut hers, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let (mut others, _) = Replica::join(world.relay.addr, hello(&mallory, 2)).await.unwrap();
    others.push(vec![item(1, 1 << 63, by(2))]).await.unwrap();
    assert_eq!(others.goodbye().await.unwrap().code, Code::PROTOCOL, "no database could hold it");
    hers.push(vec![item(1, 1, by(1))]).await.unwrap();
    hers.acks(1).await.expect("she hears nothing of it");
}

#[tokio::test]
async fn signing_out_ends_the_open_socket() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let (mut replica, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    world.sign_out(&imke.access).await;
    let goodbye = replica.goodbye().await.unwrap();
    assert_eq!((goodbye.code, goodbye.again_after_ms), (Code::REVOKED, None));
}

#[tokio::test]
async fn a_stopping_relay_says_so_and_when_each_is_to_come_back() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let mut replicas = Vec::new();
    for number in 1..=3 {
        replicas.push(Replica::join(world.relay.addr, hello(&imke, number)).await.unwrap().0);
    }
    let mut farewells = std::collections::BTreeSet::new();
    let (stopped, ()) = tokio::join!(world.relay.stop(), async {
        for replica in &mut replicas {
            let goodbye = replica.goodbye().await.unwrap();
            assert_eq!(goodbye.code, Code::STOPPING);
            farewells.insert(goodbye.again_after_ms.expect("it says when to come back"));
        }
    });
    stopped.unwrap();
    assert_eq!(farewells.len(), 3, "no two of them come back at the same moment: {farewells:?}");
}

#[tokio::test]
async fn a_page_from_elsewhere_gets_no_socket() {
    let world = World::start().await;
    let upgrade = |origin: &'static str| {
        reqwest::Client::new()
            .get(format!("http://{}{}", world.relay.addr, path::SOCKET))
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("origin", origin)
            .send()
    };
    assert_eq!(upgrade("https://evil.example").await.unwrap().status(), 403);
    assert_eq!(upgrade("tauri://localhost").await.unwrap().status(), 101);
}

#[tokio::test]
async fn who_trickles_a_request_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let bounds = Bounds { handshake: Duration::from_millis(200), ..Bounds::default() };
    let relay = sheaf_relay::Relay::start(Config { bounds, ..config(dir.path()) }).await.unwrap();
    let (mut answer, mut request) = TcpStream::connect(relay.addr).await.unwrap().into_split();
    request.write_all(b"GET /healthz HTTP/1.1\r\nHost: ").await.unwrap();
    let trickle = async {
        // A letter at a time, never silent for as long as the relay waits.
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        while request.write_all(b"a").await.is_ok() {
            pace.tick().await;
        }
    };
    let cut = async {
        let mut said = Vec::new();
        // A connection that is reset has ended too.
        let _ = answer.read_to_end(&mut said).await;
        said
    };
    let end = async {
        tokio::select! {
            said = cut => assert!(!said.starts_with(b"HTTP/1.1 200"), "half a request has no answer"),
            () = trickle => {}
        }
    };
    tokio::time::timeout(PATIENCE, end).await.expect("whoever is slow enough could stay for ever");
}

#[tokio::test]
async fn who_says_nothing_is_not_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let bounds = Bounds { hello: Duration::from_millis(50), ..Bounds::default() };
    let relay = sheaf_relay::Relay::start(Config { bounds, ..config(dir.path()) }).await.unwrap();
    let mut silent = Replica::open(relay.addr, None).await.unwrap();
    assert_eq!(silent.goodbye().await.unwrap().code, Code::UNAUTHENTICATED);
}

#[tokio::test]
async fn one_device_has_a_few_lines_and_the_newest_of_a_replica_is_the_one_that_counts() {
    let world = World::with(|config| config.bounds.replicas = 2).await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let tomas = world.join("Tomás", &world.invite(&imke).await).await.unwrap();
    let (mut hanging, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let (_second, _) = Replica::join(world.relay.addr, hello(&imke, 2)).await.unwrap();
    let mut third = Replica::open(world.relay.addr, None).await.unwrap();
    third.send(Frame::Hello(hello(&imke, 3))).await.unwrap();
    let goodbye = tokio::time::timeout(PATIENCE, third.goodbye()).await.expect("it is let in").unwrap();
    assert_eq!(goodbye.code, Code::BUSY, "each may hold megabytes of a frame that is not whole");
    assert!(goodbye.again_after_ms.is_some(), "there may be room later");
    Replica::join(world.relay.addr, hello(&tomas, 4)).await.expect("Tomás has a device of his own");

    let (mut again, _) = Replica::join(world.relay.addr, hello(&imke, 1))
        .await
        .expect("a replica whose old line hangs comes back all the same");
    assert_eq!(hanging.goodbye().await.unwrap().code, Code::REPLACED);
    again.push(vec![item(1, 1, by(1))]).await.unwrap();
    again.acks(1).await.expect("and goes on");
}

#[tokio::test]
async fn frames_of_a_later_version_are_passed_over() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let (mut replica, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    for kind in [0x04, 0x2f, 0x7e, 0xee] {
        replica.say(&[kind, 0xff, 0xff, 0xff]).await.unwrap();
    }
    replica.push(vec![item(1, 1, by(1))]).await.unwrap();
    replica.acks(1).await.expect("whatever follows their first byte, they end nothing");
}
