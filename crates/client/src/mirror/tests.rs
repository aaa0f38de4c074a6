//! Stories of a folder on a real disk: Imke works in it with other programs, her colleagues in the documents.

mod saving;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use sheaf_document::ids::DocumentId;
use sheaf_document::markdown;
use sheaf_protocol::entry::Origin;
use sheaf_store::{Level, Place};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;
use crate::clock::Clock;
use crate::profile::Profile;

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(60);

/// Imke's device, with a folder on it.
struct Desk {
    replica: Replica,
    mirror: Option<Mirror>,
    news: mpsc::UnboundedReceiver<News>,
    state: State,
    did: Vec<Step>,
    folder: PathBuf,
    profile: TempDir,
    _place: TempDir,
}

impl Desk {
    /// A workspace with nothing in it, beside a folder that is not mirrored yet.
    async fn new() -> Self {
        let (profile, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let opened = Profile::open(profile.path()).unwrap();
        let workspace = opened.begin(&Clock::system()).unwrap();
        let replica = Replica::open(&opened, workspace, Clock::system()).await.unwrap();
        for row in replica.level(Level::Under(None), None, 9).await.unwrap() {
            replica.trash(row.id, true).await.unwrap();
        }
        let folder = place.path().join("Notes");
        let (_, news) = mpsc::unbounded_channel();
        Self {
            replica,
            mirror: None,
            news,
            state: State::default(),
            did: Vec::new(),
            folder,
            profile,
            _place: place,
        }
    }

    fn start(&mut self) {
        self.start_with(Answer::Ask);
    }

    fn start_with(&mut self, answer: Answer) {
        let (tell, news) = mpsc::unbounded_channel();
        self.news = news;
        self.state = State::default();
        let settings = Settings { folder: self.folder.clone(), under: None, answer };
        let mirror = Mirror::start(&self.replica, settings, move |news| _ = tell.send(news));
        self.mirror = Some(mirror.unwrap());
    }

    async fn stop(&mut self) {
        if let Some(mirror) = self.mirror.take() {
            mirror.stop().await;
        }
    }

    /// Waits until this is so, with both sides in step.
    async fn until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        loop {
            if self.state.is_settled && is_so(self) {
                return;
            }
            match timeout(PATIENCE, self.news.recv()).await {
                Ok(Some(News::State(state))) => self.state = state,
                Ok(Some(News::Did(step))) => self.did.push(step),
                _ => panic!("{what} never came: {:?} after {:?}", self.state, self.did),
            }
        }
    }

    async fn in_step(&mut self) {
        self.until("being in step", |_| true).await;
    }

    /// Waits for a question.
    async fn asked(&mut self) -> Question {
        loop {
            if let Some(question) = self.state.question {
                return question;
            }
            match timeout(PATIENCE, self.news.recv()).await {
                Ok(Some(News::State(state))) => self.state = state,
                Ok(Some(News::Did(_))) => {}
                _ => panic!("nobody asked: {:?}", self.state),
            }
        }
    }

    async fn write(&self, under: Parent, title: &str, words: &str) -> DocumentId {
        let blocks = markdown::read(words);
        self.replica.create_in(under, Place::Last, title, blocks, Origin::TYPED).await.unwrap()
    }

    fn save(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn file(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).unwrap_or_default()
    }

    /// Every visible file, in order.
    fn files(&self) -> Vec<String> {
        let mut found: Vec<_> =
            scan::scan(&self.folder, &mut scan::Known::default()).disk.files.into_keys().collect();
        found.sort();
        found
    }

    /// The tree of documents, a line for each, indented.
    async fn tree(&self) -> Vec<String> {
        let (mut lines, mut left) = (Vec::new(), vec![(None, 0)]);
        while let Some((parent, depth)) = left.pop() {
            for row in self.replica.level(Level::Under(parent), None, 999).await.unwrap() {
                let title = self.replica.markdown(row.id).await.unwrap();
                let title = title.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default();
                lines.push(format!("{}{title}", "  ".repeat(depth)));
                left.push((Some(row.id), depth + 1));
            }
        }
        lines.sort();
        lines
    }

    async fn the_only_document(&self) -> DocumentId {
        let rows = self.replica.level(Level::Under(None), None, 9).await.unwrap();
        assert_eq!(rows.len(), 1, "there is one: {rows:?}");
        rows[0].id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_become_clean_files() {
    let mut desk = Desk::new().await;
    let plan = desk.write(None, "Plan: 2027", "What we **do**.\n\n- [ ] sow\n").await;
    let may = desk.write(Some(plan), "May", &format!("See [Plan](sheaf://document/{plan}).\n")).await;
    desk.start();
    desk.in_step().await;
    assert_eq!(desk.files(), ["Plan- 2027.md", "Plan- 2027/May.md"]);
    assert_eq!(
        desk.file("Plan- 2027.md"),
        "# Plan: 2027\n\nWhat we **do**.\n\n- [ ] sow\n",
        "the name cannot say the title"
    );
    assert_eq!(
        desk.file("Plan- 2027/May.md"),
        "See [Plan](../Plan-%202027.md).\n",
        "no id of ours in anybody's file"
    );

    desk.replica.rename(plan, "Harvest").await.unwrap();
    desk.until("what refers to it", |desk| desk.file("Harvest/May.md") == "See [Plan](../Harvest.md).\n")
        .await;
    assert_eq!(desk.files(), ["Harvest.md", "Harvest/May.md"], "and what stands under it moved along");

    desk.replica.trash(may, true).await.unwrap();
    desk.until("its file gone", |desk| desk.files() == ["Harvest.md"]).await;
    assert!(!desk.folder.join("Harvest").exists(), "nor is an empty folder left");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_of_files_becomes_documents_and_stays_as_it_is() {
    let mut desk = Desk::new().await;
    let files = [
        ("Log.md", "---\ntags: [sea]\n---\n\n* All quiet.\n* See [[Watch]].\n"),
        ("Ship/Crew.md", "Crew\n====\n\n1) Ada\n2) Tomás\n"),
        ("Ship/Watch.md", "Back to [the log](../Log.md)."),
    ];
    files.iter().for_each(|(path, text)| desk.save(path, text));
    desk.save("picture.png", "no Markdown");
    desk.save(".obsidian/app.json", "{}");
    desk.start();
    desk.in_step().await;
    assert_eq!(desk.tree().await, ["  Crew", "  Watch", "Log", "Ship"]);
    for (path, text) in files {
        assert_eq!(desk.file(path), text, "{path} says it in its own way, and nobody changed a word");
    }
    assert!(!desk.folder.join("Ship.md").exists(), "a folder needs no file of its own");
    let log = desk
        .replica
        .level(Level::Under(None), None, 9)
        .await
        .unwrap()
        .into_iter()
        .find(|row| row.title == "Log");
    let log = desk.replica.markdown(log.unwrap().id).await.unwrap();
    assert!(log.contains("sheaf://document/"), "a link between files is one between documents: {log}");

    desk.stop().await;
    let before = desk.did.len();
    desk.start();
    desk.in_step().await;
    assert_eq!(desk.did.get(before..), Some(&[][..]), "started again, there is nothing to do");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_on_both_sides_while_nothing_ran_is_merged() {
    let mut desk = Desk::new().await;
    let plan = desk.write(None, "Plan", "Bread and milk, please.\n\nThe end.\n").await;
    desk.start();
    desk.in_step().await;
    desk.stop().await;
    desk.save("Plan.md", "Bread, butter and milk, please.\n\nThe end.\n");
    desk.replica.append(plan, markdown::read("Tomás was here."), Origin::TYPED).await.unwrap();
    desk.start();
    desk.in_step().await;
    let both = "Bread, butter and milk, please.\n\nThe end.\n\nTomás was here.\n";
    assert_eq!(desk.file("Plan.md"), both);
    assert_eq!(desk.replica.markdown(plan).await.unwrap(), format!("# Plan\n\n{both}"));
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_ledger_makes_no_second_of_anything() {
    let mut desk = Desk::new().await;
    let plan = desk.write(None, "Plan", "Some words.\n").await;
    desk.write(Some(plan), "May", "More words.\n").await;
    desk.start();
    desk.in_step().await;
    desk.stop().await;
    let ledgers: Vec<_> =
        walk(desk.profile.path()).into_iter().filter(|path| path.ends_with("ledger.json")).collect();
    assert_eq!(ledgers.len(), 1);
    fs::remove_file(&ledgers[0]).unwrap();
    desk.start();
    desk.in_step().await;
    assert_eq!(desk.tree().await, ["  May", "Plan"]);
    assert_eq!(desk.files(), ["Plan.md", "Plan/May.md"]);
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_vanishes_is_waited_for() {
    let mut desk = Desk::new().await;
    for title in ["One", "Two", "Three"] {
        desk.write(None, title, "words\n").await;
    }
    desk.start();
    desk.in_step().await;
    let away = desk.folder.with_file_name("taken out");
    fs::rename(&desk.folder, &away).unwrap();
    assert_eq!(desk.asked().await, Question::Vanished);
    fs::create_dir(&desk.folder).unwrap();
    desk.state.question = None;
    while desk.asked().await != Question::Missing(3) {
        desk.state.question = None;
    }
    assert_eq!(desk.tree().await, ["One", "Three", "Two"], "nothing was deleted");
    assert_eq!(desk.files(), [""; 0], "nor written where the files are not");
    fs::remove_dir(&desk.folder).unwrap();
    fs::rename(&away, &desk.folder).unwrap();
    desk.save("Two.md", "words, changed elsewhere\n");
    desk.state.question = None;
    desk.until("being in step again", |desk| desk.did.iter().any(|step| matches!(step, Step::Merge { .. })))
        .await;
    desk.stop().await;
    fs::remove_dir_all(&desk.folder).unwrap();
    fs::create_dir(&desk.folder).unwrap();
    desk.start_with(Answer::Write);
    desk.in_step().await;
    assert_eq!(
        desk.file("Two.md"),
        "words, changed elsewhere\n",
        "a person said that they are to be written again"
    );
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_file_is_a_document_in_the_trash() {
    let mut desk = Desk::new().await;
    for title in ["One", "Two"] {
        desk.write(None, title, "words\n").await;
    }
    desk.start();
    desk.in_step().await;
    fs::remove_file(desk.folder.join("One.md")).unwrap();
    desk.until("the trash", |desk| desk.did.iter().any(|step| matches!(step, Step::Forget { .. }))).await;
    assert_eq!(desk.tree().await, ["Two"]);
    let trash = desk.replica.level(Level::Trash, None, 9).await.unwrap();
    let one = trash.iter().find(|row| row.title == "One").expect("it is in the trash").id;
    desk.replica.trash(one, false).await.unwrap();
    desk.until("its file", |desk| desk.files() == ["One.md", "Two.md"]).await;
    assert_eq!(desk.file("One.md"), "words\n", "taken out of the trash it is here again");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sheafs_own_data_are_no_folder_to_mirror() {
    let desk = Desk::new().await;
    for folder in [
        desk.profile.path().to_owned(),
        desk.profile.path().join("workspaces/notes"),
        desk.profile.path().join(".."),
    ] {
        let settings = Settings { folder, ..Settings::default() };
        let started = Mirror::start(&desk.replica, settings, |_| {});
        assert!(matches!(started, Err(MirrorError::Ours)), "it would mirror itself");
    }
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.into_iter().flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
