//! `sheaf list`: what documents there are, as the tree that they stand in.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use sheaf_client::{Level, PlaceRow, Reader};
use sheaf_document::ids::DocumentId;
use sheaf_store::DocumentRow;

use crate::args::List as Args;
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
    /// What it stands under.
    parent: Option<String>,
    /// Whether it stands nowhere, or under what does.
    recovered: bool,
    /// Milliseconds since 1970.
    updated_at: u64,
    /// Changes that no relay has acknowledged.
    waiting: u64,
    /// Why the relay does not take them.
    refused: Option<&'static str>,
    #[serde(skip)]
    depth: usize,
}

impl Line {
    fn of(row: &DocumentRow, place: Option<&PlaceRow>) -> Self {
        Self {
            id: row.id.to_string(),
            title: row.title.clone(),
            parent: place.and_then(|place| place.parent).map(|parent| parent.to_string()),
            recovered: place.is_none_or(|place| place.recovered),
            updated_at: row.updated_at,
            waiting: row.unacknowledged,
            refused: row.stuck.map(sheaf_protocol::problem::Code::name),
            depth: 0,
        }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.documents {
            let title = if line.title.is_empty() { "(no title)" } else { &line.title };
            let indent = "  ".repeat(line.depth);
            write!(f, "{}  {}  {indent}{title}", line.id, moment(line.updated_at))?;
            if line.recovered && line.depth == 0 {
                write!(f, "  [recovered: move it where it belongs]")?;
            }
            match line.refused {
                Some(code) => writeln!(f, "  [refused: {code}]")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

pub(super) fn run(args: &Args, place: &Place, output: Output) -> Result<(), Failure> {
    let (_, reader) = place.read()?;
    let rows = reader.documents()?;
    let documents = if args.flat {
        let line = |row: &DocumentRow| Ok(Line::of(row, reader.place(row.id)?.as_ref()));
        rows.iter().map(line).collect::<Result<_, Failure>>()?
    } else {
        let levels: &[_] = if args.trash { &[Level::Trash] } else { &[Level::Under(None), Level::Recovered] };
        let mut walk =
            Walk { reader: &reader, rows: rows.iter().map(|row| (row.id, row)).collect(), lines: Vec::new() };
        for level in levels {
            walk.list(*level)?;
        }
        walk.lines
    };
    output.print(&List { documents })
}

struct Walk<'a> {
    reader: &'a Reader,
    rows: BTreeMap<DocumentId, &'a DocumentRow>,
    lines: Vec<Line>,
}

impl Walk<'_> {
    /// Lists a level, everything with what stands under it.
    fn list(&mut self, level: Level) -> Result<(), Failure> {
        let mut left: Vec<_> = self.reader.level(level)?.into_iter().rev().map(|row| (0, row)).collect();
        while let Some((depth, place)) = left.pop() {
            let below = self.reader.level(Level::Under(Some(place.id)))?;
            left.extend(below.into_iter().rev().map(|row| (depth + 1, row)));
            // A place comes before its text does.
            if let Some(row) = self.rows.get(&place.id) {
                self.lines.push(Line { depth, ..Line::of(row, Some(&place)) });
            }
        }
        Ok(())
    }
}
