//! The loop that keeps a folder in step: look, plan, carry out, until nothing is left; then wait for a ring.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use sheaf_document::ids::DocumentId;
use sheaf_protocol::record::Parent;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::{sleep, timeout};

use super::bell::Bell;
use super::cards::Cards;
use super::ledger::Ledger;
use super::plan::{Answer, Documents, Hints, Plan, Question, Step, plan};
use super::problem::{Problem, is_copy};
use super::scan::{self, Known, Look};
use super::{News, Settings, State, Wish};
use crate::error::Result;
use crate::folder::Atlas;
use crate::reader::Reader;
use crate::replica::{Events, Replica, ReplicaEvent};

/// A file that is missing for so long was deleted: some programs save by deleting first.
const GRACE: Duration = Duration::from_secs(3);
/// After so long a quiet a change is complete.
const QUIET: Duration = Duration::from_millis(200);
/// However much goes on, so long is enough.
const PATIENCE: Duration = Duration::from_secs(2);
/// What could not be done is tried again after so long.
const AGAIN: Duration = Duration::from_secs(60);
/// So many rounds follow each other at most: after that something else is wrong, and one waits.
const ROUNDS: usize = 50;

/// Keeps one folder in step.
pub(super) struct Keeper {
    pub(super) replica: Replica,
    pub(super) runtime: Handle,
    pub(super) root: PathBuf,
    pub(super) under: Parent,
    pub(super) ledger: Ledger,
    pub(super) cards: Cards,
    pub(super) atlas: Atlas,
    pub(super) problems: BTreeSet<Problem>,
    known: Known,
    hints: Hints,
    missing: BTreeMap<DocumentId, Instant>,
    tried: Instant,
    tell: Box<dyn Fn(News) + Send>,
}

/// A look at both sides, and what is to be done.
struct Round {
    look: Look,
    documents: Documents,
    plan: Plan,
}

impl Keeper {
    pub(super) fn new(
        replica: Replica,
        settings: Settings,
        ledger: Ledger,
        tell: Box<dyn Fn(News) + Send>,
    ) -> Self {
        Self {
            replica,
            runtime: Handle::current(),
            root: settings.folder,
            under: settings.under,
            ledger,
            cards: Cards::default(),
            atlas: Atlas::default(),
            problems: BTreeSet::new(),
            known: Known::default(),
            hints: Hints { answer: settings.answer, ..Hints::default() },
            missing: BTreeMap::new(),
            tried: Instant::now(),
            tell,
        }
    }

    /// Runs until it is asked to stop, or nobody is left to ask.
    pub(super) fn run(mut self, mut wishes: UnboundedReceiver<Wish>) {
        let runtime = self.runtime.clone();
        let (ring, mut rung) = mpsc::channel(1);
        let (_watcher, mut events) = self.replica.watch();
        let (mut bell, mut hangs_at): (Option<Bell>, _) = (None, None);
        loop {
            // Before looking, so that nothing falls between. A folder that went away and came back is another one to watch.
            let place = scan::inode(&self.root, "");
            if bell.is_none() || hangs_at != place {
                bell = self.root.is_dir().then(|| Bell::hang(&self.root, ring.clone()));
                hangs_at = place;
            }
            let mut state = self.settle();
            state.watching =
                bell.as_ref().map(Bell::watching).filter(|_| state.question != Some(Question::Vanished));
            (self.tell)(News::State(state));
            let patience = match &bell {
                _ if !self.missing.is_empty() => GRACE,
                Some(bell) => bell.patience(),
                None => GRACE,
            };
            let wish = runtime.block_on(async {
                tokio::select! {
                    wish = wishes.recv() => Some(wish),
                    _ = rung.recv() => None,
                    () = changed(&mut events) => None,
                    () = sleep(patience) => None,
                }
            });
            match wish {
                None => runtime.block_on(quiet(&mut rung, &mut events)),
                Some(Some(Wish::Answer(answer))) => self.hints.answer = answer,
                Some(Some(Wish::Stop(ended))) => {
                    self.save();
                    return drop(ended);
                }
                Some(None) => return self.save(),
            }
        }
    }

    /// Goes round until both sides say the same.
    fn settle(&mut self) -> State {
        if self.tried.elapsed() > AGAIN {
            self.hints.failed.clear();
            self.problems.clear();
        }
        for _ in 0..ROUNDS {
            let round = match self.look() {
                Ok(round) => round,
                Err(error) => return State { failure: Some(error.to_string()), ..State::default() },
            };
            let mut is_done = false;
            for step in &round.plan.steps {
                match self.carry_out(step, &round.documents, &round.look.disk) {
                    Ok(path) => {
                        is_done = true;
                        self.problems.retain(|problem| problem.path != path);
                        (self.tell)(News::Did(step.clone()));
                    }
                    Err(problem) => {
                        tracing::warn!(trouble = %problem.trouble, "a mirrored file is not in step");
                        self.problems.insert(problem);
                        self.hints.failed.insert(step.clone());
                        self.tried = Instant::now();
                    }
                }
            }
            self.save();
            if !is_done {
                return self.state(round.look, round.plan);
            }
        }
        tracing::warn!("a mirrored folder changes whenever it is looked at");
        State { is_settled: false, files: self.ledger.rows().len(), ..State::default() }
    }

    fn look(&mut self) -> Result<Round> {
        let look = scan::scan(&self.root, &mut self.known);
        self.atlas = self.map(&look);
        let reader = Reader::open_file(self.replica.database())?;
        let documents = self.cards.read(&reader, self.under, &self.ledger, &self.atlas)?;
        let now = Instant::now();
        let is_ripe = |since: &Instant| now.duration_since(*since) >= GRACE;
        self.hints.ripe =
            self.missing.iter().filter(|(_, since)| is_ripe(since)).map(|(id, _)| *id).collect();
        let plan = plan(self.ledger.rows(), &look.disk, &documents, &self.hints);
        self.missing =
            plan.missing.iter().map(|id| (*id, self.missing.get(id).copied().unwrap_or(now))).collect();
        if plan.missing.is_empty() {
            // What was said of these says nothing of the next.
            self.hints.answer = Answer::Ask;
        }
        self.note(&plan);
        Ok(Round { look, documents, plan })
    }

    /// Returns where everything lies.
    fn map(&self, look: &Look) -> Atlas {
        let mut atlas = Atlas::default();
        for (document, row) in self.ledger.rows() {
            atlas.put_document(&row.path, *document);
        }
        for folder in &look.disk.folders {
            let path = format!("{folder}{}", crate::folder::ENDING);
            if let Some(document) = self.ledger.at(&path) {
                atlas.put_document(folder, document);
            }
        }
        atlas
    }

    /// Notes where files will lie, so that others can refer to them at once.
    fn note(&mut self, plan: &Plan) {
        for step in &plan.steps {
            if let Step::Write { document, path, .. } = step
                && self.atlas.path_of(*document).is_none()
            {
                self.atlas.put_document(path, *document);
            }
        }
    }

    fn state(&self, look: Look, plan: Plan) -> State {
        let copies = self.ledger.rows().values().filter(|row| is_copy(&row.path));
        let copies = copies.map(|row| Problem { path: row.path.clone(), trouble: super::Trouble::Copy });
        let problems: BTreeSet<Problem> =
            look.problems.into_iter().chain(self.problems.iter().cloned()).chain(copies).collect();
        State {
            is_settled: plan.question.is_none() && self.missing.is_empty(),
            files: look.disk.files.len(),
            // Whoever watches says how.
            watching: None,
            question: plan.question,
            problems: problems.into_iter().collect(),
            failure: None,
        }
    }

    fn save(&mut self) {
        if let Err(error) = self.ledger.save() {
            // After the next start everything is compared anew.
            tracing::error!(%error, "a mirror's ledger could not be written");
        }
    }
}

/// Waits for something that may concern a folder.
async fn changed(events: &mut Events) {
    loop {
        match events.next().await {
            Some(ReplicaEvent::Documents | ReplicaEvent::Places(_)) => return,
            Some(_) => {}
            // The workspace was closed; whoever closed it stops this too.
            None => std::future::pending().await,
        }
    }
}

/// Waits until nothing more comes for a while.
async fn quiet(rung: &mut mpsc::Receiver<()>, events: &mut Events) {
    let all = async {
        loop {
            let next = async {
                tokio::select! {
                    _ = rung.recv() => {}
                    () = changed(events) => {}
                }
            };
            if timeout(QUIET, next).await.is_err() {
                return;
            }
        }
    };
    let _ = timeout(PATIENCE, all).await;
}
