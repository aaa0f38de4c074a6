//! `sheaf mirror`: keeps a folder of Markdown files in step, once or for as long as one likes.

use std::fmt;

use serde::Serialize;
use sheaf_client::mirror::{Answer, Mirror, MirrorError, News, Question, Settings, State, Step, Watching};
use tokio::sync::mpsc;

use crate::args;
use crate::connection::connect;
use crate::failure::{Exit, Failure, sentence};
use crate::output::{Output, count};
use crate::pick::pick;
use crate::place::Place;

/// One line: something was done, or it stands in another way than before.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line {
    /// A file's words came into its document, or a document's into its file.
    Done { what: &'static str, path: String },
    /// Both sides say the same.
    InStep { files: usize, watched: bool },
    /// Something is not kept in step.
    Problem { path: String, why: String },
    /// Nothing is done until a person says what happened.
    Question { missing: Option<usize> },
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done { what, path } => writeln!(f, "{what:9}{path}"),
            Self::InStep { files, watched: true } => writeln!(f, "in step  {}", count(*files as u64, "file")),
            Self::InStep { files, watched: false } => writeln!(
                f,
                "in step  {}; the system does not tell of changes here, so the folder is looked at every few seconds",
                count(*files as u64, "file")
            ),
            Self::Problem { path, why } => writeln!(f, "left out {path}: {why}"),
            Self::Question { missing: None } => {
                writeln!(f, "waiting  the folder is not there; nothing is changed until it is back")
            }
            Self::Question { missing: Some(missing) } => writeln!(
                f,
                "waiting  {} missing at once; nothing is changed. Bring them back, or start again with --missing trash \
                 or --missing write",
                count(*missing as u64, "file")
            ),
        }
    }
}

pub(super) async fn run(args: args::Mirror, place: &Place, output: Output) -> Result<(), Failure> {
    let replica = place.write().await?;
    let outcome = async {
        let under = match &args.document {
            Some(wanted) => Some(pick(&place.read()?.1.documents()?, wanted)?.id),
            None => None,
        };
        match connect(&replica, place).await {
            // A workspace on this device alone is mirrored as well.
            Err(failure) if failure.code == Exit::SignedOut => output.whisper(&failure.message),
            other => other?,
        }
        let (tell, mut news) = mpsc::unbounded_channel();
        let told = move |it| {
            // Whoever stopped listening is about to stop the mirror, too.
            let _ = tell.send(it);
        };
        let answer = match args.missing {
            None => Answer::Ask,
            Some(args::Missing::Trash) => Answer::Trash,
            Some(args::Missing::Write) => Answer::Write,
        };
        let mirror = Mirror::start(&replica, Settings { folder: args.folder, under, answer }, told)?;
        let outcome = follow(&mut news, args.once, output).await;
        mirror.stop().await;
        outcome
    };
    let outcome = outcome.await;
    replica.stop().await;
    outcome
}

async fn follow(news: &mut mpsc::UnboundedReceiver<News>, once: bool, output: Output) -> Result<(), Failure> {
    let mut said = Vec::new();
    loop {
        let next = tokio::select! {
            next = news.recv() => next,
            _ = tokio::signal::ctrl_c() => None,
        };
        match next {
            None => return Ok(()),
            Some(News::Did(step)) => {
                if let Some(line) = done(step) {
                    output.print(&line)?;
                }
                // Both agreed on something else before.
                said.retain(|line| !matches!(line, Line::InStep { .. }));
            }
            Some(News::State(state)) => {
                let lines = lines(&state);
                for line in lines.iter().filter(|line| !said.contains(line)) {
                    output.print(line)?;
                }
                said = lines;
                if once && (state.is_settled || state.question.is_some() || state.failure.is_some()) {
                    return ending(&state);
                }
            }
        }
    }
}

fn ending(state: &State) -> Result<(), Failure> {
    match (&state.failure, state.question) {
        (Some(failure), _) => Err(Failure::new(Exit::Failed, sentence(failure))),
        (None, Some(_)) => Err(Failure::new(
            Exit::Refused,
            "Files are missing, and somebody has to say why. Nothing was changed.",
        )),
        (None, None) => Ok(()),
    }
}

fn lines(state: &State) -> Vec<Line> {
    let mut lines: Vec<Line> = state
        .problems
        .iter()
        .map(|problem| Line::Problem { path: problem.path.clone(), why: problem.trouble.to_string() })
        .collect();
    match state.question {
        Some(Question::Vanished) => lines.push(Line::Question { missing: None }),
        Some(Question::Missing(missing)) => lines.push(Line::Question { missing: Some(missing) }),
        None if state.is_settled => {
            let watched = state.watching == Some(Watching::Told);
            lines.push(Line::InStep { files: state.files, watched });
        }
        None => {}
    }
    lines
}

fn done(step: Step) -> Option<Line> {
    let (what, path) = match step {
        Step::Merge { path, .. } => ("read", path),
        Step::Write { path, .. } => ("wrote", path),
        Step::Follow { path, .. } => ("moved", path),
        Step::Rename { to, .. } => ("renamed", to),
        Step::Remove { path, .. } => ("removed", path),
        Step::Trash { document } => ("trashed", document.to_string()),
        Step::Restore { document } => ("restored", document.to_string()),
        // What follows says it.
        Step::Folder { .. } | Step::Create { .. } | Step::Forget { .. } => return None,
    };
    Some(Line::Done { what, path })
}

impl From<MirrorError> for Failure {
    fn from(error: MirrorError) -> Self {
        Self::new(Exit::Usage, format!("{} Nothing was changed.", sentence(&error)))
    }
}
