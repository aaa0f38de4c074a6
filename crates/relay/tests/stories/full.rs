//! The disk is full under a relay that somebody writes to.

use sheaf_document::ids::ContentHash;
use sheaf_document::typist::Typist;
use sheaf_protocol::entry::{Counter, Seq};
use sheaf_protocol::frame::{Answer, Frame, PushItem};
use sheaf_protocol::problem::Code;

use crate::process::{Process, log};
use crate::replica::{Replica, flat, hello, item, level};
use crate::world::Api;

/// What became of a push.
enum Outcome {
    Acked(Counter, ContentHash, Seq),
    /// The relay's last words, and when to come back.
    Dismissed(Code, Option<u32>),
}

async fn push(replica: &mut Replica, item: &PushItem) -> Outcome {
    replica.push(vec![item.clone()]).await.unwrap();
    loop {
        match replica.next().await.expect("an answer or last words, never a cut line") {
            Frame::Answers(answers) => match answers.as_slice() {
                [Answer::Ack(ack)] => return Outcome::Acked(ack.counter, ack.hash, ack.seq),
                other => panic!("a full disk is no reason to refuse for good: {other:?}"),
            },
            Frame::Goodbye(goodbye) => return Outcome::Dismissed(goodbye.code, goodbye.again_after_ms),
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_relay_without_room_says_so_takes_nothing_and_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("relay");
    let relay = Process::start(&data);
    let api = Api::at(relay.addr);
    let imke = api.join("Imke", relay.link.as_ref().unwrap()).await.unwrap();
    let tomas = api.join("Tomás", &api.invite(&imke).await).await.unwrap();
    let (mut typist, begin) = Typist::begin(11);
    let paragraph = "the quick brown fox ".repeat(500);
    let typed = (2..=80).map(|counter| item(1, counter, typist.edit(0, 0, &paragraph)));
    let items: Vec<_> = std::iter::once(item(1, 1, begin)).chain(typed).collect();

    // The write-ahead log was laid out longer, but nothing can be written there any more.
    relay.files_end_at(1_000_000);
    let (mut acked, mut dismissed) = (Vec::new(), 0);
    let (mut replica, welcome) = Replica::join(relay.addr, hello(&imke, 1)).await.unwrap();
    let mut waiting = items.iter().peekable();
    while let Some(item) = waiting.peek() {
        match push(&mut replica, item).await {
            Outcome::Acked(counter, hash, seq) => {
                acked.push((seq, 1, counter, hash));
                waiting.next();
            }
            Outcome::Dismissed(code, again) => {
                assert_eq!(code, Code::STORAGE, "the last words name the disk");
                assert!(again.is_some(), "and say when to come back");
                assert_eq!(log(&data), acked, "what was acknowledged is in the log, and nothing else");
                dismissed += 1;
                if dismissed == 4 {
                    relay.files_end_at(libc::RLIM_INFINITY);
                }
                let (mut reader, now) =
                    Replica::join(relay.addr, level(welcome.epoch, 0, hello(&tomas, 2))).await.unwrap();
                let (_, covered) =
                    flat(reader.catch_up(0).await.unwrap().iter().flat_map(|page| &page.stretches));
                assert_eq!(
                    (covered, now.head),
                    (acked.len() as u64, acked.len() as u64),
                    "Tomás can read all the same"
                );
                replica = Replica::join(relay.addr, hello(&imke, 1)).await.unwrap().0;
            }
        }
    }
    assert_eq!(dismissed, 4, "it was full as often as she came, until there was room");
    assert!(acked.len() == items.len() && acked.iter().map(|line| line.0).eq(1..=80), "all of it, in order");
    assert_eq!(log(&data), acked, "and once");
    relay.kill();
}
