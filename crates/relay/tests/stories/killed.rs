//! The relay is killed, again and again, while people write. What it acknowledged must be there, once.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sheaf_document::ids::ContentHash;
use sheaf_document::typist::Typist;
use sheaf_protocol::entry::{Counter, Seq};
use sheaf_protocol::frame::{Answer, Frame, Push, PushItem};
use sheaf_protocol::rest::Session;
use tokio::sync::Notify;

use crate::process::{Process, log};
use crate::replica::{Cut, Replica, hello, item};
use crate::world::Api;

const WRITERS: u8 = 4;

/// Somebody who writes without end in a document of their own.
struct Writer {
    name: u8,
    session: Session,
    typist: Typist,
    counter: Counter,
    /// What was not acknowledged yet, in order.
    outbox: VecDeque<PushItem>,
    /// What was: counter, hash and number.
    acked: BTreeMap<Counter, (ContentHash, Seq)>,
    chance: u64,
}

impl Writer {
    fn random(&mut self, below: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        self.chance % below
    }

    fn type_something(&mut self) {
        let count = 1 + self.random(20);
        for _ in 0..count {
            let at = self.random(self.typist.len() as u64 + 1) as usize;
            let bytes = self.typist.edit(at, 0, "word ");
            self.counter += 1;
            self.outbox.push_back(item(self.name, self.counter, bytes));
        }
    }

    /// Pushes what is left from before and then more and more, until the line breaks.
    async fn write(
        mut self,
        addr: SocketAddr,
        acks: Arc<AtomicUsize>,
        enough: usize,
        bell: Arc<Notify>,
    ) -> Self {
        let session = self.session.clone();
        if let Ok((mut replica, _)) = Replica::join(addr, hello(&session, self.name)).await {
            let mut first = true;
            while self.exchange(&mut replica, first, &acks).await.is_ok() {
                first = false;
                if acks.load(Ordering::Relaxed) >= enough {
                    bell.notify_one();
                }
            }
        }
        self
    }

    async fn exchange(&mut self, replica: &mut Replica, first: bool, acks: &AtomicUsize) -> Result<(), Cut> {
        let sent = if first { 0 } else { self.outbox.len() };
        self.type_something();
        let items = self.outbox.iter().skip(sent).cloned().collect();
        replica.send(Frame::Push(Push { trace: 1, items })).await?;
        // At most two pushes are on their way: the next is written while the last is being committed.
        while self.outbox.len() > 40 || first && !self.outbox.is_empty() {
            let Frame::Answers(answers) = replica.next().await? else { continue };
            for answer in answers {
                let Answer::Ack(ack) = answer else { panic!("expected acks only: {answer:?}") };
                let front = self.outbox.pop_front().expect("an ack for what was pushed");
                assert_eq!(ack.counter, front.counter, "answers come in order");
                let before = self.acked.insert(ack.counter, (ack.hash, ack.seq));
                assert_eq!(before, None, "an entry leaves the outbox once");
                acks.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    }
}

fn check(data: &Path, writers: &[Writer]) {
    let log = log(data);
    let mut by_name = BTreeMap::new();
    for (expected, (seq, writer, counter, hash)) in (1..).zip(&log) {
        assert_eq!(*seq, expected, "the log's numbers have no gap");
        let before = by_name.insert((*writer, *counter), (*hash, *seq));
        assert_eq!(before, None, "counter {counter} of writer {writer} stands twice in the log");
    }
    for writer in writers {
        for (counter, acked) in &writer.acked {
            let found = by_name.get(&(writer.name, *counter));
            assert_eq!(found, Some(acked), "counter {counter} of writer {} was acknowledged", writer.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled() {
    let rounds = std::env::var("SHEAF_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(50);
    let seed = std::env::var("SHEAF_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x5eed_u64);
    println!("SHEAF_SEED={seed} SHEAF_ROUNDS={rounds}");
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("relay");
    let mut relay = Process::start(&data);

    let api = Api::at(relay.addr);
    let imke = api.join("Imke", relay.link.as_ref().unwrap()).await.unwrap();
    let mut writers = Vec::new();
    for name in 1..=WRITERS {
        let session = api.join(&format!("Writer{name}"), &api.invite(&imke).await).await.unwrap();
        let (typist, begin) = Typist::begin(u64::from(name));
        let outbox = VecDeque::from([item(name, 1, begin)]);
        let chance = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(u64::from(name)) | 1;
        let acked = BTreeMap::new();
        writers.push(Writer { name, session, typist, counter: 1, outbox, acked, chance });
    }
    for round in 1..=rounds {
        let acks = Arc::new(AtomicUsize::new(0));
        let enough = writers.first_mut().map_or(0, |writer| writer.random(300)) as usize;
        let bell = Arc::new(Notify::new());
        let writing: Vec<_> = writers
            .drain(..)
            .map(|writer| tokio::spawn(writer.write(relay.addr, acks.clone(), enough, bell.clone())))
            .collect();
        bell.notified().await;
        relay.kill();
        for writer in writing {
            writers.push(writer.await.unwrap());
        }
        relay = Process::start(&data);
        check(&data, &writers);
        if round % 10 == 0 {
            let acked: usize = writers.iter().map(|writer| writer.acked.len()).sum();
            println!("round {round}: {acked} acknowledged entries, every one in the log once");
        }
    }
    relay.kill();
}
