//! What can happen to a session, and what it asks for. Two closed lists: there is nothing else to know about it.

use std::collections::BTreeSet;

use bytes::Bytes;
use sheaf_document::ids::{DocumentId, Epoch, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Counter, Draft, Entry, Millis, Seq};
use sheaf_protocol::frame::{Ack, Frame, Present, Snapshot};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::problem::Code;
use sheaf_protocol::secret::Secret;

/// Names one connection of this session; what comes from an earlier one is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(pub u64);

/// What a session needs to know when it begins.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// This copy.
    pub replica: ReplicaId,
    /// The epoch that the cursor belongs to; `None` for a fresh replica.
    pub epoch: Option<Epoch>,
    /// The last number that the store holds.
    pub cursor: Seq,
    /// The highest number of that epoch that anything in the store bears.
    pub reach: Seq,
    /// Documents whose rows wait for a person.
    pub stuck: BTreeSet<DocumentId>,
    /// What this replica speaks.
    pub offer: Offer,
    /// Random: spreads the back-off, so that a thousand replicas do not come back in one instant, and names connections
    /// in the logs of both sides.
    pub seed: u64,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Be connected from now on: the app started, or a person signed in again. Forgets any refusal.
    Start,
    /// Be offline until [`Input::Start`]: a person cut the line or signed out.
    Stop(Stopped),
    /// The relay may be within reach again: what would be tried later is tried now.
    Hurry,
    /// Time has passed; comes at least every [`super::TICK`], and at the time that [`Output::WakeAt`] asked for.
    Tick,
    /// Answers [`Output::Connect`]: the socket is open. The token goes into the hello, unless a header carried it.
    Connected(Link, Option<Secret>),
    /// Answers [`Output::Connect`]: it did not open; or an open one broke.
    Lost(Link),
    /// A frame arrived, joined and decoded.
    Received(Link, Frame),
    /// Something else arrived that shows that the relay lives (a pong, a part of a long frame).
    Alive(Link),

    /// The outbox has new rows. Losing such a bell loses nothing as long as a later one rings.
    Bell,
    /// A person settled a fork or a refused record, or a file was brought: rows came back into the outbox, before others that
    /// were read already, or were taken out, and what is written there from now on goes out.
    Settled,
    /// Answers [`Output::ReadOutbox`], always, also behind a failure: rows in order, all of one replica id; empty when there
    /// is nothing after, or when the store failed.
    Outbox(Vec<Row>),
    /// Answers [`Output::Store`]: it is durable.
    Stored,
    /// Answers [`Output::Acknowledge`]: that is durable.
    Acknowledged,
    /// Answers [`Output::TakeNewIdentity`]: the rows bear the new name now.
    Renamed(ReplicaId),
    /// Answers [`Output::Mend`]: the document's entries that have a seal and that the relay lacks, in order.
    Mended(DocumentId, Vec<Entry>),
    /// Answers [`Output::ReadForgotten`].
    Forgotten {
        /// The next entries with a seal, life by life, in the order of their numbers; about a megabyte at a time.
        entries: Vec<Entry>,
        /// The place to go on after; `None` at the end.
        next: Option<u64>,
    },
    /// The store could not do what was asked; the session goes on from what it does hold, after a while.
    StoreFailed {
        /// The epoch that it holds.
        epoch: Option<Epoch>,
        /// The cursor that it holds.
        cursor: Seq,
    },

    /// These documents are open here, the one in front first.
    Open(Vec<DocumentId>),
    /// Where this person's caret is.
    Caret(Caret),
    /// This document's copy here is not to be trusted: ask for it from its beginning, and again after a break.
    Distrust(DocumentId),
}

/// Why a session is offline on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// A person wants to be offline.
    ByPerson,
    /// There is no valid sign-in any more.
    SignedOut,
}

/// A row of the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The row's place: rising in the order of writing.
    pub row: u64,
    /// What it holds.
    pub draft: Draft,
}

/// Where a person's caret is, as the interface says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caret {
    /// The document that it is in. While another one is in front nobody is told of it.
    pub document: DocumentId,
    /// Their selection (Yjs relative positions), empty for none: they only read.
    pub caret: Bytes,
    /// The last counter that was committed here before the caret was there, 0 for none.
    pub after: Counter,
}

/// One thing that must happen next. Outputs are carried out in their order; those to the store one after the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Open a socket to the relay; refresh the access token first if `renew` says that the last one was refused.
    Connect {
        /// Its name.
        link: Link,
        /// Whether the relay refused the last token.
        renew: bool,
    },
    /// Send this frame.
    Send(Link, Frame),
    /// Ask for a sign of life (a WebSocket ping); [`Input::Alive`] answers.
    Ping(Link),
    /// Close the socket; nothing from it matters any more.
    Close(Link),
    /// Come back with [`Input::Tick`] at this time. Only the last such wish counts.
    WakeAt(Millis),

    /// Read rows of the outbox, except those of stuck documents; [`Input::Outbox`] answers.
    ReadOutbox {
        /// Rows after this place.
        after: u64,
        /// Row by row until this many bytes are reached: fewer, in bytes and in rows, mean that there are no more.
        bytes: usize,
        /// No more rows than this.
        rows: usize,
    },
    /// These rows are durable at the relay; forget each whose hash is the same.
    /// [`Input::Acknowledged`] or [`Input::StoreFailed`] answers.
    Acknowledge {
        /// What is durable.
        acks: Vec<Ack>,
        /// The cursor from now on, when the acks move it.
        cursor: Option<Seq>,
    },
    /// Store this, in one transaction; [`Input::Stored`] or [`Input::StoreFailed`] answers. There is never a second
    /// one on its way. Whether the bytes are sound is for the engine to check before they are shown.
    Store(Batch),
    /// This copy was copied: rename every unacknowledged row under a fresh replica id; [`Input::Renamed`] answers.
    TakeNewIdentity,
    /// The relay will not take this row, so nothing of its document goes on until a person settles it. Needs no answer.
    Stick {
        /// The document.
        document: DocumentId,
        /// The row's counter.
        counter: Counter,
        /// Why.
        code: Code,
        /// What exactly, for a log.
        detail: String,
    },
    /// The relay will not take these records: the counter of each, why, and what exactly, for a log. Only these rows stop, until
    /// a person settles them: what is said of other things, and every text, goes on. Needs no answer.
    Refuse(Vec<(Counter, Code, String)>),
    /// The relay lacks something that this document's rows build on; [`Input::Mended`] answers with what it lacks and
    /// can be brought back. If something else is lacking, the engine first commits a diff as a new row of the outbox.
    Mend {
        /// The document.
        document: DocumentId,
        /// The relay's state vector of it.
        have: Bytes,
    },
    /// A restored relay forgot what it had numbered beyond this: read those entries. Each gets another number when it comes
    /// back. Asked once on every connection, and a few times more while there are any.
    /// [`Input::Forgotten`] answers.
    ReadForgotten {
        /// The last number that the relay's log holds of each of its lives, the oldest first; of a life that is not among
        /// them it holds nothing.
        kept: Vec<(Epoch, Seq)>,
        /// The place to go on after, 0 at first.
        after: u64,
    },
    /// The relay's log of this life is not the one of which the store holds something under its numbers: they are to be
    /// believed no more, and the cursor is at the beginning. Needs no answer.
    SetApart {
        /// The life.
        epoch: Epoch,
    },
    /// A restored relay may hold less than what came here folded: write what it lacks of it as new rows of the outbox, and
    /// ring the bell. Said once on every connection, after the others had time to bring back what they hold with its
    /// seals. Needs no answer.
    Unfold {
        /// As in [`Output::ReadForgotten`].
        kept: Vec<(Epoch, Seq)>,
    },
    /// Show where people are.
    Present(Present),
    /// How things stand, for people; said when it changes.
    Status(Status),
}

/// What the relay sent, to be stored in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Entries in the log's order.
    pub entries: Vec<Entry>,
    /// Documents folded through a number.
    pub snapshots: Vec<Snapshot>,
    /// The cursor from now on; `None` for a backfill, which does not move it.
    pub cursor: Option<Seq>,
    /// The epoch that the cursor belongs to. What the store holds of earlier ones keeps its numbers until it comes back
    /// with others.
    pub epoch: Epoch,
}

/// How a session stands, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Not connected; tries again by itself, unless a person cut the line.
    Offline {
        /// Since when.
        since: Millis,
    },
    /// On the way.
    Connecting,
    /// Reading what happened meanwhile.
    CatchingUp {
        /// Stored through this number.
        through: Seq,
        /// Of this many.
        head: Seq,
    },
    /// Connected, and this many pushed entries wait for their answer.
    Waiting {
        /// How many.
        count: usize,
    },
    /// Connected, everything read and everything answered.
    Synced,
    /// The relay wants nothing to do with this replica until a person helps.
    Refused {
        /// Why.
        code: Code,
    },
    /// There is no valid sign-in.
    SignedOut,
}
