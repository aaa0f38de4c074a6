//! `sheaf sync`: brings workspace and relay together, once or for as long as one likes.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;
use sheaf_client::{Replica, ReplicaEvent, Status, session};
use sheaf_document::ids::DocumentId;
use sheaf_store::DocumentRow;

use crate::args::Sync;
use crate::connection::{bring_along, connect, until_synced};
use crate::failure::Failure;
use crate::output::{Output, count};
use crate::place::Place;

#[derive(Serialize)]
struct Synced {
    documents: usize,
    /// How many of them somebody else changed, or made.
    changed: usize,
}

impl fmt::Display for Synced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let documents = count(self.documents as u64, "document");
        writeln!(f, "Synced: {documents}, {} of them changed by others.", self.changed)
    }
}

/// One line of `--follow`.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line {
    Document { id: String, title: String },
    Status { relay: &'static str, waiting: u64, refused: u64 },
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document { id, title } => writeln!(f, "changed  {id}  {title}"),
            Self::Status { relay, waiting: 0, .. } => writeln!(f, "relay    {relay}"),
            Self::Status { relay, waiting, .. } => {
                writeln!(f, "relay    {relay}, {} waiting", count(*waiting, "change"))
            }
        }
    }
}

/// How many entries each document has.
type Sizes = BTreeMap<DocumentId, u64>;

pub(super) async fn run(args: &Sync, place: &Place, output: Output) -> Result<(), Failure> {
    let replica = place.write().await?;
    let brought = bring_along(&replica, place).await;
    let before = sizes(&replica.documents().await?);
    connect(&replica, place).await?;
    let outcome = match args.follow {
        true => follow(&replica, place, before, output).await,
        false => once(&replica, &before, Duration::from_secs(args.within), output).await,
    };
    replica.stop().await;
    outcome.and(brought)
}

async fn once(replica: &Replica, before: &Sizes, patience: Duration, output: Output) -> Result<(), Failure> {
    until_synced(replica, patience).await?;
    let after = replica.documents().await?;
    output.print(&Synced { documents: after.len(), changed: grown(before, &after).count() })
}

async fn follow(replica: &Replica, place: &Place, mut known: Sizes, output: Output) -> Result<(), Failure> {
    let (_watcher, mut events) = replica.watch();
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            _ = tokio::signal::ctrl_c() => None,
        };
        match event {
            None => return Ok(()),
            Some(ReplicaEvent::Status(status)) => output.print(&line(&status))?,
            Some(ReplicaEvent::Documents) => {
                let rows = place.read()?.1.documents()?; // a reader knows new titles at once
                for row in grown(&known, &rows) {
                    output.print(&Line::Document { id: row.id.to_string(), title: row.title.clone() })?;
                }
                known = sizes(&rows);
            }
            Some(_) => {}
        }
    }
}

fn line(status: &Status) -> Line {
    let relay = match &status.relay {
        None | Some(session::Status::Offline { .. }) => "offline",
        Some(session::Status::Connecting) => "connecting",
        Some(session::Status::CatchingUp { .. }) => "catching up",
        Some(session::Status::Waiting { .. }) => "sending",
        Some(session::Status::Synced) => "synced",
        Some(session::Status::Refused { .. }) => "refused",
        Some(session::Status::SignedOut) => "signed out",
    };
    Line::Status { relay, waiting: status.waiting, refused: status.forks + status.refused_records }
}

fn sizes(rows: &[DocumentRow]) -> Sizes {
    rows.iter().map(|row| (row.id, row.entries)).collect()
}

fn grown<'a>(before: &'a Sizes, rows: &'a [DocumentRow]) -> impl Iterator<Item = &'a DocumentRow> {
    rows.iter().filter(|row| before.get(&row.id) != Some(&row.entries))
}
