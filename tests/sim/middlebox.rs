//! A broken middlebox, on the lines of some worlds: a frame comes twice, or behind the one that was sent after it.
//!
//! TCP and WebSocket promise that this never happens, and nothing here may rest on that promise alone: who is told
//! something that cannot be asks again or hangs up, and no word is lost or comes twice. Whole frames are repeated and
//! swapped; inside one, TLS would notice.

use bytes::Bytes;
use sheaf_relay::room::Conn;

use crate::world::{Event, World};

/// One world in so many has one.
pub const RARELY: u64 = 4;
/// Nothing is held back for longer, in milliseconds.
const HELD: u64 = 3_000;

/// A direction of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the relay.
    Up,
    /// To the person.
    Down,
}

impl World {
    /// Returns what leaves the middle of a line when a frame enters it.
    pub fn meddled(&mut self, conn: Conn, way: Way, frame: Bytes) -> Vec<Bytes> {
        let fate = if self.is_meddled && self.is_faulty { self.chance.between(0, 100) } else { 100 };
        let Some(wire) = self.wires.get_mut(&conn) else { return vec![] };
        let held = &mut wire.stream(way).held_back;
        let mut passed = match fate {
            0 | 1 if held.is_none() => {
                *held = Some(frame);
                self.soon(HELD, Event::LetGo(conn, way));
                return vec![];
            }
            2 | 3 => vec![frame.clone(), frame],
            _ => vec![frame],
        };
        passed.extend(held.take());
        passed
    }

    /// What was held back goes on, if nothing overtook it.
    pub fn let_go(&mut self, conn: Conn, way: Way) {
        let Some(stream) = self.wires.get_mut(&conn).map(|wire| wire.stream(way)) else { return };
        if let Some(frame) = stream.held_back.take().filter(|_| stream.is_open) {
            self.flow(conn, way, frame);
        }
    }
}
