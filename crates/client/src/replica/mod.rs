//! A living replica: what the desktop shell and the command line call.
//!
//! [`Replica`] is a handle. Behind it are the desk, a thread on which everything about the disk happens in order, and the
//! engine, a task that keeps the replica and its relay in step. A change is on the disk when [`Replica::commit`] returns;
//! the relay hears of it by itself. Dropping the last handle ends both; nothing that was called saved is lost by that.

mod beside;
mod events;
mod export;
mod files;
mod hub;
mod relay;
mod status;
mod tree;
mod watcher;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::markdown::Parsed;
use sheaf_document::search::Query;
use sheaf_document::tree::Node;
use sheaf_protocol::entry::{Counter, Origin};
use sheaf_protocol::frame::Here;
use sheaf_store::search::{About, Found};
use sheaf_store::{DocumentRow, Fork, Identity, Place, Store, StoreError};
use tokio::sync::{mpsc, watch};

use crate::clock::Clock;
use crate::desk::DeskHandle;
use crate::engine::{Command, Engine};
use crate::error::{ReplicaError, Result};
use crate::files::{Porter, Shelf};
use crate::profile::Profile;
use crate::reader::Reader;
use crate::refused::Refused;
use crate::search::Search;
use beside::Beside;

pub(crate) use events::Mailbox;
pub use events::{Events, ReplicaEvent};
pub(crate) use hub::Hub;
pub use relay::{Access, NoAccess, Relay};
pub use status::Status;
pub use watcher::{Watcher, WatcherId};

/// One workspace on this device, alive. Cheap to clone.
#[derive(Clone)]
pub struct Replica {
    inner: Arc<Inner>,
}

struct Inner {
    beside: Beside,
    identity: Identity,
    desk: DeskHandle,
    engine: mpsc::UnboundedSender<Command>,
    hub: Arc<Hub>,
    porter: Porter,
    search: Arc<Search>,
}

/// A change to a document, to be committed.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The document; it begins with its first change.
    pub document: DocumentId,
    /// A Yjs update, v1: whatever an editor or program made. It is checked before it is believed.
    pub bytes: Bytes,
    /// How it came to be.
    pub origin: Origin,
    /// Who has it on screen already and needs no echo.
    pub by: Option<WatcherId>,
}

/// A change is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// The number of the last change that was written here.
    pub counter: Counter,
}

/// How a person settles changes that the relay refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// Offer them again.
    Retry,
    /// Keep the document as it is here as another one, and take the refused changes out of this one.
    KeepCopy {
        /// The other one's title.
        title: String,
    },
    /// Take them out. They stay in the log on this device.
    Discard,
}

impl Replica {
    /// Opens a workspace of a profile for writing. It lives on this device until [`Replica::connect`].
    ///
    /// # Errors
    /// [`ReplicaError::Store`] with the reason why its file cannot be opened; the file is as it was.
    pub async fn open(profile: &Profile, workspace: WorkspaceId, clock: Clock) -> Result<Self> {
        let path = profile.database(workspace);
        let (ring, bell) = mpsc::channel(1);
        let hub = Arc::new(Hub::new(ring));
        let search = Arc::new(Search::new(path.clone()));
        let desk = DeskHandle::open(path.clone(), hub.clone(), search.clone(), clock.clone()).await?;
        let identity = desk.ask(|desk| desk.read(|store| store.identity())).await?;
        let engine = Engine::start(desk.clone(), hub.clone(), clock, bell);
        let shelf = Shelf::of(profile, workspace);
        if let Err(error) = shelf.tidy() {
            tracing::warn!(%error, "what an earlier run left half written lies about");
        }
        let porter = Porter::start(shelf, desk.clone(), hub.clone(), engine.clone());
        let beside = Beside::new(path);
        Ok(Self { inner: Arc::new(Inner { beside, identity, desk, engine, hub, porter, search }) })
    }

    /// Returns the workspace, and who writes in it, as they were when it was opened.
    pub fn identity(&self) -> Identity {
        self.inner.identity
    }

    /// Begins to watch: returns a hand for opening and writing, and what it will be told.
    pub fn watch(&self) -> (Watcher, Events) {
        let (id, mailbox) = self.inner.hub.watch();
        (Watcher::new(self.clone(), id, mailbox.clone()), Events(mailbox))
    }

    /// Returns how things stand.
    pub fn status(&self) -> Status {
        self.inner.hub.status()
    }

    /// Returns a receiver that always holds how things stand.
    pub fn follow_status(&self) -> watch::Receiver<Status> {
        self.inner.hub.follow()
    }

    /// Returns who is in the workspace, besides this replica; nobody while the relay is out of reach. Whoever watches is
    /// told the changes: [`ReplicaEvent::People`] of no document.
    pub fn company(&self) -> Vec<Here> {
        self.inner.hub.company()
    }

    /// Returns every document, the one that changed last first. Titles are those of the last quiet moment.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn documents(&self) -> Result<Vec<DocumentRow>> {
        self.read(|store| store.documents()).await
    }

    /// Makes a document at the end of the top level and returns its id.
    ///
    /// # Errors
    /// When the disk fails; then there is no such document.
    pub async fn create(&self, title: &str, blocks: Vec<Node>, origin: Origin) -> Result<DocumentId> {
        self.create_in(None, Place::Last, title, blocks, origin).await
    }

    /// Adds blocks at the end of a document.
    ///
    /// # Errors
    /// When there is no such document, or the disk fails; then nothing was added.
    pub async fn append(&self, document: DocumentId, blocks: Vec<Node>, origin: Origin) -> Result<()> {
        self.inner.desk.ask(move |desk| desk.append(document, &blocks, origin)).await
    }

    /// Brings what changed between two readings of a file into a document, which may have changed meanwhile: both changes
    /// stay. Returns its title then.
    ///
    /// # Errors
    /// When there is no such document, it does not take the change, or the disk fails; then nothing was written.
    pub async fn reconcile(&self, document: DocumentId, base: Parsed, file: Parsed) -> Result<String> {
        self.inner.desk.ask(move |desk| desk.reconcile(document, &base, &file)).await
    }

    /// Commits a change: it is on the disk when this returns. Changes are written in the order of the calls.
    ///
    /// # Errors
    /// [`ReplicaError::Refused`] when it is no sound change of the document, [`ReplicaError::Store`] when the disk fails.
    /// Nothing was written.
    pub async fn commit(&self, edit: Edit) -> Result<Saved> {
        self.commit_all(vec![edit]).await
    }

    /// Commits several changes in this order, all or none, for the price of one.
    ///
    /// # Errors
    /// As [`Replica::commit`], for the first that fails.
    pub async fn commit_all(&self, edits: Vec<Edit>) -> Result<Saved> {
        let (answer, outcome) = tokio::sync::oneshot::channel();
        self.inner.desk.post(move |desk| {
            let (outcome, proofs) = match desk.attempt(|desk| desk.commit(&edits)) {
                Ok((saved, proofs)) => (Ok(saved), proofs),
                Err(error) => (Err(error), Vec::new()),
            };
            // Whoever waits for the disk need not wait until the others have it on screen.
            let _ = answer.send(outcome);
            // After a defect they open the document again.
            let _ = desk.attempt(|desk| {
                desk.show(&edits, &proofs);
                Ok(())
            });
        });
        outcome.await.map_err(|_| ReplicaError::Stopped)?
    }

    /// Returns a document's plain text.
    ///
    /// # Errors
    /// When there is no such document, or the disk fails.
    pub async fn text(&self, document: DocumentId) -> Result<String> {
        self.read_beside(move |reader| reader.text(document)).await
    }

    /// Returns a document as Markdown.
    ///
    /// # Errors
    /// As [`Replica::text`].
    pub async fn markdown(&self, document: DocumentId) -> Result<String> {
        self.read_beside(move |reader| reader.markdown(document)).await
    }

    /// Returns the documents and people that a query asks for, at most so many documents. What was written before is
    /// brought in first, but waited for a moment only: what is found says how much is still to come. `None` when somebody
    /// asked something else before this was answered.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn search(&self, query: Query, most: usize) -> Result<Option<Found>> {
        let search = self.inner.search.clone();
        let task = tokio::task::spawn_blocking(move || search.find(&query, most));
        task.await.map_err(|_| ReplicaError::Stopped)?
    }

    /// Returns what is known of a document besides its text: who wrote in it, and at most so many documents that link to it.
    /// What was written last may be missing.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn about(&self, document: DocumentId, most: usize) -> Result<About> {
        let search = self.inner.search.clone();
        let task = tokio::task::spawn_blocking(move || search.about(document, most));
        task.await.map_err(|_| ReplicaError::Stopped)?
    }

    /// Returns the documents whose changes the relay refused.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn forks(&self) -> Result<Vec<Fork>> {
        self.read(|store| store.forks()).await
    }

    /// Returns what the relay refused of a document; `None` when it refused nothing.
    ///
    /// # Errors
    /// When the document cannot be read, or the disk fails.
    pub async fn refused(&self, document: DocumentId) -> Result<Option<Refused>> {
        self.read_beside(move |reader| reader.refused(document)).await
    }

    /// Settles what the relay refused of a document; returns the copy, if one was made.
    ///
    /// # Errors
    /// When the disk fails; then it is as it was, but for a copy that may have been made.
    pub async fn settle(&self, document: DocumentId, how: Settlement) -> Result<Option<DocumentId>> {
        let copy = self.inner.desk.ask(move |desk| desk.settle(document, &how)).await?;
        self.command(Command::Settled);
        Ok(copy)
    }

    /// Returns a small thing that was remembered.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        let key = key.to_owned();
        self.read(move |store| store.setting(&key)).await
    }

    /// Remembers a small thing, or forgets it; never a secret.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn put_setting(&self, key: &str, value: Option<String>) -> Result<()> {
        let key = key.to_owned();
        self.inner.desk.ask(move |desk| desk.put(|store| store.put_setting(&key, value.as_deref()))).await
    }

    /// Keeps this replica in step with a relay from now on. A workspace that lived on this device alone brings everything
    /// it holds, under the ids that it has; interrupted, it goes on where it was.
    pub fn connect(&self, relay: Relay) {
        self.inner.porter.turn_to(relay.account.clone());
        self.command(Command::Connect(relay));
    }

    /// Goes offline until [`Replica::connect`].
    pub fn disconnect(&self) {
        self.inner.porter.turn_to(None);
        self.command(Command::Disconnect);
    }

    /// Tries at once to reach the relay, should it be waited for: somebody thinks that it is within reach again.
    pub fn hurry(&self) {
        self.command(Command::Hurry);
    }

    /// Ends the replica: the line is closed, the file may be opened by another.
    pub async fn stop(&self) {
        self.command(Command::Stop);
        // Whoever writes closes the file last, and leaves one file behind.
        let search = self.inner.search.clone();
        let _ = tokio::task::spawn_blocking(move || search.stop()).await;
        self.inner.beside.close();
        self.inner.desk.stop().await;
    }

    /// Returns where this workspace's database lies.
    pub(crate) fn database(&self) -> &Path {
        self.inner.beside.path()
    }

    fn command(&self, command: Command) {
        // An engine that has stopped needs no commands.
        let _ = self.inner.engine.send(command);
    }

    /// Reads beside the desk, so that a list waits for no long document.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> std::result::Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let inner = self.inner.clone();
        let task = tokio::task::spawn_blocking(move || inner.beside.read(read));
        task.await.map_err(|_| ReplicaError::Stopped)?
    }

    /// Reads beside the desk, so that a long document holds up nobody's typing.
    async fn read_beside<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let path = self.inner.beside.path().to_owned();
        let task = tokio::task::spawn_blocking(move || read(&Reader::open_file(&path)?));
        task.await.map_err(|_| ReplicaError::Stopped)?
    }
}

impl fmt::Debug for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Replica").field(&self.inner.identity).finish()
    }
}

#[cfg(test)]
mod tests;
