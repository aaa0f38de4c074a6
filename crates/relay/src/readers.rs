//! Threads that read the database beside the writer, each on its own connection.
//!
//! Callers send a closure and wait for its answer; the queue between them is bounded. Nothing here writes.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, Result};
use crate::storage::sqlite::Sqlite;

type Read = Box<dyn FnOnce(&mut Sqlite) + Send>;

/// A handle to the reading threads; they end when the last handle is gone.
#[derive(Clone)]
pub struct Readers {
    queue: mpsc::Sender<Read>,
}

impl Readers {
    /// Starts `threads` readers of this database.
    pub fn start(database: &Path, threads: usize) -> Result<(Self, Vec<JoinHandle<()>>)> {
        let (queue, waiting) = mpsc::channel::<Read>(1024);
        let waiting = Arc::new(Mutex::new(waiting));
        let handles = (0..threads).map(|_| {
            let mut database = Sqlite::open_reader(database)?;
            let waiting = waiting.clone();
            let thread = std::thread::Builder::new().name("sheaf-reader".into()).spawn(move || {
                loop {
                    // One idle thread waits holding the lock, the others wait for the lock: each read wakes one.
                    let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    let Some(read) = next else { return };
                    read(&mut database);
                }
            });
            thread.map_err(|source| Error::System { doing: "starting a reading thread", source })
        });
        Ok((Self { queue }, handles.collect::<Result<_>>()?))
    }

    /// Runs a read and returns its answer.
    pub async fn call<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Sqlite) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let read: Read = Box::new(move |database| {
            // A caller who has left needs no answer.
            let _ = answer.send(read(database));
        });
        self.queue.send(read).await.map_err(|_| Error::Stopping)?;
        answered.await.map_err(|_| Error::Stopping)?
    }

    /// Queues a read that hands its answer on by itself; from threads that must not wait. `false` when the queue is full.
    pub fn send(&self, read: impl FnOnce(&mut Sqlite) + Send + 'static) -> bool {
        self.queue.try_send(Box::new(read)).is_ok()
    }
}
