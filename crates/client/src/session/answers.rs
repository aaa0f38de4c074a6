//! What the relay says to what was pushed.

use std::collections::BTreeSet;

use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Counter;
use sheaf_protocol::frame::Answer;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record;

use super::line::Phase;
use super::{Output, Session};

impl Session {
    /// Takes a frame of answers: all acks go to the store together, the rest is settled document by document.
    pub(super) fn answered(&mut self, answers: Vec<Answer>, out: &mut Vec<Output>) {
        let mut acks = Vec::new();
        let (mut documents, mut refused) = (BTreeSet::new(), Vec::new());
        for answer in answers {
            match answer {
                Answer::Ack(ack) => {
                    if let Some(document) = self.outbox.answered(ack.counter) {
                        self.outbox.progress(document);
                        documents.insert(document);
                    }
                    self.intake.reach = self.intake.reach.max(ack.seq);
                    acks.push(ack);
                }
                // A record builds on nothing that could be brought before it.
                Answer::Missing { counter, document, .. } if document == self.stream() => {
                    self.outbox.answered(counter);
                    refused.push((counter, Code::INVALID, "the relay lacks what this builds on".to_owned()));
                }
                Answer::Missing { counter, document, have } => {
                    if self.outbox.answered(counter).is_some() && !self.outbox.refused.contains(&document) {
                        self.outbox.lacks(document, counter, have);
                    }
                    documents.insert(document);
                }
                Answer::Forked { counter, .. } => {
                    self.outbox.answered(counter);
                    self.outbox.doubt();
                }
                Answer::Never { counter, document, code, detail } if document == self.stream() => {
                    self.outbox.answered(counter);
                    refused.push((counter, code, detail));
                }
                Answer::Never { counter, document, code, detail } => {
                    self.outbox.answered(counter);
                    self.refuse(document, counter, code, detail, out);
                }
            }
        }
        if !acks.is_empty() {
            let is_live = self.line.relay().is_some_and(|relay| relay.phase == Phase::Following);
            let cursor = if is_live { self.intake.pass(&acks) } else { None };
            out.push(Output::Acknowledge { acks, cursor });
        }
        if !refused.is_empty() {
            out.push(Output::Refuse(refused));
        }
        for document in documents {
            self.mend(document, out);
        }
    }

    /// Returns where the workspace's records are.
    fn stream(&self) -> DocumentId {
        record::stream(self.setup.workspace)
    }

    /// Notes that a row of a text will not be taken. What follows it builds on it and waits with it.
    pub(super) fn refuse(
        &mut self,
        document: DocumentId,
        counter: Counter,
        code: Code,
        detail: String,
        out: &mut Vec<Output>,
    ) {
        self.outbox.mending.remove(&document);
        self.presence.withdraw(document);
        if self.outbox.refused.insert(document) {
            out.push(Output::Stick { document, counter, code, detail });
        }
    }
}
