//! `sheaf import`: brings in a folder of files, or one file.

use std::fmt;
use std::io::{self, IsTerminal as _};

use serde::Serialize;
use sheaf_client::import::{self, Left, Outcome, Progress, SurveyError};

use super::left::{Line, lines};
use super::until_interrupted;
use crate::args::Import;
use crate::failure::{Exit, Failure};
use crate::output::{Output, count};
use crate::pick::pick;
use crate::place::Place;

#[derive(Serialize)]
struct Imported {
    id: Option<String>,
    title: String,
    documents: usize,
    files: usize,
    left: Vec<Line>,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let documents = count(self.documents as u64, "document");
        let files = match self.files {
            0 => String::new(),
            files => format!(", with {}", count(files as u64, "file")),
        };
        match &self.id {
            Some(id) => writeln!(f, "{id}  {}: {documents}{files}.", self.title)?,
            None => writeln!(f, "Nothing was brought in.")?,
        }
        lines(f, &self.left)
    }
}

pub(super) async fn run(args: Import, place: &Place, output: Output) -> Result<(), Failure> {
    let under = match &args.under {
        Some(under) => Some(pick(&place.read()?.1.documents()?, under)?.id),
        None => None,
    };
    let plan = import::survey(&args.path).map_err(|error| no_plan(&args, error))?;
    let replica = place.write().await?;
    let cancel = until_interrupted();
    let is_watched = io::stderr().is_terminal() && !output.json;
    let tell = |Progress { done, total, .. }| {
        if is_watched {
            output.whisper(&format!("{done} of {total}"));
        }
    };
    let report = import::run(&replica, plan, under, &place.clock, &cancel, tell).await;
    replica.stop().await;
    let made = Imported {
        id: report.document.map(|id| id.to_string()),
        title: report.title,
        documents: report.documents,
        files: report.files,
        left: report.left.into_iter().map(Line::from).collect(),
    };
    let trash = match made.documents {
        0 => "Nothing was changed.".to_owned(),
        some => format!("What was made ({}) is in the trash.", count(some as u64, "document")),
    };
    match report.outcome {
        Outcome::Whole => output.print(&made),
        Outcome::Cancelled => Err(Failure::new(Exit::Failed, format!("The import was ended. {trash}"))),
        Outcome::Failed(error) => {
            let Failure { code, message } = error.into();
            Err(Failure::new(code, format!("{message} {trash}")))
        }
    }
}

fn no_plan(args: &Import, error: SurveyError) -> Failure {
    match error {
        SurveyError::Disk(error) => Failure::file(&args.path, &error),
        SurveyError::Nothing(left) => {
            let reasons: String =
                left.into_iter().map(|left: Left| format!("\n{}", Line::from(left))).collect();
            let path = args.path.display();
            Failure::new(
                Exit::NotFound,
                format!("There is no document in {path}. Nothing was changed.{reasons}"),
            )
        }
    }
}
