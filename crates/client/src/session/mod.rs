//! A session: one replica's link to its relay, as a pure machine.
//!
//! The one idea: what is to be sent is a table and what is stored is a cursor, both in the store; the session only knows
//! what is on its way. So it may die at any moment, and the next one goes on from the store. It takes `(now, input)` and
//! answers with outputs; the engine carries them out in order and reports back.
//!
//! Three parts share the work: the line (`line`, `greeting`) comes and goes, the outbox (`outbox`, `answers`, `mending`)
//! goes out through a window, the log (`intake`) comes in as a stream without gaps.
//!
//! Deliberately absent: the socket, the store, the token, the documents. Whether bytes are sound is the engine's to check.

mod answers;
mod arrival;
mod backoff;
mod events;
mod greeting;
mod intake;
mod line;
mod mending;
mod outbox;
mod presence;

#[cfg(test)]
mod tests;

pub use events::{Batch, Caret, Input, Link, Output, Row, Setup, Status, Stopped};
use sheaf_document::ids::ReplicaId;
use sheaf_protocol::entry::Millis;
use sheaf_protocol::frame::Frame;

use intake::Intake;
use line::{Line, Phase};
use outbox::Outbox;
use presence::Presence;

/// How often [`Input::Tick`] comes at least, in milliseconds.
pub const TICK: Millis = 1_000;

/// One replica's link to its relay.
pub struct Session {
    setup: Setup,
    replica: ReplicaId,
    line: Line,
    intake: Intake,
    outbox: Outbox,
    presence: Presence,
    /// What people were told last.
    told: Option<Status>,
}

impl Session {
    /// Begins; nothing happens before [`Input::Start`].
    pub fn new(setup: Setup) -> Self {
        Self {
            replica: setup.replica,
            line: Line::new(setup.seed),
            intake: Intake::new(setup.epoch, setup.cursor, setup.reach),
            outbox: Outbox::default(),
            presence: Presence::new(setup.stuck.clone()),
            told: None,
            setup,
        }
    }

    /// Takes one thing that happened and appends what must happen next.
    pub fn handle(&mut self, now: Millis, input: Input, out: &mut Vec<Output>) {
        match input {
            Input::Start => self.start(now),
            Input::Stop(why) => self.stop(now, why, out),
            Input::Hurry => self.hurry(now, out),
            Input::Tick => self.tick(now, out),
            Input::Connected(link, token) => self.connected(now, link, token, out),
            Input::Lost(link) => self.lost(now, link, out),
            Input::Alive(link) => self.line.hear(now, link),
            Input::Received(link, frame) => self.received(now, link, frame, out),
            Input::Bell => self.outbox.ring(),
            Input::Settled => self.settled(),
            Input::Outbox(rows) => self.send_rows(now, rows, out),
            Input::Stored => self.stored(out),
            Input::Acknowledged => self.line.backoff.reset(),
            Input::Renamed(replica) => self.renamed(now, replica, out),
            Input::Mended(document, entries) => self.mended(document, entries, out),
            Input::Forgotten { entries, next } => self.forgotten(now, entries, next, out),
            Input::StoreFailed { epoch, cursor } => self.store_failed(now, epoch, cursor, out),
            Input::Open(documents) => self.open(documents, out),
            Input::Caret(caret) => self.moved(caret),
            Input::Distrust(document) => self.intake.distrust(document),
        }
        self.dial(now, out);
        self.store_next(out);
        self.heal(out);
        self.pump(out);
        self.say_place(out);
        self.tell(out);
    }

    fn received(&mut self, now: Millis, link: Link, frame: Frame, out: &mut Vec<Output>) {
        if self.line.link() != Some(link) {
            return;
        }
        self.line.hear(now, link);
        match frame {
            Frame::Welcome(welcome) => self.welcomed(now, welcome, out),
            Frame::Goodbye(goodbye) => self.sent_away(now, goodbye, out),
            // Whoever tells us something before the welcome will not tell it again on this line.
            Frame::Answers(_) | Frame::Entries(_) | Frame::Page(_) | Frame::Present(_)
                if self.line.relay().is_none() =>
            {
                self.back_off(now, 0, out);
            }
            Frame::Answers(answers) => self.answered(answers, out),
            Frame::Entries(stretches) => self.entries(now, stretches, out),
            Frame::Page(page) => self.page(now, page, out),
            Frame::Present(present) => {
                let present = self.intake.hold(present);
                self.show(present, out);
            }
            // A later version's frame, or one that only a replica sends and that the codec keeps out.
            _ => {}
        }
    }

    /// Tells people how things stand, when it changed.
    fn tell(&mut self, out: &mut Vec<Output>) {
        let status = match (self.line.status(), self.line.relay().map(|relay| relay.phase)) {
            (Some(status), _) => status,
            (None, Some(Phase::Following)) if self.outbox.is_idle() && self.intake.is_idle() => {
                Status::Synced
            }
            (None, Some(Phase::Following)) => Status::Waiting { count: self.outbox.unanswered() },
            (None, _) => {
                let head = self.line.relay().map_or(0, |relay| relay.head);
                Status::CatchingUp { through: self.intake.cursor.min(head), head }
            }
        };
        if self.told.as_ref() != Some(&status) {
            self.told = Some(status.clone());
            out.push(Output::Status(status));
        }
    }
}
