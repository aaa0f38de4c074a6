//! People who write with and without a line, in programs that end anywhere: in the end everyone has every line.
//!
//! All of it is in this process, so that lines can be cut while a thousand things are on their way; a crash is a replica
//! that is dropped as it stands. Real processes, the relay's too, are killed in `killed`.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, ensure};
use sheaf_client::{Profile, Replica, Status, chance, session, team as account_of};
use sheaf_protocol::entry::Origin;
use sheaf_stories::world::World;

use crate::people::{paragraph, team};
use crate::process::text;

/// Small steps from a seed, so that a story that went wrong can be told again.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        // Xorshift (Marsaglia): good enough to choose who crashes.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Everyone writes while lines are cut anywhere and machines crash; then the weather clears.
async fn through_bad_weather(names: &[&str], rounds: u32) -> anyhow::Result<()> {
    let given = std::env::var("SHEAF_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| u64::from_le_bytes(chance::bytes()) | 1);
    let told = told_from(Chance::new(seed), names, rounds).await;
    told.with_context(|| format!("SHEAF_SEED={seed} tells this story again"))
}

async fn told_from(mut chance: Chance, names: &[&str], rounds: u32) -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut people = team(&world, names).await?;
    let first = people.first().context("somebody begins")?;
    let document = first.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    let mut lines = BTreeSet::from(["begun".to_owned()]);
    for person in &people {
        person.has_all(document, &lines).await?;
    }
    for round in 0..rounds {
        for person in &mut people {
            match chance.below(5) {
                0 => person.line.cut(),
                1 => person.line.cut_after(u32::try_from(chance.below(6_000))?),
                2 => person.line.restore(),
                3 => person.crash().await?,
                _ => {}
            }
            let words = format!("{} in round {round}", person.name);
            person.write(document, &words).await?;
            lines.insert(words);
        }
    }
    for person in &people {
        person.line.restore();
    }
    let mut texts = BTreeSet::new();
    for person in &people {
        person.until("done sending", |status| status.waiting == 0).await?;
        texts.insert(person.has_all(document, &lines).await?.trim_end().to_owned());
    }
    let folder = world.folder().to_owned();
    texts.insert(tokio::task::spawn_blocking(move || text(&folder, document)).await??.trim_end().to_owned());
    ensure!(texts.len() == 1, "everyone reads the same, and the relay too: {texts:#?}");
    let text = texts.into_iter().next().unwrap_or_default();
    ensure!(text.lines().count() == lines.len(), "and no line twice:\n{text}");
    for person in &people {
        ensure!(person.replica.status().forks == 0, "nothing of {}'s was refused", person.name);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_lose_no_line_in_bad_weather() -> anyhow::Result<()> {
    through_bad_weather(&["Imke", "Tomás"], 12).await
}

#[tokio::test(flavor = "multi_thread")]
async fn five_people_lose_no_line_in_bad_weather() -> anyhow::Result<()> {
    through_bad_weather(&["Imke", "Tomás", "Ada", "Bo", "Chidi"], 6).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_that_slept_notices_that_its_line_is_dead() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let document = imke.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    imke.until("in step", Status::is_synced).await?;

    imke.line.go_silent();
    tomás.has_all(document, &["begun".to_owned()].into()).await?;
    tomás.write(document, "while Imke's laptop slept").await?;
    imke.asleep.fetch_add(3_600_000, Ordering::SeqCst);
    imke.until("aware of the sleep", |status| {
        matches!(status.relay, Some(session::Status::Offline { .. } | session::Status::Connecting))
    })
    .await?;
    imke.line.restore();
    imke.has_all(document, &["while Imke's laptop slept".to_owned()].into()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_that_stops_and_starts_is_found_again() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let document = people[0].replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    people[0].until("in step", Status::is_synced).await?;
    world.stop_relay().await?;
    people[0]
        .until("offline", |status| matches!(status.relay, Some(session::Status::Offline { .. })))
        .await?;
    people[0].write(document, "written alone").await?;
    world.start_relay().await?;
    let lines = ["begun", "written alone"].map(str::to_owned).into();
    people[1].has_all(document, &lines).await?;
    people[0].until("in step again", Status::is_synced).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_profile_loses_no_line_of_either_copy() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let document = imke.replica.create("Minutes", vec![paragraph("begun")], Origin::TYPED).await?;
    imke.until("in step", Status::is_synced).await?;
    imke.replica.stop().await;

    let attic = tempfile::tempdir()?;
    let copied = Profile::open(attic.path())?;
    let (from, to) = (imke.profile.database(imke.workspace), copied.database(imke.workspace));
    std::fs::create_dir_all(to.parent().context("a folder")?)?;
    for ending in ["", "-wal"] {
        let beside = |path: &std::path::Path| format!("{}{ending}", path.display());
        if std::path::Path::new(&beside(&from)).exists() {
            std::fs::copy(beside(&from), beside(&to))?;
        }
    }
    let first = Replica::open(&imke.profile, imke.workspace, imke.clock.clone()).await?;
    let second = Replica::open(&copied, imke.workspace, imke.clock.clone()).await?;
    first.append(document, vec![paragraph("on the old machine")], Origin::TYPED).await?;
    second.append(document, vec![paragraph("on the restored one")], Origin::TYPED).await?;
    first.connect(account_of::relay(&imke.account));
    second.connect(account_of::relay(&imke.account));
    let lines = ["begun", "on the old machine", "on the restored one"].map(str::to_owned).into();
    tomás.has_all(document, &lines).await?;
    Ok(())
}
