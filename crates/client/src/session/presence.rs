//! Where this person is: only the latest place matters, and it goes out after the words that it points at.

use std::collections::BTreeSet;

use bytes::Bytes;
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Counter;
use sheaf_protocol::frame::{self, Frame, Present};

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
    /// The last counter that a caret stood behind.
    after: Counter,
    /// Documents whose words wait for a person: others do not get them, so a place among them means nothing to anybody.
    stuck: BTreeSet<DocumentId>,
}

impl Presence {
    /// Returns one that has told nothing yet.
    pub fn new(stuck: BTreeSet<DocumentId>) -> Self {
        Self { stuck, ..Self::default() }
    }

    /// Words of this document were refused.
    pub fn withdraw(&mut self, refused: DocumentId) {
        self.stuck.insert(refused);
        self.is_told &= self.caret.as_ref().is_none_or(|caret| caret.document != Some(refused));
    }

    /// What was refused goes out again, or was taken out.
    pub fn settled(&mut self) {
        self.stuck.clear();
        self.is_told = false;
    }

    /// The relay knows nothing any more.
    pub fn disconnect(&mut self) {
        self.is_told = false;
    }
}

impl Session {
    /// The person is somewhere else.
    pub(super) fn moved(&mut self, caret: Caret) {
        // It may be here before the bell that rings for the words before it.
        if caret.after > self.presence.after.max(self.outbox.through) {
            self.presence.after = caret.after;
            self.outbox.ring();
        }
        if self.presence.caret.as_ref() != Some(&caret) {
            (self.presence.caret, self.presence.is_told) = (Some(caret), false);
        }
    }

    /// Other documents are open.
    pub(super) fn open(&mut self, documents: Vec<DocumentId>, out: &mut Vec<Output>) {
        self.presence.open = documents;
        self.say_open(out);
    }

    /// Shows where people are, unless the document was closed meanwhile: nobody tells any more who leaves it.
    pub(super) fn show(&self, presents: impl IntoIterator<Item = Present>, out: &mut Vec<Output>) {
        let is_open = |document| self.presence.open.contains(&document);
        let shown = presents.into_iter().filter(|present| present.document.is_none_or(is_open));
        out.extend(shown.map(Output::Present));
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
        let Some(Caret { document, mut caret, after }) = self.presence.caret.clone() else { return };
        if document.is_some_and(|document| self.presence.stuck.contains(&document)) {
            caret = Bytes::new();
        }
        if document.is_none_or(|document| self.outbox.has_sent(document, after)) {
            self.presence.is_told = true;
            out.push(Output::Send(link, Frame::Presence(frame::Presence { document, caret, after })));
        }
    }
}
