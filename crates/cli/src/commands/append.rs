//! `sheaf append`: adds Markdown at the end of a document.

use std::fmt;

use serde::Serialize;
use sheaf_document::markdown;
use sheaf_protocol::entry::Origin;

use super::{is_asking_possible, markdown_from_stdin};
use crate::args::Append;
use crate::failure::{Exit, Failure};
use crate::output::{Output, count};
use crate::pick::pick;
use crate::place::Place;

#[derive(Serialize)]
struct Appended {
    id: String,
    title: String,
    blocks: usize,
}

impl fmt::Display for Appended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Added {} to {}.", count(self.blocks as u64, "block"), self.title)
    }
}

pub(super) async fn run(args: Append, place: &Place, output: Output) -> Result<(), Failure> {
    // Nobody should type a page and then hear that there is no such document; but the workspace is not taken before
    // there is something to write, for what is piped in may take its time.
    let (_, reader) = place.read()?;
    let row = pick(&reader.documents()?, &args.document)?.clone();
    if is_asking_possible() {
        output.whisper("Type Markdown; end with Ctrl-D on a line of its own.");
    }
    let blocks = markdown::read(&markdown_from_stdin()?);
    if blocks.is_empty() {
        return Err(Failure::new(Exit::Usage, "There was nothing to append; pipe some Markdown in."));
    }
    let replica = place.write().await?;
    let count = blocks.len();
    replica.append(row.id, blocks, Origin::API).await?;
    replica.stop().await;
    output.print(&Appended { id: row.id.to_string(), title: row.title, blocks: count })
}
