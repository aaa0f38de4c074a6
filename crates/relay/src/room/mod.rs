//! A room: one workspace's live meeting place, as a pure machine.
//!
//! The one idea: everything that may race is decided here, by `(now, input) -> outputs`, with no socket, database, clock
//! or task, so that every race is an ordinary test. The runtime around it carries outputs out in order and reports back.
//!
//! A pushed entry is held against its name (the same bytes twice give one entry and two acks), its document's validator
//! state and the owners of its client ids; what passes waits for the group that is being committed and forms the next
//! one. Only a commit is followed by acks and fan-out. A document whose group failed is forgotten and loaded again.
//!
//! Deliberately absent: reading documents (no yrs), storage, encoding for a single receiver, rights beyond "may be here".

mod events;

pub use events::{Conn, Group, Input, Line, Member, Named, Output, Plan, Setup, Stored, Unloadable};
use sheaf_protocol::entry::Millis;

/// One workspace's meeting place on this relay.
pub struct Room {
    setup: Setup,
}

impl Room {
    /// Opens the room.
    pub fn new(setup: Setup) -> Self {
        Self { setup }
    }

    /// Takes one thing that happened and appends what must happen next.
    pub fn handle(&mut self, now: Millis, input: Input, out: &mut Vec<Output>) {
        let _ = (now, input, out, &self.setup);
    }
}
