//! Disks that fail under a replica and under a relay: what was not saved is said not to be, and everything goes on when they work.

#[path = "../../crates/store/tests/stories/failing.rs"]
mod failing;

use std::time::Duration;

use anyhow::{Context as _, ensure};
use failing::{Fault, install, lift, plan};
use sheaf_client::import::{self, Outcome};
use sheaf_client::{Clock, Level, Profile, Replica, ReplicaError, Status, session};
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_store::StoreError;
use sheaf_stories::world::World;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::desk::Desk;

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(120);

fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

async fn until(replica: &Replica, what: &str, stands: impl Fn(&Status) -> bool) -> anyhow::Result<()> {
    let mut status = replica.follow_status();
    let waited = timeout(PATIENCE, status.wait_for(|status| stands(status))).await;
    waited.with_context(|| format!("never {what}: {:?}", replica.status()))??;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_whose_disk_failed_is_opened_again_and_saves_what_comes_next() -> anyhow::Result<()> {
    install();
    let world = World::begin().await?;
    let imke = Desk::join("Imke", &world.owner_invitation(world.address())).await?;
    let tomás = Desk::join("Tomás", &world.invitation(world.address())?).await?;
    let replica = imke.open().await?;
    let document = replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    let mut lines = vec!["begun".to_owned()];
    for (number, fault) in Fault::ALL.into_iter().cycle().take(20).enumerate() {
        until(&replica, "in step", Status::is_synced).await?;
        plan(&imke.folder(), fault, 1, true);
        let words = format!("{number}: {fault:?}");
        let outcome = replica.append(document, vec![paragraph(&words)], Origin::TYPED).await;
        lift(&imke.folder());
        match outcome {
            // The index of the write-ahead log rarely grows.
            Ok(()) if fault == Fault::Index => lines.push(words),
            Err(ReplicaError::Store(StoreError::Full | StoreError::Io(_))) => {
                // Written and not synced, it is there for whoever opens the file anew, though nobody called it saved.
                let there = replica.text(document).await?.lines().any(|line| line == words);
                ensure!(!there || fault == Fault::Sync, "{words}: a refused write left something");
                lines.extend(there.then_some(words));
            }
            other => anyhow::bail!("{words}: a disk that fails is called one: {other:?}"),
        }
        let next = format!("after {number}");
        replica.append(document, vec![paragraph(&next)], Origin::TYPED).await?;
        lines.push(next);
        ensure!(replica.text(document).await? == lines.join("\n"), "everything saved is there, in its order");
    }
    until(&replica, "in step", Status::is_synced).await?;
    let other = tomás.open().await?;
    until(&other, "in step", Status::is_synced).await?;
    ensure!(other.text(document).await? == lines.join("\n"), "and at the relay");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_whose_disk_fails_acknowledges_nothing_and_goes_on_when_it_works() -> anyhow::Result<()> {
    install();
    let world = World::begin().await?;
    let imke = Desk::join("Imke", &world.owner_invitation(world.address())).await?;
    let tomás = Desk::join("Tomás", &world.invitation(world.address())?).await?;
    let (replica, other) = (imke.open().await?, tomás.open().await?);
    let document = replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    let mut lines = vec!["begun".to_owned()];
    for (number, fault) in [Fault::Full, Fault::Write, Fault::Short, Fault::Sync].into_iter().enumerate() {
        until(&replica, "in step", Status::is_synced).await?;
        plan(world.folder(), fault, 1, true);
        let words = format!("{number}: {fault:?}");
        replica.append(document, vec![paragraph(&words)], Origin::TYPED).await?;
        lines.push(words);
        let sent_away = |status: &Status| matches!(status.relay, Some(session::Status::Offline { .. }));
        until(&replica, "sent away", sent_away).await?;
        ensure!(replica.status().waiting > 0, "{fault:?}: what the relay could not write waits here");
        ensure!(lift(world.folder()), "{fault:?}: the relay's disk did fail");
    }
    until(&replica, "in step", Status::is_synced).await?;
    until(&other, "in step", Status::is_synced).await?;
    let (_watcher, mut events) = other.watch();
    while other.text(document).await? != lines.join("\n") {
        timeout(PATIENCE, events.next()).await.context("Tomás never had every line, once, in order")?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_into_a_disk_that_fills_leaves_the_tree_as_it_was() -> anyhow::Result<()> {
    install();
    let home = tempfile::tempdir()?;
    let profile = Profile::open(home.path().join("sheaf"))?;
    let clock = Clock::system();
    let workspace = profile.begin(&clock)?;
    let replica = Replica::open(&profile, workspace, clock.clone()).await?;
    let folder = tempfile::tempdir()?;
    for number in 0..200 {
        std::fs::write(
            folder.path().join(format!("{number}.md")),
            format!("# Watch {number}\n\nAll quiet.\n"),
        )?;
    }
    let top = replica.level(Level::Under(None), None, 10).await?;
    let database = profile.database(workspace).parent().context("it lies in a folder")?.to_owned();
    let (never, mut steps) = (CancellationToken::new(), 0);
    let tell = |_| {
        steps += 1;
        if steps == 3 {
            plan(&database, Fault::Full, 1, true);
        }
    };
    let report = import::run(&replica, import::survey(folder.path())?, None, &clock, &never, tell).await;
    ensure!(lift(&database), "the disk was full at some time");
    ensure!(
        matches!(report.outcome, Outcome::Failed(ReplicaError::Store(StoreError::Full))),
        "it says so: {report:?}"
    );
    ensure!((1..201).contains(&report.documents), "in the middle: {}", report.documents);
    ensure!(
        replica.level(Level::Under(None), None, 10).await? == top,
        "nothing half done stands in the tree"
    );
    let trash = replica.level(Level::Trash, None, 10).await?;
    ensure!(trash.iter().map(|row| Some(row.id)).eq([report.document]), "what was made lies in the trash");
    let again = import::run(&replica, import::survey(folder.path())?, None, &clock, &never, drop).await;
    ensure!(
        matches!(again.outcome, Outcome::Whole) && again.documents == 201,
        "with room, it works: {again:?}"
    );
    Ok(())
}
