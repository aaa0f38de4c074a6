//! A team of clients on one server: some write, all listen, and every arrival is counted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::chance;
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_document::ids::{DeviceId, DocumentId, ReplicaId, WorkspaceId};
use sheaf_document::typist::Typist;
use sheaf_protocol::codec::{self, Side};
use sheaf_protocol::entry::{Flags, Kind as EntryKind, Origin};
use sheaf_protocol::frame::{CatchUp, Frame, Hello, Push, PushItem, Stretch};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::rest::path;
use sheaf_protocol::secret::Secret;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::task::JoinHandle;

use super::server::{Kind, Server};
use super::wire::{self, Incoming};

/// When each edit left, by writer and number, in nanoseconds since the team began; and what arrived.
pub struct Clock {
    began: Instant,
    sent: Vec<Vec<AtomicU64>>,
    /// Deliveries of edits so far.
    pub arrived: AtomicU64,
    /// The latencies that listeners saw, in nanoseconds.
    pub seen: std::sync::Mutex<Vec<u64>>,
}

impl Clock {
    fn now(&self) -> u64 {
        self.began.elapsed().as_nanos() as u64
    }

    fn arrive(&self, writer: usize, number: usize, here: &mut Vec<u64>) {
        let sent = self
            .sent
            .get(writer)
            .and_then(|sent| sent.get(number))
            .map_or(0, |at| at.load(Ordering::Acquire));
        if sent > 0 {
            here.push(self.now().saturating_sub(sent));
        }
    }
}

/// One writing client.
pub struct Writer {
    number: usize,
    next: usize,
    outgoing: OwnedWriteHalf,
    messages: Vec<Bytes>,
    clock: Arc<Clock>,
}

impl Writer {
    /// Sends the next edits, in one write.
    pub async fn send(&mut self, count: usize) -> std::io::Result<()> {
        use tokio::io::AsyncWriteExt as _;
        let mut bytes = Vec::new();
        let now = self.clock.now();
        for number in self.next..(self.next + count).min(self.messages.len()) {
            wire::append(&self.messages[number], &mut bytes);
            self.clock.sent[self.number][number].store(now, Ordering::Release);
        }
        self.next += count;
        self.outgoing.write_all(&bytes).await
    }
}

/// Everyone.
pub struct Team {
    /// Those who write.
    pub writers: Vec<Writer>,
    /// The common clock.
    pub clock: Arc<Clock>,
    tasks: Vec<JoinHandle<()>>,
    _idle: Vec<OwnedWriteHalf>,
}

impl Drop for Team {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl Team {
    /// Connects `size` clients, of which the first `writers` write `edits` edits each. Only the last two clients read
    /// what arrives edit by edit when `sampled`; the others then just take the bytes.
    pub async fn gather(
        server: &Server,
        kind: Kind,
        size: usize,
        writers: usize,
        edits: usize,
        sampled: bool,
    ) -> anyhow::Result<Self> {
        let sent = (0..writers).map(|_| (0..edits).map(|_| AtomicU64::new(0)).collect()).collect();
        let clock = Arc::new(Clock {
            began: Instant::now(),
            sent,
            arrived: AtomicU64::new(0),
            seen: Default::default(),
        });
        let session = match kind {
            Kind::Bare => None,
            Kind::Relay => Some(enter(&server.invitation).await?),
        };
        let mut team =
            Self { writers: Vec::new(), clock: clock.clone(), tasks: Vec::new(), _idle: Vec::new() };
        let mut replicas = BTreeMap::new();
        let mut halves = Vec::new();
        for number in 0..size {
            let replica = ReplicaId::from_bytes(chance::bytes());
            let (mut incoming, mut outgoing) = wire::open(server.address, path::SOCKET).await?;
            if let Some((workspace, access)) = &session {
                greet(&mut incoming, &mut outgoing, *workspace, replica, access).await?;
            }
            if number < writers {
                replicas.insert(replica, number);
            }
            halves.push((incoming, outgoing));
        }
        let replicas = Arc::new(replicas);
        for (number, (incoming, outgoing)) in halves.into_iter().enumerate() {
            let reads = !sampled || number + 2 >= size;
            team.tasks.push(tokio::spawn(listen(incoming, kind, clock.clone(), replicas.clone(), reads)));
            if number < writers {
                let messages = match kind {
                    Kind::Bare => bare_messages(number, edits),
                    Kind::Relay => pushes(edits),
                };
                team.writers.push(Writer { number, next: 0, outgoing, messages, clock: clock.clone() });
            } else {
                team._idle.push(outgoing);
            }
        }
        Ok(team)
    }
}

/// Joins the relay as its owner; every client of the team is a replica of that person's device.
async fn enter(invitation: &str) -> anyhow::Result<(WorkspaceId, Secret)> {
    let who = Enrolment {
        name: "Ada".into(),
        email: "ada@example.org".into(),
        password: Secret::new("correct horse battery"),
        device: DeviceId::from_bytes(chance::bytes()),
        device_name: "desk".into(),
    };
    let (vault, folder) = (Vault::open(MemoryKeychain::default()).await, tempfile::tempdir()?);
    let (_, session) = Account::join(invitation, Insist::Encrypted, who, vault, folder.path()).await?;
    Ok((session.workspace, session.access))
}

async fn greet(
    incoming: &mut Incoming,
    outgoing: &mut OwnedWriteHalf,
    workspace: WorkspaceId,
    replica: ReplicaId,
    access: &Secret,
) -> anyhow::Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let offer = Offer::ours((1, 1));
    let hello = Hello {
        versions: offer.versions,
        features: offer.features,
        schemas: offer.schemas,
        token: Some(access.clone()),
        workspace,
        replica,
        epoch: None,
        cursor: 0,
        trace: 0,
    };
    let mut bytes = Vec::new();
    wire::append(&codec::encode(&Frame::Hello(hello)), &mut bytes);
    wire::append(
        &codec::encode(&Frame::CatchUp(CatchUp { since: 0, held: vec![], first: vec![] })),
        &mut bytes,
    );
    outgoing.write_all(&bytes).await?;
    loop {
        match codec::decode(incoming.message().await?, Side::Relay)? {
            Frame::Page(page) if !page.more => return Ok(()),
            Frame::Page(_) => anyhow::bail!("a fresh relay has more than one page"),
            Frame::Goodbye(goodbye) => anyhow::bail!("the relay said goodbye: {goodbye:?}"),
            _ => {}
        }
    }
}

/// Reads until the line ends.
async fn listen(
    mut incoming: Incoming,
    kind: Kind,
    clock: Arc<Clock>,
    replicas: Arc<BTreeMap<ReplicaId, usize>>,
    reads: bool,
) {
    while let Ok(message) = incoming.message().await {
        if !reads {
            continue;
        }
        let mut latencies = Vec::new();
        match kind {
            Kind::Bare => {
                if let [writer, number @ ..] = message.get(..9).unwrap_or_default() {
                    let number = u64::from_le_bytes(number.try_into().unwrap_or_default());
                    clock.arrive(usize::from(*writer), number as usize, &mut latencies);
                }
            }
            Kind::Relay => {
                let Ok(Frame::Entries(stretches)) = codec::decode(message, Side::Relay) else { continue };
                for entry in stretches.iter().flat_map(|stretch| match stretch {
                    Stretch::Run(entries) => entries.as_slice(),
                    Stretch::Skip(_) => &[],
                }) {
                    if let Some(writer) = replicas.get(&entry.draft.author.replica) {
                        clock.arrive(*writer, entry.draft.counter as usize - 1, &mut latencies);
                    }
                }
            }
        }
        clock.arrived.fetch_add(latencies.len() as u64, Ordering::AcqRel);
        clock.seen.lock().expect("nobody panics with it").extend(latencies);
    }
}

/// Edits as bare messages: who, which, and the bytes of a real update.
fn bare_messages(writer: usize, edits: usize) -> Vec<Bytes> {
    typed(edits)
        .enumerate()
        .map(|(number, update)| {
            let mut message = vec![writer as u8];
            message.extend_from_slice(&(number as u64).to_le_bytes());
            message.extend_from_slice(&update);
            message.into()
        })
        .collect()
}

/// Edits as pushes, one each, in a document of the writer's own.
fn pushes(edits: usize) -> Vec<Bytes> {
    let document = DocumentId::from_bytes(chance::bytes());
    typed(edits)
        .enumerate()
        .map(|(number, update)| {
            let item = PushItem {
                kind: EntryKind::UPDATE,
                document,
                counter: number as u64 + 1,
                origin: Origin::TYPED,
                flags: Flags::default(),
                key_id: 0,
                bytes: update.into(),
            };
            codec::encode(&Frame::Push(Push { trace: 0, items: vec![item] }))
        })
        .collect()
}

/// Somebody types: one update a key.
fn typed(edits: usize) -> impl Iterator<Item = Vec<u8>> {
    let client = u64::from_le_bytes(chance::bytes()) >> 11;
    let (mut typist, first) = Typist::begin(client);
    let rest = (1..edits).map(move |at| typist.edit(at - 1, 0, "e"));
    std::iter::once(first).chain(rest)
}
