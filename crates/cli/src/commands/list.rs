//! `sheaf list`: what documents there are.

use std::fmt;

use serde::Serialize;
use sheaf_store::DocumentRow;

use crate::failure::Failure;
use crate::output::{Output, moment};
use crate::place::Place;

#[derive(Serialize)]
struct List {
    documents: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    title: String,
    /// Milliseconds since 1970.
    updated_at: u64,
    /// Changes that no relay has acknowledged.
    waiting: u64,
    /// Why the relay does not take them.
    refused: Option<&'static str>,
}

impl From<DocumentRow> for Line {
    fn from(row: DocumentRow) -> Self {
        Self {
            id: row.id.to_string(),
            title: row.title,
            updated_at: row.updated_at,
            waiting: row.unacknowledged,
            refused: row.stuck.map(sheaf_protocol::problem::Code::name),
        }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.documents {
            let title = if line.title.is_empty() { "(no title)" } else { &line.title };
            write!(f, "{}  {}  {title}", line.id, moment(line.updated_at))?;
            match line.refused {
                Some(code) => writeln!(f, "  [refused: {code}]")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

pub(super) fn run(place: &Place, output: Output) -> Result<(), Failure> {
    let (_, reader) = place.read()?;
    output.print(&List { documents: reader.documents()?.into_iter().map(Line::from).collect() })
}
