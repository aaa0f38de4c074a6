//! The desk: one thread on which everything about a replica's disk happens, in order.
//!
//! It owns the writing store, the gatekeeper and the open documents, so a change is checked, committed and shown to others
//! without a lock, and a sync of the disk never holds up the runtime. Work comes as closures through a channel; while
//! nothing comes, the desk tidies: it reads titles of what has changed and folds long documents.

mod files;
mod lives;
mod local;
mod many;
mod remote;
mod tidy;
mod tree;
mod unfold;
mod verdict;
mod view;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use sheaf_document::ids::DocumentId;
use sheaf_protocol::record;
use sheaf_store::{Access, Options, Position, Store, StoreError};
use tokio::sync::oneshot;

use crate::chance;
use crate::clock::Clock;
use crate::error::{ReplicaError, Result};
use crate::gatekeeper::Gatekeeper;
use crate::replica::{Hub, Mailbox, WatcherId};
use crate::search::Search;
use view::View;

pub use many::{Newborn, Stand};

/// Whoever was given a document draws it within so long, if nothing else takes the machine's time. Building it here waits
/// for that, but is done before anything that could need it.
const DRAWN: Duration = Duration::from_millis(250);
/// Tidying begins after so long a quiet.
const QUIET: Duration = Duration::from_millis(400);

/// Everything about a replica's disk.
pub struct Desk {
    path: PathBuf,
    /// The open store; none after the disk failed, until the next call.
    store: Option<Store>,
    gate: Gatekeeper,
    views: BTreeMap<DocumentId, View>,
    /// The client id under which this process writes in any document: one for all, for ids are dear in a document.
    hand: u64,
    hub: Arc<Hub>,
    search: Arc<Search>,
    clock: Clock,
    /// The document under which the log keeps records: none that could be opened.
    stream: DocumentId,
    /// How much of the relay's log the store holds; known also while it cannot be asked.
    position: Position,
    /// Who was given the bytes of a document that is not in memory here yet.
    unseated: Vec<(DocumentId, WatcherId, Arc<Mailbox>)>,
    /// Whether there may be something to tidy.
    untidy: bool,
    stopped: bool,
}

type Job = Box<dyn FnOnce(&mut Desk) + Send>;

/// Gives work to a desk. The desk's thread ends with its last handle, or when it is stopped.
#[derive(Clone)]
pub struct DeskHandle {
    jobs: Sender<Job>,
}

impl DeskHandle {
    /// Opens the store at a path on a thread of its own.
    pub async fn open(path: PathBuf, hub: Arc<Hub>, search: Arc<Search>, clock: Clock) -> Result<Self> {
        let hash_key = chance::bytes();
        let (jobs, work) = channel();
        let (opened, outcome) = oneshot::channel();
        let run = move || {
            let mut desk = Desk {
                path,
                store: None,
                gate: Gatekeeper::new(hash_key),
                views: BTreeMap::new(),
                hand: chance::client(),
                hub,
                search,
                clock,
                stream: DocumentId::from_bytes([0; 16]),
                position: Position::default(),
                unseated: Vec::new(),
                untidy: true,
                stopped: false,
            };
            let begun = desk.begin();
            let is_open = begun.is_ok();
            if opened.send(begun).is_ok() && is_open {
                desk.run(&work);
            }
        };
        thread::Builder::new().name("sheaf-desk".to_owned()).spawn(run)?;
        outcome.await.map_err(|_| ReplicaError::Stopped)??;
        Ok(Self { jobs })
    }

    /// Has something done, in its turn.
    pub fn post(&self, job: impl FnOnce(&mut Desk) + Send + 'static) {
        self.post_lightly(move |desk| {
            desk.seat();
            job(desk);
        });
    }

    /// Has something done, in its turn, that does not care which documents are in memory.
    pub fn post_lightly(&self, job: impl FnOnce(&mut Desk) + Send + 'static) {
        // A desk that has stopped has nothing to lose: what was called saved is saved.
        let _ = self.jobs.send(Box::new(job));
    }

    /// Has something done and waits for what comes of it.
    pub async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Desk) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, outcome) = oneshot::channel();
        self.post(move |desk| {
            let _ = answer.send(desk.attempt(job));
        });
        outcome.await.map_err(|_| ReplicaError::Stopped)?
    }

    /// Ends the desk once everything before is done; its file may be opened again afterwards.
    pub async fn stop(&self) {
        let (ended, end) = oneshot::channel::<()>();
        self.post(move |desk| {
            desk.stopped = true;
            desk.store = None;
            drop(ended);
        });
        let _ = end.await;
    }
}

impl Desk {
    fn begin(&mut self) -> Result<()> {
        let store = self.store()?;
        let (workspace, position) = (store.identity()?.workspace, store.position()?);
        (self.stream, self.position) = (record::stream(workspace), position);
        if position.epoch.is_none()
            && let Err(error) = self.plant()
        {
            // It opens on a full disk too.
            tracing::warn!(%error, "documents without a place are among what was recovered");
        }
        self.count()
    }

    fn run(&mut self, work: &Receiver<Job>) {
        while !self.stopped {
            let job = if !self.unseated.is_empty() {
                work.recv_timeout(DRAWN)
            } else if self.untidy {
                work.recv_timeout(QUIET)
            } else {
                work.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            match job {
                Ok(job) => {
                    let _ = self.attempt(|desk| {
                        job(desk);
                        Ok(())
                    });
                }
                Err(RecvTimeoutError::Timeout) if !self.unseated.is_empty() => self.seat(),
                // What a defect ended is tidied when there is something new.
                Err(RecvTimeoutError::Timeout) => {
                    self.untidy = self.attempt(|desk| Ok(desk.tidy(work))).unwrap_or(false);
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Returns the open store; opens it anew if the disk failed before.
    fn store(&mut self) -> std::result::Result<&mut Store, StoreError> {
        if self.stopped {
            return Err(StoreError::ReadOnly);
        }
        let store = match self.store.take() {
            Some(store) => store,
            None => Store::open(&self.path, Options { key: None, access: Access::Write })?,
        };
        Ok(self.store.insert(store))
    }

    /// Returns how much of the relay's log the store holds.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Runs a job. After a failing disk only a fresh reader knows what is on it, and after a defect nothing in memory is
    /// to be believed: then everything is read again, also by those who have it open.
    pub fn attempt<T>(&mut self, job: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let outcome = catch_unwind(AssertUnwindSafe(|| job(self))).unwrap_or(Err(ReplicaError::Broken));
        match &outcome {
            Err(ReplicaError::Store(error @ StoreError::Io(_))) => {
                tracing::error!(%error, "the disk failed; opening the workspace anew");
                self.store = None;
            }
            Err(ReplicaError::Broken) => {
                tracing::error!("a defect ended what the desk was doing; reading everything again");
                self.store = None;
                self.gate = Gatekeeper::new(chance::bytes());
                std::mem::take(&mut self.views).into_values().for_each(|mut view| view.reopen());
            }
            _ => {}
        }
        outcome
    }

    /// Counts what waits for the relay and for a person, and tells it.
    fn count(&mut self) -> Result<()> {
        let store = self.store()?;
        let waiting = store.waiting()?;
        let (forks, records) = store.refusals()?;
        self.hub.tell(|status| {
            (status.waiting, status.forks, status.refused_records) = (waiting, forks, records);
        });
        Ok(())
    }

    /// Something was written: there is a title to read, perhaps, and states to let go.
    fn wrote(&mut self) {
        self.untidy = true;
        self.trim();
    }

    fn trim(&mut self) {
        let views = &self.views;
        self.gate.trim(|document| views.contains_key(&document));
    }
}

#[cfg(test)]
mod tests;
