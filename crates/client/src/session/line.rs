//! The line to the relay: dialling, noticing that it is dead, coming back without a storm.

use sheaf_document::ids::Epoch;
use sheaf_protocol::entry::{Millis, Seq};
use sheaf_protocol::frame::Goodbye;
use sheaf_protocol::problem::Code;

use super::backoff::Backoff;
use super::{Link, Output, Session, Status, Stopped};

/// A quiet line is asked for a sign of life after this time.
const PING: Millis = 15_000;
/// A line without a sign of life is dead after this time; so is one that takes this long to open.
const DEAD: Millis = 30_000;
/// After this time without an answer nobody need wait longer for one.
const UNANSWERED: Millis = 3_000;
/// Two ticks this far apart mean that the machine slept, and that no line outlived it.
const SLEPT: Millis = 10_000;

/// The line.
pub struct Line {
    wanted: Wanted,
    state: State,
    /// The last link's name.
    last: u64,
    /// Since when there has been no connection.
    offline_since: Millis,
    heard: Millis,
    pinged: bool,
    ticked: Option<Millis>,
    /// Whether the relay refused the last token.
    renew: bool,
    pub backoff: Backoff,
    /// When the store is asked for entries that a restored relay forgot and that are not back yet.
    pub recall_at: Option<Millis>,
    /// How often they were brought back again on this connection.
    pub recalls: u32,
    /// When what came folded is held against what the relay keeps.
    pub unfold_at: Option<Millis>,
    /// Earlier lives of the relay's log, newest first, each with the last number that it still holds from it.
    pub lineage: Vec<(Epoch, Seq)>,
}

enum Wanted {
    Yes,
    No(Stopped),
    Refused(Code),
}

enum State {
    Down { dial_at: Millis },
    Dialling,
    Greeting,
    Up(Relay),
}

/// What the relay said of itself, and how far the conversation is.
#[derive(Debug, Clone, Copy)]
pub struct Relay {
    pub epoch: Epoch,
    pub head: Seq,
    pub phase: Phase,
}

/// How far the conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Bringing back what the relay forgot.
    Recalling,
    /// Reading pages.
    CatchingUp,
    /// Every new entry comes by itself.
    Following,
}

impl Line {
    /// Returns a line that nobody wants yet.
    pub fn new(seed: u64) -> Self {
        Self {
            wanted: Wanted::No(Stopped::ByPerson),
            state: State::Down { dial_at: 0 },
            last: 0,
            offline_since: 0,
            heard: 0,
            pinged: false,
            ticked: None,
            renew: false,
            backoff: Backoff::new(seed),
            recall_at: None,
            recalls: 0,
            unfold_at: None,
            lineage: Vec::new(),
        }
    }

    /// Returns the current link.
    pub fn link(&self) -> Option<Link> {
        (!matches!(self.state, State::Down { .. })).then_some(Link(self.last))
    }

    /// Returns the relay if it has welcomed us.
    pub fn relay(&self) -> Option<&Relay> {
        if let State::Up(relay) = &self.state { Some(relay) } else { None }
    }

    /// Returns the current link if the relay has welcomed us.
    pub fn up(&self) -> Option<Link> {
        self.relay().and(self.link())
    }

    /// Says whether the relay was not heard of yet on this link.
    pub fn is_greeting(&self) -> bool {
        matches!(self.state, State::Greeting)
    }

    /// Notes that a hello was sent.
    pub fn greet(&mut self, now: Millis) {
        (self.state, self.heard, self.renew) = (State::Greeting, now, false);
    }

    /// Notes that the relay welcomed us.
    pub fn welcome(&mut self, relay: Relay) {
        self.state = State::Up(relay);
    }

    /// Goes over to another phase.
    pub fn enter(&mut self, phase: Phase) {
        if let State::Up(relay) = &mut self.state {
            relay.phase = phase;
        }
    }

    /// Notes a sign of life. A line that had nothing to say for so long that it was asked works.
    pub fn hear(&mut self, now: Millis, link: Link) {
        if self.link() == Some(link) {
            self.heard = now;
            if std::mem::take(&mut self.pinged) {
                self.backoff.reset();
            }
        }
    }

    /// Returns what people are told of the line; `None` while it is up.
    pub fn status(&self) -> Option<Status> {
        match (&self.wanted, &self.state) {
            (Wanted::No(Stopped::SignedOut), _) => Some(Status::SignedOut),
            (Wanted::Refused(code), _) => Some(Status::Refused { code: *code }),
            (_, State::Down { .. }) => Some(Status::Offline { since: self.offline_since }),
            (_, State::Dialling | State::Greeting) => Some(Status::Connecting),
            (_, State::Up(_)) => None,
        }
    }
}

impl Session {
    /// Wants to be connected from now on.
    pub(super) fn start(&mut self, now: Millis) {
        if !matches!(std::mem::replace(&mut self.line.wanted, Wanted::Yes), Wanted::Yes) {
            self.line.offline_since = now;
        }
        self.line.backoff.reset();
        if let State::Down { dial_at } = &mut self.line.state {
            *dial_at = now;
        }
    }

    /// Wants to be offline.
    pub(super) fn stop(&mut self, now: Millis, why: Stopped, out: &mut Vec<Output>) {
        self.hang_up(now, now, out);
        self.line.wanted = Wanted::No(why);
    }

    /// Waits no longer for the next attempt. Should it fail, the one after it is no sooner for that. An attempt that has gone
    /// unanswered for long may have begun on a network that this machine has left: another takes its place.
    pub(super) fn hurry(&mut self, now: Millis, out: &mut Vec<Output>) {
        match &mut self.line.state {
            State::Down { dial_at } => *dial_at = now,
            State::Dialling | State::Greeting if now.saturating_sub(self.line.heard) >= UNANSWERED => {
                self.hang_up(now, now, out);
            }
            State::Dialling | State::Greeting | State::Up(_) => {}
        }
    }

    /// Looks at the clock.
    pub(super) fn tick(&mut self, now: Millis, out: &mut Vec<Output>) {
        let slept = self.line.ticked.replace(now).is_some_and(|before| now.saturating_sub(before) > SLEPT);
        let Some(link) = self.line.link() else {
            if slept && let State::Down { dial_at } = &mut self.line.state {
                *dial_at = now;
            }
            return;
        };
        let silence = now.saturating_sub(self.line.heard);
        if slept {
            self.hang_up(now, now, out);
        } else if silence >= DEAD {
            self.back_off(now, 0, out);
        } else if silence >= PING && !self.line.pinged && self.line.relay().is_some() {
            self.line.pinged = true;
            out.push(Output::Ping(link));
        }
        self.recall(now, out);
    }

    /// Opens the line when it is wanted and time.
    pub(super) fn dial(&mut self, now: Millis, out: &mut Vec<Output>) {
        let State::Down { dial_at } = self.line.state else { return };
        // The hello tells the cursor: what is being stored must be in it.
        if !matches!(self.line.wanted, Wanted::Yes) || dial_at > now || !self.intake.is_idle() {
            return;
        }
        if self.outbox.is_renaming() {
            return;
        }
        self.line.last += 1;
        (self.line.state, self.line.heard, self.line.pinged) = (State::Dialling, now, false);
        out.push(Output::Connect { link: Link(self.line.last), renew: self.line.renew });
    }

    /// The socket did not open, or broke.
    pub(super) fn lost(&mut self, now: Millis, link: Link, out: &mut Vec<Output>) {
        if self.line.link() == Some(link) {
            self.back_off(now, 0, out);
        }
    }

    /// The relay ended the conversation and said why.
    pub(super) fn sent_away(&mut self, now: Millis, goodbye: Goodbye, out: &mut Vec<Output>) {
        let Goodbye { code, again_after_ms } = goodbye;
        match (code, again_after_ms) {
            (Code::UNAUTHENTICATED, _) => self.line.renew = true,
            (Code::REVOKED, _) => return self.stop(now, Stopped::SignedOut, out),
            // Somebody else goes by our name: this copy was copied, or is the copy.
            (Code::REPLACED, _) => self.outbox.doubt(),
            (Code::REPLICA_TAKEN, _) => self.outbox.disown(),
            (_, Some(_)) => {}
            (code, None) => {
                self.hang_up(now, now, out);
                self.line.wanted = Wanted::Refused(code);
                return;
            }
        }
        self.back_off(now, again_after_ms.unwrap_or(0).into(), out);
    }

    /// Ends the connection and comes back after a while, at least this long.
    pub(super) fn back_off(&mut self, now: Millis, at_least: Millis, out: &mut Vec<Output>) {
        let wait = self.line.backoff.next() + at_least;
        self.hang_up(now, now + wait, out);
        out.push(Output::WakeAt(now + wait));
    }

    /// Ends the connection, if there is one. Everything that was on its way is forgotten: the store knows it.
    pub(super) fn hang_up(&mut self, now: Millis, dial_at: Millis, out: &mut Vec<Output>) {
        if let Some(link) = self.line.link() {
            out.push(Output::Close(link));
            self.line.offline_since = now;
        }
        self.line.state = State::Down { dial_at };
        self.intake.disconnect();
        self.outbox.disconnect();
        self.presence.disconnect();
    }
}
