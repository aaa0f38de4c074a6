//! Who is here: joining, leaving, and how much each may leave unanswered.

use std::collections::{BTreeSet, VecDeque};

use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::{Author, Counter, Draft, Millis, Seq};
use sheaf_protocol::frame::{Frame, Goodbye, Presence, Welcome};
use sheaf_protocol::problem::Code;

use super::names::By;
use super::{Conn, Member, Output, Plan, Room};

/// As many bytes of entries as one connection may leave unanswered before it is read no further.
const UNANSWERED: usize = 8 * 1024 * 1024;
/// What an unanswered entry weighs beside its bytes.
const ENTRY: usize = 256;
/// When those who were sent away may come back.
const SOON: u32 = 1_000;

/// A connection that is here.
pub struct Connection {
    pub author: Author,
    pub name: String,
    /// The last number sent to it, if it follows the log live.
    pub following: Option<Seq>,
    /// What it wants to read, one after the other.
    pub reads: VecDeque<Plan>,
    /// How far the first of `reads` is.
    pub reading: Reading,
    /// How many entries it brought back that are not durable yet.
    pub bringing: usize,
    /// The documents that are open there.
    pub open: BTreeSet<DocumentId>,
    /// What it pushed that was not taken: the others lack words that a caret there may point at.
    pub lacking: BTreeSet<(DocumentId, Counter)>,
    /// Where it is, as soon as what it pushed before is durable.
    pub heading: Option<Presence>,
    unanswered: usize,
    paused: bool,
}

/// How far the first plan of a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A page may be read.
    Idle,
    /// Storage reads a page.
    Asked,
    /// Storage reads a page that is not wanted any more.
    Overtaken,
    /// A page was sent; the reader says when it wants the next.
    Sent,
}

impl Room {
    /// Lets someone in, or says why not.
    pub(super) fn join(&mut self, now: Millis, conn: Conn, member: Member, out: &mut Vec<Output>) {
        let Member { author, name, offer, epoch, cursor, highest } = member;
        let agreed = match self.setup.offer.agree(&offer) {
            Ok(agreed) => agreed,
            Err(code) => return out.push(Output::Close(conn, goodbye(code, None))),
        };
        if let Some(&before) = self.replicas.get(&author.replica) {
            self.dismiss(now, before, goodbye(Code::REPLACED, Some(SOON)), out);
        }
        self.replicas.insert(author.replica, conn);
        self.names.learn(author.replica, highest);
        let is_level = epoch == Some(self.setup.epoch) && cursor == self.head;
        let connection = Connection {
            author,
            name,
            following: None,
            reads: VecDeque::new(),
            reading: Reading::Idle,
            bringing: 0,
            open: BTreeSet::new(),
            lacking: BTreeSet::new(),
            heading: None,
            unanswered: 0,
            paused: false,
        };
        self.seat(now, &connection);
        self.members.insert(conn, connection);
        let welcome = Welcome {
            version: agreed.version,
            features: agreed.features,
            schemas: agreed.schemas,
            epoch: self.setup.epoch,
            lineage: self.setup.lineage.clone(),
            head: self.head,
            person: author.person,
            device: author.device,
            at: now,
        };
        out.push(Output::Send(conn, Frame::Welcome(welcome)));
        if is_level {
            self.follow(conn, self.head, out);
        }
    }

    /// Sends someone away.
    pub(super) fn dismiss(&mut self, now: Millis, conn: Conn, last: Frame, out: &mut Vec<Output>) {
        if self.members.contains_key(&conn) {
            self.forget(now, conn);
            out.push(Output::Close(conn, last));
        }
    }

    /// Forgets a connection. What it pushed and was accepted goes on; what was not judged yet is pushed again when its
    /// replica comes back, in order, so it is dropped.
    pub(super) fn forget(&mut self, now: Millis, conn: Conn) {
        let Some(gone) = self.members.remove(&conn) else { return };
        let replica = gone.author.replica;
        if self.replicas.get(&replica) == Some(&conn) {
            self.replicas.remove(&replica);
        }
        self.unseat(now, conn, &gone);
        self.names.leave(conn);
        let names = &self.names;
        let unwanted = self.documents.drop_waiting(|pushed| !names.is_awaited(&pushed.draft));
        for pushed in unwanted {
            self.names.close(&pushed.draft);
        }
        let replicas = &self.replicas;
        self.names.tidy(|replica| replicas.contains_key(&replica));
    }

    /// Tells a reader that does not keep up to come back and catch up; the others do not notice.
    pub(super) fn too_slow(&mut self, now: Millis, conn: Conn, out: &mut Vec<Output>) {
        self.dismiss(now, conn, goodbye(Code::RESYNC, Some(SOON)), out);
    }

    /// Sends everyone away because the relay stops. They are told to come back one after the other, a thousand in a second,
    /// so that the next relay does not begin with everyone at its door.
    pub(super) fn stop(&mut self, now: Millis, out: &mut Vec<Output>) {
        let mut again = SOON;
        while let Some((&conn, _)) = self.members.first_key_value() {
            self.dismiss(now, conn, goodbye(Code::STOPPING, Some(again)), out);
            again += 1;
        }
    }

    /// Storage failed for these entries: nothing was promised, and those who wait for them are told to come back.
    pub(super) fn storage_failed<'a>(
        &mut self,
        now: Millis,
        drafts: impl IntoIterator<Item = &'a Draft>,
        out: &mut Vec<Output>,
    ) {
        let mut waiting = BTreeSet::new();
        for draft in drafts {
            if let Some(open) = self.names.close(draft) {
                waiting.extend(open.pushed_by);
                waiting.extend(open.brought_by);
            }
        }
        for conn in waiting {
            self.dismiss(now, conn, goodbye(Code::STORAGE, Some(SOON)), out);
        }
    }

    /// Notes that a connection waits for one more answer.
    pub(super) fn wait(&mut self, by: By, size: usize, out: &mut Vec<Output>) {
        let (By::Push(conn) | By::BringBack(conn)) = by;
        let Some(member) = self.members.get_mut(&conn) else { return };
        member.unanswered += size + ENTRY;
        member.bringing += usize::from(matches!(by, By::BringBack(_)));
        if member.unanswered > UNANSWERED && !member.paused {
            member.paused = true;
            out.push(Output::Pause(conn));
        }
    }

    /// Notes that it waits for one less.
    pub(super) fn was_answered(&mut self, by: By, size: usize, out: &mut Vec<Output>) {
        let (By::Push(conn) | By::BringBack(conn)) = by;
        let Some(member) = self.members.get_mut(&conn) else { return };
        member.unanswered = member.unanswered.saturating_sub(size + ENTRY);
        if member.unanswered < UNANSWERED / 2 && member.paused {
            member.paused = false;
            out.push(Output::Resume(conn));
        }
        if matches!(by, By::BringBack(_)) {
            member.bringing = member.bringing.saturating_sub(1);
            self.read_on(conn, out);
        }
    }
}

/// Returns last words.
pub fn goodbye(code: Code, again_after_ms: Option<u32>) -> Frame {
    Frame::Goodbye(Goodbye { code, again_after_ms })
}
