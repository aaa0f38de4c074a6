//! A room's rules, each as a story. The test plays the disk, the clock and the lines itself: storage answers questions
//! at once from the log, but nothing becomes durable before the story says so.

use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};
use sheaf_document::update::{DocState, Limits, StateVector};
use sheaf_protocol::codec::{Side, decode};
use sheaf_protocol::entry::{Author, Counter, Entry, Flags, Kind, Millis, Origin, SealKey, Seq};
use sheaf_protocol::frame::{Answer, CatchUp, Frame, Page, Present, Push, PushItem, Stretch};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{
    self, Decoded, FavouriteWrite, FileWrite, MemberWrite, Order, PlaceWrite, Record, Records,
};

use super::*;

mod answers;
mod commit;
mod door;
mod files;
mod following;
mod presence;
mod records;
mod restored;
mod tree;

const EPOCH: Epoch = Epoch::from_bytes([1; 16]);
const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([0xa2; 16]);
const SEAL: SealKey = SealKey::new([3; 32]);
const LETTER: DocumentId = DocumentId::from_bytes([5; 16]);
const RECIPE: DocumentId = DocumentId::from_bytes([6; 16]);
/// A document that takes nothing.
const SECRET: DocumentId = DocumentId::from_bytes([7; 16]);

/// A relay whose disk is in the test's hand.
struct Relay {
    room: Room,
    now: Millis,
    log: Vec<Entry>,
    owners: Vec<(DocumentId, u64, DeviceId)>,
    /// The snapshot of the records.
    folded: Option<Bytes>,
    /// What storage was asked for.
    loaded: Vec<DocumentId>,
    /// The blobs that are here whole, and how long each is.
    blobs: BTreeMap<ContentHash, u64>,
}

impl Relay {
    /// A fresh relay, with these people following its empty log.
    fn with(people: &[&Someone]) -> Self {
        let (epoch, lineage, offer) = (EPOCH, vec![], Offer::ours((1, 1)));
        let setup =
            Setup { workspace: WORKSPACE, epoch, lineage, head: 0, seal_key: SEAL, hash_key: [4; 16], offer };
        let (room, log, owners) = (Room::new(setup), vec![], vec![]);
        let (folded, loaded, blobs) = (None, vec![], BTreeMap::new());
        let mut relay = Self { room, now: 1_000_000, log, owners, folded, loaded, blobs };
        people.iter().for_each(|someone| drop(relay.join(someone, 0)));
        relay
    }

    /// Tells the room what happened; storage's questions are answered from the log.
    fn tell(&mut self, input: Input) -> Vec<Output> {
        let mut told = Vec::new();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            let mut out = Vec::new();
            self.room.handle(self.now, input, &mut out);
            for output in out {
                match output {
                    Output::Load(document) => inputs.push_back(Input::Loaded(document, self.load(document))),
                    Output::Lookup(replica, counters) => {
                        let named = self.named(replica, &counters);
                        inputs.push_back(Input::Found(replica, Some(named)));
                    }
                    Output::Measure(hash) => {
                        let size = self.blobs.get(&hash).copied();
                        inputs.push_back(Input::Measured(hash, Ok(size)));
                    }
                    output => told.push(output),
                }
            }
        }
        told
    }

    fn load(&mut self, document: DocumentId) -> Result<Stored, Unloadable> {
        self.loaded.push(document);
        if document == SECRET {
            return Err(Unloadable::Closed(Code::FORBIDDEN));
        }
        let of = self.log.iter().filter(|entry| entry.draft.document == document);
        let owners = self.owners.iter().filter(|(of, ..)| *of == document);
        Ok(Stored {
            snapshot: self.folded.clone().filter(|_| document == record::stream(WORKSPACE)),
            tail: of.map(|entry| (entry.draft.author.person, entry.draft.bytes.clone())).collect(),
            owners: owners.map(|(_, client, device)| (*client, *device)).collect(),
        })
    }

    fn named(&self, replica: ReplicaId, counters: &[Counter]) -> Vec<Named> {
        let named = self.log.iter().filter_map(|entry| {
            let Entry { seq, at, seal, ref draft, .. } = *entry;
            let is_asked = draft.author.replica == replica && counters.contains(&draft.counter);
            is_asked.then_some(Named { counter: draft.counter, hash: draft.hash, seq, at, seal })
        });
        named.collect()
    }

    /// Someone arrives who has everything up to this number.
    fn join(&mut self, someone: &Someone, cursor: Seq) -> Vec<Output> {
        let theirs = self.log.iter().filter(|entry| entry.draft.author.replica == someone.author.replica);
        let highest = theirs.map(|entry| entry.draft.counter).max().unwrap_or(0);
        let Someone { conn, author, name, .. } = someone;
        let (author, name, offer) = (*author, (*name).to_owned(), Offer::ours((1, 1)));
        self.tell(Input::Join(*conn, Member { author, name, offer, epoch: Some(EPOCH), cursor, highest }))
    }

    fn hear(&mut self, from: &Someone, frame: Frame) -> Vec<Output> {
        self.tell(Input::Received(from.conn, frame))
    }

    fn push(&mut self, from: Conn, items: impl Into<Vec<PushItem>>) -> Vec<Output> {
        self.tell(Input::Received(from, Frame::Push(Push { trace: 0, items: items.into() })))
    }

    /// The disk begins to write what waits.
    fn writes(&mut self) -> Arc<Group> {
        self.room.next_group(self.now).expect("something waits for the disk")
    }

    /// Says whether nothing waits for the disk.
    fn has_nothing_to_write(&mut self) -> bool {
        self.room.next_group(self.now).is_none()
    }

    /// The disk has written a group.
    fn written(&mut self, group: &Group) -> Vec<Output> {
        let first = self.log.len() as Seq + 1;
        for (seq, line) in (first..).zip(&group.lines) {
            let draft = line.draft.clone();
            self.log.push(Entry { epoch: EPOCH, seq, at: line.at, seal: line.seal, draft });
        }
        self.owners.extend_from_slice(&group.owners);
        self.tell(Input::Committed(first))
    }

    /// The disk writes everything that waits.
    fn commits(&mut self) -> Vec<Output> {
        let mut out = Vec::new();
        while let Some(group) = self.room.next_group(self.now) {
            out.extend(self.written(&group));
        }
        out
    }

    /// Lets time pass until the room's next wish to be woken is surely due.
    fn later(&mut self, by: Millis) -> Vec<Output> {
        self.now += by;
        self.tell(Input::Wake)
    }
}

/// Someone at a replica.
struct Someone {
    name: &'static str,
    conn: Conn,
    author: Author,
    letter: Document,
    counter: Counter,
}

impl Someone {
    fn called(name: &'static str) -> Self {
        let id = [name.len() as u8 + name.as_bytes()[0]; 16];
        let (person, device) = (PersonId::from_bytes(id), DeviceId::from_bytes(id));
        let author = Author { person, device, replica: ReplicaId::from_bytes(id) };
        let (conn, letter) = (Conn(u64::from(id[0])), Document::new(u64::from(id[0])));
        Self { name, conn, author, letter, counter: 0 }
    }

    /// Writes at the end of the letter.
    fn writes(&mut self, words: &str) -> PushItem {
        let title = self.letter.title() + words;
        let bytes = self.letter.set_title(&title);
        self.item(LETTER, bytes)
    }

    /// Writes a document of its own with these words.
    fn writes_in(&mut self, document: DocumentId, words: &str) -> PushItem {
        let bytes = Document::new(self.conn.0).set_title(words);
        self.item(document, bytes)
    }

    fn item(&mut self, document: DocumentId, bytes: Vec<u8>) -> PushItem {
        self.counter += 1;
        let (kind, origin, flags) = (Kind::UPDATE, Origin::TYPED, Flags::default());
        PushItem { kind, document, counter: self.counter, origin, flags, key_id: 0, bytes: bytes.into() }
    }

    /// Reads the letter as another wrote it.
    fn reads(&mut self, words: &PushItem) {
        let mut state = DocState::new([0; 16]);
        let admitted = state.admit(&words.bytes, &Limits::BULK).expect("sound words");
        self.letter.apply(&admitted).expect("sound words");
    }

    /// The same replica on a new line.
    fn comes_back(&mut self) {
        self.conn = Conn(self.conn.0 + 1_000);
    }
}

/// Returns what one connection is sent, in order.
fn frames(out: &[Output], to: &Someone) -> Vec<Frame> {
    let frames = out.iter().filter_map(|output| match output {
        Output::Send(conn, frame) | Output::Close(conn, frame) => (*conn == to.conn).then(|| frame.clone()),
        Output::Broadcast(conns, bytes) | Output::Whisper(conns, bytes) => {
            let read = || decode(bytes.clone(), Side::Relay).expect("the room says what can be read");
            conns.contains(&to.conn).then(read)
        }
        _ => None,
    });
    frames.collect()
}

fn answers(out: &[Output], to: &Someone) -> Vec<Answer> {
    let frames = frames(out, to).into_iter();
    frames
        .filter_map(|frame| if let Frame::Answers(answers) = frame { Some(answers) } else { None })
        .flatten()
        .collect()
}

/// Returns the counters and numbers that someone is told are durable.
fn acks(out: &[Output], to: &Someone) -> Vec<(Counter, Seq)> {
    let acks = answers(out, to).into_iter();
    acks.filter_map(|answer| if let Answer::Ack(ack) = answer { Some((ack.counter, ack.seq)) } else { None })
        .collect()
}

/// Returns why someone is sent away.
fn goodbye(out: &[Output], to: &Someone) -> Option<Code> {
    frames(out, to).into_iter().find_map(|frame| match frame {
        Frame::Goodbye(goodbye) => Some(goodbye.code),
        _ => None,
    })
}
