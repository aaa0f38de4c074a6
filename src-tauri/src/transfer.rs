//! What is on its way in or out: one thing at a time, which a person may end.
//!
//! The window never names a path. A person chooses in the system's own dialog, and what they chose is kept here until they say
//! go. Ended, or with its window gone, an import leaves the tree as it was.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sheaf_client::import::Plan;
use tokio_util::sync::{CancellationToken, DropGuard};

/// One window's transfers.
#[derive(Default)]
pub struct Transfer(Mutex<State>);

#[derive(Default)]
struct State {
    /// What was chosen and surveyed, to be brought in.
    plan: Option<Plan>,
    /// Ends what is under way.
    under_way: Option<CancellationToken>,
    /// What was taken out last.
    made: Option<PathBuf>,
}

impl Transfer {
    /// Keeps what is to be brought in, in place of what was chosen before.
    pub fn keep(&self, plan: Plan) {
        self.state().plan = Some(plan);
    }

    /// Takes it out.
    pub fn take(&self) -> Option<Plan> {
        self.state().plan.take()
    }

    /// Begins; `None` while something is under way. Dropping the guard says that it is over.
    pub fn begin(&self) -> Option<(CancellationToken, DropGuard)> {
        let mut state = self.state();
        if state.under_way.as_ref().is_some_and(|before| !before.is_cancelled()) {
            return None;
        }
        let cancel = CancellationToken::new();
        state.under_way = Some(cancel.clone());
        Some((cancel.clone(), cancel.drop_guard()))
    }

    /// Ends what is under way.
    pub fn cancel(&self) {
        if let Some(cancel) = &self.state().under_way {
            cancel.cancel();
        }
    }

    /// Remembers what was taken out.
    pub fn made(&self, path: PathBuf) {
        self.state().made = Some(path);
    }

    /// Returns it.
    pub fn last(&self) -> Option<PathBuf> {
        self.state().made.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Transfer {
    fn drop(&mut self) {
        self.cancel();
    }
}
