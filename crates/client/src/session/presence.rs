//! Where this person is: in the document in front, with a caret in it or only reading. Only the latest place matters, and
//! a caret goes out after the words that it points at.

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
    /// Where the caret was put last, for as long as its document is open.
    caret: Option<Caret>,
    /// What the relay knows, if it was told on this connection.
    told: Option<frame::Presence>,
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
    }

    /// What was refused goes out again, or was taken out.
    pub fn settled(&mut self) {
        self.stuck.clear();
    }

    /// The relay knows nothing any more.
    pub fn disconnect(&mut self) {
        self.told = None;
    }

    /// Returns where the person is. A caret in any other document than the one in front is nowhere.
    fn place(&self) -> frame::Presence {
        let front = self.open.first().copied();
        let is_there =
            |caret: &&Caret| Some(caret.document) == front && !self.stuck.contains(&caret.document);
        let (caret, after) = match self.caret.as_ref().filter(is_there) {
            Some(caret) => (caret.caret.clone(), caret.after),
            None => (Bytes::new(), 0),
        };
        frame::Presence { document: front, caret, after }
    }
}

impl Session {
    /// The caret is somewhere else.
    pub(super) fn moved(&mut self, caret: Caret) {
        // It may be here before the bell that rings for the words before it.
        if caret.after > self.presence.after.max(self.outbox.through) {
            self.presence.after = caret.after;
            self.outbox.ring();
        }
        self.presence.caret = Some(caret);
    }

    /// Other documents are open.
    pub(super) fn open(&mut self, documents: Vec<DocumentId>, out: &mut Vec<Output>) {
        self.presence.caret.take_if(|caret| !documents.contains(&caret.document));
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

    /// Tells the relay where the person is, if it does not know: a caret once the words before it were sent.
    pub(super) fn say_place(&mut self, out: &mut Vec<Output>) {
        let is_live = self.line.relay().is_some_and(|relay| relay.phase == Phase::Following);
        let Some(link) = self.line.up().filter(|_| is_live) else { return };
        let place = self.presence.place();
        if self.presence.told.as_ref() == Some(&place) {
            return;
        }
        let points_at = place.document.filter(|_| !place.caret.is_empty());
        if points_at.is_none_or(|document| self.outbox.has_sent(document, place.after)) {
            self.presence.told = Some(place.clone());
            out.push(Output::Send(link, Frame::Presence(place)));
        }
    }
}
