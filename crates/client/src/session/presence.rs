//! Where this person is: only the latest place matters, and it goes out after the words that it points at.

use sheaf_document::ids::DocumentId;
use sheaf_protocol::frame::{self, Frame};

use super::line::Phase;
use super::{Caret, Output, Session};

/// What the relay is to know of this person's place.
#[derive(Default)]
pub struct Presence {
    /// The documents that are open here, the one in front first.
    pub open: Vec<DocumentId>,
    caret: Option<Caret>,
    /// Whether the relay knows `caret`.
    is_told: bool,
}

impl Presence {
    /// The person is somewhere else.
    pub fn move_to(&mut self, caret: Caret) {
        if self.caret.as_ref() != Some(&caret) {
            (self.caret, self.is_told) = (Some(caret), false);
        }
    }

    /// The relay knows nothing any more.
    pub fn disconnect(&mut self) {
        self.is_told = false;
    }
}

impl Session {
    /// Other documents are open.
    pub(super) fn open(&mut self, documents: Vec<DocumentId>, out: &mut Vec<Output>) {
        self.presence.open = documents;
        self.say_open(out);
    }

    /// Tells the relay what is open.
    pub(super) fn say_open(&mut self, out: &mut Vec<Output>) {
        if let Some(link) = self.line.up() {
            out.push(Output::Send(link, Frame::Open(self.presence.open.clone())));
        }
    }

    /// Sends the caret once the words before it were sent.
    pub(super) fn send_caret(&mut self, out: &mut Vec<Output>) {
        let is_live = self.line.relay().is_some_and(|relay| relay.phase == Phase::Following);
        let Some(link) = self.line.up().filter(|_| is_live && !self.presence.is_told) else { return };
        let Some(Caret { document, caret, after }) = self.presence.caret.clone() else { return };
        if self.outbox.sent >= after || self.outbox.has_sent_all() {
            self.presence.is_told = true;
            out.push(Output::Send(link, Frame::Presence(frame::Presence { document, caret, after })));
        }
    }
}
