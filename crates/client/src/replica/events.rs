//! What a replica tells those who watch it, and the box in which it waits for them.
//!
//! The box is bounded by what it holds, not by how much was said: the latest status, one mark for "the list changed" and one
//! for "somebody goes by another name", one set of rows of the tree and one of files, one list of people per document. Only
//! updates pile up; when a watcher leaves too many, they are dropped and the documents
//! are to be opened again. So the replica never waits for a watcher.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::frame::Here;
use tokio::sync::Notify;

use super::Status;

/// As many bytes of updates wait for one watcher.
const WAITING: usize = 16 << 20;
/// As many rows of the tree, and as many files, are named to one watcher; of more they read again what they show.
const ROWS: usize = 500;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum ReplicaEvent {
    /// Somebody else changed a document that this watcher has open. Sound, and already on this disk.
    Update {
        /// The document.
        document: DocumentId,
        /// A Yjs update, v1.
        bytes: Bytes,
    },
    /// The list of documents is another than before.
    Documents,
    /// These rows of the tree are others than before: their place, title, icon, children, or what else they show. `None`:
    /// too many to be named, read again what is shown.
    Places(Option<BTreeSet<DocumentId>>),
    /// It stands otherwise with these files: something became known of them, or they got on. `None`: too many to be named.
    Files(Option<BTreeSet<ContentHash>>),
    /// Somebody in the workspace goes by another name, or came.
    Members,
    /// This is how things stand now.
    Status(Status),
    /// These people are in the document, or in the workspace; everyone but this replica.
    People {
        /// The document; `None` for the workspace as a whole.
        document: Option<DocumentId>,
        /// All of them.
        people: Vec<Here>,
    },
    /// The document was replaced, or holds what this version cannot edit: open it again, with a fresh client id.
    Reopen(DocumentId),
}

/// Where events wait for one watcher.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    held: Mutex<Held>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Held {
    closed: bool,
    reopen: BTreeSet<DocumentId>,
    updates: VecDeque<(DocumentId, Bytes)>,
    bytes: usize,
    documents: bool,
    members: bool,
    /// Rows that are others now; the inner `None` for too many.
    places: Option<Option<BTreeSet<DocumentId>>>,
    /// The same of files.
    files: Option<Option<BTreeSet<ContentHash>>>,
    status: Option<Status>,
    people: BTreeMap<Option<DocumentId>, Vec<Here>>,
}

impl Mailbox {
    /// Puts an event where the watcher will find it, in place of those that it overtakes.
    pub fn put(&self, event: ReplicaEvent) {
        let mut held = self.lock();
        match event {
            ReplicaEvent::Update { document, .. } if held.reopen.contains(&document) => {}
            ReplicaEvent::Update { document, bytes } => {
                held.bytes += bytes.len();
                held.updates.push_back((document, bytes));
                if held.bytes > WAITING {
                    held.bytes = 0;
                    let dropped = std::mem::take(&mut held.updates);
                    held.reopen.extend(dropped.into_iter().map(|(document, _)| document));
                }
            }
            ReplicaEvent::Documents => held.documents = true,
            ReplicaEvent::Members => held.members = true,
            ReplicaEvent::Places(places) => add(&mut held.places, places),
            ReplicaEvent::Files(files) => add(&mut held.files, files),
            ReplicaEvent::Status(status) => held.status = Some(status),
            ReplicaEvent::People { document, people } => {
                held.people.insert(document, people);
            }
            ReplicaEvent::Reopen(document) => {
                held.forget(document);
                held.reopen.insert(document);
            }
        }
        drop(held);
        self.bell.notify_one();
    }

    /// The watcher opened the document or closed it: what waits about it is outdated.
    pub fn forget(&self, document: DocumentId) {
        let mut held = self.lock();
        held.forget(document);
        held.reopen.remove(&document);
    }

    /// Ends the watching.
    pub fn close(&self) {
        self.lock().closed = true;
        self.bell.notify_one();
    }

    /// Waits for the next event; `None` once the replica has stopped.
    pub async fn next(&self) -> Option<ReplicaEvent> {
        loop {
            {
                let mut held = self.lock();
                if let Some(event) = held.take() {
                    return Some(event);
                }
                if held.closed {
                    return None;
                }
            }
            self.bell.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn forget(&mut self, document: DocumentId) {
        self.updates.retain(|(other, _)| *other != document);
        self.bytes = self.updates.iter().map(|(_, bytes)| bytes.len()).sum();
    }

    fn take(&mut self) -> Option<ReplicaEvent> {
        if let Some(document) = self.reopen.pop_first() {
            return Some(ReplicaEvent::Reopen(document));
        }
        if let Some((document, bytes)) = self.updates.pop_front() {
            self.bytes -= bytes.len();
            return Some(ReplicaEvent::Update { document, bytes });
        }
        if let Some((document, people)) = self.people.pop_first() {
            return Some(ReplicaEvent::People { document, people });
        }
        if let Some(places) = self.places.take() {
            return Some(ReplicaEvent::Places(places));
        }
        if let Some(files) = self.files.take() {
            return Some(ReplicaEvent::Files(files));
        }
        if std::mem::take(&mut self.documents) {
            return Some(ReplicaEvent::Documents);
        }
        if std::mem::take(&mut self.members) {
            return Some(ReplicaEvent::Members);
        }
        self.status.take().map(ReplicaEvent::Status)
    }
}

/// Adds what is to be named, until it is too much.
fn add<T: Ord>(held: &mut Option<Option<BTreeSet<T>>>, more: Option<BTreeSet<T>>) {
    let held = held.get_or_insert_with(|| Some(BTreeSet::new()));
    let together = held.take().zip(more).map(|(mut held, more)| {
        held.extend(more);
        held
    });
    *held = together.filter(|all| all.len() <= ROWS);
}

/// What a replica tells one watcher, in order.
#[derive(Debug)]
pub struct Events(pub(crate) Arc<Mailbox>);

impl Events {
    /// Waits for the next event; `None` once the replica has stopped. May be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> Option<ReplicaEvent> {
        self.0.next().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTES: DocumentId = DocumentId::from_bytes([1; 16]);
    const PLANS: DocumentId = DocumentId::from_bytes([2; 16]);

    fn update(document: DocumentId, size: usize) -> ReplicaEvent {
        ReplicaEvent::Update { document, bytes: vec![7; size].into() }
    }

    #[tokio::test]
    async fn a_watcher_gets_every_update_in_order_and_the_rest_once() {
        let (mailbox, mut events) = box_and_events();
        mailbox.put(ReplicaEvent::Documents);
        mailbox.put(update(NOTES, 1));
        mailbox.put(ReplicaEvent::Documents);
        mailbox.put(update(NOTES, 2));
        mailbox.close();
        let mut seen = Vec::new();
        while let Some(event) = events.next().await {
            seen.push(event);
        }
        let expected = [update(NOTES, 1), update(NOTES, 2), ReplicaEvent::Documents];
        assert_eq!(seen, expected, "updates build on each other; a list needs to be read only once");
    }

    #[tokio::test]
    async fn a_watcher_who_never_looks_costs_no_more_than_the_bound() {
        let (mailbox, mut events) = box_and_events();
        mailbox.put(update(PLANS, 1));
        mailbox.put(update(NOTES, WAITING));
        mailbox.put(update(NOTES, 5));
        mailbox.close();
        let mut seen = Vec::new();
        while let Some(event) = events.next().await {
            seen.push(event);
        }
        let expected = [ReplicaEvent::Reopen(NOTES), ReplicaEvent::Reopen(PLANS)];
        assert_eq!(seen, expected, "what was dropped is read again from the disk, whole");
    }

    #[tokio::test]
    async fn a_watcher_is_told_once_which_rows_changed_or_that_they_were_too_many() {
        let (mailbox, mut events) = box_and_events();
        let rows = |numbers: std::ops::Range<u32>| -> BTreeSet<DocumentId> {
            numbers.map(|number| DocumentId::fresh(number.into(), [0; 10])).collect()
        };
        mailbox.put(ReplicaEvent::Places(Some(rows(0..2))));
        mailbox.put(ReplicaEvent::Places(Some(rows(1..3))));
        assert_eq!(events.next().await, Some(ReplicaEvent::Places(Some(rows(0..3)))), "together, each once");
        mailbox.put(ReplicaEvent::Places(Some(rows(0..501))));
        mailbox.put(ReplicaEvent::Places(Some(rows(0..1))));
        assert_eq!(events.next().await, Some(ReplicaEvent::Places(None)), "so many are read again anyway");
        mailbox.put(ReplicaEvent::Places(Some(rows(0..1))));
        assert_eq!(
            events.next().await,
            Some(ReplicaEvent::Places(Some(rows(0..1)))),
            "then they are named again"
        );
    }

    fn box_and_events() -> (Arc<Mailbox>, Events) {
        let mailbox = Arc::new(Mailbox::default());
        (mailbox.clone(), Events(mailbox))
    }
}
