//! `sheaf search`: which documents have these words in them.

use std::fmt;

use serde::Serialize;
use sheaf_client::{Found, Hit, Kind};
use sheaf_document::search::Query;

use crate::args::Search as Args;
use crate::failure::Failure;
use crate::output::{Output, count, moment};
use crate::place::Place;

/// Documents that have to be looked through before somebody is told that it takes a moment.
const MANY: u64 = 2_000;

#[derive(Serialize)]
struct Report {
    documents: Vec<Line>,
    people: Vec<String>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    title: String,
    /// The titles of what it stands under, from the top.
    path: Vec<String>,
    /// Where the words are: `title`, `headings` or `text`.
    found_in: &'static str,
    /// A passage of its text.
    snippet: String,
    /// Where the words are in that, in UTF-16 code units.
    highlights: Vec<(u32, u32)>,
    /// Milliseconds since 1970.
    updated_at: u64,
}

impl From<Hit> for Line {
    fn from(hit: Hit) -> Self {
        Self {
            id: hit.document.to_string(),
            title: hit.title.text,
            path: hit.path,
            found_in: match hit.kind {
                Kind::Called | Kind::Begins | Kind::Titled | Kind::Similar => "title",
                Kind::Headed => "headings",
                Kind::Written => "text",
            },
            snippet: hit.snippet.text,
            highlights: hit.snippet.highlights.iter().map(|it| (it.start, it.end)).collect(),
            updated_at: hit.updated_at,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for person in &self.people {
            writeln!(f, "{person}")?;
        }
        for line in &self.documents {
            let title = if line.title.is_empty() { "(no title)" } else { &line.title };
            let path = line.path.iter().map(|title| format!("{title} / ")).collect::<String>();
            writeln!(f, "{}  {}  {path}{title}", line.id, moment(line.updated_at))?;
            if !line.snippet.is_empty() {
                writeln!(f, "    {}", line.snippet)?;
            }
        }
        Ok(())
    }
}

pub(super) fn run(args: &Args, place: &Place, output: Output) -> Result<(), Failure> {
    let (_, reader) = place.read()?;
    // A blank behind the last word says that it is whole.
    let query = Query::parse(&(args.words.join(" ") + " "), 0);
    let mut told = false;
    let Found { hits, people, .. } = reader.search(&query, args.limit, |left| {
        if left > MANY && !told {
            told = true;
            output.whisper(&format!("Looking through {} for the first time …", count(left, "document")));
        }
    })?;
    let people = people.into_iter().map(|member| member.name).collect();
    output.print(&Report { documents: hits.into_iter().map(Line::from).collect(), people })
}
