//! A workspace, or what stands under a document, kept two ways in step with a folder of clean Markdown files.
//!
//! ```text
//! bell ──ring──▶ scan ──Disk──▶ plan ──Steps──▶ keeper ──▶ documents, files, ledger
//! ```
//!
//! The [`plan`] decides and is pure; everything else looks or carries out. A round looks at both sides, does what the plan
//! says, and looks again until nothing is left. Nothing depends on having heard of a change: a ring only says when to look.
//! A save from any editor becomes a [merge](Replica::reconcile), so that it combines with what colleagues type.
//!
//! What a mirror must never do: lose a word of either side, take a folder that vanished for a deletion, follow a link out of
//! the folder, write what somebody else wrote since. What it leaves alone: hidden files, and what is not Markdown.

mod bell;
mod cards;
mod disk;
mod keeper;
mod ledger;
pub mod plan;
mod problem;
mod scan;
mod steps;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::thread;

use sheaf_document::ids::ContentHash;
use sheaf_protocol::record::Parent;
use sheaf_protocol::rest::Hex;
use tokio::sync::{mpsc, oneshot};

use crate::replica::Replica;
pub use bell::Watching;
use keeper::Keeper;
use ledger::Ledger;
pub use plan::{Answer, Question, Step};
pub use problem::{Problem, Trouble};

/// A folder that is being kept in step, until this is dropped or stopped.
#[derive(Debug)]
pub struct Mirror {
    wishes: mpsc::UnboundedSender<Wish>,
}

/// What is to be kept in step.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The folder.
    pub folder: PathBuf,
    /// What stands under this document; `None` for all that stands in the tree.
    pub under: Parent,
    /// What is known already of missing files.
    pub answer: Answer,
}

/// How a mirror stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Whether both sides say the same, as far as they can.
    pub is_settled: bool,
    /// How many files are kept in step.
    pub files: usize,
    /// How the folder is watched; `None` while it is not there.
    pub watching: Option<Watching>,
    /// What a person has to say before anything else is done.
    pub question: Option<Question>,
    /// What is not kept in step, in the order of paths.
    pub problems: Vec<Problem>,
    /// Why nothing at all could be done, if so.
    pub failure: Option<String>,
}

/// Something that a mirror tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It did this.
    Did(Step),
    /// It stands like this now.
    State(State),
}

/// What a mirror is asked for.
#[derive(Debug)]
enum Wish {
    Answer(Answer),
    Stop(oneshot::Sender<()>),
}

/// Why a folder cannot be mirrored.
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// It cannot be made or read.
    #[error("the folder cannot be used: {0}")]
    Folder(#[from] io::Error),
    /// It holds Sheaf's own data, or lies among them.
    #[error("Sheaf keeps its own data there; choose another folder")]
    Ours,
}

impl Mirror {
    /// Begins to keep a folder in step. It is made if it was never mirrored. `tell` is called from a thread of the mirror's
    /// own.
    ///
    /// # Errors
    /// When the folder cannot be used.
    pub fn start(
        replica: &Replica,
        settings: Settings,
        tell: impl Fn(News) + Send + 'static,
    ) -> Result<Self, MirrorError> {
        let Settings { folder, under, answer } = settings;
        let folder = std::path::absolute(folder)?;
        let ours = replica.database().parent().unwrap_or(Path::new("")).to_owned();
        let ledger = Ledger::open(ours.join("mirrors").join(name_of(&folder, under)))?;
        if ledger.rows().is_empty() {
            std::fs::create_dir_all(&folder)?;
        }
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let (root, workspaces) = (real(&folder), real(&ours));
        let profile = workspaces.ancestors().nth(2).unwrap_or(&workspaces);
        if root.starts_with(profile) || profile.starts_with(&root) {
            return Err(MirrorError::Ours);
        }
        let (wishes, asked) = mpsc::unbounded_channel();
        let keeper =
            Keeper::new(replica.clone(), Settings { folder: root, under, answer }, ledger, Box::new(tell));
        thread::Builder::new().name("sheaf-mirror".to_owned()).spawn(move || keeper.run(asked))?;
        Ok(Self { wishes })
    }

    /// Says what a person says of missing files.
    pub fn answer(&self, answer: Answer) {
        // A mirror that has ended has no questions.
        let _ = self.wishes.send(Wish::Answer(answer));
    }

    /// Ends it. What was begun is done when this returns.
    pub async fn stop(self) {
        let (ended, end) = oneshot::channel();
        let _ = self.wishes.send(Wish::Stop(ended));
        let _ = end.await;
    }
}

/// Returns what the ledger of this mirror is called.
fn name_of(folder: &Path, under: Parent) -> PathBuf {
    let under = under.map(|document| document.to_string()).unwrap_or_default();
    let name = ContentHash::of(format!("{}\n{under}", folder.display()).as_bytes());
    Hex::from(name).to_string().into()
}
