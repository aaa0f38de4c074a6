//! Where the desk and the engine say how things stand, and those who watch a replica hear it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::entry::Counter;
use sheaf_protocol::frame::Here;
use tokio::sync::{Notify, mpsc, watch};

use super::{Mailbox, ReplicaEvent, Status, WatcherId};

/// The meeting place of one replica's parts.
#[derive(Debug)]
pub(crate) struct Hub {
    watchers: Mutex<BTreeMap<WatcherId, Arc<Mailbox>>>,
    next: AtomicU64,
    status: watch::Sender<Status>,
    /// Who is in the workspace as a whole: those who begin to watch later are not told again by the relay.
    company: Mutex<Vec<Here>>,
    /// The highest counter that was committed here.
    written: AtomicU64,
    /// Documents whose copy here is not to be trusted, until the engine hears of them.
    distrusted: Mutex<BTreeSet<DocumentId>>,
    /// Rings when the outbox has new rows, or a document is not to be trusted. A channel of one: losing a ring loses nothing.
    bell: mpsc::Sender<()>,
    errands: Errands,
}

/// Bells for the porter: there may be files to be carried.
#[derive(Debug, Default)]
pub(crate) struct Errands {
    /// To the relay.
    pub bring: Notify,
    /// From it.
    pub fetch: Notify,
}

impl Errands {
    /// Returns the bell of one way.
    pub fn of(&self, is_up: bool) -> &Notify {
        if is_up { &self.bring } else { &self.fetch }
    }
}

impl Hub {
    /// Returns a hub that rings this bell.
    pub fn new(bell: mpsc::Sender<()>) -> Self {
        Self {
            watchers: Mutex::default(),
            next: AtomicU64::new(0),
            status: watch::Sender::new(Status::default()),
            company: Mutex::default(),
            written: AtomicU64::new(0),
            distrusted: Mutex::default(),
            bell,
            errands: Errands::default(),
        }
    }

    /// Adds a watcher, who is told the status first.
    pub fn watch(&self) -> (WatcherId, Arc<Mailbox>) {
        let id = WatcherId(self.next.fetch_add(1, Ordering::Relaxed));
        let mailbox = Arc::new(Mailbox::default());
        let mut watchers = self.watchers();
        mailbox.put(ReplicaEvent::Status(self.status()));
        watchers.insert(id, mailbox.clone());
        (id, mailbox)
    }

    /// Ends a watcher's watching.
    pub fn unwatch(&self, id: WatcherId) {
        if let Some(mailbox) = self.watchers().remove(&id) {
            mailbox.close();
        }
    }

    /// Tells every watcher.
    pub fn broadcast(&self, event: &ReplicaEvent) {
        if let ReplicaEvent::People { document: None, people } = event {
            self.company.lock().unwrap_or_else(PoisonError::into_inner).clone_from(people);
        }
        self.watchers().values().for_each(|mailbox| mailbox.put(event.clone()));
    }

    /// Returns who is in the workspace, besides this replica; nobody while the relay is out of reach.
    pub fn company(&self) -> Vec<Here> {
        self.company.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the status and tells it if it is another now. Whoever changes it last is heard last.
    pub fn tell(&self, change: impl FnOnce(&mut Status)) {
        let watchers = self.watchers();
        let changed = self.status.send_if_modified(|status| {
            let before = status.clone();
            change(status);
            *status != before
        });
        if changed {
            let status = self.status();
            watchers.values().for_each(|mailbox| mailbox.put(ReplicaEvent::Status(status.clone())));
        }
    }

    /// Returns how things stand.
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// Returns a receiver that always holds how things stand.
    pub fn follow(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Notes rows that were committed here, the last under this counter, and rings the bell.
    pub fn wrote(&self, last: Counter, rows: u64) {
        self.written.fetch_max(last, Ordering::Relaxed);
        if rows > 0 {
            self.tell(|status| status.waiting += rows);
            let _ = self.bell.try_send(());
        }
    }

    /// Notes rows that left the outbox.
    pub fn acknowledged(&self, rows: u64) {
        self.tell(|status| status.waiting = status.waiting.saturating_sub(rows));
    }

    /// Returns the highest counter that was committed here, 0 before any.
    pub fn written(&self) -> Counter {
        self.written.load(Ordering::Relaxed)
    }

    /// Returns the porter's bells.
    pub fn errands(&self) -> &Errands {
        &self.errands
    }

    /// Tells that it stands otherwise with these files.
    pub fn tell_of_files(&self, files: BTreeSet<ContentHash>) {
        self.broadcast(&ReplicaEvent::Files(Some(files)));
    }

    /// Tells that something became known of these files, or of any: there may be some to be carried.
    pub fn learn_of_files(&self, files: Option<BTreeSet<ContentHash>>) {
        self.errands.bring.notify_one();
        self.errands.fetch.notify_one();
        self.broadcast(&ReplicaEvent::Files(files));
    }

    /// Notes a document whose copy here is not to be trusted, and rings the bell.
    pub fn distrust(&self, document: DocumentId) {
        self.distrusted.lock().unwrap_or_else(PoisonError::into_inner).insert(document);
        let _ = self.bell.try_send(());
    }

    /// Takes the documents that were noted since the last time.
    pub fn take_distrusted(&self) -> BTreeSet<DocumentId> {
        std::mem::take(&mut *self.distrusted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Tells every watcher that nothing more will come.
    pub fn close(&self) {
        self.watchers().values().for_each(|mailbox| mailbox.close());
    }

    fn watchers(&self) -> MutexGuard<'_, BTreeMap<WatcherId, Arc<Mailbox>>> {
        self.watchers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replica::Events;

    #[tokio::test]
    async fn nobody_tells_an_older_status_after_a_newer_one() {
        let hub = Hub::new(mpsc::channel(1).0);
        let mut events = Events(hub.watch().1);
        // The desk tells that something was written; the engine may tell of an acknowledgement at any moment of that.
        hub.tell(|status| {
            let engine = hub.watchers.try_lock();
            assert!(
                engine.is_err(),
                "who tells next waits until this is in every box, or it would be put last"
            );
            status.waiting = 1;
        });
        let heard = events.next().await;
        assert_eq!(heard, Some(ReplicaEvent::Status(hub.status())), "it is how things stand");
    }
}
