//! A disk damages what lies on it. What the relay has whole comes from there, once somebody opens it.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use rusqlite::Connection;
use sheaf_client::{Replica, Status};
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_stories::world::World;
use tokio::time::timeout;

use crate::desk::Desk;

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(120);

fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

async fn in_step(replica: &Replica) -> anyhow::Result<()> {
    let mut status = replica.follow_status();
    timeout(PATIENCE, status.wait_for(Status::is_synced)).await.context("never in step")??;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_document_is_whole_again_soon_after_it_was_opened() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let imke = Desk::join("Imke", &world.owner_invitation(world.address())).await?.open().await?;
    let soup = imke.create("Fish soup", vec![paragraph("leeks")], Origin::TYPED).await?;
    imke.append(soup, vec![paragraph("saffron")], Origin::TYPED).await?;
    in_step(&imke).await?;
    let tomás = Desk::join("Tomás", &world.invitation(world.address())?).await?;
    let replica = tomás.open().await?;
    in_step(&replica).await?;
    let whole = replica.text(soup).await?;
    replica.stop().await;
    let disk = Connection::open(tomás.folder().join("sheaf.db"))?;
    let last = "SELECT max(log.id) FROM log JOIN document ON document.id = log.document WHERE document.document = ?1";
    let damage = format!("UPDATE log SET bytes = x'00' WHERE id = ({last})");
    let damaged = disk.execute(&damage, [soup.as_bytes()])?;
    ensure!(damaged == 1, "the last of what Imke wrote cannot be read any more");
    drop(disk);

    let replica = tomás.open().await?;
    in_step(&replica).await?;
    let (watcher, mut events) = replica.watch();
    watcher.open(soup).await?;
    while replica.text(soup).await? != whole {
        timeout(PATIENCE, events.next()).await.context("it stayed damaged")?;
    }
    Ok(())
}
