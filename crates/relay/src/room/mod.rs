//! A room: one workspace's live meeting place, as a pure machine.
//!
//! The one idea: everything that may race is decided here, by `(now, input) -> outputs`, with no socket, database, clock
//! or task, so that every race is an ordinary test. The runtime around it carries outputs out in order and reports back.
//!
//! A pushed entry is held against its name (the same bytes twice give one entry and two acks) and what the log says: an
//! update against its document's validator state and the owners of its client ids, a record against the other records.
//! What passes forms the next group, which the runtime takes when it is about to write. Only a commit is followed by acks
//! and fan-out. A document whose group failed is forgotten and loaded again, and so are the records.
//!
//! Deliberately absent: reading documents (no yrs), storage, encoding for a single receiver, rights beyond "may be here".

mod answers;
mod commit;
mod documents;
mod events;
mod fanout;
mod members;
mod names;
mod presence;
mod push;
mod reading;
mod ready;
mod tail;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

pub use events::{Conn, Group, Input, Line, Member, Named, Output, Plan, Setup, Stored, Unloadable};
use sheaf_document::ids::ReplicaId;
use sheaf_protocol::entry::{Millis, Seq};
use sheaf_protocol::frame::Frame;

use answers::Answers;
use commit::Accepted;
use documents::Documents;
use members::Connection;
use names::Names;
use presence::Presences;
use push::Question;
use tail::Tail;

/// One workspace's meeting place on this relay.
pub struct Room {
    setup: Setup,
    /// The last number that is durable, as far as the room was told.
    head: Seq,
    members: BTreeMap<Conn, Connection>,
    /// The one connection of each replica that is here.
    replicas: BTreeMap<ReplicaId, Conn>,
    names: Names,
    documents: Documents,
    /// Questions to storage about names, in the order in which they were asked.
    questions: VecDeque<Question>,
    /// The next group.
    forming: VecDeque<Accepted>,
    /// The group on its way to the disk.
    committing: Option<Arc<Group>>,
    tail: Tail,
    presences: Presences,
    answers: Answers,
}

impl Room {
    /// Opens the room.
    pub fn new(setup: Setup) -> Self {
        Self {
            head: setup.head,
            tail: Tail::new(setup.head),
            setup,
            members: BTreeMap::new(),
            replicas: BTreeMap::new(),
            names: Names::default(),
            documents: Documents::default(),
            questions: VecDeque::new(),
            forming: VecDeque::new(),
            committing: None,
            presences: Presences::default(),
            answers: Answers::default(),
        }
    }

    /// Says whether nobody is here and nothing is on its way: the room may be closed.
    pub fn is_idle(&self) -> bool {
        self.members.is_empty() && self.forming.is_empty() && self.committing.is_none()
    }

    /// Takes one thing that happened and appends what must happen next.
    pub fn handle(&mut self, now: Millis, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Join(conn, member) => self.join(now, conn, member, out),
            Input::Received(conn, frame) => self.received(now, conn, frame, out),
            Input::Leave(conn) => self.forget(now, conn),
            Input::Slow(conn) => self.too_slow(now, conn, out),
            Input::Loaded(document, result) => self.loaded(now, document, result, out),
            Input::Found(replica, named) => self.found(now, replica, named, out),
            Input::Measured(hash, size) => self.measured(now, hash, size, out),
            Input::Committed(first) => self.committed(now, first, out),
            Input::CommitFailed => self.commit_failed(now, out),
            Input::PageRead(conn, page) => self.page_read(now, conn, page, out),
            Input::Wake => {}
            Input::Stop => self.stop(now, out),
        }
        self.answers.send(&self.members, out);
        self.release_carets(now);
        self.documents.shed();
        self.present(now, out);
    }

    fn received(&mut self, now: Millis, conn: Conn, frame: Frame, out: &mut Vec<Output>) {
        if !self.members.contains_key(&conn) {
            return;
        }
        match frame {
            Frame::Push(push) => self.pushed(conn, push, out),
            Frame::BringBack(entries) => self.brought_back(conn, entries, out),
            Frame::CatchUp(request) => self.catch_up(conn, request, out),
            Frame::More => self.more(conn, out),
            Frame::Backfill(document) => self.backfill(conn, document, out),
            Frame::Open(documents) => self.opened(conn, documents, out),
            Frame::Presence(presence) => self.moved(conn, presence),
            Frame::Goodbye(_) => self.forget(now, conn),
            // A later version's frame, or one that only a relay sends and that the codec keeps out.
            _ => {}
        }
    }
}
