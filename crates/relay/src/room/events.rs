//! What can happen to a room, and what it asks for. Two closed lists: there is nothing else to know about it.

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Counter, Draft, Millis, Seal, SealKey, Seq};
use sheaf_protocol::frame::{Frame, Page};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::problem::Code;

/// Names a connection within one run of the relay; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conn(pub u64);

/// What a room needs to know when it opens.
#[derive(Clone)]
pub struct Setup {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The log's present life.
    pub epoch: Epoch,
    /// Its earlier lives, newest first, each with the last number that the log still holds from it.
    pub lineage: Vec<(Epoch, Seq)>,
    /// The last number in the log.
    pub head: Seq,
    /// Seals what is accepted, knows again what was.
    pub seal_key: SealKey,
    /// Random per process: keys the validator's hashes, so that nobody can aim at a collision.
    pub hash_key: [u8; 16],
    /// What this relay speaks.
    pub offer: Offer,
}

/// A connection whose hello was read and whose token was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Whom the token names, on which device, and the replica that the hello names.
    pub author: Author,
    /// The person's name, from their account, for presence.
    pub name: String,
    /// What the replica speaks, from the hello.
    pub offer: Offer,
    /// The epoch that the replica's cursor belongs to, from the hello.
    pub epoch: Option<Epoch>,
    /// The replica's cursor, from the hello.
    pub cursor: Seq,
    /// The highest counter that the log holds from this replica, 0 for none.
    pub highest: Counter,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Someone connected and may be here.
    Join(Conn, Member),
    /// A frame arrived, joined and decoded. A hello does not belong here: it became [`Input::Join`].
    Received(Conn, Frame),
    /// The connection is gone.
    Leave(Conn),
    /// What waits for this connection is over its bound.
    Slow(Conn),
    /// Answers [`Output::Load`].
    Loaded(DocumentId, Result<Stored, Unloadable>),
    /// Answers [`Output::Lookup`], in the order in which they were asked: what stands under those of the counters that
    /// are taken; `None` when it could not be read.
    Found(ReplicaId, Option<Vec<Named>>),
    /// Answers [`Output::Measure`]: how many bytes the blob has, `None` where it is not here whole.
    Measured(ContentHash, Result<Option<u64>, Unloadable>),
    /// Answers [`Room::next_group`](super::Room::next_group): all of it is durable, numbered without a gap from here.
    Committed(Seq),
    /// Answers [`Room::next_group`](super::Room::next_group): none of it is in the log.
    CommitFailed,
    /// Answers [`Output::ReadPage`]; `None` when it could not be read.
    PageRead(Conn, Option<Page>),
    /// The time asked for by [`Output::WakeAt`] has come.
    Wake,
    /// The relay is stopping: everyone is told so. What is being committed is still answered.
    Stop,
}

/// One thing that must happen next. A room's outputs are carried out in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Send one connection this frame; whoever writes the connection encodes it.
    Send(Conn, Frame),
    /// Send all of these this frame, encoded once.
    Broadcast(Vec<Conn>, Bytes),
    /// The same for presence: leave out those for whom much waits already.
    Whisper(Vec<Conn>, Bytes),
    /// Send this last frame, which a [`Frame::Goodbye`] is, and close. What waits before it may be dropped. The room
    /// has forgotten the connection already; an [`Input::Leave`] for it changes nothing.
    Close(Conn, Frame),
    /// Read nothing more from this connection until [`Output::Resume`]: it has enough unanswered.
    Pause(Conn),
    /// Read from it again.
    Resume(Conn),
    /// Read what this document's entries are held against; [`Input::Loaded`] answers.
    Load(DocumentId),
    /// Read what stands under these counters of this replica; [`Input::Found`] answers.
    Lookup(ReplicaId, Vec<Counter>),
    /// Look how long this blob is, beside the writer; [`Input::Measured`] answers.
    Measure(ContentHash),
    /// Read one page by this plan, beside the writer; [`Input::PageRead`] answers. At most one for each connection.
    ReadPage(Conn, Plan),
    /// Send [`Input::Wake`] at this time. Only the last such wish counts.
    WakeAt(Millis),
}

/// What the log holds of a document, or of the workspace's records.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Stored {
    /// The folded beginning, if there is one.
    pub snapshot: Option<Bytes>,
    /// What follows it, in the log's order, each by whom it was written.
    pub tail: Vec<(PersonId, Bytes)>,
    /// Whose each client id is.
    pub owners: Vec<(u64, DeviceId)>,
}

/// Why a document cannot be loaded, or a blob not be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unloadable {
    /// Storage could not read; it may be asked again later.
    Storage,
    /// The document takes no more entries, for this reason.
    Closed(Code),
}

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Named {
    /// The counter.
    pub counter: Counter,
    /// The hash of the bytes.
    pub hash: ContentHash,
    /// The entry's number.
    pub seq: Seq,
    /// The relay's clock when it was accepted.
    pub at: Millis,
    /// Its seal.
    pub seal: Seal,
}

/// Entries that become durable together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Group {
    /// The entries, in the order of their numbers.
    pub lines: Vec<Line>,
    /// Client ids that the group uses for the first time in a document, each with the device that owns it from now on.
    pub owners: Vec<(DocumentId, u64, DeviceId)>,
}

/// An accepted entry without its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// When this relay accepted it: now, or long ago when it was brought back after a restore.
    pub at: Millis,
    /// The seal for that time.
    pub seal: Seal,
    /// The rest.
    pub draft: Draft,
}

/// What a page is read from. Nothing else is remembered between two pages of one catch-up.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// A document to be sent from its beginning, entries only, instead of the log's tail.
    ///
    /// The page then holds this document's entries above `since`; its `through` is the last number looked at.
    pub backfill: Option<DocumentId>,
    /// The reader holds everything up to this number.
    pub since: Seq,
    /// Documents that the reader holds further than `since`, through these numbers: their entries up to there are
    /// skipped, and they get no second snapshot.
    pub held: Vec<(DocumentId, Seq)>,
    /// Documents to send first, if they are far behind.
    pub first: Vec<DocumentId>,
    /// The log's head when the catch-up began.
    pub head: Seq,
}
