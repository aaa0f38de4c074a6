//! The long document: pushed by one client as fast as the relay takes it, then fetched by replicas that have nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use sheaf_client::replica::Access;
use sheaf_client::{Clock, Profile, Relay, Replica, Status, chance};
use sheaf_document::ids::ReplicaId;
use sheaf_document::update::{DocState, Limits};
use sheaf_protocol::frame::{Page, Stretch};
use sheaf_protocol::rest::path;
use sheaf_stories::figure::{Figure, median};
use sheaf_stories::typing::long_document;
use tokio::time::timeout;

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
    let (mut flood, mut fresh, mut alive) = (Vec::new(), Vec::new(), Vec::new());
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
        alive.push(replicated(&door).await?);
    }
    let what = "260,000 edits by one client, all durable and delivered";
    Figure { group: "relay", what, unit: "s", ours: median(flood) }.at_most(4.0);
    let what = "a fresh replica gets the document of 260,000 edits, checked";
    Figure { group: "relay", what, unit: "ms", ours: median(fresh) }.at_most(10.0);
    let what = "a living replica comes with nothing, and has it on its disk";
    Figure { group: "relay", what, unit: "ms", ours: median(alive) }.at_most(10.0);
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

/// Returns the median time, in ms, from a living replica's first look for its relay until everything is in its database.
async fn replicated(door: &Door<'_>) -> anyhow::Result<f64> {
    let session = door.session.as_ref().context("a relay lets nobody in without one")?;
    let (clock, token) = (Clock::system(), session.access.clone());
    let access: Access = Arc::new(move |_| {
        let token = token.clone();
        Box::pin(async move { Ok(token) })
    });
    let relay = Relay::new(format!("ws://{}{}", door.server.address, path::SOCKET), access);
    let mut times = Vec::new();
    for _ in 0..FRESH {
        let folder = tempfile::tempdir()?;
        let profile = Profile::open(folder.path())?;
        profile.join(session.workspace, session.person, session.device, &clock)?;
        let replica = Replica::open(&profile, session.workspace, clock.clone()).await?;
        let mut status = replica.follow_status();
        let began = Instant::now();
        replica.connect(relay.clone());
        timeout(PATIENCE, status.wait_for(Status::is_synced)).await??;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        ensure!(!replica.documents().await?.is_empty(), "it has the document");
        replica.stop().await;
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
            Stretch::Skip(..) => &[],
        })
        .map(|entry| &entry.draft.bytes)
}
