//! A session's rules, each as a story about Imke's replica and a relay that the test plays itself.

use std::collections::BTreeSet;

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Counter, Draft, Entry, Flags, Kind, Millis, Origin, Seal, Seq};
use sheaf_protocol::frame::{Ack, Answer, CatchUp, Frame, Goodbye, Page, Snapshot, Stretch, Welcome};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record;

use super::*;

mod incoming;
mod line;
mod outgoing;
mod presence;

const EPOCH: Epoch = Epoch::from_bytes([1; 16]);
const RESTORED: Epoch = Epoch::from_bytes([2; 16]);
const OLDEST: Epoch = Epoch::from_bytes([10; 16]);
const IMKE: ReplicaId = ReplicaId::from_bytes([3; 16]);
const ADA: ReplicaId = ReplicaId::from_bytes([4; 16]);
const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([7; 16]);
const LETTER: DocumentId = DocumentId::from_bytes([5; 16]);
const RECIPE: DocumentId = DocumentId::from_bytes([6; 16]);

/// Imke's session with the clock in the test's hand.
struct Imke {
    session: Session,
    now: Millis,
    link: Link,
}

impl Imke {
    fn with(epoch: Option<Epoch>, cursor: Seq) -> Self {
        let (offer, stuck) = (Offer::ours((1, 1)), BTreeSet::new());
        let setup = Setup {
            workspace: WORKSPACE,
            replica: IMKE,
            epoch,
            cursor,
            reach: cursor,
            stuck,
            offer,
            seed: 1,
        };
        Self { session: Session::new(setup), now: 1_000_000, link: Link(0) }
    }

    /// A replica that holds ten entries and follows a relay that holds no more.
    fn following() -> Self {
        let mut imke = Self::with(Some(EPOCH), 10);
        imke.dial();
        imke.welcome(EPOCH, &[], 10);
        imke.tell(Input::Outbox(vec![]));
        imke
    }

    fn tell(&mut self, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        self.session.handle(self.now, input, &mut out);
        if let Some(Output::Connect { link, .. }) = out.iter().find(|o| matches!(o, Output::Connect { .. })) {
            self.link = *link;
        }
        out
    }

    fn hear(&mut self, frame: Frame) -> Vec<Output> {
        self.tell(Input::Received(self.link, frame))
    }

    fn dial(&mut self) -> Vec<Output> {
        self.tell(Input::Start);
        self.tell(Input::Connected(self.link, None))
    }

    fn welcome(&mut self, epoch: Epoch, lineage: &[(Epoch, Seq)], head: Seq) -> Vec<Output> {
        let author = author(IMKE);
        self.hear(Frame::Welcome(Welcome {
            version: 1,
            features: 0,
            schemas: (1, 1),
            epoch,
            lineage: lineage.to_vec(),
            head,
            person: author.person,
            device: author.device,
            at: self.now,
        }))
    }
}

fn author(replica: ReplicaId) -> Author {
    Author { person: PersonId::from_bytes([8; 16]), device: DeviceId::from_bytes([9; 16]), replica }
}

fn draft(replica: ReplicaId, document: DocumentId, counter: Counter) -> Draft {
    let bytes = Bytes::from(format!("words {counter}"));
    let hash = ContentHash::of(&bytes);
    let (kind, origin) = (Kind::UPDATE, Origin::TYPED);
    Draft {
        kind,
        document,
        author: author(replica),
        counter,
        hash,
        origin,
        flags: Flags::default(),
        key_id: 0,
        bytes,
    }
}

fn row(document: DocumentId, counter: Counter) -> Row {
    Row { row: counter * 10, draft: draft(IMKE, document, counter) }
}

fn entry(seq: Seq) -> Entry {
    Entry { epoch: EPOCH, seq, at: 1, seal: Seal::default(), draft: draft(ADA, LETTER, seq) }
}

fn ack(counter: Counter, seq: Seq) -> Ack {
    let hash = draft(IMKE, LETTER, counter).hash;
    Ack { counter, hash, seq, at: 1, seal: Seal::default() }
}

/// Returns the counters that were pushed.
fn pushed(out: &[Output]) -> Vec<Counter> {
    let pushes = out.iter().filter_map(|output| match output {
        Output::Send(_, Frame::Push(push)) => Some(push.items.iter().map(|item| item.counter)),
        _ => None,
    });
    pushes.flatten().collect()
}

/// Returns the number after which pages were asked for.
fn asked_since(out: &[Output]) -> Option<Seq> {
    out.iter().find_map(|output| match output {
        Output::Send(_, Frame::CatchUp(request)) => Some(request.since),
        _ => None,
    })
}

/// Returns what the store is to keep.
fn stored(out: &[Output]) -> Option<Batch> {
    out.iter().find_map(|output| if let Output::Store(batch) = output { Some(batch.clone()) } else { None })
}
