//! Catching up: pages from storage, one at a time for each connection, and the step from the last page to the live log.

use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::{Millis, Seq};
use sheaf_protocol::frame::{CatchUp, Frame, Page};
use sheaf_protocol::problem::Code;

use super::members::{Reading, goodbye};
use super::{Conn, Output, Plan, Room};

/// As many backfills as a connection may ask for at a time; more are not heard.
const BACKFILLS: usize = 64;

impl Room {
    /// Starts a catch-up; an earlier one of this connection ends here.
    pub(super) fn catch_up(&mut self, conn: Conn, request: CatchUp, out: &mut Vec<Output>) {
        let Some(member) = self.members.get_mut(&conn) else { return };
        let CatchUp { since, held, first } = request;
        member.following = None;
        if member.reads.front().is_some_and(|plan| plan.backfill.is_none()) {
            member.reading = match member.reading {
                Reading::Asked | Reading::Overtaken => Reading::Overtaken,
                Reading::Idle | Reading::Sent => Reading::Idle,
            };
        }
        member.reads.retain(|plan| plan.backfill.is_some());
        let plan = Plan { backfill: None, since: since.min(self.head), held, first, head: self.head };
        if member.reading == Reading::Idle || member.reading == Reading::Overtaken {
            member.reads.push_front(plan);
        } else {
            member.reads.push_back(plan);
        }
        self.read_on(conn, out);
    }

    /// Starts sending a document from its beginning, after what is being sent.
    pub(super) fn backfill(&mut self, conn: Conn, document: DocumentId, out: &mut Vec<Output>) {
        let Some(member) = self.members.get_mut(&conn) else { return };
        if member.reads.len() < BACKFILLS {
            let plan =
                Plan { backfill: Some(document), since: 0, held: vec![], first: vec![], head: self.head };
            member.reads.push_back(plan);
            self.read_on(conn, out);
        }
    }

    /// The reader has stored a page and wants the next.
    pub(super) fn more(&mut self, conn: Conn, out: &mut Vec<Output>) {
        let Some(member) = self.members.get_mut(&conn) else { return };
        if member.reading == Reading::Sent {
            member.reading = Reading::Idle;
            self.read_on(conn, out);
        }
    }

    /// Asks for a connection's next page, unless it must wait: for the page before, or for the entries that it brought
    /// back, which its catch-up must hold.
    pub(super) fn read_on(&mut self, conn: Conn, out: &mut Vec<Output>) {
        let Some(member) = self.members.get_mut(&conn) else { return };
        if member.reading != Reading::Idle || member.bringing > 0 {
            return;
        }
        if let Some(plan) = member.reads.front() {
            member.reading = Reading::Asked;
            out.push(Output::ReadPage(conn, plan.clone()));
        }
    }

    /// Sends a page that was read, and goes live after the last.
    pub(super) fn page_read(&mut self, now: Millis, conn: Conn, page: Option<Page>, out: &mut Vec<Output>) {
        let Some(member) = self.members.get_mut(&conn) else { return };
        if member.reading == Reading::Overtaken {
            member.reading = Reading::Idle;
            return self.read_on(conn, out);
        }
        let (Some(mut page), Some(plan)) = (page, member.reads.front_mut()) else {
            return self.dismiss(now, conn, goodbye(Code::STORAGE, Some(1_000)), out);
        };
        page.backfill = plan.backfill;
        page.head = plan.head.max(page.through);
        plan.since = page.through;
        plan.held.extend(page.snapshots.iter().map(|snapshot| (snapshot.document, snapshot.through)));
        let through = page.through;
        let live = plan.backfill.is_none() && !page.more;
        let bridge = if live { self.tail.from(through) } else { None };
        // Too much was committed while this page was read: one more page.
        page.more |= live && bridge.is_none();
        if page.more {
            member.reading = Reading::Sent;
        } else {
            member.reads.pop_front();
            member.reading = Reading::Idle;
        }
        out.push(Output::Send(conn, Frame::Page(page)));
        if let Some(frames) = bridge {
            out.extend(frames.into_iter().map(|frame| Output::Broadcast(vec![conn], frame)));
            self.follow(conn, self.head.max(through), out);
        }
        self.read_on(conn, out);
    }

    /// Makes a connection a follower of the live log.
    pub(super) fn follow(&mut self, conn: Conn, through: Seq, out: &mut Vec<Output>) {
        if let Some(member) = self.members.get_mut(&conn) {
            member.following = Some(through);
            self.greet(conn, out);
        }
    }
}
