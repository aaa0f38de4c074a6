//! `sheaf publish` to a relay that has a team already does not get to its end; `sheaf sync` goes on with it.

use std::path::PathBuf;

use anyhow::Context as _;
use rusqlite::{Connection, params};
use sheaf_client::account::{Enrolment, Insist};
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_client::{Clock, Profile, Replica, publish};
use sheaf_protocol::secret::Secret;
use sheaf_stories::world::World;

use crate::terminal::{PASSWORD, Terminal};

/// A relay with Imke's team on it, and Bo, who wrote two documents alone.
async fn before() -> anyhow::Result<(World, Terminal, Terminal)> {
    let world = World::begin().await?;
    let imke = Terminal::join("Imke", &world.owner_invitation(world.address()))?;
    let bo = Terminal::of("Bo")?;
    for title in ["Fish soup", "Timetable"] {
        bo.says(&["new", title])?;
    }
    Ok((world, imke, bo))
}

/// Does what `sheaf publish` does until the relay has answered. There it is killed.
async fn publish_and_be_killed(bo: &Terminal, link: &str) -> anyhow::Result<()> {
    let (profile, clock) = (Profile::open(bo.profile())?, Clock::system());
    let alone = Replica::open(&profile, profile.begin(&clock)?, clock.clone()).await?;
    let who = Enrolment {
        name: "Bo".to_owned(),
        email: "bo@example.org".to_owned(),
        password: Secret::new(PASSWORD),
        device: profile.device(&clock)?,
        device_name: "desk".to_owned(),
    };
    let vault = Vault::open(MemoryKeychain::default()).await;
    publish::begin(&alone, &profile, link, Insist::Encrypted, who, vault, &clock).await?;
    alone.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_that_was_killed_goes_on_with_sync() -> anyhow::Result<()> {
    let (world, imke, bo) = before().await?;
    publish_and_be_killed(&bo, &world.invitation(world.address())?).await?;
    let said = bo.says(&["sync"])?;
    assert_eq!(
        said, "Synced: 3 documents, 0 of them changed by others.\n",
        "a welcome and all that Bo wrote"
    );
    let (_, said) = bo.fails(&["publish", "https://relay.example.org/join#x"], b"")?;
    assert!(said.contains("sheaf sync"), "publishing again sends him where it goes on: {said}");
    imke.says(&["sync"])?;
    let list = imke.says(&["list"])?;
    assert!(list.contains("Fish soup") && list.contains("Timetable"), "and Imke has both: {list}");
    Ok(())
}

/// Returns the one workspace file of a device.
fn database(bo: &Terminal) -> anyhow::Result<PathBuf> {
    let workspaces = std::fs::read_dir(bo.profile().join("workspaces"))?;
    Ok(workspaces.last().context("a workspace")??.path().join("sheaf.db"))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_document_that_does_not_come_along_keeps_no_other_here() -> anyhow::Result<()> {
    let (world, imke, bo) = before().await?;
    let alone = Connection::open(database(&bo)?)?;
    let soup = "FROM log WHERE document = (SELECT id FROM document WHERE title = 'Fish soup')";
    // The title goes with the bytes, if somebody has the time to read it meanwhile.
    let (row, sound): (i64, Vec<u8>) =
        alone.query_row(&format!("SELECT id, bytes {soup}"), [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let put = |bytes: &[u8]| alone.execute("UPDATE log SET bytes = ?1 WHERE id = ?2", params![bytes, row]);
    put(b"a disk that went wrong")?;

    let link = world.invitation(world.address())?;
    let (code, said) = bo.fails(&["publish", &link, "--name", "Bo"], b"")?;
    assert!(code != 0 && said.contains("sheaf sync"), "Bo is told, and what goes on with it: {code} {said}");
    imke.says(&["sync"])?;
    assert!(imke.says(&["list"])?.contains("Timetable"), "what could come came, all the way to the relay");
    let (code, said) = bo.fails(&["sync"], b"")?;
    assert!(code != 0 && said.contains("came along"), "sync does not call that synced: {code} {said}");

    put(&sound)?;
    bo.says(&["sync"])?;
    imke.says(&["sync"])?;
    assert!(imke.says(&["list"])?.contains("Fish soup"), "once it can be read, it comes too");
    Ok(())
}
