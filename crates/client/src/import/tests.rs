//! Stories of people who bring their folders along.

use std::fs;
use std::path::{Path, PathBuf};

use sheaf_document::tree::Element;
use sheaf_store::Level;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::clock::Clock;
use crate::export::{Format, Scope};
use crate::profile::Profile;
use crate::replica::Replica;

mod bad_input;
mod round_trip;

/// A person at a device, and their folder.
struct Person {
    replica: Replica,
    folder: Vault,
    _home: TempDir,
}

/// A folder that is called `Vault`.
struct Vault {
    path: PathBuf,
    _around: TempDir,
}

impl Vault {
    fn path(&self) -> &Path {
        &self.path
    }
}

impl Person {
    async fn with(files: &[(&str, &[u8])]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let profile = Profile::open(home.path().join("sheaf")).unwrap();
        let clock = Clock::system();
        let workspace = profile.begin(&clock).unwrap();
        let replica = Replica::open(&profile, workspace, clock).await.unwrap();
        let around = tempfile::tempdir().unwrap();
        let folder = Vault { path: around.path().join("Vault"), _around: around };
        fs::create_dir(folder.path()).unwrap();
        for (path, bytes) in files {
            write(folder.path(), path, bytes);
        }
        Self { replica, folder, _home: home }
    }

    async fn import(&self, path: &Path) -> Report {
        let never = CancellationToken::new();
        run(&self.replica, survey(path).unwrap(), None, &Clock::system(), &never, drop).await
    }

    async fn import_all(&self) -> Report {
        self.import(self.folder.path()).await
    }

    /// Returns the titles on every level below a document, indented.
    async fn tree(&self, report: &Report) -> Vec<String> {
        let mut lines = Vec::new();
        let mut waiting = vec![(0, report.document.expect("something was made"))];
        while let Some((depth, document)) = waiting.pop() {
            let row = self.replica.places(vec![document]).await.unwrap().remove(0);
            lines.push(format!("{}{}", "  ".repeat(depth), row.title));
            let below = self.replica.level(Level::Under(Some(document)), None, 1_000).await.unwrap();
            waiting.extend(below.iter().rev().map(|row| (depth + 1, row.id)));
        }
        lines
    }

    /// Returns the Markdown of the document with this title.
    async fn markdown(&self, title: &str) -> String {
        let rows = self.replica.documents().await.unwrap();
        let row = rows.iter().find(|row| row.title == title).expect("it was brought in");
        self.replica.markdown(row.id).await.unwrap()
    }

    async fn export(&self, scope: Scope, into: &Path) -> crate::export::Report {
        let never = CancellationToken::new();
        self.replica.export(scope, Format::Markdown, into.to_owned(), never, drop).await.unwrap()
    }
}

fn write(folder: &Path, path: &str, bytes: &[u8]) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// The beginning of a PNG, which is all that is looked at.
fn png() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0".to_vec()
}

fn reasons(report: &Report) -> Vec<(&str, &str)> {
    report.left.iter().map(|left| (left.path.as_str(), left.why.name())).collect()
}

const VAULT: &[(&str, &[u8])] = &[
    (
        "Harbour.md",
        b"# The harbour\n\nSee [[Crane 7]] and [the log](Harbour/Log.md).\n\n![At noon](img/sea.png)\n",
    ),
    ("Harbour/Log.md", b"---\ntags: [quiet]\n---\n\nAll quiet. Back to [[Harbour]].\n"),
    ("Harbour/Cranes/Crane 7.md", b"# Crane 7\n\nGreased.\n"),
    ("Harbour/Cranes/Crane 10.md", b""),
    (".obsidian/app.json", b"{}"),
    ("img/spare.txt", b"nobody shows this"),
];

#[tokio::test]
async fn imke_brings_her_folder_along_with_everything_that_hangs_together() {
    let imke = Person::with(VAULT).await;
    write(imke.folder.path(), "img/sea.png", &png());
    let mut steps = Vec::new();
    let plan = survey(imke.folder.path()).unwrap();
    let never = CancellationToken::new();
    let report = run(&imke.replica, plan, None, &Clock::system(), &never, |step| steps.push(step)).await;
    assert!(matches!(report.outcome, Outcome::Whole), "{report:?}");
    assert_eq!(
        (report.documents, report.files),
        (6, 1),
        "the folder, its four texts, and the folder of cranes"
    );
    assert_eq!(
        imke.tree(&report).await,
        ["Vault", "  The harbour", "    Cranes", "      Crane 10", "      Crane 7", "    Log"],
        "a file and a folder of one name are one document; a folder of pictures is none"
    );
    let harbour = imke.markdown("The harbour").await;
    assert!(harbour.contains("See [Crane 7](sheaf://document/"), "{harbour}");
    assert!(harbour.contains("and [the log](sheaf://document/"), "{harbour}");
    assert!(harbour.contains("![At noon](sheaf://file/"), "{harbour}");
    let log = imke.markdown("Log").await;
    assert!(log.starts_with("---\ntags: [quiet]\n---\n"), "front matter stays word for word: {log}");
    assert!(log.contains("Back to [Harbour](sheaf://document/"), "{log}");
    assert_eq!(reasons(&report), [(".obsidian", "hidden"), ("img/spare.txt", "not_shown")]);
    assert_eq!(steps.first().map(|step| (step.done, step.total)), Some((0, 6)));
    assert_eq!(steps.last().map(|step| (step.done, step.total)), Some((6, 6)), "progress is told to the end");
}

#[tokio::test]
async fn a_single_file_comes_alone_with_the_picture_beside_it() {
    let imke =
        Person::with(&[("notes/Plan.md", b"The sea:\n\n![](img/sea.png)\n"), ("notes/Other.md", b"x")]).await;
    write(imke.folder.path(), "notes/img/sea.png", &png());
    let report = imke.import(&imke.folder.path().join("notes/Plan.md")).await;
    assert_eq!((report.documents, report.files, report.left.len()), (1, 1, 0), "{report:?}");
    assert_eq!(imke.tree(&report).await, ["Plan"], "its name is its title, and no folder stands around it");
    assert!(imke.markdown("Plan").await.contains("![](sheaf://file/"));
}

#[tokio::test]
async fn an_import_under_a_document_is_undone_by_putting_one_document_into_the_trash() {
    let imke = Person::with(VAULT).await;
    let (before, clock, never) =
        (imke.replica.documents().await.unwrap(), Clock::system(), CancellationToken::new());
    let plan = survey(imke.folder.path()).unwrap();
    let report = run(&imke.replica, plan, Some(before[0].id), &clock, &never, drop).await;
    let below = imke.replica.level(Level::Under(Some(before[0].id)), None, 10).await.unwrap();
    assert_eq!(below.len(), 1, "all of it stands under one document");
    imke.replica.trash(report.document.unwrap(), true).await.unwrap();
    let below = imke.replica.level(Level::Under(Some(before[0].id)), None, 10).await.unwrap();
    assert_eq!(below.len(), 0, "and goes with it");
}

#[tokio::test]
async fn what_is_ended_half_way_stands_nowhere_in_the_tree() {
    let files: Vec<_> = (0..200).map(|number| (format!("{number}.md"), b"text".to_vec())).collect();
    let files: Vec<_> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let imke = Person::with(&files).await;
    let top = imke.replica.level(Level::Under(None), None, 10).await.unwrap().len();
    let cancel = CancellationToken::new();
    let plan = survey(imke.folder.path()).unwrap();
    let mut seen = 0;
    let ended = cancel.clone();
    let tell = move |step: Progress| {
        seen += 1;
        if seen == 2 {
            assert!(step.done > 0 && step.done < step.total, "it is in the middle: {step:?}");
            ended.cancel();
        }
    };
    let report = run(&imke.replica, plan, None, &Clock::system(), &cancel, tell).await;
    assert!(matches!(report.outcome, Outcome::Cancelled));
    assert!(report.documents > 1 && report.documents < 201, "some were made: {}", report.documents);
    assert_eq!(
        imke.replica.level(Level::Under(None), None, 10).await.unwrap().len(),
        top,
        "the tree is as it was"
    );
    let trash = imke.replica.level(Level::Trash, None, 10).await.unwrap();
    assert_eq!(
        trash.iter().map(|row| row.id).collect::<Vec<_>>(),
        [report.document.unwrap()],
        "and it can be found"
    );
}

#[tokio::test]
async fn whoever_types_meanwhile_waits_for_no_import() {
    let files: Vec<_> =
        (0..300).map(|number| (format!("{number}.md"), "- a line\n".repeat(200).into_bytes())).collect();
    let files: Vec<_> = files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())).collect();
    let imke = Person::with(&files).await;
    let minutes = imke.replica.documents().await.unwrap()[0].id;
    let (replica, plan) = (imke.replica.clone(), survey(imke.folder.path()).unwrap());
    let never = CancellationToken::new();
    let (told, mut steps) = tokio::sync::mpsc::unbounded_channel();
    let import = tokio::spawn(async move {
        run(&replica, plan, None, &Clock::system(), &never, |step| _ = told.send(step.done)).await
    });
    let mut typed_between = Vec::new();
    while let Some(done) = steps.recv().await {
        let words = Element::new("paragraph").containing([sheaf_document::tree::Node::text("word")]);
        imke.replica.append(minutes, vec![words.into()], sheaf_protocol::entry::Origin::TYPED).await.unwrap();
        typed_between.push(done);
    }
    let report = import.await.unwrap();
    assert_eq!(report.documents, 301);
    assert!(typed_between.len() > 4, "every step lets somebody else write: {typed_between:?}");
}
