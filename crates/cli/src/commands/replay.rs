//! `sheaf replay`: plays an editing trace into a document, and proves that its text is the trace's.

use std::fmt;
use std::time::{Duration, Instant};

use serde::Serialize;
use sheaf_client::replica::Edit;
use sheaf_client::{Replica, chance};
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::text;
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;

use crate::args::Replay;
use crate::connection::{connect, until_synced};
use crate::failure::{Exit, Failure};
use crate::output::{Output, count};
use crate::pick::pick;
use crate::place::Place;
use crate::replay::{Stage, clients, perform};
use crate::trace::Trace;

#[derive(Serialize)]
struct Replayed {
    id: String,
    /// Changes that were written here.
    written: usize,
    /// From the first to the last of them.
    milliseconds: u64,
    /// Letters of the text at the end, which is exactly the trace's.
    letters: usize,
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changes = count(self.written as u64, "change");
        let rate = self.written as u64 * 1_000 / self.milliseconds.max(1);
        writeln!(f, "Wrote {changes} to {} in {} ms, {rate} a second.", self.id, self.milliseconds)?;
        writeln!(f, "The text is exactly the trace's: {}.", count(self.letters as u64, "letter"))
    }
}

pub(super) async fn run(args: &Replay, place: &Place, output: Output) -> Result<(), Failure> {
    let trace = Trace::open(&args.trace).map_err(|error| Failure::file(&args.trace, &error))?;
    let part = part(args, &trace)?;
    let patience = Duration::from_secs(args.within);
    let replica = place.write().await?;
    if part.is_some() {
        connect(&replica, place).await?;
        until_synced(&replica, patience).await?;
    } else if args.pace.is_some() && replica.setting(sheaf_client::team::RELAY).await?.is_some() {
        connect(&replica, place).await?;
    }
    let id = match &args.into {
        Some(wanted) => pick(&place.read()?.1.documents()?, wanted)?.id,
        None => new_document(&replica, args, place).await?,
    };
    let clients = clients(id, trace.people());
    let own = match part {
        Some(person) => clients.get(person..=person).unwrap_or_default(),
        None => &clients,
    };
    let mut steps = perform(&trace, &clients).map_err(|error| Failure::file(&args.trace, &error))?;
    steps.retain_mut(|step| {
        // What is played here comes in order by itself.
        step.needs.retain(|(client, _)| !own.contains(client));
        part.is_none_or(|person| person == step.person)
    });
    let mut stage = Stage::enter(&replica, id).await?;
    if own.iter().any(|client| stage.has_heard(*client)) {
        let sentence =
            "A trace was replayed into this document before. Nothing was changed; take another document.";
        return Err(Failure::new(Exit::Refused, sentence));
    }
    let start = Instant::now();
    let written = steps.len();
    let play = stage.play(steps, args.pace);
    match part {
        // The others may never come.
        Some(_) => tokio::time::timeout(patience, play).await.map_err(|_| lonely())??,
        None => play.await?,
    }
    let milliseconds = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    if part.is_some() {
        let together = async {
            while !ends_as_told(place, id, &trace.end)? {
                stage.hear_out().await?;
            }
            Ok::<(), Failure>(())
        };
        tokio::time::timeout(patience, together).await.map_err(|_| lonely())??;
        until_synced(&replica, patience).await?;
    }
    let as_told = ends_as_told(place, id, &trace.end)?;
    replica.stop().await;
    if !as_told {
        let sentence = format!("Everything was written to {id}, but its text is not the trace's.");
        return Err(Failure::new(Exit::Failed, sentence));
    }
    output.print(&Replayed { id: id.to_string(), written, milliseconds, letters: trace.end.chars().count() })
}

/// Returns the one person to play, from 0, if not everybody is.
fn part(args: &Replay, trace: &Trace) -> Result<Option<usize>, Failure> {
    let (Some(person), Some(of)) = (args.as_person, args.of) else { return Ok(None) };
    if of != trace.people() || person == 0 || person > of {
        let people = count(trace.people() as u64, "person");
        let sentence = format!(
            "This trace is by {people}; --as-person counts from 1, and --of says how many there are."
        );
        return Err(Failure::new(Exit::Usage, sentence));
    }
    Ok(Some(person - 1))
}

/// Makes a document with the trace's name and nothing in it.
async fn new_document(replica: &Replica, args: &Replay, place: &Place) -> Result<DocumentId, Failure> {
    let document = chance::id(place.clock.now(), DocumentId::fresh);
    let name = args.trace.file_name().unwrap_or_default().to_string_lossy();
    let title = name.split('.').next().unwrap_or_default();
    let bytes = Document::new(chance::client()).set_title(title).into();
    replica.commit(Edit { document, bytes, origin: Origin::API, by: None }).await?;
    Ok(document)
}

/// Says whether a code block of the document, as it is on the disk, holds exactly this text.
fn ends_as_told(place: &Place, id: DocumentId, end: &str) -> Result<bool, Failure> {
    let tree = place.read()?.1.document(id)?.tree();
    Ok(tree.children.iter().any(|node| matches!(node, Node::Element(block) if is_told(block, end))))
}

fn is_told(block: &Element, end: &str) -> bool {
    block.name == "codeBlock" && text::plain(block) == end
}

fn lonely() -> Failure {
    Failure::new(
        Exit::Unreachable,
        "The others did not play their parts in time. What was played is safe on this device and at the relay.",
    )
}
