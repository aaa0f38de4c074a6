//! The outbox on its way: rows go out in order through a window, each once per connection unless the relay asks again.

use std::collections::{BTreeMap, BTreeSet};

use sheaf_document::ids::{DocumentId, ReplicaId};
use sheaf_protocol::entry::{Counter, Millis};
use sheaf_protocol::frame::{Frame, Push, PushItem};
use sheaf_protocol::limits;
use sheaf_protocol::problem::Code;

use super::mending::Mending;
use super::{Output, Row, Session};

/// As many bytes as may be on their way without an answer, and one row more.
const WINDOW_BYTES: usize = 1024 * 1024;
/// As many rows as may be on their way without an answer.
const WINDOW_ROWS: usize = 4_096;
/// As many bytes as one frame carries, unless it is a single row.
const FRAME: usize = 192 * 1024;

/// What is known of the outbox while the session lives.
pub struct Outbox {
    /// The place of the last row that was read on this connection.
    after: u64,
    /// The counter of the last row that was read on this connection.
    pub through: Counter,
    /// The place of the last row that may ever have been sent.
    sent_through: u64,
    /// The highest counter that was sent in the session's life.
    pub sent: Counter,
    /// Whether there may be rows after `after`.
    more: bool,
    /// The rows that were asked for, if the store is reading.
    reading: Option<Asked>,
    on_the_way: BTreeMap<Counter, Sent>,
    bytes: usize,
    /// Documents whose rows wait until the relay has what they build on.
    pub mending: BTreeMap<DocumentId, Mending>,
    /// Documents that were refused on this connection: rows that were read before the store knew are not sent.
    pub refused: BTreeSet<DocumentId>,
    /// Whether another copy may go by our name.
    in_doubt: bool,
    renaming: bool,
}

/// A question to the store.
#[derive(Clone, Copy)]
struct Asked {
    bytes: usize,
    rows: usize,
    /// Whether its answer is outdated: read again from the beginning.
    stale: bool,
}

/// A row that waits for its answer.
struct Sent {
    document: DocumentId,
    size: usize,
}

impl Default for Outbox {
    fn default() -> Self {
        Self {
            after: 0,
            through: 0,
            // What an earlier process sent is not known, so until the end was seen anything may have been.
            sent_through: u64::MAX,
            sent: 0,
            more: true,
            reading: None,
            on_the_way: BTreeMap::new(),
            bytes: 0,
            mending: BTreeMap::new(),
            refused: BTreeSet::new(),
            in_doubt: false,
            renaming: false,
        }
    }
}

impl Outbox {
    /// New rows were written.
    pub fn ring(&mut self) {
        self.more = true;
    }

    /// Reads again from the first row; what is on its way is not sent twice.
    pub fn rewind(&mut self) {
        (self.after, self.through, self.more) = (0, 0, true);
        self.refused.clear();
        if let Some(asked) = &mut self.reading {
            asked.stale = true;
        }
    }

    /// Another copy may go by our name: finds out which rows are whose, then takes a new one.
    pub fn doubt(&mut self) {
        self.in_doubt = true;
    }

    /// Our name is another device's, so the relay answers nothing under it: takes a new one at once. What it holds
    /// already comes twice then, under both names, which changes no text.
    pub fn disown(&mut self) {
        (self.in_doubt, self.sent_through) = (true, 0);
    }

    /// The connection is gone, and with it every answer.
    pub fn disconnect(&mut self) {
        self.on_the_way.clear();
        self.bytes = 0;
        self.mending.clear();
        self.rewind();
    }

    /// The store failed: what it still answers to an earlier question is outdated.
    pub fn store_failed(&mut self) {
        self.renaming = false;
        self.rewind();
    }

    /// Says whether everything was sent and answered.
    pub fn is_idle(&self) -> bool {
        self.on_the_way.is_empty() && self.has_sent_all() && self.mending.is_empty()
    }

    /// Says whether there is nothing left to send.
    fn has_sent_all(&self) -> bool {
        !self.more && self.reading.is_none()
    }

    /// Says whether the relay has been sent everything of this document up to this counter that waits for it, on this
    /// connection.
    pub fn has_sent(&self, document: DocumentId, counter: Counter) -> bool {
        let is_read = self.through >= counter || self.has_sent_all();
        is_read && !self.in_doubt && !self.mending.contains_key(&document)
    }

    /// Says whether a new name is being taken.
    pub fn is_renaming(&self) -> bool {
        self.renaming
    }

    /// Returns how many rows wait for an answer.
    pub fn unanswered(&self) -> usize {
        self.on_the_way.len()
    }

    /// Says whether rows of this document wait for an answer.
    pub fn is_on_the_way(&self, document: DocumentId) -> bool {
        self.on_the_way.values().any(|sent| sent.document == document)
    }

    /// Notes that a row was answered; returns its document if it was waited for.
    pub fn answered(&mut self, counter: Counter) -> Option<DocumentId> {
        let sent = self.on_the_way.remove(&counter)?;
        self.bytes -= sent.size;
        Some(sent.document)
    }

    /// Every row was read: what was sent before and is not among them has left the outbox.
    fn saw_the_end(&mut self) {
        if self.sent_through == u64::MAX {
            self.sent_through = self.after;
        }
        self.after = self.after.max(self.sent_through);
    }

    /// Says whether rows of this document are not to be sent now.
    fn is_held(&self, document: DocumentId) -> bool {
        self.refused.contains(&document) || self.mending.get(&document).is_some_and(Mending::is_held)
    }

    /// Says whether every row that was ever sent is answered.
    fn knows_all_answers(&self) -> bool {
        self.on_the_way.is_empty() && self.reading.is_none() && self.after >= self.sent_through
    }
}

impl Session {
    /// Asks for rows when there may be some and the window is open; takes a new name when that is due.
    pub(super) fn pump(&mut self, out: &mut Vec<Output>) {
        if self.outbox.renaming || self.outbox.reading.is_some() {
            return;
        }
        if self.outbox.in_doubt && self.outbox.knows_all_answers() {
            self.outbox.renaming = true;
            return out.push(Output::TakeNewIdentity);
        }
        // Answers carry numbers of the relay's epoch, so ours must be the same by now.
        let is_ready = self.line.relay().is_some_and(|relay| Some(relay.epoch) == self.intake.epoch);
        let outbox = &mut self.outbox;
        let is_open = outbox.bytes <= WINDOW_BYTES / 2 && outbox.on_the_way.len() <= WINDOW_ROWS / 2;
        if !is_ready || !outbox.more || !is_open {
            return;
        }
        let (bytes, rows) = (WINDOW_BYTES - outbox.bytes, WINDOW_ROWS - outbox.on_the_way.len());
        outbox.reading = Some(Asked { bytes, rows, stale: false });
        outbox.more = false;
        out.push(Output::ReadOutbox { after: outbox.after, bytes, rows });
    }

    /// A person settled a fork.
    pub(super) fn settled(&mut self) {
        self.outbox.rewind();
        self.presence.settled();
    }

    /// Sends rows that the store has read.
    pub(super) fn send_rows(&mut self, now: Millis, rows: Vec<Row>, out: &mut Vec<Output>) {
        let Some(asked) = self.outbox.reading.take() else { return };
        let theirs = rows.first().map(|row| row.draft.author.replica);
        if let Some(other) = theirs.filter(|replica| *replica != self.replica) {
            // They were given this name, and the store failed before it could say so.
            return self.renamed(now, other, out);
        }
        let Some(link) = self.line.up().filter(|_| !asked.stale) else {
            self.outbox.more = true;
            return;
        };
        let size = rows.iter().map(|row| row.draft.bytes.len()).sum::<usize>();
        let is_last = rows.len() < asked.rows && size < asked.bytes;
        let outbox = &mut self.outbox;
        outbox.more |= !is_last;
        if let Some(last) = rows.last() {
            (outbox.after, outbox.through) = (last.row, last.draft.counter);
        }
        if is_last {
            outbox.saw_the_end();
        }
        let mut items = Vec::new();
        let mut bytes = 0;
        for Row { row, draft } in rows {
            // While a name is in doubt, nothing new is sent under it.
            let is_new = outbox.in_doubt && row > outbox.sent_through;
            if outbox.is_held(draft.document) || is_new || outbox.on_the_way.contains_key(&draft.counter) {
                continue;
            }
            let size = draft.bytes.len();
            if size > limits::UPDATE {
                // No frame holds it: a relay would end the conversation over it, and every document would wait.
                let (code, detail) = (Code::TOO_LARGE, format!("{size} bytes"));
                outbox.refused.insert(draft.document);
                out.push(Output::Stick { document: draft.document, counter: draft.counter, code, detail });
                continue;
            }
            if bytes + size > FRAME && !items.is_empty() {
                let trace = outbox.sent;
                out.push(Output::Send(link, Frame::Push(Push { trace, items: std::mem::take(&mut items) })));
                bytes = 0;
            }
            bytes += size;
            outbox.bytes += size;
            outbox.on_the_way.insert(draft.counter, Sent { document: draft.document, size });
            if outbox.sent_through != u64::MAX {
                outbox.sent_through = outbox.sent_through.max(row);
            }
            outbox.sent = outbox.sent.max(draft.counter);
            items.push(PushItem::from(draft));
        }
        if !items.is_empty() {
            out.push(Output::Send(link, Frame::Push(Push { trace: outbox.sent, items })));
        }
    }

    /// The rows bear a new name: so does this replica, from a new connection on.
    pub(super) fn renamed(&mut self, now: Millis, replica: ReplicaId, out: &mut Vec<Output>) {
        self.replica = replica;
        self.outbox = Outbox { sent_through: 0, ..Outbox::default() };
        // Who was sent away comes back when they were told.
        if self.line.link().is_some() {
            self.hang_up(now, now, out);
        }
    }
}
