//! A team of clients on one server: some write, all listen, and every arrival is counted.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use sheaf_client::chance;
use sheaf_document::ids::{DocumentId, ReplicaId};
use sheaf_protocol::codec;
use sheaf_protocol::entry::{Flags, Kind as EntryKind, Origin};
use sheaf_protocol::frame::{Frame, Push, PushItem, Stretch};
use tokio::io::AsyncWriteExt as _;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::task::JoinHandle;

use super::door::{Door, Ears};
use super::server::Kind;
use super::wire;

/// Who listens to what arrives, edit by edit; the others just take the bytes, so that the load costs little beside what
/// it measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listening {
    /// Everyone.
    All,
    /// The last two.
    Two,
}

/// When each edit left, by writer and number, in nanoseconds since the team began; and what arrived.
struct Clock {
    began: Instant,
    sent: Vec<Vec<AtomicU64>>,
    arrived: AtomicU64,
    /// The latencies that listeners saw, in nanoseconds.
    seen: Mutex<Vec<u64>>,
}

impl Clock {
    fn now(&self) -> u64 {
        self.began.elapsed().as_nanos() as u64
    }

    fn arrive(&self, writer: usize, number: usize, here: &mut Vec<u64>) {
        let sent = self.sent.get(writer).and_then(|sent| sent.get(number));
        let sent = sent.map_or(0, |at| at.load(Ordering::Acquire));
        if sent > 0 {
            here.push(self.now().saturating_sub(sent));
        }
    }
}

/// One writing client.
pub struct Writer {
    number: usize,
    next: usize,
    mouth: OwnedWriteHalf,
    messages: Vec<Bytes>,
    clock: Arc<Clock>,
}

impl Writer {
    /// Sends the next edits, in one write.
    pub async fn send(&mut self, count: usize) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        let now = self.clock.now();
        let times = self.clock.sent.get(self.number).into_iter().flatten();
        for (message, sent) in self.messages.iter().zip(times).skip(self.next).take(count) {
            wire::append(message, &mut bytes);
            sent.store(now, Ordering::Release);
        }
        self.next += count;
        self.mouth.write_all(&bytes).await
    }
}

/// Everyone.
pub struct Team {
    /// Those who write.
    pub writers: Vec<Writer>,
    clock: Arc<Clock>,
    tasks: Vec<JoinHandle<()>>,
    _silent: Vec<OwnedWriteHalf>,
}

impl Drop for Team {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Team {
    /// Connects `size` clients, of which the first write these updates, each in a document of its own.
    pub async fn gather(
        door: &Door<'_>,
        size: usize,
        updates: Vec<Vec<Vec<u8>>>,
        listening: Listening,
    ) -> anyhow::Result<Self> {
        let kind = door.server.kind;
        let mut lines = Vec::new();
        let mut replicas = BTreeMap::new();
        for number in 0..size {
            let replica = ReplicaId::from_bytes(chance::bytes());
            lines.push(door.follow(replica).await?);
            replicas.insert(replica, number);
        }
        let replicas = Arc::new(replicas);
        let sent = updates.iter().map(|own| own.iter().map(|_| AtomicU64::new(0)).collect()).collect();
        let (arrived, seen) = (AtomicU64::new(0), Mutex::default());
        let clock = Arc::new(Clock { began: Instant::now(), sent, arrived, seen });
        let mut team =
            Self { writers: Vec::new(), clock: clock.clone(), tasks: Vec::new(), _silent: Vec::new() };
        let mut updates = updates.into_iter();
        for (number, line) in lines.into_iter().enumerate() {
            let listens = listening == Listening::All || number + 2 >= size;
            let (ears, clock, replicas) = (line.ears, clock.clone(), replicas.clone());
            team.tasks.push(tokio::spawn(async move {
                // The line ends with the team.
                let _: anyhow::Result<()> = match (listens, kind) {
                    (false, _) => take(ears).await,
                    (true, Kind::Bare) => listen_bare(ears, clock).await,
                    (true, Kind::Relay) => listen(ears, clock, replicas).await,
                };
            }));
            match updates.next() {
                Some(own) => {
                    let messages = match kind {
                        Kind::Bare => bare_messages(number, own),
                        Kind::Relay => pushes(own),
                    };
                    let clock = team.clock.clone();
                    team.writers.push(Writer { number, next: 0, mouth: line.mouth, messages, clock });
                }
                None => team._silent.push(line.mouth),
            }
        }
        Ok(team)
    }

    /// Waits until so many edits have arrived at listeners; gives up after a while.
    pub async fn hears(&self, expected: usize, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        while self.clock.arrived.load(Ordering::Acquire) < expected as u64 {
            if Instant::now() > until {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        true
    }

    /// Returns the latencies that listeners saw, in milliseconds, sorted.
    pub fn latencies(&self) -> Vec<f64> {
        let mut seen = self.clock.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        seen.sort_unstable();
        seen.into_iter().map(|nanos| nanos as f64 / 1e6).collect()
    }
}

impl Clock {
    fn note(&self, latencies: Vec<u64>) {
        let arrived = latencies.len() as u64;
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).extend(latencies);
        self.arrived.fetch_add(arrived, Ordering::AcqRel);
    }
}

async fn take(mut ears: Ears) -> anyhow::Result<()> {
    loop {
        ears.message().await?;
    }
}

async fn listen_bare(mut ears: Ears, clock: Arc<Clock>) -> anyhow::Result<()> {
    loop {
        let message = ears.message().await?;
        let mut latencies = Vec::new();
        if let [writer, number @ ..] = message.get(..9).unwrap_or_default() {
            let number = u64::from_le_bytes(number.try_into()?);
            clock.arrive(usize::from(*writer), number as usize, &mut latencies);
        }
        clock.note(latencies);
    }
}

async fn listen(
    mut ears: Ears,
    clock: Arc<Clock>,
    replicas: Arc<BTreeMap<ReplicaId, usize>>,
) -> anyhow::Result<()> {
    loop {
        let Frame::Entries(stretches) = ears.hear().await? else { continue };
        let mut latencies = Vec::new();
        for stretch in stretches {
            let Stretch::Run(entries) = stretch else { continue };
            for entry in entries {
                if let Some(writer) = replicas.get(&entry.draft.author.replica) {
                    clock.arrive(*writer, entry.draft.counter as usize - 1, &mut latencies);
                }
            }
        }
        clock.note(latencies);
    }
}

/// Edits as bare messages: who, which, and the update.
fn bare_messages(writer: usize, updates: Vec<Vec<u8>>) -> Vec<Bytes> {
    let message = |(number, update): (usize, Vec<u8>)| {
        [&[writer as u8][..], &(number as u64).to_le_bytes(), &update].concat().into()
    };
    updates.into_iter().enumerate().map(message).collect()
}

/// Edits as pushes, one each, in a document of the writer's own.
fn pushes(updates: Vec<Vec<u8>>) -> Vec<Bytes> {
    let document = DocumentId::from_bytes(chance::bytes());
    let push = |(number, update)| push(document, number as u64 + 1, update);
    updates.into_iter().enumerate().map(push).collect()
}

/// Returns one edit as a replica pushes it.
pub fn push(document: DocumentId, counter: u64, update: Vec<u8>) -> Bytes {
    let item = PushItem {
        kind: EntryKind::UPDATE,
        document,
        counter,
        origin: Origin::TYPED,
        flags: Flags::default(),
        key_id: 0,
        bytes: update.into(),
    };
    codec::encode(&Frame::Push(Push { trace: 0, items: vec![item] }))
}
