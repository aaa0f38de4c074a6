//! A watcher: one window, or one program, with documents open.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Origin;
use tokio::sync::oneshot;

use super::{Edit, Mailbox, Replica, Saved};
use crate::engine::Command;
use crate::error::{ReplicaError, Result};
use crate::session::Caret;

/// Names a watcher of one replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WatcherId(pub(super) u64);

/// Opens documents and writes in them on behalf of one window. Dropping it closes them and ends its events.
#[derive(Debug)]
pub struct Watcher {
    replica: Replica,
    id: WatcherId,
    mailbox: Arc<Mailbox>,
    open: Mutex<BTreeSet<DocumentId>>,
}

impl Watcher {
    pub(super) fn new(replica: Replica, id: WatcherId, mailbox: Arc<Mailbox>) -> Self {
        Self { replica, id, mailbox, open: Mutex::default() }
    }

    /// Opens a document, or opens it again; returns all of it as one Yjs update, v1. From now on its updates are told. It is
    /// the one in front, and that is where others see this person.
    ///
    /// # Errors
    /// When there is no such document, it cannot be read, or the disk fails. One that has a place and no text yet is open all the
    /// same, so that the relay sends it before others.
    pub async fn open(&self, document: DocumentId) -> Result<Bytes> {
        let (id, mailbox) = (self.id, self.mailbox.clone());
        let (answer, opened) = oneshot::channel();
        // Before the desk is asked, so that whoever closes it while it opens has something to close.
        let is_new = self.documents().insert(document);
        self.replica.command(Command::Opened(id, document));
        self.replica.inner.desk.post_lightly(move |desk| {
            desk.open(document, id, &mailbox, |opened| {
                let _ = answer.send(opened);
            });
        });
        let opened = opened.await.unwrap_or(Err(ReplicaError::Stopped));
        let is_coming = matches!(opened, Err(ReplicaError::NotFound(_)))
            && self.replica.places(vec![document]).await.is_ok_and(|rows| !rows.is_empty());
        if opened.is_err() && is_new && !is_coming {
            self.close(document);
        }
        opened
    }

    /// Closes a document: this person is not there any more.
    pub fn close(&self, document: DocumentId) {
        if self.documents().remove(&document) {
            self.leave(document);
            self.mailbox.forget(document);
        }
    }

    fn leave(&self, document: DocumentId) {
        let id = self.id;
        self.replica.inner.desk.post_lightly(move |desk| desk.close(document, id));
        self.replica.command(Command::Closed(id, document));
    }

    /// Commits what a person typed here: see [`Replica::commit`]. This watcher gets no echo of it.
    ///
    /// # Errors
    /// As [`Replica::commit`].
    pub async fn commit(&self, document: DocumentId, bytes: Bytes) -> Result<Saved> {
        self.replica.commit(Edit { document, bytes, origin: Origin::TYPED, by: Some(self.id) }).await
    }

    /// Says where this person's caret is in an open document, opaque to everyone but editors; an empty one is nowhere in
    /// the text. Others see it after the words that it points at.
    pub fn set_caret(&self, document: DocumentId, caret: Bytes) {
        let after = self.replica.inner.hub.written();
        self.replica.command(Command::Caret(self.id, Caret { document, caret, after }));
    }

    pub(super) fn documents(&self) -> MutexGuard<'_, BTreeSet<DocumentId>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let open = std::mem::take(&mut *self.documents());
        open.into_iter().for_each(|document| self.leave(document));
        self.replica.inner.hub.unwatch(self.id);
    }
}
