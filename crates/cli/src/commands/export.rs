//! `sheaf export`: writes documents as files that other programs read.

use std::fmt;

use serde::Serialize;
use sheaf_client::export::{self, ExportError, Format, Scope};
use sheaf_client::files::Shelf;
use tokio::task::block_in_place;

use super::left::{Line, lines};
use super::until_interrupted;
use crate::args::{As, Export};
use crate::failure::{Exit, Failure, sentence};
use crate::output::{Output, count};
use crate::pick::pick;
use crate::place::Place;

#[derive(Serialize)]
struct Exported {
    path: String,
    documents: usize,
    files: usize,
    left: Vec<Line>,
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}.", self.path, count(self.documents as u64, "document"))?;
        lines(f, &self.left)
    }
}

pub(super) async fn run(args: &Export, place: &Place, output: Output) -> Result<(), Failure> {
    let (workspace, reader) = place.read()?;
    let scope = match &args.document {
        None => Scope::Workspace,
        Some(document) => {
            let document = pick(&reader.documents()?, document)?.id;
            if args.alone { Scope::Alone(document) } else { Scope::Below(document) }
        }
    };
    let format = match args.format {
        As::Md => Format::Markdown,
        As::Html => Format::Html,
    };
    let shelf = Shelf::of(&place.profile()?, workspace);
    let cancel = until_interrupted();
    let work = || export::export(&reader, &shelf, scope, format, &args.into, &cancel, drop);
    let report = block_in_place(work).map_err(failed)?;
    output.print(&Exported {
        path: report.path.display().to_string(),
        documents: report.documents,
        files: report.files,
        left: report.left.into_iter().map(Line::from).collect(),
    })
}

fn failed(error: ExportError) -> Failure {
    match error {
        ExportError::Replica(error) => error.into(),
        ExportError::Nothing => Failure::new(Exit::NotFound, sentence(&error)),
        ExportError::Disk(_) | ExportError::Cancelled => Failure::new(Exit::Failed, sentence(&error)),
    }
}
