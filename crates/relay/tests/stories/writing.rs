//! People write: what is acknowledged, what the others get, what is there after coming back.

use sheaf_document::ids::ContentHash;
use sheaf_document::typist::Typist;
use sheaf_protocol::frame::Answer;
use sheaf_protocol::frame::Frame;
use sheaf_protocol::problem::Code;
use sheaf_relay::config::Bounds;
use sheaf_relay::{Config, Relay};

use crate::replica::{Replica, flat, hello, item, level};
use crate::world::{World, config};

#[tokio::test]
async fn what_imke_writes_reaches_tomas_under_one_number() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let tomas = world.join("Tomás", &world.invite(&imke).await).await.unwrap();
    let (mut a, welcome) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let at_head = level(welcome.epoch, 0, hello(&tomas, 2));
    let (mut b, _) = Replica::join(world.relay.addr, at_head).await.unwrap();

    let (mut typist, begin) = Typist::begin(11);
    let word = typist.edit(0, 0, "Sheaf");
    a.push(vec![item(1, 1, begin.clone()), item(1, 2, word.clone())]).await.unwrap();
    let (acks, _) = a.acks(2).await.unwrap();
    assert_eq!([acks[0].seq, acks[1].seq], [1, 2]);
    assert_eq!(acks[1].hash, ContentHash::of(&word), "the ack says which bytes it means");

    let mut got = Vec::new();
    while got.len() < 2 {
        got.extend(flat(&b.entries().await.unwrap()).0);
    }
    assert_eq!(got.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((&got[0].draft.bytes[..], &got[1].draft.bytes[..]), (&begin[..], &word[..]));
    assert_eq!(got[1].draft.author.person, imke.person, "stamped by the relay, not told by the writer");

    a.push(vec![item(1, 2, word.clone())]).await.unwrap();
    let (again, _) = a.acks(1).await.unwrap();
    assert_eq!(again[0], acks[1], "the same bytes twice are one entry and two acks");
    a.push(vec![item(1, 2, begin)]).await.unwrap();
    let Frame::Answers(answers) = a.next().await.unwrap() else { panic!("an answer was due") };
    let forked = Answer::Forked { counter: 2, holds: ContentHash::of(&word) };
    assert_eq!(answers, [forked], "other bytes under the same name are a copied profile");
}

#[tokio::test]
async fn ada_comes_late_and_gets_everything_in_pages() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let (mut a, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let mut counter = 0;
    let mut items = Vec::new();
    for document in 1..=5 {
        let (mut typist, begin) = Typist::begin(u64::from(document));
        let updates =
            [begin].into_iter().chain((0..60).map(|at| typist.edit(at, 0, "x"))).collect::<Vec<_>>();
        items.extend(updates.into_iter().map(|bytes| {
            counter += 1;
            item(document, counter, bytes)
        }));
    }
    let all = items.len();
    a.push(items).await.unwrap();
    a.acks(all).await.unwrap();

    let ada = world.join("Ada", &world.invite(&imke).await).await.unwrap();
    let (mut b, welcome) = Replica::join(world.relay.addr, hello(&ada, 3)).await.unwrap();
    assert_eq!(welcome.head, all as u64);
    let pages = b.catch_up(0).await.unwrap();
    let (entries, covered) = flat(pages.iter().flat_map(|page| &page.stretches));
    assert_eq!((entries.len(), covered), (all, all as u64), "every number, once");
    assert_eq!(pages.last().unwrap().through, welcome.head);

    let (_, begin) = Typist::begin(99);
    a.push(vec![item(9, counter + 1, begin)]).await.unwrap();
    let live = flat(&b.entries().await.unwrap()).0;
    assert_eq!(live[0].seq, welcome.head + 1, "after the last page the log goes on live, without a gap");
}

#[tokio::test]
async fn a_long_tail_is_folded_and_still_says_the_same() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let (mut a, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let (mut typist, begin) = Typist::begin(11);
    let typed = (0..1_500).map(|at| typist.edit(at, 0, if at % 5 == 4 { " " } else { "x" }));
    let items: Vec<_> =
        (1..).zip([begin].into_iter().chain(typed)).map(|(at, bytes)| item(1, at, bytes)).collect();
    let all = items.len();
    a.push(items).await.unwrap();
    a.acks(all).await.unwrap();

    let ada = world.join("Ada", &world.invite(&imke).await).await.unwrap();
    let (mut b, welcome) = Replica::join(world.relay.addr, hello(&ada, 2)).await.unwrap();
    let pages = loop {
        // Folding goes on beside; whoever asks before it is done gets the entries, which is as good.
        let pages = b.catch_up(0).await.unwrap();
        if pages.iter().any(|page| !page.snapshots.is_empty()) {
            break pages;
        }
    };
    let (entries, covered) = flat(pages.iter().flat_map(|page| &page.stretches));
    let snapshot = &pages[0].snapshots[0];
    assert_eq!(covered, welcome.head, "what the snapshot holds is skipped and counted");
    assert_eq!(entries.len() as u64, welcome.head - snapshot.through, "the tail follows");

    let text = std::process::Command::new(env!("CARGO_BIN_EXE_sheaf-relay"))
        .args(["text", &snapshot.document.to_string(), "--data"])
        .arg(&world.data)
        .output()
        .unwrap();
    let told = String::from_utf8(text.stdout).unwrap();
    assert!(text.status.success(), "{}", String::from_utf8_lossy(&text.stderr));
    assert_eq!(told.trim_end(), "xxxx ".repeat(300).trim_end(), "a child process reads what was typed");
}

#[tokio::test]
async fn a_reader_who_stops_reading_is_told_to_catch_up_and_delays_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let bounds = Bounds { outgoing: 256 * 1024, ..Bounds::default() };
    let relay = Relay::start(Config { bounds, ..config(&dir.path().join("relay")) }).await.unwrap();
    let world = World::around(relay, dir);
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let tomas = world.join("Tomás", &world.invite(&imke).await).await.unwrap();
    let (mut a, welcome) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let mut b = Replica::open(world.relay.addr, Some(4_096)).await.unwrap();
    b.greet(level(welcome.epoch, 0, hello(&tomas, 2))).await.unwrap();

    let (mut typist, begin) = Typist::begin(11);
    a.push(vec![item(1, 1, begin)]).await.unwrap();
    a.acks(1).await.unwrap();
    let paragraph = "the quick brown fox ".repeat(6_000);
    for counter in 2..80 {
        let at = typist.len();
        a.push(vec![item(1, counter, typist.edit(at, 0, &paragraph))]).await.unwrap();
        a.acks(1).await.expect("Imke is not delayed by what Tomás does not read");
    }
    assert_eq!(b.goodbye().await.expect("whole frames, then the last words").code, Code::RESYNC);
    let (mut b, welcome) = Replica::join(world.relay.addr, hello(&tomas, 2)).await.unwrap();
    let (_, covered) = flat(b.catch_up(0).await.unwrap().iter().flat_map(|page| &page.stretches));
    assert_eq!(covered, welcome.head, "he comes back and has everything");
}
