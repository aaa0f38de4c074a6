//! `sheaf move`, `sheaf trash`, `sheaf restore`: where a document stands.

use std::fmt;

use serde::Serialize;
use sheaf_client::Place as Beside;

use crate::args::{Move, Which};
use crate::failure::Failure;
use crate::output::Output;
use crate::pick::pick;
use crate::place::Place;

#[derive(Serialize)]
struct Moved {
    id: String,
    title: String,
    parent: Option<String>,
    #[serde(skip)]
    under: Option<String>,
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.under {
            Some(parent) => writeln!(f, "{} stands under {parent} now.", self.title),
            None => writeln!(f, "{} stands at the top now.", self.title),
        }
    }
}

#[derive(Serialize)]
struct Trashed {
    id: String,
    title: String,
    trashed: bool,
}

impl fmt::Display for Trashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.trashed {
            true => writeln!(f, "{} is in the trash, with everything under it.", self.title),
            false => writeln!(f, "{} is back.", self.title),
        }
    }
}

/// Puts a document under another, or at the top, behind what stands there.
pub(super) async fn put(args: Move, place: &Place, output: Output) -> Result<(), Failure> {
    let rows = place.read()?.1.documents()?;
    let row = pick(&rows, &args.document)?;
    let parent = args.under.map(|under| pick(&rows, &under)).transpose()?;
    let replica = place.write().await?;
    let moved = replica.move_to(row.id, parent.map(|parent| parent.id), Beside::Last).await;
    replica.stop().await;
    moved?;
    output.print(&Moved {
        id: row.id.to_string(),
        title: row.title.clone(),
        parent: parent.map(|parent| parent.id.to_string()),
        under: parent.map(|parent| parent.title.clone()),
    })
}

/// Puts a document into the trash, or takes it out.
pub(super) async fn trash(args: Which, trashed: bool, place: &Place, output: Output) -> Result<(), Failure> {
    let rows = place.read()?.1.documents()?;
    let row = pick(&rows, &args.document)?;
    let replica = place.write().await?;
    let done = replica.trash(row.id, trashed).await;
    replica.stop().await;
    done?;
    output.print(&Trashed { id: row.id.to_string(), title: row.title.clone(), trashed })
}
