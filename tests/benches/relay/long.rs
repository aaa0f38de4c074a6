//! The long document: pushed by one client as fast as the relay takes it, then fetched by replicas that have nothing.

use std::time::{Duration, Instant};

use anyhow::{bail, ensure};
use sheaf_client::chance;
use sheaf_document::ids::ReplicaId;
use sheaf_document::update::{DocState, Limits};
use sheaf_protocol::frame::{Page, Stretch};
use sheaf_stories::figure::{Figure, median};
use sheaf_stories::typing::long_document;

use super::door::Door;
use super::paced::client;
use super::server::{Kind, Server};
use super::team::{Listening, Team};

/// Edits that leave in one write.
const TOGETHER: usize = 500;
/// A document is folded when so many entries have come since.
const TAIL: usize = 1_000;
/// Replicas that fetch it.
const FRESH: usize = 20;
/// How long a flood, and the folding after it, may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Measures both, each round with fresh data.
pub async fn measure(rounds: usize) -> anyhow::Result<()> {
    let (mut flood, mut fresh) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let server = Server::start(Kind::Relay)?;
        let door = Door::find(&server).await?;
        let updates = long_document(client())?;
        let edits = updates.len();
        let mut team = Team::gather(&door, 2, vec![updates], Listening::Two).await?;
        let began = Instant::now();
        for _ in 0..edits.div_ceil(TOGETHER) {
            for writer in &mut team.writers {
                writer.send(TOGETHER).await?;
            }
        }
        ensure!(team.hears(edits, PATIENCE).await, "the flood did not arrive");
        flood.push(began.elapsed().as_secs_f64());
        drop(team);
        fresh.push(fetched(&door, edits).await?);
    }
    let what = "260,000 edits by one client, all durable and delivered";
    Figure { group: "relay", what, unit: "s", ours: median(flood) }.at_most(4.0);
    let what = "a fresh replica gets the document of 260,000 edits, checked";
    Figure { group: "relay", what, unit: "ms", ours: median(fresh) }.at_most(10.0);
    Ok(())
}

/// Returns the median time, in ms, from a fresh replica's request to the whole document, checked by the rules.
async fn fetched(door: &Door<'_>, edits: usize) -> anyhow::Result<f64> {
    let began = Instant::now();
    while tail(door).await? > TAIL {
        if began.elapsed() > PATIENCE {
            bail!("{edits} edits were not folded in time");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut times = Vec::new();
    for _ in 0..FRESH {
        let mut line = door.enter(ReplicaId::from_bytes(chance::bytes())).await?;
        let mut state = DocState::new(chance::bytes());
        let began = Instant::now();
        line.catch_up(0, |page| {
            for update in page.snapshots.iter().map(|snapshot| &snapshot.bytes).chain(entries(&page)) {
                state.admit(update, &Limits::SNAPSHOT)?;
            }
            Ok(())
        })
        .await?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(times))
}

/// Returns how many entries the relay sends beside the folded document.
async fn tail(door: &Door<'_>) -> anyhow::Result<usize> {
    let mut line = door.enter(ReplicaId::from_bytes(chance::bytes())).await?;
    let mut count = 0;
    line.catch_up(0, |page| {
        count += entries(&page).count();
        Ok(())
    })
    .await?;
    Ok(count)
}

fn entries(page: &Page) -> impl Iterator<Item = &bytes::Bytes> {
    page.stretches
        .iter()
        .flat_map(|stretch| match stretch {
            Stretch::Run(entries) => entries.as_slice(),
            Stretch::Skip(_) => &[],
        })
        .map(|entry| &entry.draft.bytes)
}
