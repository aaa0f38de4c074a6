//! Imports and exports, in the shapes that cross.

use std::io::ErrorKind;

use sheaf_client::export::{self, ExportError, Report as Export};
use sheaf_client::import::{Left, Outcome, Plan, Report as Import, Why};
use sheaf_document::ids::NotAnId;

use crate::shapes::{self, Problem, ProblemCode};

/// As many things that were left out are named.
const NAMED: usize = 1_000;

pub fn surveyed(plan: &Plan) -> shapes::Surveyed {
    shapes::Surveyed {
        name: plan.name().to_owned(),
        documents: size(plan.documents()),
        left: left_out(plan.left()),
    }
}

pub fn imported(report: Import) -> shapes::Imported {
    let (cancelled, problem) = match report.outcome {
        Outcome::Whole => (false, None),
        Outcome::Cancelled => (true, None),
        Outcome::Failed(error) => (false, Some(Problem::from(error).code)),
    };
    shapes::Imported {
        document: report.document.map(|document| document.to_string()),
        title: report.title,
        documents: size(report.documents),
        files: size(report.files),
        left: left_out(&report.left),
        cancelled,
        problem,
    }
}

pub fn exported(report: &Export) -> shapes::Exported {
    let name = report.path.file_name().unwrap_or_default();
    shapes::Exported {
        name: name.to_string_lossy().into_owned(),
        documents: size(report.documents),
        files: size(report.files),
        left: left_out(&report.left),
    }
}

pub fn left_out(left: &[Left]) -> shapes::LeftOut {
    let shape = |Left { path, why }: &Left| shapes::Left {
        path: path.clone(),
        reason: why.name().to_owned(),
        most: match why {
            Why::TooLarge(bytes) => u32::try_from(bytes >> 20).ok(),
            _ => None,
        },
    };
    shapes::LeftOut { count: size(left.len()), first: left.iter().take(NAMED).map(shape).collect() }
}

/// # Errors
/// When what is named is no document.
pub fn scope(scope: shapes::Scope) -> Result<export::Scope, NotAnId> {
    Ok(match scope {
        shapes::Scope::Workspace => export::Scope::Workspace,
        shapes::Scope::Below(document) => export::Scope::Below(document.parse()?),
        shapes::Scope::Alone(document) => export::Scope::Alone(document.parse()?),
    })
}

pub fn format(format: shapes::Format) -> export::Format {
    match format {
        shapes::Format::Markdown => export::Format::Markdown,
        shapes::Format::Html => export::Format::Html,
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        let code = match &error {
            ExportError::Replica(_) | ExportError::Nothing => ProblemCode::NotFound,
            ExportError::Cancelled => ProblemCode::Cancelled,
            ExportError::Disk(error)
                if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
            {
                ProblemCode::FileNoRoom
            }
            ExportError::Disk(_) => ProblemCode::FileFailed,
        };
        match error {
            ExportError::Replica(error) => error.into(),
            ExportError::Disk(error) => Self::new(code, error.kind()),
            other => Self::new(code, other),
        }
    }
}

fn size(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
