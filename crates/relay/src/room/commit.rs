//! Group commit: what was accepted while one group was on its way to the disk forms the next.

use std::collections::BTreeSet;
use std::sync::Arc;

use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::{Draft, Entry, Millis, Seq};
use sheaf_protocol::frame::{Ack, Answer};

use super::fanout::Fresh;
use super::names::By;
use super::{Group, Line, Output, Room};

/// As many entries as one group may have.
const LINES: usize = 8_192;
/// As many bytes as one group may have, unless it is a single entry: a group travels as one frame.
const BYTES: usize = 8 * 1024 * 1024;

/// An entry that passed and waits for its group.
pub struct Accepted {
    pub draft: Draft,
    /// When this relay accepted it first, if it was brought back.
    pub at: Option<Millis>,
    /// Client ids that it is the first to use in its document.
    pub owners: Vec<u64>,
}

impl Room {
    /// Returns the next group for the disk, if there is one and none is on its way. Whoever takes it appends it in one
    /// transaction and answers with [`Input::Committed`] or [`Input::CommitFailed`].
    ///
    /// It is asked for, not pushed out with the first entry, so that everything that waits is in it.
    ///
    /// [`Input::Committed`]: super::Input::Committed
    /// [`Input::CommitFailed`]: super::Input::CommitFailed
    pub fn next_group(&mut self, now: Millis) -> Option<Arc<Group>> {
        if self.committing.is_some() || self.forming.is_empty() {
            return None;
        }
        let mut group = Group::default();
        let mut bytes = 0;
        while let Some(next) = self.forming.front() {
            let is_full = group.lines.len() >= LINES || bytes + next.draft.bytes.len() > BYTES;
            if is_full && !group.lines.is_empty() {
                break;
            }
            let Some(Accepted { draft, at, owners }) = self.forming.pop_front() else { break };
            bytes += draft.bytes.len();
            let (document, device) = (draft.document, draft.author.device);
            group.owners.extend(owners.into_iter().map(|client| (document, client, device)));
            let at = at.unwrap_or(now);
            let seal = self.setup.seal_key.seal(self.setup.workspace, at, &draft);
            group.lines.push(Line { at, seal, draft });
        }
        let group = Arc::new(group);
        self.committing = Some(Arc::clone(&group));
        Some(group)
    }

    /// The group is durable: its entries to everyone who follows, and to those who pushed them their acks before.
    pub(super) fn committed(&mut self, now: Millis, first: Seq, out: &mut Vec<Output>) {
        let Some(group) = self.committing.take() else { return };
        let mut fresh = Fresh::new(first, group.lines.len());
        let mut documents = BTreeSet::new();
        for (seq, line) in (first..).zip(&group.lines) {
            let Line { at, seal, ref draft } = *line;
            documents.insert(draft.document);
            self.documents.slot(draft.document).settled();
            let ack = Answer::Ack(Ack { counter: draft.counter, hash: draft.hash, seq, at, seal });
            let size = draft.bytes.len();
            let open = self.names.close(draft);
            let (pushed_by, brought_by) = open.map_or_else(Default::default, |o| (o.pushed_by, o.brought_by));
            let entry = Entry { epoch: self.setup.epoch, seq, at, seal, draft: draft.clone() };
            fresh.add(entry, pushed_by.first().copied());
            for conn in pushed_by {
                self.answers.add(conn, ack.clone());
                self.was_answered(By::Push(conn), size, out);
            }
            for conn in brought_by {
                self.was_answered(By::BringBack(conn), size, out);
            }
        }
        self.head = fresh.last();
        documents.into_iter().for_each(|document| self.documents.weigh(document));
        self.fan_out(now, fresh, out);
    }

    /// Nothing of the group is in the log. The documents' states are ahead of it, and so is all that was accepted on
    /// top of them: all of that is forgotten, and those who wait are told to come back.
    pub(super) fn commit_failed(&mut self, now: Millis, out: &mut Vec<Output>) {
        let Some(group) = self.committing.take() else { return };
        let forming = std::mem::take(&mut self.forming);
        let lost: Vec<&Draft> = group
            .lines
            .iter()
            .map(|line| &line.draft)
            .chain(forming.iter().map(|next| &next.draft))
            .collect();
        let documents: BTreeSet<DocumentId> = lost.iter().map(|draft| draft.document).collect();
        documents.into_iter().for_each(|document| self.documents.forget(document));
        self.storage_failed(now, lost, out);
        for document in self.documents.stranded() {
            self.judge_waiting(document, out);
        }
    }
}
