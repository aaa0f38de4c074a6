//! The writer thread: owner of the rooms and of the only connection that writes.
//!
//! One turn: take everything that waits, let the rooms decide, commit what they accepted as one group, tell them, and
//! hang what they say on the connections' buffers. While a commit waits for the disk, the next group gathers in the
//! queue; so the fuller the relay, the larger the group, and nothing waits on a timer. Nothing here waits for a reader,
//! a socket or a snapshot.

mod hall;
mod reads;
mod seat;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use sheaf_document::ids::{DeviceId, WorkspaceId};
use sheaf_protocol::entry::Millis;
use sheaf_protocol::entry::SealKey;
use sheaf_protocol::frame::{Frame, Hello};
use sheaf_protocol::problem::Code;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::accounts::tokens::Bearer;
use crate::blobs::Blobs;
use crate::clock;
use crate::error::{Error, Result};
use crate::readers::Readers;
use crate::room::{Conn, Input};
use crate::snapshots::Snapshots;
use crate::storage::sqlite::Sqlite;
use crate::websocket::Outgoing;

use hall::Hall;
pub(crate) use seat::last_words;

/// Jobs that may wait; whoever has more waits for room.
const QUEUE: usize = 4_096;

/// What the thread does.
pub(crate) enum Job {
    /// A write that belongs to no room: accounts, sessions, invitations, snapshots.
    Call(Box<dyn FnOnce(&mut Sqlite) + Send>),
    /// A connection said hello with this token's bearer.
    Join(Conn, Bearer, Hello, Arc<Outgoing>),
    /// Something happened to a workspace's room; the permit is what the frame weighs in the queue.
    Input(WorkspaceId, Input, Option<OwnedSemaphorePermit>),
    /// A device was signed out: its connections end.
    SignOut(DeviceId),
    /// The relay stops: everyone is told so, and there is no next job.
    Stop,
}

/// A handle to the writer thread.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    budget: Arc<Semaphore>,
    names: Arc<AtomicU64>,
}

/// What the thread works with.
pub(crate) struct Tools {
    pub database: Sqlite,
    pub path: PathBuf,
    pub readers: Readers,
    pub snapshots: Snapshots,
    pub blobs: Arc<Blobs>,
    pub jobs: mpsc::WeakSender<Job>,
    /// Seals what is committed.
    pub seal_key: SealKey,
    /// Keeps strangers from choosing what collides in a table.
    pub hash_key: [u8; 16],
    /// As many connections may one device have.
    pub replicas: usize,
    /// Goes on, whatever somebody does to the system's clock.
    pub now: Millis,
}

impl Writer {
    /// Makes the handle and the queue behind it; `incoming` bytes of frames may wait.
    pub(crate) fn new(incoming: usize) -> (Self, mpsc::Receiver<Job>) {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let budget = Arc::new(Semaphore::new(incoming.min(Semaphore::MAX_PERMITS)));
        (Self { jobs, budget, names: Arc::default() }, waiting)
    }

    /// Returns a queue for the thread's own reports, which does not keep the thread alive.
    pub(crate) fn reports(&self) -> mpsc::WeakSender<Job> {
        self.jobs.downgrade()
    }

    /// Runs a write that belongs to no room and returns its answer.
    pub async fn call<T: Send + 'static>(
        &self,
        write: impl FnOnce(&mut Sqlite) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let call = Box::new(move |database: &mut Sqlite| {
            // A caller who has left needs no answer.
            let _ = answer.send(write(database));
        });
        self.jobs.send(Job::Call(call)).await.map_err(|_| Error::Stopping)?;
        answered.await.map_err(|_| Error::Stopping)?
    }

    /// Ends the connections of a device.
    pub async fn sign_out(&self, device: DeviceId) {
        let _ = self.jobs.send(Job::SignOut(device)).await;
    }

    /// Brings a connection into its workspace's room.
    pub(crate) async fn join(&self, bearer: Bearer, hello: Hello, outgoing: Arc<Outgoing>) -> Result<Conn> {
        let conn = Conn(self.names.fetch_add(1, Ordering::Relaxed));
        self.jobs.send(Job::Join(conn, bearer, hello, outgoing)).await.map_err(|_| Error::Stopping)?;
        Ok(conn)
    }

    /// Hands on a frame that weighs `weight` bytes, once there is room for it.
    pub(crate) async fn received(
        &self,
        workspace: WorkspaceId,
        conn: Conn,
        frame: Frame,
        weight: usize,
    ) -> Result<()> {
        let weight = u32::try_from(weight).unwrap_or(u32::MAX);
        let permit = self.budget.clone().acquire_many_owned(weight).await.map_err(|_| Error::Stopping)?;
        let job = Job::Input(workspace, Input::Received(conn, frame), Some(permit));
        self.jobs.send(job).await.map_err(|_| Error::Stopping)
    }

    /// Reports that a connection is gone.
    pub(crate) async fn leave(&self, workspace: WorkspaceId, conn: Conn) {
        let _ = self.jobs.send(Job::Input(workspace, Input::Leave(conn), None)).await;
    }

    /// Says whether the thread still takes jobs.
    pub(crate) fn is_alive(&self) -> bool {
        !self.jobs.is_closed()
    }

    /// Resolves when the thread has ended, asked or not.
    pub(crate) async fn ended(&self) {
        self.jobs.closed().await;
    }

    /// Tells everyone that the relay stops, and ends the thread.
    pub(crate) async fn stop(&self) {
        let _ = self.jobs.send(Job::Stop).await;
    }
}

/// Starts the thread.
pub(crate) fn start(tools: Tools, waiting: mpsc::Receiver<Job>) -> Result<JoinHandle<()>> {
    let clock = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let clock = clock.map_err(|source| Error::System { doing: "starting the writer's clock", source })?;
    let work = move || clock.block_on(work(tools, waiting));
    let thread = std::thread::Builder::new().name("sheaf-writer".into()).spawn(work);
    thread.map_err(|source| Error::System { doing: "starting the writer thread", source })
}

async fn work(mut tools: Tools, mut waiting: mpsc::Receiver<Job>) {
    let mut time = clock::Steady::begin();
    let mut halls = Vec::new();
    let mut batch = Vec::new();
    loop {
        tools.now = time.now();
        let wake = halls.iter().filter_map(Hall::wakes_at).min();
        let until_wake = wake.map(|at| Duration::from_millis(at.saturating_sub(tools.now)));
        match until_wake {
            Some(Duration::ZERO) => {}
            Some(time) => {
                // Out of time is one of the two answers, not an error.
                let _ = tokio::time::timeout(time, waiting.recv_many(&mut batch, QUEUE)).await;
            }
            None => {
                waiting.recv_many(&mut batch, QUEUE).await;
            }
        }
        if waiting.is_closed() && batch.is_empty() {
            return;
        }
        tools.now = time.now();
        let mut stop = false;
        for job in batch.drain(..) {
            match job {
                Job::Call(call) => call(&mut tools.database),
                Job::Join(conn, bearer, hello, outgoing) => {
                    match hall_of(&mut halls, &tools, bearer.scope.workspace) {
                        Some(hall) => hall.join(&mut tools, conn, bearer, &hello, outgoing),
                        None => outgoing.finish(&last_words(Code::NOT_FOUND, None)),
                    }
                }
                Job::Input(workspace, input, _permit) => {
                    if let Some(hall) = halls.iter_mut().find(|hall| hall.workspace() == workspace) {
                        hall.tell(&mut tools, input);
                    }
                }
                Job::SignOut(device) => halls.iter_mut().for_each(|hall| hall.sign_out(&mut tools, device)),
                Job::Stop => stop = true,
            }
        }
        for hall in &mut halls {
            hall.wake(&mut tools);
            hall.commit(&mut tools);
            if stop {
                hall.tell(&mut tools, Input::Stop);
                hall.commit(&mut tools);
            }
        }
        if stop {
            return;
        }
    }
}

/// Returns a workspace's hall, opened when the first of its people comes; until then its id may still change.
fn hall_of<'h>(halls: &'h mut Vec<Hall>, tools: &Tools, workspace: WorkspaceId) -> Option<&'h mut Hall> {
    if !halls.iter().any(|hall| hall.workspace() == workspace) {
        let log = |error: &_| tracing::error!(%error, "a workspace cannot be opened");
        halls.extend(Hall::open(tools, workspace).inspect_err(log).ok().flatten());
    }
    halls.iter_mut().find(|hall| hall.workspace() == workspace)
}
