//! Pictures in documents: there at once for whoever adds them, then at the relay, then for everybody else.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, ensure};
use sheaf_client::files::{FileError, FileView, Shelf, Trouble, Whereabouts, upload};
use sheaf_client::{ReplicaEvent, team as teams};
use sheaf_document::ids::ContentHash;
use sheaf_protocol::entry::Origin;
use sheaf_protocol::record::Dimensions;
use sheaf_protocol::rest::Hex;
use sheaf_relay::orphans::{self, Orphans};
use sheaf_stories::world::World;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::people::{PATIENCE, Person, team};

/// A file on somebody's disk: a picture by its first bytes, and as long as somebody wants.
struct Photo {
    path: PathBuf,
    hash: ContentHash,
    bytes: Vec<u8>,
    _folder: TempDir,
}

impl Photo {
    fn of(name: &str, size: usize) -> anyhow::Result<Self> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x2c\0\0\0\xc8\x08\x02\0\0\0".to_vec();
        let mut noise = vec![0; size.saturating_sub(bytes.len())];
        blake3::Hasher::new().update(name.as_bytes()).finalize_xof().fill(&mut noise);
        bytes.extend(noise);
        Self::with(name, bytes)
    }

    fn with(name: &str, bytes: Vec<u8>) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join(name);
        fs::write(&path, &bytes)?;
        Ok(Self { path, hash: ContentHash::of(&bytes), bytes, _folder: folder })
    }
}

async fn look(person: &Person, hash: ContentHash) -> anyhow::Result<FileView> {
    person.replica.files(vec![hash]).await?.pop().context("each file has a view")
}

/// Waits until somebody sees a file so.
async fn sees(person: &Person, hash: ContentHash, stands: Whereabouts) -> anyhow::Result<FileView> {
    let (_watcher, mut events) = person.replica.watch();
    loop {
        let view = look(person, hash).await?;
        if view.whereabouts == stands {
            return Ok(view);
        }
        let files = async {
            while let Some(event) = events.next().await {
                if matches!(event, ReplicaEvent::Files(_) | ReplicaEvent::Status(_)) {
                    break;
                }
            }
        };
        let waited = timeout(PATIENCE, files).await;
        waited.with_context(|| format!("{} never saw it {stands:?}: {view:?}", person.name))?;
    }
}

/// Returns the blobs that the relay holds whole.
fn blobs(world: &World) -> anyhow::Result<Vec<PathBuf>> {
    fn below(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            match path.is_dir() {
                true if path.ends_with("unfinished") => {}
                true => below(&path, found)?,
                false => found.push(path),
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    below(&world.folder().join("blobs"), &mut found)?;
    Ok(found)
}

#[tokio::test]
async fn ada_adds_a_picture_on_the_train_and_tomas_sees_it_when_she_arrives() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Ada", "Tomás"]).await?;
    let [ada, tomas] = people.as_slice() else { anyhow::bail!("two people") };
    ada.until("in step", sheaf_client::Status::is_synced).await?;
    ada.line.cut();
    let photo = Photo::of("harbour.png", 3_000_000)?;
    let added = ada.replica.add_file(&photo.path).await?;
    ensure!(added.hash == photo.hash && added.name == "harbour.png", "{added:?}");
    ensure!(
        added.is_picture && added.dimensions == Some(Dimensions { width: 300, height: 200 }),
        "{added:?}"
    );
    ensure!(fs::read(ada.replica.file_path(photo.hash))? == photo.bytes, "she has it at once");
    ensure!(added.whereabouts == Whereabouts::Uploading, "and is told honestly who has not: {added:?}");
    let before = look(tomas, photo.hash).await?;
    ensure!(before.whereabouts == Whereabouts::Missing, "Tomás sees where it will be: {before:?}");

    ada.line.restore();
    ada.replica.hurry();
    let there = sees(tomas, photo.hash, Whereabouts::Here).await?;
    ensure!(there.person == Some(ada.replica.identity().author.person), "it is hers: {there:?}");
    ensure!(there.is_picture && there.name == "harbour.png", "he knows what it is: {there:?}");
    ensure!(fs::read(tomas.replica.file_path(photo.hash))? == photo.bytes, "byte for byte");
    sees(ada, photo.hash, Whereabouts::Here).await?;
    ada.until("in step", sheaf_client::Status::is_synced).await?;
    Ok(())
}

#[tokio::test]
async fn a_film_arrives_whole_though_both_ends_are_killed_in_the_midst_again_and_again() -> anyhow::Result<()>
{
    let world = World::begin().await?;
    let mut people = team(&world, &["Ada", "Tomás"]).await?;
    let [ada, tomas] = people.as_mut_slice() else { anyhow::bail!("two people") };
    let film = Photo::of("film.mov", 9_500_000)?;
    ada.replica.add_file(&film.path).await?;
    for _ in 0..4 {
        ada.line.cut_after(2_300_000);
        ada.line.restore();
        ada.until("cut off", |status| status.relay.is_some()).await?;
        ada.crash().await?;
    }
    sees(ada, film.hash, Whereabouts::Here).await?;
    tomas.crash().await?;
    tomas.line.cut_after(2_300_000);
    look(tomas, film.hash).await?;
    tomas.crash().await?;
    tomas.line.restore();
    sees(tomas, film.hash, Whereabouts::Here).await?;
    ensure!(fs::read(tomas.replica.file_path(film.hash))? == film.bytes, "byte for byte");
    Ok(())
}

#[tokio::test]
async fn the_same_picture_from_two_people_is_one_file() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Ada", "Tomás"]).await?;
    let [ada, tomas] = people.as_slice() else { anyhow::bail!("two people") };
    let photo = Photo::of("harbour.png", 200_000)?;
    ada.line.cut();
    ada.replica.add_file(&photo.path).await?;
    let again = ada.replica.add_file(&photo.path).await?;
    ensure!(again.name == "harbour.png", "what is known is not told again: {again:?}");
    tomas.replica.add_file(&photo.path).await?;
    sees(tomas, photo.hash, Whereabouts::Here).await?;
    ada.line.restore();
    ada.replica.hurry();
    sees(ada, photo.hash, Whereabouts::Here).await?;
    ada.until("in step", sheaf_client::Status::is_synced).await?;
    let blobs = blobs(&world)?;
    ensure!(blobs.len() == 1, "the relay keeps it once: {blobs:?}");
    let view = look(ada, photo.hash).await?;
    ensure!(view.person == Some(tomas.replica.identity().author.person), "he was first: {view:?}");
    ensure!(ada.replica.refused_records().await?.is_empty(), "and nobody is bothered with it");
    Ok(())
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read_or_else_kept_and_told() -> anyhow::Result<()> {
    let world = World::with_files_up_to(1_000_000).await?;
    let people = team(&world, &["Ada"]).await?;
    let [ada] = people.as_slice() else { anyhow::bail!("one person") };
    let film = Photo::of("film.png", 1_000_001)?;
    ada.replica.add_file(&film.path).await.context("her device does not know the limit yet")?;
    let told = sees(ada, film.hash, Whereabouts::Refused).await?;
    ensure!(told.trouble == Some(Trouble::TooLarge), "she is told why: {told:?}");
    ensure!(fs::read(ada.replica.file_path(film.hash))? == film.bytes, "and still has it");

    teams::learn(&ada.replica, &ada.account, &ada.clock).await?;
    let longer = Photo::of("longer.png", 1_000_002)?;
    let refused = ada.replica.add_file(&longer.path).await;
    ensure!(matches!(refused, Err(FileError::TooLarge { most: 1_000_000 })), "{refused:?}");
    let announced = ada.replica.begin_file(2_000_000_000).await;
    ensure!(
        matches!(announced, Err(FileError::TooLarge { .. })),
        "2 GB are refused at the word: {announced:?}"
    );
    let mut lying = ada.replica.begin_file(10).await?;
    let lie = lying.write(&longer.bytes);
    ensure!(matches!(lie, Err(FileError::TooLarge { .. })), "and whoever says less is found out: {lie:?}");

    let small = Photo::of("small.png", 999_999)?;
    ada.replica.add_file(&small.path).await?;
    sees(ada, small.hash, Whereabouts::Here).await.context("the large one is in nobody's way")?;
    Ok(())
}

#[tokio::test]
async fn whatever_could_run_is_kept_as_a_file_and_never_shown() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Ada", "Tomás"]).await?;
    let [ada, tomas] = people.as_slice() else { anyhow::bail!("two people") };
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let logo = Photo::with("logo.png", svg)?;
    let added = ada.replica.add_file(&logo.path).await?;
    ensure!(!added.is_picture && added.name == "logo.png", "its name does not make it one: {added:?}");
    let got = sees(tomas, logo.hash, Whereabouts::Here).await?;
    ensure!(!got.is_picture && got.size == logo.bytes.len() as u64, "a card, to be saved: {got:?}");
    Ok(())
}

#[tokio::test]
async fn a_relay_that_lost_its_files_gets_them_back_from_whoever_has_them() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let people = team(&world, &["Ada", "Tomás"]).await?;
    let [ada, tomas] = people.as_slice() else { anyhow::bail!("two people") };
    let photo = Photo::of("harbour.png", 200_000)?;
    ada.replica.add_file(&photo.path).await?;
    sees(tomas, photo.hash, Whereabouts::Here).await?;
    fs::remove_file(tomas.replica.file_path(photo.hash))?;
    tomas.replica.disconnect();
    world.stop_relay().await?;
    for blob in blobs(&world)? {
        fs::remove_file(blob)?;
    }
    sheaf_relay::restored::begin_new_life(world.folder())?;
    world.start_relay().await?;
    ada.replica.hurry();
    tomas.replica.connect(teams::relay(&tomas.account));
    sees(tomas, photo.hash, Whereabouts::Here).await.context("Ada's device brought it again")?;
    ensure!(fs::read(tomas.replica.file_path(photo.hash))? == photo.bytes, "byte for byte");
    Ok(())
}

#[tokio::test]
async fn only_what_nothing_ever_mentioned_is_cleaned_away_and_history_keeps_its_pictures()
-> anyhow::Result<()> {
    const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);
    let mut world = World::begin().await?;
    let people = team(&world, &["Ada"]).await?;
    let [ada] = people.as_slice() else { anyhow::bail!("one person") };
    let [told, once, never] = ["told.png", "once.png", "never.png"].map(|name| Photo::of(name, 50_000));
    let (told, once, never) = (told?, once?, never?);
    ada.replica.add_file(&told.path).await?;
    let shelf = Shelf::of(&ada.profile, ada.workspace);
    for photo in [&once, &never] {
        shelf.put(photo.bytes.as_slice(), u64::MAX)?;
        upload(&ada.account, &shelf, photo.hash, |_| {}).await?;
    }
    let title = format!("the picture {} was here", Hex::from(once.hash));
    let document = ada.replica.create(&title, Vec::new(), Origin::TYPED).await?;
    ada.replica.rename(document, "nothing is here any more").await?;
    sees(ada, told.hash, Whereabouts::Here).await?;
    ada.until("in step", sheaf_client::Status::is_synced).await?;

    let later = SystemTime::now() + MONTH + MONTH;
    let found = orphans::clean(world.folder(), MONTH, later, true)?;
    ensure!(found.files == 1 && blobs(&world)?.len() == 3, "a dry run only counts: {found:?}");
    let running = orphans::clean(world.folder(), MONTH, later, false);
    ensure!(matches!(running, Err(sheaf_relay::Error::FolderInUse { .. })), "{running:?}");
    world.stop_relay().await?;
    let young = orphans::clean(world.folder(), MONTH, SystemTime::now(), false)?;
    ensure!(young == Orphans::default(), "its record may be on its way: {young:?}");
    let cleaned = orphans::clean(world.folder(), MONTH, later, false)?;
    ensure!(cleaned == Orphans { files: 1, bytes: 50_000, is_log_newer: false }, "{cleaned:?}");
    let left = blobs(&world)?;
    for photo in [&told, &once] {
        let name = Hex::from(photo.hash).to_string();
        ensure!(
            left.iter().any(|path| path.ends_with(&name)),
            "history shows it, whatever was deleted: {left:?}"
        );
    }
    ensure!(left.len() == 2, "and nothing ever could show the third: {left:?}");
    Ok(())
}
