//! The tree of documents, kept by several people at once, with and without a line: in the end everyone sees one tree, and no
//! text was ever out of sight.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use sheaf_client::{Level, Place, Replica, ReplicaEvent, Status, chance, team as account_of};
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::{Kind, Origin};
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{DEEPEST, Order, PlaceWrite, Record};
use sheaf_store::{Access, Budget, LocalRecord, Options, Settle, Store};
use sheaf_stories::world::World;
use tokio::time::timeout;

use crate::offline::Chance;
use crate::people::{PATIENCE, Person, paragraph, team};

/// Everything that can be read.
const ALL: Budget = Budget { bytes: usize::MAX, rows: usize::MAX };

/// Documents by the names that a story calls them.
type Names = BTreeMap<DocumentId, &'static str>;

/// The tree as it is shown, one line for each document, indented; then what is in the trash, and what stands nowhere.
async fn outline(replica: &Replica, names: &Names) -> anyhow::Result<Vec<String>> {
    let name = |id| names.get(&id).map_or_else(|| format!("{id}"), |name| (*name).to_owned());
    let mut lines = Vec::new();
    for (level, mark) in [(Level::Under(None), ""), (Level::Trash, "trash: "), (Level::Recovered, "lost: ")] {
        let rows = replica.level(level, None, usize::MAX).await?;
        let mut left: Vec<_> = rows.into_iter().rev().map(|row| (0, row.id)).collect();
        while let Some((depth, id)) = left.pop() {
            lines.push(format!("{mark}{}{}", "  ".repeat(depth), name(id)));
            let below = replica.level(Level::Under(Some(id)), None, usize::MAX).await?;
            left.extend(below.into_iter().rev().map(|row| (depth + 1, row.id)));
        }
    }
    Ok(lines)
}

/// Waits until somebody sees this tree.
async fn sees(person: &Person, names: &Names, tree: &[&str]) -> anyhow::Result<()> {
    let (_watcher, mut events) = person.replica.watch();
    loop {
        let shown = outline(&person.replica, names).await?;
        if shown == tree {
            return Ok(());
        }
        let told = async {
            while let Some(event) = events.next().await {
                if matches!(event, ReplicaEvent::Places(_)) {
                    break;
                }
            }
        };
        if timeout(PATIENCE, told).await.is_err() {
            anyhow::bail!("{} never saw {tree:?}, but {shown:?}", person.name);
        }
    }
}

/// Makes documents at the top, in this order.
async fn begin<const N: usize>(
    person: &Person,
    names: [&'static str; N],
) -> anyhow::Result<(Names, [DocumentId; N])> {
    let (mut known, mut ids) = (Names::new(), Vec::new());
    for name in names {
        let id = person.replica.create(name, vec![paragraph(name)], Origin::TYPED).await?;
        known.insert(id, name);
        ids.push(id);
    }
    let ids = ids.try_into().map_err(|_| anyhow::anyhow!("as many as names"))?;
    Ok((known, ids))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_move_one_document_end_with_one_place_for_it() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let (names, [recipes, travel, plan]) = begin(imke, ["Recipes", "Travel", "Plan"]).await?;
    sees(tomás, &names, &["Recipes", "Travel", "Plan"]).await?;

    imke.line.cut();
    tomás.line.cut();
    imke.replica.move_to(plan, Some(recipes), Place::First).await?;
    tomás.replica.move_to(plan, Some(travel), Place::First).await?;
    sees(imke, &names, &["Recipes", "  Plan", "Travel"]).await?;
    sees(tomás, &names, &["Recipes", "Travel", "  Plan"]).await?;
    imke.line.restore();
    imke.until("in step", Status::is_synced).await?;
    tomás.line.restore();
    for person in &people {
        sees(person, &names, &["Recipes", "Travel", "  Plan"]).await?;
        person.until("in step", Status::is_synced).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_without_a_line_make_no_circle() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let (names, [recipes, travel]) = begin(imke, ["Recipes", "Travel"]).await?;
    sees(tomás, &names, &["Recipes", "Travel"]).await?;
    tomás.has_all(travel, &["Travel".to_owned()].into()).await.context("a text may come after its place")?;

    imke.line.cut();
    tomás.line.cut();
    imke.replica.move_to(recipes, Some(travel), Place::Last).await?;
    tomás.replica.move_to(travel, Some(recipes), Place::Last).await?;
    tomás.write(travel, "the ferry leaves at 18:40").await?;
    imke.line.restore();
    imke.until("in step", Status::is_synced).await?;
    tomás.line.restore();
    for person in &people {
        sees(person, &names, &["Travel", "  Recipes"]).await?;
    }
    tomás.until("told", |status| status.refused_records == 1 && status.waiting == 1).await?;
    let refused = tomás.replica.refused_records().await?;
    let [refused] = refused.as_slice() else { anyhow::bail!("one move was refused: {refused:?}") };
    let is_travel = matches!(&refused.record, Record::Place(write) if write.document == travel);
    assert!(refused.code == Code::CYCLE && is_travel, "it says which and why: {refused:?}");
    let line = "the ferry leaves at 18:40".to_owned();
    imke.has_all(travel, &[line].into()).await.context("the text goes on")?;

    tomás.replica.settle_record(refused.row, Settle::Discard).await?;
    tomás.until("in step", Status::is_synced).await?;
    sees(tomás, &names, &["Travel", "  Recipes"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_a_document_goes_to_the_trash_is_in_it() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let (names, [recipes, bread]) = begin(imke, ["Recipes", "Bread"]).await?;
    imke.replica.move_to(bread, Some(recipes), Place::Last).await?;
    sees(tomás, &names, &["Recipes", "  Bread"]).await?;
    tomás.has_all(bread, &["Bread".to_owned()].into()).await?;

    tomás.line.cut();
    imke.replica.trash(recipes, true).await?;
    tomás.write(bread, "and a little salt").await?;
    tomás.replica.rename(bread, "Bread 🥖").await?;
    tomás.line.restore();
    sees(tomás, &names, &["trash: Recipes", "trash:   Bread"]).await?;
    tomás.until("in step", Status::is_synced).await?;
    imke.has_all(bread, &["and a little salt".to_owned()].into()).await?;

    tomás.replica.trash(bread, false).await?;
    for person in &people {
        sees(person, &names, &["Bread", "trash: Recipes"]).await?;
    }
    imke.replica.trash(recipes, false).await?;
    imke.replica.move_to(bread, Some(recipes), Place::Last).await?;
    for person in &people {
        sees(person, &names, &["Recipes", "  Bread"]).await?;
    }
    let path = imke.replica.path(bread).await?;
    assert_eq!(path.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [recipes, bread], "the way to it");
    Ok(())
}

/// Puts a chain of documents under each other, one record each, without anybody looking.
fn chain(store: &mut Store, length: usize) -> anyhow::Result<Vec<DocumentId>> {
    let ids: Vec<_> = (1..=length as u64).map(|number| DocumentId::fresh(number, chance::bytes())).collect();
    let order = Order::between(None, None, 0)?;
    let parents = [None].into_iter().chain(ids.iter().copied().map(Some));
    let place = |(id, parent): (&DocumentId, Option<DocumentId>)| LocalRecord {
        record: Record::Place(PlaceWrite::at(*id, parent, order.clone())),
        origin: Origin::IMPORTED,
        at: 1,
    };
    let records: Vec<_> = ids.iter().zip(parents).map(place).collect();
    store.commit_records(&records, &[])?;
    Ok(ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_whose_place_is_refused_keeps_its_text_and_is_found_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_mut_slice() else { anyhow::bail!("two people") };
    imke.until("in step", Status::is_synced).await?;
    imke.replica.stop().await;
    let path = imke.profile.database(imke.workspace);
    let deep = chain(&mut Store::open(&path, Options { key: None, access: Access::Write })?, DEEPEST)?;
    imke.replica = Replica::open(&imke.profile, imke.workspace, imke.clock.clone()).await?;
    imke.replica.connect(account_of::relay(&imke.account));
    let (top, deepest) = (deep[0], deep[DEEPEST - 1]);
    let (mut names, [shelf]) = begin(imke, ["Shelf"]).await?;
    imke.until("in step", Status::is_synced).await?;
    sees_place(tomás, deepest).await?;

    tomás.line.cut();
    let note =
        tomás.replica.create_in(Some(deepest), Place::Last, "Note", vec![paragraph("found")], Origin::TYPED);
    let note = note.await?;
    names.insert(note, "Note");
    imke.replica.move_to(top, Some(shelf), Place::Last).await?;
    imke.until("in step", Status::is_synced).await?;
    tomás.line.restore();
    tomás.until("told", |status| status.refused_records == 1 && status.waiting == 1).await?;
    let refused = tomás.replica.refused_records().await?;
    assert_eq!(refused[0].code, Code::TOO_DEEP, "a rule that he could not know of");
    imke.has_all(note, &["found".to_owned()].into()).await.context("the text is everyone's")?;
    for person in [&*imke, &*tomás] {
        let lost = person.replica.level(Level::Recovered, None, 9).await?;
        let ids: Vec<_> = lost.iter().map(|row| row.id).collect();
        assert_eq!(ids, [note], "{} finds it among what was recovered", person.name);
    }
    tomás.replica.settle_record(refused[0].row, Settle::Discard).await?;
    imke.replica.move_to(note, Some(shelf), Place::First).await?;
    sees_place(tomás, note).await?;
    let path: Vec<_> = tomás.replica.path(note).await?.into_iter().map(|(id, ..)| id).collect();
    assert_eq!(path, [shelf, note], "and anybody puts it where it belongs");
    tomás.until("in step", Status::is_synced).await?;

    // Whoever comes now gets the tree folded, once the relay has folded it; before that as entries, which is as good.
    for number in 0.. {
        let link = world.invitation(world.address())?;
        let ada = Person::join(&format!("Ada{number}"), world.address(), &link).await?;
        sees_place(&ada, note).await?;
        ada.until("in step", Status::is_synced).await?;
        let way = |replica: &Replica| {
            let replica = replica.clone();
            async move { replica.path(deepest).await }
        };
        assert_eq!(way(&ada.replica).await?.len(), DEEPEST + 1, "the whole chain, and the shelf");
        ada.replica.stop().await;
        let disk = Options { key: None, access: Access::Read };
        let disk = Store::open(&ada.profile.database(ada.workspace), disk)?;
        disk.check()?;
        let epoch = disk.position()?.epoch.context("she met the log")?;
        let entries = disk.numbered_after(epoch, 0, ALL)?;
        if entries.iter().filter(|entry| entry.draft.kind == Kind::RECORD).count() < 100 {
            return Ok(());
        }
    }
    Ok(())
}

/// Waits until somebody has a document in the tree.
async fn sees_place(person: &Person, document: DocumentId) -> anyhow::Result<()> {
    let (_watcher, mut events) = person.replica.watch();
    loop {
        let rows = person.replica.places(vec![document]).await?;
        if rows.iter().any(|row| !row.recovered) {
            return Ok(());
        }
        if timeout(PATIENCE, events.next()).await.is_err() {
            anyhow::bail!("{} never saw {document}: {:?}", person.name, person.replica.status());
        }
    }
}

/// Everyone moves, trashes and makes documents while lines are cut anywhere and machines crash; then the weather clears.
#[tokio::test(flavor = "multi_thread")]
async fn the_tree_is_one_after_bad_weather() -> anyhow::Result<()> {
    let given = std::env::var("SHEAF_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| u64::from_le_bytes(chance::bytes()) | 1);
    let told = bad_weather(Chance::new(seed)).await;
    told.with_context(|| format!("SHEAF_SEED={seed} tells this story again"))
}

async fn bad_weather(mut chance: Chance) -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut people = team(&world, &["Imke", "Tomás", "Ada"]).await?;
    let first = people.first().context("somebody begins")?;
    let (names, ids) = begin(first, ["Recipes", "Travel", "Plan", "Letters", "Diary"]).await?;
    for person in &people {
        sees(person, &names, &["Recipes", "Travel", "Plan", "Letters", "Diary"]).await?;
    }
    for _ in 0..14 {
        for person in &mut people {
            match chance.below(6) {
                0 => person.line.cut(),
                1 => person.line.cut_after(u32::try_from(chance.below(3_000))?),
                2 => person.line.restore(),
                3 => person.crash().await?,
                _ => {}
            }
            let mut one = || ids.get(usize::try_from(chance.below(5)).unwrap_or_default()).copied();
            let (document, other) = (one().context("five")?, one().context("five")?);
            let replica = &person.replica;
            let done = match chance.below(5) {
                0 => replica.trash(document, chance.below(2) == 0).await,
                1 => replica.move_to(document, None, Place::After(other)).await,
                2 => replica.rename(document, &format!("Title {}", chance.below(100))).await,
                _ => replica.move_to(document, Some(other), Place::Last).await,
            };
            match done {
                Ok(()) | Err(sheaf_client::ReplicaError::Rule(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    for person in &people {
        person.line.restore();
    }
    for person in &people {
        person.until("answered", |status| status.waiting == status.refused_records).await?;
        for refused in person.replica.refused_records().await? {
            person.replica.settle_record(refused.row, Settle::Discard).await?;
        }
    }
    // What one wrote last has reached the others once they all follow what comes behind it.
    let first = people.first().context("somebody ends")?;
    let last = first.replica.create("Last", vec![paragraph("word")], Origin::TYPED).await?;
    let mut trees = Vec::new();
    for person in &people {
        sees_place(person, last).await?;
        person.until("in step", Status::is_synced).await?;
        trees.push(outline(&person.replica, &names).await?);
        person.replica.stop().await;
        let disk = Options { key: None, access: Access::Read };
        Store::open(&person.profile.database(person.workspace), disk)?.check()?;
    }
    let tree = trees.first().context("three of them")?;
    ensure!(trees.iter().all(|other| other == tree), "everyone sees one tree: {trees:#?}");
    ensure!(tree.len() == ids.len() + 1, "and every document in it, once: {tree:#?}");
    Ok(())
}
