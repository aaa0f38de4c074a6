//! `sheaf cat`: prints a document.

use std::fmt;

use serde::Serialize;

use crate::args::Cat;
use crate::failure::Failure;
use crate::output::Output;
use crate::pick::pick;
use crate::place::Place;

#[derive(Serialize)]
struct Page {
    id: String,
    title: String,
    #[serde(flatten)]
    content: Content,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Content {
    Markdown(String),
    Text(String),
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Content::Markdown(content) | Content::Text(content)) = &self.content;
        f.write_str(content)?;
        if content.is_empty() || content.ends_with('\n') { Ok(()) } else { f.write_str("\n") }
    }
}

pub(super) fn run(args: &Cat, place: &Place, output: Output) -> Result<(), Failure> {
    let (_, reader) = place.read()?;
    let row = pick(&reader.documents()?, &args.document)?.clone();
    let content = match args.text {
        true => Content::Text(reader.text(row.id)?),
        false => Content::Markdown(reader.markdown(row.id)?),
    };
    output.print(&Page { id: row.id.to_string(), title: row.title, content })
}
