//! A line between a person and the relay: two streams of bytes, which arrive in pieces and may end at any byte.

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};
use sheaf_client::session::Link;
use sheaf_protocol::codec::{Side, decode};
use sheaf_protocol::cut::{Joiner, cut};
use sheaf_protocol::entry::Millis;
use sheaf_protocol::frame::Frame;

use crate::chance::Chance;
use crate::middlebox::Way;

/// A message is led by its length in this many bytes, as a WebSocket would frame it.
const HEAD: usize = 4;

/// A connection.
pub struct Wire {
    pub person: usize,
    /// The life of the person's program that opened it.
    pub life: u64,
    pub link: Link,
    /// To the relay, and to the person.
    pub up: Stream,
    pub down: Stream,
    /// What the relay holds back because the person does not read; `None` while they do.
    pub backlog: Option<Backlog>,
    /// Whether the relay reads nothing at the moment.
    pub is_paused: bool,
    /// Whether the relay has read the hello.
    pub is_greeted: bool,
}

/// What waits in the relay's buffer for a person who does not read.
#[derive(Default)]
pub struct Backlog {
    pub frames: VecDeque<Bytes>,
    pub weight: usize,
    /// Something was refused for want of room.
    pub is_overfull: bool,
    /// Whether the relay closed the line behind the last of them.
    pub is_last: bool,
}

/// One direction of a line.
pub struct Stream {
    from: Side,
    /// Whether bytes still go in.
    pub is_open: bool,
    /// Whether the receiver still takes what arrives.
    pub is_heard: bool,
    /// When the last bytes arrive: a connection keeps the order.
    pub last: Millis,
    sent: u64,
    arrived: u64,
    /// The byte at which it was cut.
    ends_at: u64,
    /// Bytes of a message that is not whole.
    rest: BytesMut,
    joiner: Joiner,
    /// What a broken middlebox lets another frame overtake.
    pub held_back: Option<Bytes>,
}

impl Wire {
    pub fn new(person: usize, life: u64, link: Link, now: Millis) -> Self {
        let (up, down) = (Stream::new(Side::Replica, now), Stream::new(Side::Relay, now));
        Self { person, life, link, up, down, backlog: None, is_paused: false, is_greeted: false }
    }

    /// Says whether nothing goes in any more, on either side.
    pub fn is_cut(&self) -> bool {
        !self.up.is_open && !self.down.is_open
    }

    /// Returns one direction.
    pub fn stream(&mut self, way: Way) -> &mut Stream {
        match way {
            Way::Up => &mut self.up,
            Way::Down => &mut self.down,
        }
    }

    /// Cuts both directions, each at some byte of what is on its way.
    pub fn cut(&mut self, chance: &mut Chance) {
        self.up.cut(chance);
        self.down.cut(chance);
        self.backlog = None;
    }
}

impl Stream {
    fn new(from: Side, now: Millis) -> Self {
        let (rest, joiner) = (BytesMut::new(), Joiner::new());
        Self {
            from,
            is_open: true,
            is_heard: true,
            last: now,
            sent: 0,
            arrived: 0,
            ends_at: u64::MAX,
            rest,
            joiner,
            held_back: None,
        }
    }

    /// Puts bytes in; returns the pieces in which they will arrive.
    pub fn send(&mut self, mut bytes: Bytes, chance: &mut Chance) -> Vec<Bytes> {
        self.sent += bytes.len() as u64;
        let mut pieces = Vec::new();
        while bytes.len() > 1 && pieces.len() < 3 && chance.percent(15) {
            pieces.push(bytes.split_to(chance.between(1, bytes.len() as u64) as usize));
        }
        pieces.push(bytes);
        pieces
    }

    fn cut(&mut self, chance: &mut Chance) {
        if std::mem::replace(&mut self.is_open, false) {
            let byte = chance.between(self.arrived, self.sent + 1);
            // Often right before or behind everything: there the races are.
            self.ends_at = [self.arrived, self.sent, byte, byte][chance.between(0, 4) as usize];
        }
    }

    /// Takes a piece that arrives.
    pub fn take(&mut self, piece: &Bytes) {
        let room = self.ends_at.saturating_sub(self.arrived).min(piece.len() as u64);
        self.arrived += room;
        self.rest.extend_from_slice(&piece[..room as usize]);
    }

    /// Returns the next frame that has arrived as a whole.
    pub fn next(&mut self) -> Option<Frame> {
        loop {
            let head = self.rest.first_chunk::<HEAD>()?;
            let len = u32::from_le_bytes(*head) as usize;
            if self.rest.len() < HEAD + len {
                return None;
            }
            self.rest.advance(HEAD);
            let message = self.rest.split_to(len).freeze();
            if let Some(frame) = self.joiner.push(message).expect("parts come in order") {
                return Some(decode(frame, self.from).expect("each side says only what can be read"));
            }
        }
    }
}

/// Returns an encoded frame as it goes over the line: in messages of bounded length.
pub fn line(frame: Bytes) -> Bytes {
    let mut line = BytesMut::with_capacity(frame.len() + HEAD);
    for message in cut(frame) {
        line.extend_from_slice(&(message.len() as u32).to_le_bytes());
        line.extend_from_slice(&message);
    }
    line.freeze()
}
