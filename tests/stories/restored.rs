//! A relay that is brought back from a backup: what was acknowledged since comes back from those who hold it.

use sheaf_client::{Level, Place, Status};
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Origin;
use sheaf_relay::restored;
use sheaf_stories::world::World;

use crate::people::{PATIENCE, Person, paragraph, team};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_backup_does_not_hold_comes_back_from_the_people() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let document = imke.replica.create("Minutes", vec![paragraph("before")], Origin::TYPED).await?;
    tomás.has_all(document, &["before".to_owned()].into()).await?;
    world.stop_relay().await?;
    let (database, backup) = (world.folder().join("relay.db"), world.folder().join("backup.db"));
    std::fs::copy(&database, &backup)?;
    world.start_relay().await?;

    imke.write(document, "acknowledged after the backup").await?;
    tomás.has_all(document, &["acknowledged after the backup".to_owned()].into()).await?;
    imke.until("in step", Status::is_synced).await?;
    tomás.until("in step", Status::is_synced).await?;
    world.stop_relay().await?;
    std::fs::copy(&backup, &database)?;
    tomás.line.cut();
    let kept = restored::begin_new_life(world.folder())?;
    world.start_relay().await?;

    // Imke alone is back. What she writes gets the numbers that Tomás knows as others'.
    imke.write(document, "written on the restored relay").await?;
    imke.until("in step again", Status::is_synced).await?;
    tomás.line.restore();
    let lines = ["before", "acknowledged after the backup", "written on the restored relay"];
    let all = lines.map(str::to_owned).into();
    assert_eq!(tomás.has_all(document, &all).await?, imke.has_all(document, &all).await?);
    assert!(kept > 0, "the backup held the beginning");

    // Whoever comes now gets everything from the relay.
    let link = world.invitation(world.address())?;
    let ada = Person::join("Ada", world.address(), &link).await?;
    ada.has_all(document, &all).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_restore_from_an_older_backup_loses_nothing_that_the_first_had_kept() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let document = imke.replica.create("Minutes", vec![paragraph("Monday")], Origin::TYPED).await?;
    let mut lines = vec!["Monday".to_owned()];
    let database = world.folder().join("relay.db");
    for day in ["Tuesday", "Wednesday"] {
        in_step(&people, document, &lines).await?;
        world.stop_relay().await?;
        std::fs::copy(&database, world.folder().join(day))?;
        world.start_relay().await?;
        imke.write(document, day).await?;
        lines.push(day.to_owned());
    }
    in_step(&people, document, &lines).await?;

    // The younger backup holds Tuesday; the older one, of which the life between knows nothing, does not.
    for backup in ["Wednesday", "Tuesday"] {
        world.stop_relay().await?;
        std::fs::copy(world.folder().join(backup), &database)?;
        restored::begin_new_life(world.folder())?;
        world.start_relay().await?;
        in_step(&people, document, &lines).await?;
    }
    let link = world.invitation(world.address())?;
    let ada = Person::join("Ada", world.address(), &link).await?;
    let all = lines.into_iter().collect();
    assert_eq!(ada.has_all(document, &all).await?, tomás.has_all(document, &all).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tree_that_a_backup_does_not_hold_comes_back_from_the_people() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let plan = imke.replica.create("Plan", vec![paragraph("begun")], Origin::TYPED).await?;
    in_step(&people, plan, &["begun".to_owned()]).await?;
    world.stop_relay().await?;
    let (database, backup) = (world.folder().join("relay.db"), world.folder().join("backup.db"));
    std::fs::copy(&database, &backup)?;
    world.start_relay().await?;

    let shelf = imke.replica.create("Shelf", vec![paragraph("for plans")], Origin::TYPED).await?;
    imke.replica.move_to(plan, Some(shelf), Place::Last).await?;
    imke.replica.set_icon(shelf, "📚".to_owned()).await?;
    in_step(&people, plan, &["begun".to_owned()]).await?;
    world.stop_relay().await?;
    std::fs::copy(&backup, &database)?;
    restored::begin_new_life(world.folder())?;
    // Tomás comes back alone: what is Imke's comes back with her seals.
    imke.line.cut();
    world.start_relay().await?;
    tomás.replica.rename(shelf, "Shelves").await?;
    tomás.until("in step", Status::is_synced).await?;

    let link = world.invitation(world.address())?;
    let ada = Person::join("Ada", world.address(), &link).await?;
    imke.line.restore();
    for person in [imke, tomás, &ada] {
        let (_watcher, mut events) = person.replica.watch();
        loop {
            let path = person.replica.path(plan).await?;
            let path: Vec<_> = path.iter().map(|(id, _, icon)| (*id, icon.as_str())).collect();
            if path == [(shelf, "📚"), (plan, "")] {
                break;
            }
            let next = tokio::time::timeout(PATIENCE, events.next()).await;
            anyhow::ensure!(next.is_ok(), "{} never saw the plan on its shelf: {path:?}", person.name);
        }
        person.until("in step", Status::is_synced).await?;
        anyhow::ensure!(person.replica.status().refused_records == 0, "nothing was refused");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_put_back_without_a_word_of_it_costs_no_words_and_leaves_one_tree()
-> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let plan = imke.replica.create("Plan", vec![paragraph("begun")], Origin::TYPED).await?;
    let shelf = imke.replica.create("Shelf", vec![paragraph("for plans")], Origin::TYPED).await?;
    in_step(&people, plan, &["begun".to_owned()]).await?;
    world.stop_relay().await?;
    let (database, backup) = (world.folder().join("relay.db"), world.folder().join("backup.db"));
    std::fs::copy(&database, &backup)?;
    world.start_relay().await?;

    imke.line.cut();
    for _ in 0..9 {
        tomás.replica.move_to(plan, Some(shelf), Place::Last).await?;
    }
    tomás.write(plan, "by Tomás, after the backup").await?;
    tomás.until("in step", Status::is_synced).await?;
    world.stop_relay().await?;
    tomás.line.cut();
    std::fs::copy(&backup, &database)?;
    world.start_relay().await?;

    // Imke knows of nothing that the relay lacks, and what she says gets numbers that Tomás knows as others'.
    imke.line.restore();
    imke.write(plan, "by Imke, on what was put back").await?;
    imke.until("in step", Status::is_synced).await?;
    tomás.line.restore();
    let lines = ["begun", "by Tomás, after the backup", "by Imke, on what was put back"].map(str::to_owned);
    for person in &people {
        person.has_all(plan, &lines.clone().into()).await?;
    }
    in_step(&people, plan, &lines).await?;
    // Fewer were numbered by now than Tomás had seen.
    imke.replica.move_to(plan, None, Place::First).await?;
    in_step(&people, plan, &lines).await?;
    for person in &people {
        let top = person.replica.level(Level::Under(None), None, 9).await?;
        assert_eq!(top.first().map(|row| row.id), Some(plan), "{} hears of Imke's move", person.name);
    }
    Ok(())
}

/// Waits until everyone has these lines from the relay as it is now.
async fn in_step(people: &[Person], document: DocumentId, lines: &[String]) -> anyhow::Result<()> {
    let Some((first, others)) = people.split_first() else { return Ok(()) };
    // Only over a relay that both have met can this get from one to the other; it builds on nothing.
    let mark = first.replica.create("Mark", vec![paragraph("met")], Origin::TYPED).await?;
    for other in others {
        other.has_all(mark, &["met".to_owned()].into()).await?;
    }
    for person in people {
        person.has_all(document, &lines.iter().cloned().collect()).await?;
        person.until("in step", Status::is_synced).await?;
    }
    Ok(())
}
