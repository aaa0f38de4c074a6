//! `sheaf new`: makes a document.

use std::fmt;

use serde::Serialize;
use sheaf_client::folder::{Page, Titled};
use sheaf_document::markdown;
use sheaf_protocol::entry::Origin;

use super::{is_asking_possible, markdown_from_stdin};
use crate::args::New;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::Place;

#[derive(Serialize)]
struct Made {
    id: String,
    title: String,
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.id)
    }
}

pub(super) async fn run(args: New, place: &Place, output: Output) -> Result<(), Failure> {
    let body = if is_asking_possible() { String::new() } else { markdown_from_stdin()? };
    let replica = place.write().await?;
    // A text that begins with its title as a heading says it once.
    let page = Page::read(&body, "");
    let is_said = page.titled == Titled::Heading && page.title == args.title;
    let blocks = if is_said { page.blocks } else { markdown::read(&body) };
    let id = replica.create(&args.title, blocks, Origin::API).await?;
    replica.stop().await;
    output.print(&Made { id: id.to_string(), title: args.title })
}
