//! Everything that a replica and a relay say to each other, one enum. `docs/protocol.md` is the same in prose.

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};

use crate::entry::{Author, Counter, Draft, Entry, Flags, Kind, Millis, Origin, Seal, Seq};
use crate::problem::Code;
use crate::secret::Secret;

/// One message on the socket.
#[derive(Debug, Clone, PartialEq)]
pub enum Frame {
    /// Replica, first: who I am, what I speak, what I hold.
    Hello(Hello),
    /// Relay, first: what we speak, which log this is, how far it goes.
    Welcome(Welcome),
    /// Replica: entries from the outbox, counters rising.
    Push(Push),
    /// Relay: what became of pushed entries.
    Answers(Vec<Answer>),
    /// Relay: new entries in the log's order. Runs and skips cover every number after the last one sent.
    Entries(Vec<Stretch>),
    /// Replica: send me everything after my cursor.
    CatchUp(CatchUp),
    /// Replica: the page is stored, send the next.
    More,
    /// Relay: one page of a catch-up or of a backfill.
    Page(Page),
    /// Replica: send me this document from its beginning (a right gained, a copy that I no longer trust).
    Backfill(DocumentId),
    /// Replica: these documents are open here, the one in front first.
    Open(Vec<DocumentId>),
    /// Replica: where I am. Never stored.
    Presence(Presence),
    /// Relay: who is where, merged per document; a person without a place has left.
    Present(Present),
    /// Replica, after an epoch changed: sealed entries that the restored relay forgot. There is no answer of its own:
    /// a [`CatchUp`] sent after it is answered only when these are durable, and brings them back under new numbers.
    BringBack(Vec<Entry>),
    /// Relay, last: why the connection ends and what to do.
    Goodbye(Goodbye),
    /// Either: a frame of a later version; ignored.
    Unknown(u8),
}

/// Who a replica is, what it speaks and what it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Hello {
    /// The oldest and newest protocol version it speaks.
    pub versions: (u16, u16),
    /// Feature bits that it can use.
    pub features: u64,
    /// The oldest and newest document schema that it can show.
    pub schemas: (u16, u16),
    /// The access token, when it did not travel in a header.
    pub token: Option<Secret>,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// This copy.
    pub replica: ReplicaId,
    /// The epoch that the cursor belongs to; `None` for a fresh replica.
    pub epoch: Option<Epoch>,
    /// The last number that it has stored.
    pub cursor: Seq,
    /// Random: names this connection in both ends' logs.
    pub trace: u64,
}

/// What both will speak, and which log this is.
#[derive(Debug, Clone, PartialEq)]
pub struct Welcome {
    /// The version both speak.
    pub version: u16,
    /// The features both have.
    pub features: u64,
    /// The schemas that documents here may use, oldest and newest.
    pub schemas: (u16, u16),
    /// The log's present life.
    pub epoch: Epoch,
    /// Earlier lives, newest first, each with the last number that this log still holds from it (at most 64).
    pub lineage: Vec<(Epoch, Seq)>,
    /// The last number in the log.
    pub head: Seq,
    /// Who the relay takes you for.
    pub person: PersonId,
    /// Which device it takes this for.
    pub device: DeviceId,
    /// The relay's clock.
    pub at: Millis,
}

/// Entries from one replica's outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Push {
    /// Names this push, within its connection, where either end logs pushes.
    pub trace: u64,
    /// The entries, counters rising.
    pub items: Vec<PushItem>,
}

/// A draft on its way: without what the connection already says (the author) and what can be computed (the hash).
#[derive(Debug, Clone, PartialEq)]
pub struct PushItem {
    /// What the bytes are.
    pub kind: Kind,
    /// The document it belongs to.
    pub document: DocumentId,
    /// Its name within the replica, together with the hash.
    pub counter: Counter,
    /// How it came to be.
    pub origin: Origin,
    /// How the bytes are kept.
    pub flags: Flags,
    /// The key the bytes are encrypted under, 0 for none.
    pub key_id: u32,
    /// The update or record.
    pub bytes: Bytes,
}

impl PushItem {
    /// Returns the draft that this connection's author pushed; hashes the bytes.
    pub fn into_draft(self, author: Author) -> Draft {
        let Self { kind, document, counter, origin, flags, key_id, bytes } = self;
        let hash = ContentHash::of(&bytes);
        Draft { kind, document, author, counter, hash, origin, flags, key_id, bytes }
    }
}

impl From<Draft> for PushItem {
    fn from(draft: Draft) -> Self {
        let Draft { kind, document, author: _, counter, hash: _, origin, flags, key_id, bytes } = draft;
        Self { kind, document, counter, origin, flags, key_id, bytes }
    }
}

/// What became of one pushed entry. The hash says which bytes are meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// It is durable.
    Ack(Ack),
    /// Something it builds on is not here yet; push again what this relay lacks, then it.
    Missing {
        /// The entry.
        counter: Counter,
        /// Its document.
        document: DocumentId,
        /// The state vector that the relay has, in Yjs's v1 encoding.
        have: Bytes,
    },
    /// Other bytes stand under this name: this copy was copied. Take a new identity and push again.
    Forked {
        /// The entry.
        counter: Counter,
        /// The hash of what stands there.
        holds: ContentHash,
    },
    /// It will not be taken, now or later.
    Never {
        /// The entry.
        counter: Counter,
        /// Its document.
        document: DocumentId,
        /// Why.
        code: Code,
        /// What exactly, for a log; at most 200 bytes.
        detail: String,
    },
}

/// An entry became durable under this number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ack {
    /// The entry.
    pub counter: Counter,
    /// The hash of the bytes that are durable.
    pub hash: ContentHash,
    /// Its number.
    pub seq: Seq,
    /// The relay's clock at the commit.
    pub at: Millis,
    /// The relay's seal.
    pub seal: Seal,
}

/// A stretch of the log.
#[derive(Debug, Clone, PartialEq)]
pub enum Stretch {
    /// Entries whose numbers follow each other.
    Run(Vec<Entry>),
    /// From this number on, this many that the reader does not get as entries: not for them, or held in a snapshot, or
    /// their own (which the answers carry).
    Skip(Seq, u64),
}

/// A catch-up request: everything after `since`.
#[derive(Debug, Clone, PartialEq)]
pub struct CatchUp {
    /// The cursor.
    pub since: Seq,
    /// Documents whose snapshot arrived before an interruption, and through which number.
    pub held: Vec<(DocumentId, Seq)>,
    /// Documents to send first.
    pub first: Vec<DocumentId>,
}

/// One page: snapshots of documents that are far behind, then the log's tail in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The document, when this page belongs to a backfill.
    pub backfill: Option<DocumentId>,
    /// Documents folded through a number.
    pub snapshots: Vec<Snapshot>,
    /// The log from the last page's end (or `since`) on.
    pub stretches: Vec<Stretch>,
    /// The number through which the log is covered once this page is stored.
    pub through: Seq,
    /// Whether another page follows. The last page's `through` is where live entries go on.
    pub more: bool,
    /// The log's head when the catch-up began, for showing progress.
    pub head: Seq,
}

/// A document folded into one update.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The document.
    pub document: DocumentId,
    /// Every entry of this document up to this number is in it.
    pub through: Seq,
    /// The relay's clock when the last of them was committed.
    pub at: Millis,
    /// One Yjs update, v1, nothing collected.
    pub bytes: Bytes,
}

/// Where a person is.
#[derive(Debug, Clone, PartialEq)]
pub struct Presence {
    /// The document they look at, if any.
    pub document: Option<DocumentId>,
    /// Their selection, opaque to the relay (Yjs relative positions); at most 1 KiB, empty for none.
    pub caret: Bytes,
    /// The last counter that this replica pushed before the caret was there: shown once that one is committed.
    pub after: Counter,
}

/// People in one document, or in the workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Present {
    /// The document, or the whole workspace.
    pub document: Option<DocumentId>,
    /// Who changed since the last such frame.
    pub people: Vec<Here>,
}

/// One person's presence, stamped by the relay.
#[derive(Debug, Clone, PartialEq)]
pub struct Here {
    /// Names this connection within the room.
    pub session: u64,
    /// Who.
    pub person: PersonId,
    /// Their name, from their account.
    pub name: String,
    /// Their caret; `None` when they left.
    pub caret: Option<Bytes>,
}

/// Why a connection ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Goodbye {
    /// What happened.
    pub code: Code,
    /// How long to wait before coming back; `None` for do not come back without a person's help.
    pub again_after_ms: Option<u32>,
}
