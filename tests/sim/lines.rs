//! What happens on the lines: they open, carry pieces of frames, stand still while someone does not read, and are cut.

use bytes::Bytes;
use sheaf_client::session::{self, Link};
use sheaf_protocol::codec::encode;
use sheaf_protocol::entry::Millis;
use sheaf_protocol::frame::Frame;
use sheaf_relay::room::{self, Conn};

use crate::middlebox::Way;
use crate::wire::{Backlog, Wire, line};
use crate::world::{Event, World};

/// As many bytes as wait at the relay for someone who does not read; small, so that it is reached.
const BACKLOG: usize = 4 * 1024;

impl World {
    /// Opens a line to the relay, if it is up.
    pub fn open_line(&mut self, who: usize, link: Link) {
        if self.relay.room.is_none() || self.fails(15) {
            return self.tell(who, session::Input::Lost(link));
        }
        self.events += 1;
        let wire = Wire::new(who, self.people[who].life, link, self.now);
        self.wires.insert(Conn(self.events), wire);
        self.tell(who, session::Input::Connected(link, None));
    }

    /// Returns someone's lines that are not cut.
    pub fn lines_of(&self, who: usize) -> Vec<Conn> {
        let theirs = self.wires.iter().filter(|(_, wire)| wire.person == who && !wire.is_cut());
        theirs.map(|(conn, _)| *conn).collect()
    }

    /// Cuts someone's line.
    pub fn cut_line_of(&mut self, who: usize) {
        for conn in self.lines_of(who) {
            let is_told = self.chance.percent(75);
            self.cut(conn, is_told);
        }
    }

    /// Cuts a line somewhere in what is on its way. The relay notices at once or late, the person perhaps never.
    pub fn cut(&mut self, conn: Conn, person_is_told: bool) {
        let late = if self.chance.percent(20) { 40_000 } else { 1_500 };
        let Some(wire) = self.wires.get_mut(&conn) else { return };
        self.mishaps += 1;
        wire.cut(&mut self.chance);
        let last = wire.up.last;
        if person_is_told {
            self.soon(1_000, Event::PersonNotices(conn));
        }
        if self.chance.percent(50) {
            let at = last.max(self.now) + self.chance.between(1, late);
            self.at(at, Event::RelayNotices(conn));
        } else {
            // What arrives after the end of the line was noticed is not read.
            self.soon(20, Event::RelayNotices(conn));
        }
    }

    /// The person's end closes in order.
    pub fn close_here(&mut self, conn: Conn) {
        let Some(wire) = self.wires.get_mut(&conn) else { return };
        (wire.down.is_heard, wire.up.is_open, wire.down.is_open) = (false, false, false);
        wire.backlog = None;
        let at = wire.up.last.max(self.now) + self.chance.between(1, 300);
        self.at(at, Event::RelayNotices(conn));
    }

    /// Someone reads nothing from their line for a while.
    pub fn stand_still(&mut self, who: usize) {
        for conn in self.lines_of(who) {
            let wire = self.wires.get_mut(&conn).expect("it is listed");
            if wire.backlog.is_none() {
                wire.backlog = Some(Backlog::default());
                self.soon(20_000, Event::ReadsOn(conn));
            }
        }
    }

    /// They read on: what waited goes out.
    pub fn reads_on(&mut self, conn: Conn) {
        let Some(wire) = self.wires.get_mut(&conn) else { return };
        let Some(Backlog { frames, is_last, .. }) = wire.backlog.take() else { return };
        wire.down.is_open |= is_last;
        for frame in frames {
            self.pass(conn, Way::Down, frame);
        }
        if is_last {
            self.end_down(conn);
        }
    }

    fn latency(&mut self) -> Millis {
        let slow = self.is_faulty && self.chance.percent(3);
        if slow { self.chance.between(100, 3_000) } else { self.chance.between(1, 60) }
    }

    /// Sends a frame to the relay.
    pub fn send_up(&mut self, conn: Conn, frame: &Frame) {
        if self.wires.get(&conn).is_some_and(|wire| wire.up.is_open) {
            self.pass(conn, Way::Up, encode(frame));
        }
    }

    /// Sends an encoded frame to a person; says whether too much waits for them already.
    pub fn send_down(&mut self, conn: Conn, frame: Bytes) -> bool {
        let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.down.is_open) else { return false };
        match &mut wire.backlog {
            Some(backlog) if backlog.weight >= BACKLOG => {
                backlog.is_overfull = true;
                return true;
            }
            Some(backlog) => {
                backlog.weight += frame.len();
                backlog.frames.push_back(frame);
            }
            None => self.pass(conn, Way::Down, frame),
        }
        false
    }

    /// A frame goes on its way, past whatever stands in it.
    fn pass(&mut self, conn: Conn, way: Way, frame: Bytes) {
        for frame in self.meddled(conn, way, frame) {
            self.flow(conn, way, frame);
        }
    }

    /// A frame goes on its way as the bytes of a stream.
    pub fn flow(&mut self, conn: Conn, way: Way, frame: Bytes) {
        let Some(wire) = self.wires.get_mut(&conn) else { return };
        for piece in wire.stream(way).send(line(frame), &mut self.chance) {
            let arrives = self.now + self.latency();
            let wire = self.wires.get_mut(&conn).expect("it was just there");
            let last = &mut wire.stream(way).last;
            *last = arrives.max(*last);
            let at = *last;
            self.at(
                at,
                if way == Way::Up { Event::AtRelay(conn, piece) } else { Event::AtPerson(conn, piece) },
            );
        }
    }

    /// The relay closes a line behind its last words. What a slow reader was sent before them is dropped.
    pub fn close_there(&mut self, conn: Conn, last_words: Bytes) {
        let Some(wire) = self.wires.get_mut(&conn) else { return };
        wire.up.is_heard = false;
        if let Some(backlog) = &mut wire.backlog {
            if backlog.is_overfull {
                backlog.frames.clear();
            }
            backlog.frames.push_back(last_words);
            backlog.is_last = wire.down.is_open;
            (wire.up.is_open, wire.down.is_open) = (false, false);
        } else if wire.down.is_open {
            self.pass(conn, Way::Down, last_words);
            self.end_down(conn);
        }
    }

    fn end_down(&mut self, conn: Conn) {
        let Some(wire) = self.wires.get_mut(&conn) else { return };
        (wire.up.is_open, wire.down.is_open) = (false, false);
        let at = wire.down.last + 1;
        self.at(at, Event::PersonNotices(conn));
    }

    /// Bytes arrive at a person.
    pub fn at_person(&mut self, conn: Conn, piece: &Bytes) {
        let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.down.is_heard) else { return };
        let (who, life, link) = (wire.person, wire.life, wire.link);
        wire.down.take(piece);
        let mut is_part = true;
        while let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.down.is_heard)
            && let Some(frame) = wire.down.next()
        {
            is_part = false;
            self.tell_life(who, life, session::Input::Received(link, frame));
        }
        if is_part {
            self.tell_life(who, life, session::Input::Alive(link));
        }
    }

    /// A sign of life arrives, unless they read nothing.
    pub fn alive(&mut self, conn: Conn) {
        let wire = self.wires.get(&conn).filter(|wire| wire.down.is_heard && wire.backlog.is_none());
        if let Some(wire) = wire {
            self.tell_life(wire.person, wire.life, session::Input::Alive(wire.link));
        }
    }

    /// The person's end notices that the line is gone.
    pub fn person_notices(&mut self, conn: Conn) {
        if let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.down.is_heard) {
            wire.down.is_heard = false;
            let (who, life, link) = (wire.person, wire.life, wire.link);
            self.tell_life(who, life, session::Input::Lost(link));
        }
    }

    /// The relay's end notices that the line is gone.
    pub fn relay_notices(&mut self, conn: Conn) {
        if let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.up.is_heard) {
            wire.up.is_heard = false;
            self.tell_room(room::Input::Leave(conn));
        }
    }
}
