//! A session: one replica's link to its relay, as a pure machine.
//!
//! The one idea: what is to be sent is a table and what is stored is a cursor, both in the store; the session only knows
//! what is on its way. So it may die at any moment, and the next one goes on from the store. It takes `(now, input)` and
//! answers with outputs; the engine carries them out in order and reports back.
//!
//! Deliberately absent: the socket, the store, the token, the documents. Whether bytes are sound is the engine's to check.

mod events;

pub use events::{Batch, Caret, Input, Link, Output, Row, Setup, Status, Stopped};
use sheaf_protocol::entry::Millis;

/// How often [`Input::Tick`] comes at least, in milliseconds.
pub const TICK: Millis = 1_000;

/// One replica's link to its relay.
pub struct Session {
    setup: Setup,
}

impl Session {
    /// Begins; nothing happens before [`Input::Start`].
    pub fn new(setup: Setup) -> Self {
        Self { setup }
    }

    /// Takes one thing that happened and appends what must happen next.
    pub fn handle(&mut self, now: Millis, input: Input, out: &mut Vec<Output>) {
        let _ = (now, input, out, &self.setup);
    }
}
