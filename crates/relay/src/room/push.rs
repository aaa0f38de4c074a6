//! What becomes of a pushed entry before it is committed: its name, its document, its verdict.

use std::collections::BTreeMap;

use sheaf_document::ids::{ContentHash, DocumentId, ReplicaId};
use sheaf_protocol::entry::{Counter, Draft, Entry, Millis};
use sheaf_protocol::frame::{Ack, Answer, Push};
use sheaf_protocol::problem::Code;
use sheaf_protocol::record;

use super::commit::Accepted;
use super::documents::{Blob, Name, Pushed, State};
use super::names::{By, Opened};
use super::ready::{Judgement, Ready};
use super::{Conn, Named, Output, Room, Stored, Unloadable};

/// A question to storage: which of these names are taken?
pub struct Question {
    pub document: DocumentId,
    pub replica: ReplicaId,
    pub counters: Vec<Counter>,
}

/// What is decided about an entry.
enum Verdict {
    /// The log holds it.
    Known(Named),
    /// The log holds other bytes under its name.
    Forked(Named),
    /// The log does not hold it; this is said of what it says.
    Judged(Judgement),
}

impl Room {
    /// Takes entries from a replica's outbox.
    pub(super) fn pushed(&mut self, conn: Conn, push: Push, out: &mut Vec<Output>) {
        let Some(author) = self.members.get(&conn).map(|member| member.author) else { return };
        for item in push.items {
            let draft = item.into_draft(author);
            self.arrive(By::Push(conn), Pushed::new(draft, None), out);
        }
    }

    /// Takes entries that this log forgot. Those without our seal are nobody's word and are dropped.
    pub(super) fn brought_back(&mut self, conn: Conn, entries: Vec<Entry>, out: &mut Vec<Output>) {
        for entry in entries {
            if self.setup.seal_key.opens(self.setup.workspace, &entry) {
                self.arrive(By::BringBack(conn), Pushed::new(entry.draft, Some(entry.at)), out);
            }
        }
    }

    fn arrive(&mut self, by: By, mut pushed: Pushed, out: &mut Vec<Output>) {
        let (replica, counter) = (pushed.draft.author.replica, pushed.draft.counter);
        let document = pushed.draft.document;
        match self.names.open(replica, counter, document, pushed.draft.hash, by) {
            Opened::Again { more } => {
                if more {
                    self.wait(by, pushed.draft.bytes.len(), out);
                }
            }
            Opened::Fork(holds) => {
                if let By::Push(conn) = by {
                    self.answers.add(conn, Answer::Forked { counter, holds });
                    if let Some(member) = self.members.get_mut(&conn) {
                        member.note_taken(document, counter, false);
                    }
                }
            }
            Opened::New { fresh } => {
                if fresh {
                    pushed.name = Name::Fresh;
                }
                self.wait(by, pushed.draft.bytes.len(), out);
                self.documents.slot(document).waiting.push_back(pushed);
                self.judge_waiting(document, out);
            }
        }
    }

    /// Judges what waits for a document, as far as everything needed is known, and asks for what is not.
    pub(super) fn judge_waiting(&mut self, document: DocumentId, out: &mut Vec<Output>) {
        loop {
            let slot = self.documents.slot(document);
            let is_full = slot.is_full();
            let Some(next) = slot.waiting.front_mut() else { return };
            if matches!(next.name, Name::Unknown) {
                if !slot.asking {
                    slot.asking = true;
                    let replica = next.draft.author.replica;
                    let asked = slot.waiting.iter().filter(|waiting| {
                        waiting.draft.author.replica == replica && matches!(waiting.name, Name::Unknown)
                    });
                    let mut counters: Vec<_> = asked.map(|waiting| waiting.draft.counter).collect();
                    counters.sort_unstable();
                    out.push(Output::Lookup(replica, counters.clone()));
                    self.questions.push_back(Question { document, replica, counters });
                }
                return;
            }
            // What was taken once is taken again.
            let is_sealed = next.brought.is_some();
            let verdict = match (known(next), &mut slot.state) {
                (Some(verdict), _) => verdict,
                (_, State::Loading) => return,
                (_, State::Cold) => {
                    slot.state = State::Loading;
                    out.push(Output::Load(document));
                    return;
                }
                (_, State::Closed(code)) => Verdict::Judged(Judgement::Never(*code, String::new())),
                (_, State::Ready(ready)) => {
                    let full = if is_full && !is_sealed { ready.full(&next.draft) } else { None };
                    match (full, ready.blob_of(&next.draft), next.blob) {
                        (Some(full), ..) => Verdict::Judged(full),
                        (_, Some(_), Blob::Asked(_)) => return,
                        (_, Some(hash), Blob::Unknown) if !is_sealed => {
                            next.blob = Blob::Asked(hash);
                            out.push(Output::Measure(hash));
                            return;
                        }
                        (.., blob) => Verdict::Judged(ready.judge(&next.draft, is_sealed, blob)),
                    }
                }
            };
            let Some(pushed) = slot.waiting.pop_front() else { return };
            self.decide(pushed, verdict, out);
        }
    }

    fn decide(&mut self, pushed: Pushed, verdict: Verdict, out: &mut Vec<Output>) {
        let Pushed { draft, brought, .. } = pushed;
        let is_taken = matches!(verdict, Verdict::Known(_) | Verdict::Judged(Judgement::Accepted(_)));
        let author = self.replicas.get(&draft.author.replica).and_then(|conn| self.members.get_mut(conn));
        if let Some(author) = author {
            author.note_taken(draft.document, draft.counter, is_taken);
        }
        let (document, counter) = (draft.document, draft.counter);
        let answer = match verdict {
            Verdict::Judged(Judgement::Accepted(owners)) => {
                self.documents.slot(document).uncommitted += 1;
                self.forming.push_back(Accepted { draft, at: brought, owners });
                return;
            }
            Verdict::Judged(Judgement::Missing(have)) => Answer::Missing { counter, document, have },
            Verdict::Judged(Judgement::Never(code, detail)) => {
                Answer::Never { counter, document, code, detail }
            }
            Verdict::Known(Named { counter, hash, seq, at, seal }) => {
                Answer::Ack(Ack { counter, hash, seq, at, seal })
            }
            Verdict::Forked(Named { counter, hash, .. }) => Answer::Forked { counter, holds: hash },
        };
        self.close(&draft, &answer, out);
    }

    /// Closes a name and answers all who wait for it.
    fn close(&mut self, draft: &Draft, answer: &Answer, out: &mut Vec<Output>) {
        let Some(open) = self.names.close(draft) else { return };
        let size = draft.bytes.len();
        for conn in open.pushed_by {
            self.answers.add(conn, answer.clone());
            self.was_answered(By::Push(conn), size, out);
        }
        for conn in open.brought_by {
            self.was_answered(By::BringBack(conn), size, out);
        }
    }

    /// Takes what storage says about names; its answers come in the order of the questions.
    pub(super) fn found(
        &mut self,
        now: Millis,
        replica: ReplicaId,
        named: Option<Vec<Named>>,
        out: &mut Vec<Output>,
    ) {
        let Some(question) = self.questions.pop_front() else { return };
        debug_assert_eq!(question.replica, replica, "answers come in the order of the questions");
        let slot = self.documents.slot(question.document);
        slot.asking = false;
        let Some(named) = named else { return self.unload(now, question.document, out) };
        let mut taken: BTreeMap<Counter, Vec<Named>> = BTreeMap::new();
        for named in named {
            taken.entry(named.counter).or_default().push(named);
        }
        for waiting in &mut slot.waiting {
            let counter = waiting.draft.counter;
            if waiting.draft.author.replica == replica && question.counters.binary_search(&counter).is_ok() {
                waiting.name = Name::Asked(taken.get(&counter).cloned().unwrap_or_default());
            }
        }
        self.judge_waiting(question.document, out);
    }

    /// Takes how long a blob is that a record names.
    pub(super) fn measured(
        &mut self,
        now: Millis,
        hash: ContentHash,
        size: Result<Option<u64>, Unloadable>,
        out: &mut Vec<Output>,
    ) {
        let stream = record::stream(self.setup.workspace);
        let Ok(size) = size else { return self.unload(now, stream, out) };
        for waiting in &mut self.documents.slot(stream).waiting {
            if waiting.blob == Blob::Asked(hash) {
                waiting.blob = Blob::Measured(size);
            }
        }
        self.judge_waiting(stream, out);
    }

    /// Storage could not be read for this document: what waits for it is pushed again later.
    fn unload(&mut self, now: Millis, document: DocumentId, out: &mut Vec<Output>) {
        let waiting = std::mem::take(&mut self.documents.slot(document).waiting);
        self.storage_failed(now, waiting.iter().map(|pushed| &pushed.draft), out);
    }

    /// Takes what storage holds of a document.
    pub(super) fn loaded(
        &mut self,
        now: Millis,
        document: DocumentId,
        result: Result<Stored, Unloadable>,
        out: &mut Vec<Output>,
    ) {
        let slot = self.documents.slot(document);
        if !matches!(slot.state, State::Loading) {
            return;
        }
        slot.state = match result {
            Ok(stored) => match Ready::of(&self.setup, document, stored) {
                Some(ready) => State::Ready(ready),
                None => State::Closed(Code::INTERNAL),
            },
            Err(Unloadable::Closed(code)) => State::Closed(code),
            Err(Unloadable::Storage) => {
                slot.state = State::Cold;
                return self.unload(now, document, out);
            }
        };
        self.documents.weigh(document);
        self.judge_waiting(document, out);
    }
}

impl Pushed {
    fn new(draft: Draft, brought: Option<Millis>) -> Self {
        Self { draft, brought, name: Name::Unknown, blob: Blob::Unknown }
    }
}

/// Returns the verdict on an entry whose name the log holds. What is brought back was acknowledged once, so other bytes
/// under its name do not keep it out.
fn known(pushed: &Pushed) -> Option<Verdict> {
    let Name::Asked(taken) = &pushed.name else { return None };
    if let Some(named) = taken.iter().find(|named| named.hash == pushed.draft.hash) {
        return Some(Verdict::Known(*named));
    }
    taken.first().filter(|_| pushed.brought.is_none()).map(|other| Verdict::Forked(*other))
}
