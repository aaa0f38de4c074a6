//! Leaving: the window closes once everything that was written in it is on the disk.
//!
//! Only the page knows whether it is. It is asked, and either leaves or stays to say what is not saved. A page that
//! answers neither hangs, and must still be closable: then the window goes after [`PATIENCE`].

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Manager as _, async_runtime};

use crate::shell::Shell;
use crate::window;

/// How long the page may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the window may go.
#[derive(Debug, Default)]
pub struct Leaving {
    asked: AtomicU64,
    /// The last question that the page has answered by staying.
    answered: AtomicU64,
    decided: AtomicBool,
}

impl Leaving {
    /// The page stays, and says why.
    pub fn stay(&self) {
        self.answered.store(self.asked.load(Ordering::SeqCst), Ordering::SeqCst);
    }
}

/// Asks the page whether the window may close; says whether to wait for its answer.
pub fn ask(app: &AppHandle) -> bool {
    let leaving = app.state::<Leaving>();
    if leaving.decided.load(Ordering::SeqCst) {
        return false;
    }
    let question = leaving.asked.fetch_add(1, Ordering::SeqCst) + 1;
    if !app.try_state::<Shell>().is_some_and(|shell| shell.ask_to_close()) {
        return false;
    }
    let app = app.clone();
    async_runtime::spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        if app.state::<Leaving>().answered.load(Ordering::SeqCst) < question {
            tracing::warn!("the page does not answer; its window closes");
            leave(&app);
        }
    });
    true
}

/// Closes the window for good.
pub fn leave(app: &AppHandle) {
    app.state::<Leaving>().decided.store(true, Ordering::SeqCst);
    window::close(app);
}
