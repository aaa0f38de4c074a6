//! Many against one relay: nonsense without end, and readers who do not read. Whoever behaves does not notice.
//!
//! Counted, not timed: how much slower the others become, and whether a statistician could tell an unknown account from a
//! known one by the time that its refusal takes, needs a quiet machine and is not tested here.

use std::time::Duration;

use sheaf_document::typist::Typist;
use sheaf_protocol::frame::Frame;
use sheaf_protocol::problem::Code;
use sheaf_relay::config::Bounds;

use crate::replica::{Replica, flat, hello, item, level};
use crate::world::World;

/// For the last words of those who read them only when the story is over.
const PATIENCE: Duration = Duration::from_secs(60);

/// Messages that no replica sends, and why each ends the conversation.
const NONSENSE: [(&[u8], Code); 7] = [
    (b"", Code::PROTOCOL),
    (b"\x10", Code::PROTOCOL),
    (b"\x10AAAAAAAA\xff\xff\xff\xff\xff\xff\xff\x7f", Code::TOO_LARGE),
    (b"\x02", Code::PROTOCOL),
    (b"\xf0\x01\xff\xff\xff\xff!", Code::TOO_LARGE),
    (b"\xf0\x00!", Code::PROTOCOL),
    (b"\xf1\x00\x00\x00\x01!", Code::PROTOCOL),
];

#[tokio::test]
async fn a_flood_of_nonsense_costs_only_those_who_send_it() {
    let world = World::with(|config| {
        config.bounds = Bounds { replicas: 100, farewell: PATIENCE, ..Bounds::default() };
    });
    let world = world.await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let mallory = world.join("Mallory", &world.invite(&imke).await).await.unwrap();
    let (mut hers, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let (mut typist, begin) = Typist::begin(11);
    hers.push(vec![item(1, 1, begin)]).await.unwrap();
    hers.acks(1).await.unwrap();

    let mut counter = 1;
    for (round, (nonsense, code)) in (0..).zip(NONSENSE) {
        let mut flood = Vec::new();
        for number in 0..3 {
            let line = Replica::join(world.relay.addr, hello(&mallory, 100 + 3 * round + number)).await;
            flood.push(line.unwrap().0);
        }
        for line in &mut flood {
            for _ in 0..500 {
                // Once it is hung up on, the rest goes nowhere.
                let _ = line.say(nonsense).await;
            }
        }
        counter += 1;
        hers.push(vec![item(1, counter, typist.edit(0, 0, "x"))]).await.unwrap();
        hers.acks(1).await.expect("Imke writes on");
        for mut line in flood {
            assert_eq!(
                line.goodbye().await.unwrap().code,
                code,
                "{nonsense:?} is answered once, with the end"
            );
            assert!(line.next().await.is_err(), "after the last words there are no more");
        }
    }
}

#[tokio::test]
async fn frames_that_ask_for_nothing_are_not_piled_up() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let (mut replica, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    for _ in 0..5_000 {
        replica.send(Frame::More).await.unwrap();
        replica.send(Frame::Unknown(0x7e)).await.unwrap();
    }
    let pages = replica.catch_up(0).await.unwrap();
    assert_eq!(pages.len(), 1, "ten thousand frames later one question has one answer");
}

#[tokio::test]
async fn a_dozen_silent_readers_are_each_sent_away_and_delay_nobody() {
    const READERS: u8 = 12;
    let (outgoing, replicas) = (256 * 1024, READERS.into());
    let world = World::with(|config| {
        config.bounds = Bounds { outgoing, replicas, farewell: PATIENCE, ..Bounds::default() };
    });
    let world = world.await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let tomas = world.join("Tomás", &world.invite(&imke).await).await.unwrap();
    let ada = world.join("Ada", &world.invite(&imke).await).await.unwrap();
    let (mut writer, welcome) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let mut silent = Vec::new();
    for number in 0..READERS {
        let mut reader = Replica::open(world.relay.addr, Some(4_096)).await.unwrap();
        reader.greet(level(welcome.epoch, 0, hello(&tomas, 100 + number))).await.unwrap();
        silent.push(reader);
    }
    let (mut awake, _) =
        Replica::join(world.relay.addr, level(welcome.epoch, 0, hello(&ada, 2))).await.unwrap();

    let (mut typist, begin) = Typist::begin(11);
    writer.push(vec![item(1, 1, begin)]).await.unwrap();
    writer.acks(1).await.unwrap();
    let paragraph = "the quick brown fox ".repeat(6_000);
    let (mut written, mut heard) = (1, 0);
    while written < 80 {
        written += 1;
        let at = typist.len();
        writer.push(vec![item(1, written, typist.edit(at, 0, &paragraph))]).await.unwrap();
        writer.acks(1).await.expect("Imke is not delayed by what a dozen do not read");
        while heard < written {
            heard += flat(&awake.entries().await.expect("nor is Ada, who reads")).1;
        }
    }
    for mut reader in silent {
        assert_eq!(reader.goodbye().await.unwrap().code, Code::RESYNC, "what waits for each is bounded");
    }
}
