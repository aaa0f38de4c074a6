//! Search, offline and beside everything else: what was written is found, whatever happened to the index meanwhile.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use sheaf_client::{Clock, Found, Kind, Place, Profile, Reader, Replica};
use sheaf_document::Document;
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::search::Query;
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_store::{Access, LocalWrite, Options, Store};
use sheaf_stories::world::World;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::people::{PATIENCE, paragraph, team};

/// Imke's device, without any relay.
struct Device {
    profile: Profile,
    workspace: WorkspaceId,
    _folder: TempDir,
}

impl Device {
    fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let profile = Profile::open(folder.path())?;
        let workspace = profile.begin(&Clock::system())?;
        Ok(Self { profile, workspace, _folder: folder })
    }

    async fn open(&self) -> anyhow::Result<Replica> {
        Ok(Replica::open(&self.profile, self.workspace, Clock::system()).await?)
    }

    /// Asks beside whoever has the workspace open, and says how many documents had to be brought in for that.
    fn ask(&self, words: &str) -> anyhow::Result<(Found, u64)> {
        let mut first = None;
        let found = Reader::open(&self.profile, self.workspace)?.search(&query(words), 20, |left| {
            first.get_or_insert(left);
        })?;
        Ok((found, first.unwrap_or_default()))
    }

    /// Returns a file of the index.
    fn index(&self, ending: &str) -> PathBuf {
        let mut path = self.profile.database(self.workspace).into_os_string();
        path.push(".search");
        path.push(ending);
        path.into()
    }
}

fn query(words: &str) -> Query {
    Query::parse(words, 0)
}

fn heading(words: &str) -> Node {
    Element::new("heading").with("level", 2).containing([Node::text(words)]).into()
}

/// The titles of what is found, once everything that was written is looked through.
async fn titles(replica: &Replica, words: &str) -> anyhow::Result<Vec<String>> {
    let found = found(replica, words).await?;
    Ok(found.hits.into_iter().map(|hit| hit.title.text).collect())
}

async fn found(replica: &Replica, words: &str) -> anyhow::Result<Found> {
    let search = async {
        loop {
            match replica.search(query(words), 20).await? {
                Some(found) if found.left == 0 => return anyhow::Ok(found),
                _ => tokio::task::yield_now().await,
            }
        }
    };
    timeout(PATIENCE, search).await.context("not all of it was ever looked through")?
}

async fn write(replica: &Replica, title: &str, words: &str) -> anyhow::Result<DocumentId> {
    Ok(replica.create(title, vec![paragraph(words)], Origin::TYPED).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_a_moment_ago_is_found() -> anyhow::Result<()> {
    let device = Device::new()?;
    let imke = device.open().await?;
    let log = write(&imke, "Log", "The ferry was late.").await?;
    write(&imke, "Ferry timetable", "Nine, noon and six.").await?;
    imke.create("Harbour", vec![heading("The ferry"), paragraph("It is old.")], Origin::TYPED).await?;
    let found = found(&imke, "ferr").await?;
    let kinds: Vec<_> = found.hits.iter().map(|hit| (hit.title.text.as_str(), hit.kind)).collect();
    let order = [("Ferry timetable", Kind::Begins), ("Harbour", Kind::Headed), ("Log", Kind::Written)];
    ensure!(kinds == order, "titles first, then headings, then the text: {kinds:?}");
    let hit = found.hits.last().context("a hit")?;
    let (text, range) = (&hit.snippet.text, hit.snippet.highlights.first().context("it is shown where")?);
    ensure!(text.get(range.start as usize..range.end as usize) == Some("ferry"), "{text}");

    imke.append(log, vec![paragraph("A porpoise beside the pier!")], Origin::TYPED).await?;
    ensure!(titles(&imke, "porpoise").await? == ["Log"], "it was written just now");
    imke.rename(log, "Logbook").await?;
    ensure!(titles(&imke, "logbook").await? == ["Logbook"], "and so was its title");
    ensure!(titles(&imke, "ferrry timteable").await? == ["Ferry timetable"], "two slips of the finger");
    ensure!(titles(&imke, "porpoise pier -ferry").await?.is_empty(), "without a word that is there");
    ensure!(titles(&imke, "\"beside the pier\"").await? == ["Logbook"]);
    ensure!(titles(&imke, "\"pier beside\"").await?.is_empty(), "in this order only");
    ensure!(titles(&imke, "\" OR * ( NEAR").await?.is_empty(), "what was typed is no command");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn people_find_what_they_mean_in_their_own_script() -> anyhow::Result<()> {
    let device = Device::new()?;
    let imke = device.open().await?;
    write(&imke, "Tomás", "Über die Straße zum Café.").await?;
    write(&imke, "京都", "東京都へ行きました。").await?;
    write(&imke, "서울", "한국어로 적었다").await?;
    for words in ["tomas", "TOMÁS", "strasse", "uber", "cafe", "CAFÉ stra"] {
        ensure!(titles(&imke, words).await? == ["Tomás"], "{words}");
    }
    ensure!(titles(&imke, "京都").await? == ["京都"], "also where it stands inside another word");
    for words in ["東京", "都", "行きました", "へ行"] {
        ensure!(titles(&imke, words).await? == ["京都"], "{words}");
    }
    ensure!(titles(&imke, "京東").await?.is_empty(), "the characters are there, the word is not");
    ensure!(titles(&imke, "한국").await? == ["서울"], "an ending hangs on it");
    let found = found(&imke, "京都").await?;
    let hit = found.hits.first().context("a hit")?;
    let (text, title) = (hit.snippet.highlights.first(), hit.title.highlights.first());
    ensure!(text == Some(&(1..3)) && title == Some(&(0..2)), "{hit:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trash_is_searched_when_somebody_says_so() -> anyhow::Result<()> {
    let device = Device::new()?;
    let imke = device.open().await?;
    let plans = write(&imke, "Team plans", "crane").await?;
    let blocks = vec![paragraph("crane")];
    let below = imke.create_in(Some(plans), Place::Last, "Budget", blocks, Origin::TYPED).await?;
    write(&imke, "Elsewhere", "crane").await?;
    ensure!(titles(&imke, "crane").await?.len() == 3);
    ensure!(titles(&imke, "crane in:plans").await? == ["Budget"], "only what stands under it");
    ensure!(titles(&imke, "in:\"team plans\"").await? == ["Budget"], "without any word, too");
    let found = found(&imke, "budget").await?;
    ensure!(found.hits.first().is_some_and(|hit| hit.path == ["Team plans"]), "and it is said where");
    imke.trash(plans, true).await?;
    ensure!(titles(&imke, "crane").await? == ["Elsewhere"], "what lies below is in the trash with it");
    ensure!(titles(&imke, "crane in:trash").await?.len() == 2, "both are there");
    imke.move_to(below, None, Place::Last).await?;
    ensure!(titles(&imke, "crane in:trash").await? == ["Team plans"], "one was taken out");
    ensure!(titles(&imke, "crane before:2020").await?.is_empty(), "it is younger than that");
    ensure!(titles(&imke, "budget after:2020").await? == ["Budget"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_says_what_links_to_it() -> anyhow::Result<()> {
    let device = Device::new()?;
    let imke = device.open().await?;
    let ferry = write(&imke, "Ferry timetable", "Nine, noon and six.").await?;
    let mention = || -> Node {
        let mention = Element::new("mention").with("id", ferry.to_string()).with("label", "the old name");
        Element::new("paragraph").containing([Node::text("See "), mention.into()]).into()
    };
    let minutes = imke.create("Minutes", vec![mention(), mention()], Origin::TYPED).await?;
    let plans = imke.create("Plans", vec![mention()], Origin::TYPED).await?;
    write(&imke, "Log", &format!("It says {ferry}.")).await?;
    imke.append(ferry, vec![mention()], Origin::TYPED).await?;
    let linking = async || -> anyhow::Result<Vec<DocumentId>> {
        found(&imke, "minutes").await?; // now everything is looked through
        Ok(imke.about(ferry, 10).await?.linked_from)
    };
    let both = linking().await?;
    ensure!(
        both.len() == 2 && both.contains(&minutes) && both.contains(&plans),
        "once each, not itself: {both:?}"
    );
    ensure!(imke.about(ferry, 1).await?.linked_from.len() == 1, "and no more than somebody asks for");
    ensure!(imke.about(plans, 10).await?.linked_from.is_empty(), "a link leads one way");
    ensure!(titles(&imke, &ferry.to_string().replace('-', "")).await?.is_empty(), "links are no words");
    imke.trash(plans, true).await?;
    ensure!(linking().await? == [minutes], "what is in the trash links nowhere");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn colleagues_and_what_they_wrote_are_found_without_a_line() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    for person in &people {
        // As whoever joins in the app does.
        person.replica.put_setting(sheaf_client::team::NAME, Some(person.name.clone())).await?;
        person.replica.disconnect();
        person.replica.connect(sheaf_client::team::relay(&person.account));
    }
    let shared = write(&imke.replica, "Minutes", "the crane is Imke's").await?;
    write(&imke.replica, "Alone", "the crane again").await?;
    tomás.has_all(shared, &["the crane is Imke's".to_owned()].into()).await?;
    tomás.write(shared, "the winch is mine").await?;
    imke.has_all(shared, &["the winch is mine".to_owned()].into()).await?;
    imke.until("in step", |status| status.is_synced()).await?;
    imke.line.cut();
    ensure!(titles(&imke.replica, "winch").await? == ["Minutes"], "it is here");
    let members = imke.replica.members().await?;
    ensure!(members.len() == 2, "both have introduced themselves: {members:?}");
    let by_tomás = titles(&imke.replica, "crane by:tomas").await?;
    ensure!(by_tomás == ["Minutes"], "he wrote in one of the two: {by_tomás:?}");
    ensure!(titles(&imke.replica, "by:imke crane").await?.len() == 2, "she in both");
    ensure!(titles(&imke.replica, "crane by:nobody").await?.is_empty(), "nobody is called so");
    let found = found(&imke.replica, "tom").await?;
    let names: Vec<_> = found.people.iter().map(|person| person.name.as_str()).collect();
    ensure!(names == ["Tomás"], "he is found himself: {names:?}");
    let about = imke.replica.about(shared, 10).await?;
    let writers: Vec<_> = about.writers.iter().map(|person| person.name.as_str()).collect();
    ensure!(writers == ["Imke", "Tomás"], "and the document says that both wrote in it: {writers:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_to_the_index_it_is_right_again() -> anyhow::Result<()> {
    let device = Device::new()?;
    let imke = device.open().await?;
    let log = write(&imke, "Log", "porpoise").await?;
    ensure!(titles(&imke, "porpoise").await? == ["Log"]);
    imke.stop().await;
    ensure!(device.ask("porpoise")?.1 == 0, "all of it is in the index");

    // It is of an older moment, as after a power cut: what came later is brought in, and nothing else.
    let older = [fs::read(device.index(""))?, fs::read(device.index("-wal")).unwrap_or_default()];
    let imke = device.open().await?;
    imke.append(log, vec![paragraph("seal")], Origin::TYPED).await?;
    ensure!(titles(&imke, "seal").await? == ["Log"]);
    imke.stop().await;
    let [database, wal] = older;
    let _ = fs::remove_file(device.index("-shm"));
    fs::write(device.index(""), database)?;
    fs::write(device.index("-wal"), wal)?;
    let (found, brought) = device.ask("seal")?;
    ensure!((found.hits.len(), brought) == (1, 1), "one document had changed");

    // It is damaged.
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(device.index(ending));
    }
    fs::write(device.index(""), b"spilled coffee ".repeat(2_000))?;
    let imke = device.open().await?;
    ensure!(titles(&imke, "porpoise").await? == ["Log"], "it was made anew");
    // Somebody else does so while she has it open.
    for ending in ["-wal", "-shm", ""] {
        let _ = fs::remove_file(device.index(ending));
    }
    ensure!(device.ask("porpoise")?.1 > 0, "there was none");
    ensure!(titles(&imke, "porpoise seal").await? == ["Log"], "she asks the one that is there");
    imke.stop().await;

    // An older copy of the workspace was put in place, and other things were written since.
    let database = device.profile.database(device.workspace);
    let copy = fs::read(&database)?;
    let imke = device.open().await?;
    imke.append(log, vec![paragraph("walrus")], Origin::TYPED).await?;
    ensure!(titles(&imke, "walrus").await? == ["Log"]);
    imke.stop().await;
    fs::write(&database, copy)?;
    let imke = device.open().await?;
    imke.append(log, vec![paragraph("otter")], Origin::TYPED).await?;
    ensure!(titles(&imke, "walrus").await?.is_empty(), "that is not in this copy");
    ensure!(titles(&imke, "otter").await? == ["Log"]);
    imke.stop().await;

    // Somebody removed it.
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(device.index(ending));
    }
    ensure!(device.ask("otter")?.0.hits.len() == 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_documents_are_brought_in_once_and_then_by_what_changes() -> anyhow::Result<()> {
    const MANY: usize = 10_000;
    let device = Device::new()?;
    let database = device.profile.database(device.workspace);
    let mut store = Store::open(&database, Options { key: None, access: Access::Write })?;
    let before = store.documents()?.len();
    let mut writes = Vec::new();
    for at in 0..MANY as u64 {
        let mut document = Document::new(at + 1);
        let title = document.set_title(&format!("Sheet {at}"));
        let words = document.append(&[paragraph(&format!("rope number{at} of the bosun"))]);
        let id = DocumentId::fresh(at, [7; 10]);
        let write =
            |bytes: Vec<u8>| LocalWrite { document: id, origin: Origin::IMPORTED, at, bytes: bytes.into() };
        writes.extend([title, words].map(write));
    }
    store.commit_local_all(&writes)?;
    drop(store);

    let (found, brought) = device.ask("number4711")?;
    ensure!(brought == (MANY + before) as u64, "each was brought in once: {brought}");
    ensure!(found.hits.len() == 1, "{found:?}");
    let imke = device.open().await?;
    ensure!(titles(&imke, "bosun").await?.len() == 20, "no more than was asked for");
    let sheet = found.hits.first().context("a hit")?.document;
    imke.append(sheet, vec![paragraph("marlinspike")], Origin::TYPED).await?;
    let (found, brought) = device.ask("marlinspike")?;
    ensure!(brought == 1, "one document changed, one is brought in: {brought}");
    ensure!(found.hits.first().is_some_and(|hit| hit.title.text == "Sheet 4711"), "{found:?}");
    ensure!(titles(&imke, "number47").await?.len() == 20, "by the beginning of a word");
    imke.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_types_on_is_answered_for_what_they_typed_last() -> anyhow::Result<()> {
    let device = Device::new()?;
    let imke = device.open().await?;
    write(&imke, "Log", "porpoise").await?;
    found(&imke, "porpoise").await?;
    let letters = "porpoise";
    let asked = (1..=letters.len()).map(|end| imke.search(query(letters.get(..end).unwrap_or_default()), 20));
    let answers = futures_util::future::try_join_all(asked).await?;
    let answered = answers.iter().flatten().count();
    ensure!(answered >= 1, "somebody is always answered");
    ensure!(answers.iter().flatten().all(|found| !found.hits.is_empty()), "and rightly");
    Ok(())
}
