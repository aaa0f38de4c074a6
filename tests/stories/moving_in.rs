//! Real files of many hands: every Markdown file that cargo keeps beside its sources comes in, goes out and comes in again.
//!
//! The files are whatever this machine has built with. A bounded sample of them plays in every run; `cargo test -- --ignored
//! every_file` plays all. Two exports that are the same, byte for byte, are two workspaces that are the same: the writer
//! believes nothing that it has not read back.

#![expect(clippy::print_stdout, reason = "what was left out, and how long it took, is there to be read")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use sheaf_client::export::{Format, Scope};
use sheaf_client::import::{self, Outcome, Why};
use sheaf_client::{Clock, Profile, Replica};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// As many files play in every run.
const SAMPLE: usize = 150;

/// A person with a workspace of their own.
struct Person {
    replica: Replica,
    home: TempDir,
}

impl Person {
    async fn new() -> anyhow::Result<Self> {
        let home = tempfile::tempdir()?;
        let profile = Profile::open(home.path().join("sheaf"))?;
        let clock = Clock::system();
        let workspace = profile.begin(&clock)?;
        Ok(Self { replica: Replica::open(&profile, workspace, clock).await?, home })
    }

    /// Brings a folder in and takes it out again; returns what the import said, and where it lies now.
    async fn pass_on(&self, folder: &Path) -> anyhow::Result<(import::Report, PathBuf)> {
        let never = CancellationToken::new();
        let begun = Instant::now();
        let report =
            import::run(&self.replica, import::survey(folder)?, None, &Clock::system(), &never, drop).await;
        ensure!(matches!(report.outcome, Outcome::Whole), "{:?}", report.outcome);
        let took = begun.elapsed();
        let document = report.document.context("something was made")?;
        let (scope, into) = (Scope::Below(document), self.home.path().join("out"));
        let begun = Instant::now();
        let exported = self.replica.export(scope, Format::Markdown, into, never, drop).await?;
        ensure!(exported.left.is_empty(), "all of it goes out: {:?}", exported.left);
        println!(
            "{} documents in {:.2} s, out {:.2} s",
            report.documents,
            took.as_secs_f64(),
            begun.elapsed().as_secs_f64()
        );
        Ok((report, exported.path))
    }
}

/// Returns every Markdown file among the sources of the crates that this machine has.
fn real_files() -> anyhow::Result<Vec<(String, PathBuf)>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let root = home.context("cargo has a home")?.join("registry/src");
    let (mut found, mut waiting) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                let name = path.strip_prefix(&root)?.components().skip(1).collect::<PathBuf>();
                found.push((name.to_string_lossy().into_owned(), path));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Returns every file in a folder by its path, and every folder by its own.
fn contents(folder: &Path) -> anyhow::Result<BTreeMap<String, Option<Vec<u8>>>> {
    let (mut found, mut waiting) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next)? {
            let path = entry?.path();
            let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
            let bytes = if path.is_dir() { None } else { Some(fs::read(&path)?) };
            waiting.extend(bytes.is_none().then_some(path));
            found.insert(name, bytes);
        }
    }
    Ok(found)
}

async fn play(files: &[(String, PathBuf)]) -> anyhow::Result<()> {
    let around = tempfile::tempdir()?;
    let folder = around.path().join("Sources");
    for (name, path) in files {
        let to = folder.join(name);
        fs::create_dir_all(to.parent().context("it lies in a folder")?)?;
        fs::copy(path, to)?;
    }
    let (imke, tomás) = (Person::new().await?, Person::new().await?);
    let (first, out) = imke.pass_on(&folder).await?;
    for left in &first.left {
        println!("left out: {} ({})", left.path, left.why.name());
    }
    let unread = first.left.iter().filter(|left| !matches!(left.why, Why::Hidden)).collect::<Vec<_>>();
    ensure!(unread.iter().all(|left| left.why == Why::NotText), "only what is no text is left: {unread:?}");
    let folders: BTreeSet<&Path> =
        files.iter().flat_map(|(name, _)| Path::new(name).ancestors().skip(1)).collect();
    ensure!(
        (files.len() - unread.len()..=files.len() + folders.len()).contains(&first.documents),
        "each file is a document, and each folder at most one: {} of {}",
        first.documents,
        files.len()
    );
    let (second, again) = tomás.pass_on(&out).await?;
    ensure!(second.left.is_empty(), "what we wrote can be read: {:?}", second.left);
    let (here, there) = (contents(&out)?, contents(&again)?);
    let differing: Vec<_> =
        here.keys().chain(there.keys()).filter(|name| here.get(*name) != there.get(*name)).collect();
    ensure!(differing.is_empty(), "these came out otherwise: {differing:?}");
    ensure!(second.documents == first.documents, "{} and {}", first.documents, second.documents);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_of_real_files_comes_in_again_as_it_went_out() -> anyhow::Result<()> {
    let files = real_files()?;
    let step = files.len().div_ceil(SAMPLE).max(1);
    play(&files.into_iter().step_by(step).collect::<Vec<_>>()).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "plays a thousand files and more"]
async fn every_file_comes_in_again_as_it_went_out() -> anyhow::Result<()> {
    play(&real_files()?).await
}
