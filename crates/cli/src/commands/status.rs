//! `sheaf status`: how the workspace stands, as its file says. Asks nobody, so that it works beside a running app.

use std::fmt;

use serde::Serialize;
use sheaf_client::team;

use crate::failure::Failure;
use crate::output::{Output, count};
use crate::place::Place;

#[derive(Serialize)]
struct Standing {
    profile: String,
    workspace: String,
    /// The relay's address; none for a workspace on this device alone.
    relay: Option<String>,
    name: Option<String>,
    documents: usize,
    /// Changes that no relay has acknowledged.
    waiting: u64,
    refused: Vec<Refused>,
}

#[derive(Serialize)]
struct Refused {
    id: String,
    code: &'static str,
    changes: u64,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Workspace  {} in {}", self.workspace, self.profile)?;
        writeln!(f, "Documents  {}", self.documents)?;
        match &self.relay {
            None => writeln!(f, "Relay      none: everything is on this device only")?,
            Some(relay) => {
                let name = self.name.as_deref().unwrap_or("you");
                writeln!(f, "Relay      {relay}, as {name}")?;
                match self.waiting {
                    0 => writeln!(f, "Waiting    nothing: the relay has everything that was written here")?,
                    waiting => writeln!(f, "Waiting    {}: sheaf sync sends them", count(waiting, "change"))?,
                }
            }
        }
        for refused in &self.refused {
            let changes = count(refused.changes, "change");
            writeln!(f, "Refused    {changes} of {} ({}): settle this in the app", refused.id, refused.code)?;
        }
        Ok(())
    }
}

pub(super) fn run(place: &Place, output: Output) -> Result<(), Failure> {
    let (workspace, reader) = place.read()?;
    let rows = reader.documents()?;
    let refused = reader.forks()?.into_iter().map(|fork| Refused {
        id: fork.document.to_string(),
        code: fork.code.name(),
        changes: fork.entries,
    });
    output.print(&Standing {
        profile: place.folder.display().to_string(),
        workspace: workspace.to_string(),
        relay: reader.setting(team::RELAY)?,
        name: reader.setting(team::NAME)?,
        documents: rows.len(),
        waiting: rows.iter().map(|row| row.unacknowledged).sum(),
        refused: refused.collect(),
    })
}
