//! Search in a living replica: a thread that keeps the index, and questions that are answered beside it.
//!
//! The one idea: nobody waits for anybody. A commit knows nothing of search. A question has what changed brought in first, but
//! waits for that a moment only; it then answers with what is there and says how much is still to come. Left alone, the
//! index follows after some quiet, and while much is to come it takes half of one core at most. The desk is never asked.

mod catalogue;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use sheaf_document::ids::DocumentId;
use sheaf_document::search::Query;
use sheaf_store::search::{About, Found};

use crate::error::{ReplicaError, Result};
pub(crate) use catalogue::Catalogue;

/// A question waits so long for what changed.
const PATIENCE: Duration = Duration::from_millis(40);
/// The index follows by itself when nothing was written for so long.
const QUIET: Duration = Duration::from_secs(3);
/// As many documents are brought in together: as long as another question may have to wait for the disk.
pub(crate) const STEP: usize = 32;

/// What there is to ask about a workspace.
#[derive(Debug)]
pub(crate) struct Search {
    shared: Arc<Shared>,
    keeper: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    path: PathBuf,
    state: Mutex<State>,
    /// Rings for the keeper and for those who wait for it.
    bell: Condvar,
    /// Whoever asks last is answered; a question that was overtaken is not asked any more.
    last: AtomicU64,
    catalogue: Mutex<Option<Catalogue>>,
}

#[derive(Debug, Default)]
struct State {
    /// Rounds that were asked for, and those that are done: after one, everything is in that had changed before.
    wanted: u64,
    done: u64,
    /// When something was written that no round was asked for yet.
    written: Option<Instant>,
    stopped: bool,
}

impl Search {
    /// Returns the search of the workspace at a path. Nothing is opened before it is needed.
    pub(crate) fn new(path: PathBuf) -> Self {
        let (state, bell, last) = (Mutex::default(), Condvar::new(), AtomicU64::new(0));
        let shared = Shared { path, state, bell, last, catalogue: Mutex::default() };
        Self { shared: Arc::new(shared), keeper: Mutex::default() }
    }

    /// Something was written, or may have been before this began.
    pub(crate) fn follow(&self) {
        self.shared.state().written = Some(Instant::now());
        self.keep();
    }

    /// Returns what there is, at most so many documents; `None` when somebody asked something else meanwhile. Blocks.
    ///
    /// # Errors
    /// When a disk fails.
    pub(crate) fn find(&self, query: &Query, most: usize) -> Result<Option<Found>> {
        let turn = self.shared.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.ask(|catalogue| {
            let is_last = self.shared.last.load(Ordering::Relaxed) == turn;
            is_last.then(|| catalogue.find(query, most)).transpose()
        })
    }

    /// Returns what is known of a document, with at most so many links to it. Blocks.
    ///
    /// # Errors
    /// When a disk fails.
    pub(crate) fn about(&self, document: DocumentId, most: usize) -> Result<About> {
        self.ask(|catalogue| catalogue.about(document, most))
    }

    /// Ends the thread; the files may be opened by another afterwards.
    pub(crate) fn stop(&self) {
        self.shared.state().stopped = true;
        self.shared.bell.notify_all();
        // A question that is being answered goes first, and is the last.
        let keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(keeper) = keeper {
            // What it was doing is in the index, or will be the next time.
            let _ = keeper.join();
        }
        *self.shared.catalogue.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Asks, with what changed brought in as far as that takes a moment.
    fn ask<T>(&self, question: impl FnOnce(&mut Catalogue) -> Result<T>) -> Result<T> {
        self.catch_up();
        let mut catalogue = self.shared.catalogue.lock().unwrap_or_else(PoisonError::into_inner);
        if self.shared.state().stopped {
            return Err(ReplicaError::Stopped);
        }
        let mut open = match catalogue.take() {
            Some(open) => open,
            None => Catalogue::open(&self.shared.path)?,
        };
        let answer = question(&mut open)?;
        *catalogue = Some(open);
        Ok(answer)
    }

    /// Waits a moment for what changed.
    fn catch_up(&self) {
        let mut state = self.shared.state();
        state.wanted += 1;
        let wanted = state.wanted;
        drop(state);
        self.keep();
        let state = self.shared.state();
        let is_due = |state: &mut State| state.done < wanted && !state.stopped;
        drop(self.shared.bell.wait_timeout_while(state, PATIENCE, is_due));
    }

    /// Wakes the thread, or begins it.
    fn keep(&self) {
        let mut keeper = self.keeper.lock().unwrap_or_else(PoisonError::into_inner);
        if keeper.as_ref().is_none_or(JoinHandle::is_finished) && !self.shared.state().stopped {
            let shared = self.shared.clone();
            let thread = thread::Builder::new().name("sheaf-search".to_owned()).spawn(move || shared.run());
            // Without it the index stays as it is, and says how much is to come.
            *keeper = thread.ok();
        }
        drop(keeper);
        self.shared.bell.notify_all();
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        self.shared.state().stopped = true;
        self.shared.bell.notify_all();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut catalogue = None;
        while let Some(round) = self.wait() {
            if let Err(error) = self.bring_in(&mut catalogue) {
                tracing::warn!(%error, "the index is behind; it is tried again when somebody searches");
                catalogue = None;
            }
            let mut state = self.state();
            state.done = state.done.max(round);
            drop(state);
            self.bell.notify_all();
        }
    }

    /// Waits until a round is asked for, or is due; returns its number, or nothing when all is to end.
    fn wait(&self) -> Option<u64> {
        let mut state = self.state();
        loop {
            if state.stopped {
                return None;
            }
            let quiet = state.written.map(|written| QUIET.saturating_sub(written.elapsed()));
            if state.wanted > state.done || quiet == Some(Duration::ZERO) {
                state.written = None;
                return Some(state.wanted);
            }
            state = match quiet {
                Some(quiet) => {
                    let waited = self.bell.wait_timeout(state, quiet);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.bell.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Brings in all that changed, some documents at a time.
    fn bring_in(&self, kept: &mut Option<Catalogue>) -> Result<()> {
        let catalogue = match kept {
            Some(catalogue) => catalogue,
            None => kept.insert(Catalogue::open(&self.path)?),
        };
        let begun = Instant::now();
        loop {
            let (step, asked) = (Instant::now(), self.state().wanted);
            if catalogue.refresh(STEP)? == 0 {
                return Ok(());
            }
            // Nobody waits any longer for all of it; whoever asks next has what changed last brought in at once.
            let rest = if begun.elapsed() < PATIENCE { Duration::ZERO } else { step.elapsed() };
            let is_idle = |state: &mut State| !state.stopped && state.wanted == asked;
            let rested = self.bell.wait_timeout_while(self.state(), rest, is_idle);
            if rested.is_ok_and(|(state, _)| state.stopped) {
                return Ok(());
            }
        }
    }
}
