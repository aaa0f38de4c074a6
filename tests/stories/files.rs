//! A file's way from one desk to another, over lines that break.

use std::fs;

use anyhow::{Context as _, ensure};
use sheaf_client::files::{FileError, Kept, Progress, Shelf, download, upload};
use sheaf_document::ids::ContentHash;
use sheaf_protocol::rest::Hex;
use sheaf_stories::world::World;

use crate::people::{Person, team};

/// The largest file that anybody takes here.
const MOST: u64 = 64 << 20;

/// Five and a half megabytes that do not compress.
fn photograph() -> Vec<u8> {
    let mut bytes = vec![0; 5_500_000];
    blake3::Hasher::new().update(b"harbour at dawn").finalize_xof().fill(&mut bytes);
    bytes
}

fn shelf(person: &Person) -> Shelf {
    Shelf::of(&person.profile, person.workspace)
}

/// Carries until it is done, over a line that is cut again and again; returns how often it was.
async fn persist(
    person: &Person,
    mut carry: impl AsyncFnMut(&mut Vec<u64>) -> Result<(), FileError>,
) -> anyhow::Result<(u32, Vec<u64>)> {
    let (mut cuts, mut heard) = (0, Vec::new());
    loop {
        if cuts < 4 {
            person.line.cut_after(1_300_000);
        }
        match carry(&mut heard).await {
            Ok(()) => return Ok((cuts, heard)),
            Err(FileError::Relay(_)) if cuts < 50 => cuts += 1,
            Err(error) => return Err(error).context("nobody can do anything about this"),
        }
        person.line.restore();
    }
}

#[tokio::test]
async fn a_photograph_goes_up_over_one_bad_line_and_down_over_another() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomas] = people.as_slice() else { anyhow::bail!("two people") };
    people.iter().for_each(|person| person.replica.disconnect()); // the line is the photograph's alone
    let photo = photograph();
    let Kept { hash, size } = shelf(imke).put(photo.as_slice(), MOST)?;
    let early = download(&tomas.account, &shelf(tomas), hash, MOST, |_| {}).await;
    ensure!(matches!(early, Err(FileError::NotThere)), "it is on Imke's desk only: {early:?}");

    let before = imke.line.carried();
    let up = async |heard: &mut Vec<u64>| {
        upload(&imke.account, &shelf(imke), hash, |Progress { done, .. }| heard.push(done)).await
    };
    let (cuts, heard) = persist(imke, up).await?;
    ensure!(cuts >= 3, "the line did break: {cuts}");
    ensure!(heard.last() == Some(&size) && heard.is_sorted(), "it only ever gets on: {heard:?}");
    let carried = imke.line.carried() - before;
    ensure!(carried < size * 2, "what had arrived was not sent again: {carried} bytes for {size}");

    let before = tomas.line.carried();
    let down = async |heard: &mut Vec<u64>| {
        let tell = |Progress { done, .. }: Progress| heard.push(done);
        download(&tomas.account, &shelf(tomas), hash, MOST, tell).await
    };
    let (cuts, _) = persist(tomas, down).await?;
    ensure!(cuts >= 3, "his line broke too: {cuts}");
    let carried = tomas.line.carried() - before;
    ensure!(carried < size * 2, "{carried} bytes for {size}");
    ensure!(fs::read(shelf(tomas).path(hash))? == photo, "what she sees is what he sees");

    let before = imke.line.carried();
    upload(&imke.account, &shelf(imke), hash, |_| {}).await?;
    ensure!(imke.line.carried() - before < 10_000, "what the relay has is not brought again");
    let small = download(&tomas.account, &shelf(imke), ContentHash::of(b"?"), MOST, |_| {}).await;
    ensure!(matches!(small, Err(FileError::NotThere)), "what nobody ever had is not there: {small:?}");
    Ok(())
}

#[tokio::test]
async fn a_download_that_a_disk_damaged_half_way_is_begun_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomas] = people.as_slice() else { anyhow::bail!("two people") };
    let photo = photograph();
    let Kept { hash, .. } = shelf(imke).put(photo.as_slice(), MOST)?;
    upload(&imke.account, &shelf(imke), hash, |_| {}).await?;

    let unfinished = tomas.profile.files(tomas.workspace).join("unfinished");
    fs::create_dir_all(&unfinished)?;
    fs::write(unfinished.join(Hex::from(hash).to_string()), vec![0; 2_000_000])?;
    let his = shelf(tomas);
    let down = || download(&tomas.account, &his, hash, MOST, |_| {});
    let damaged = down().await;
    ensure!(matches!(damaged, Err(FileError::Mismatch)), "nobody is shown these bytes: {damaged:?}");
    down().await?;
    ensure!(fs::read(shelf(tomas).path(hash))? == photo, "the next attempt begins anew");

    let large = download(&tomas.account, &shelf(imke), hash, 1_000, |_| {}).await;
    ensure!(large.is_ok(), "what is on the shelf is not fetched, however large: {large:?}");
    Ok(())
}
