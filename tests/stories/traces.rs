//! Editing traces played over a real relay, by one process for each writer: every replica ends with exactly the text.
//!
//! The project's own small traces are always played; `SHEAF_TRACES=FOLDER` adds every trace of a folder, such as the large
//! published ones, and the times are printed.

#![allow(clippy::print_stdout, reason = "who runs a long trace wants to know how long it took")]

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use flate2::read::GzDecoder;
use serde_json::Value;
use sheaf_client::{Events, Replica, ReplicaEvent, Watcher};
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::update::{DocState, Limits};
use sheaf_stories::world::World;
use tokio::sync::oneshot;

use crate::desk::Desk;
use crate::process::text as relay_text;
use crate::terminal::{Terminal, said};

/// Whoever takes longer than this for a whole trace will never be done.
const PATIENCE: Duration = Duration::from_secs(900);

/// What a trace's file says of its end.
struct Told {
    people: u64,
    text: String,
}

fn told(trace: &Path) -> anyhow::Result<Told> {
    let mut text = String::new();
    if trace.extension().is_some_and(|ending| ending == "gz") {
        GzDecoder::new(File::open(trace)?).read_to_string(&mut text)?;
    } else {
        File::open(trace)?.read_to_string(&mut text)?;
    }
    let file: Value = serde_json::from_str(&text)?;
    let text = file.get("endContent").and_then(Value::as_str).context("a trace says how it ends")?.to_owned();
    Ok(Told { people: file.get("numAgents").and_then(Value::as_u64).unwrap_or(1), text })
}

/// Says whether a page is exactly this text, but for one empty paragraph before or behind it: an editor's document has one
/// from its first opening on, and at which side of the trace's block it comes to stand is up to the client ids.
fn is_told(page: &str, text: &str) -> bool {
    page == text || page.strip_prefix('\n') == Some(text) || page.strip_suffix('\n') == Some(text)
}

/// Returns how `sheaf` prints a text: it ends the last line where the text does not.
fn printed(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

/// Somebody who only reads: a replica with the document open, fed update by update, as a window is.
struct Follower {
    desk: Desk,
    replica: Replica,
    watcher: Watcher,
    events: Events,
    document: DocumentId,
    page: Document,
    state: DocState,
    updates: usize,
}

impl Follower {
    async fn join(invitation: &str, document: DocumentId) -> anyhow::Result<Self> {
        let desk = Desk::join("Noor", invitation).await?;
        let replica = desk.open().await?;
        let (watcher, mut events) = replica.watch();
        while replica.documents().await?.iter().all(|row| row.id != document) {
            events.next().await.context("the replica ended")?;
        }
        let (page, state) = (Document::new(1), DocState::new([0; 16]));
        let mut follower = Self { desk, replica, watcher, events, document, page, state, updates: 0 };
        follower.open().await?;
        Ok(follower)
    }

    /// Takes the document anew.
    async fn open(&mut self) -> anyhow::Result<()> {
        (self.page, self.state) = (Document::new(1), DocState::new([0; 16]));
        let opened = self.watcher.open(self.document).await?;
        self.page.apply(&self.state.admit(&opened, &Limits::SNAPSHOT)?)?;
        Ok(())
    }

    async fn next(&mut self) -> anyhow::Result<()> {
        match self.events.next().await.context("the replica ended")? {
            ReplicaEvent::Update { document, bytes } if document == self.document => {
                self.updates += 1;
                self.page.apply(&self.state.admit(&bytes, &Limits::SNAPSHOT)?)?;
            }
            ReplicaEvent::Reopen(document) if document == self.document => self.open().await?,
            _ => {}
        }
        Ok(())
    }

    /// Reads along until the writers are done and the page shows this text; returns the page, and how many updates it was
    /// told.
    async fn read_along(
        mut self,
        mut done: oneshot::Receiver<()>,
        text: &str,
    ) -> anyhow::Result<(String, usize)> {
        loop {
            tokio::select! {
                biased;
                _ = &mut done => break,
                heard = self.next() => heard?,
            }
        }
        while !is_told(&self.page.text(), text) {
            let heard = tokio::time::timeout(PATIENCE, self.next()).await;
            heard.context("the page never showed the whole text")??;
        }
        let stored = self.replica.text(self.document).await?;
        ensure!(stored == self.page.text(), "what Noor sees is what lies on her disk");
        self.replica.stop().await;
        drop(self.desk);
        Ok((stored, self.updates))
    }
}

/// Plays a trace, one process for each of its people; others follow and come later.
async fn play(trace: PathBuf) -> anyhow::Result<()> {
    let (world, Told { people, text }) = (World::begin().await?, told(&trace)?);
    let mut writers = Vec::new();
    for (number, name) in (1..=people).zip(["Ada", "Tomás", "Imke", "Bo"]) {
        let link = match number {
            1 => world.owner_invitation(world.address()),
            _ => world.invitation(world.address())?,
        };
        writers.push(blocking(move || Terminal::join(name, &link)).await?);
    }
    let (writers, document) = blocking(move || {
        let ada = writers.first().context("somebody writes")?;
        let document = ada.says(&["new", "Race"])?.trim().to_owned();
        for writer in &writers {
            writer.says(&["sync"])?;
        }
        Ok((writers, document))
    })
    .await?;
    let noor = Follower::join(&world.invitation(world.address())?, document.parse()?).await?;

    let (tell_done, done) = oneshot::channel();
    let (begun, named) = (Instant::now(), trace.clone());
    let play = blocking(move || {
        let of = people.to_string();
        let parts = writers.iter().zip(1..).map(|(writer, number)| {
            let (trace, number) = (named.to_str().context("a plain path")?, number.to_string());
            let part =
                ["replay", trace, "--into", "Race", "--of", &of, "--as-person", &number, "--within", "900"];
            anyhow::Ok(writer.sheaf(&part).spawn()?)
        });
        for part in parts.collect::<Result<Vec<_>, _>>()? {
            said(&["replay"], part.wait_with_output()?)?;
        }
        let _ = tell_done.send(());
        writers.iter().map(|writer| writer.says(&["cat", "Race", "--text"])).collect::<Result<Vec<_>, _>>()
    });
    let (written, (page, followed)) = tokio::try_join!(play, noor.read_along(done, &text))?;
    let played = begun.elapsed();

    let (relay, folder) = (world.address(), world.folder().to_owned());
    let elsewhere = blocking(move || {
        let fresh = Terminal::sign_in("Ada", relay)?;
        let asked = Instant::now();
        fresh.says(&["sync"])?;
        let fetched = asked.elapsed();
        let fresh = fresh.says(&["cat", "Race", "--text"])?;
        Ok((fetched, fresh, relay_text(&folder, document.parse()?)?))
    });
    let (fetched, fresh, relay) = elsewhere.await?;
    let name = trace.file_name().unwrap_or_default().display();
    let pages = written.iter().map(|page| ("a writer's", page));
    for (whose, other) in pages.chain([("a fresh replica's", &fresh)]) {
        ensure!(*other == printed(&page), "{name}: {whose} text is exactly the trace's");
    }
    // The relay's worker ends every text with one more line end.
    ensure!(relay == format!("{page}\n"), "{name}: the relay's text is exactly the trace's");
    println!(
        "{name}: {people} writing, all in step after {played:?} ({followed} updates followed), \
         a fresh replica after {fetched:?}"
    );
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await?
}

fn small(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("traces").join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_persons_trace_ends_with_its_text_everywhere() -> anyhow::Result<()> {
    play(small("alone.json")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_peoples_trace_ends_equal_everywhere_and_as_recorded() -> anyhow::Result<()> {
    play(small("together.json")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_published_traces_end_with_their_texts_everywhere() -> anyhow::Result<()> {
    let Some(folder) = std::env::var_os("SHEAF_TRACES") else { return Ok(()) };
    let mut traces: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    traces.sort();
    ensure!(!traces.is_empty(), "SHEAF_TRACES names a folder with traces in it");
    for trace in traces {
        play(trace).await?;
    }
    Ok(())
}
