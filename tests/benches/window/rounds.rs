//! The rounds: every document and the peer in turn, then the keys.

#![expect(clippy::print_stdout, reason = "what a bench prints is its result")]

use sheaf_stories::figure::{Figure, median};

use crate::page::{Opening, Page};
use crate::profile::{self, MILLION, PAPER};
use crate::session::Session;
use crate::{driver, yjs};

/// Measures and prints the figures.
///
/// # Errors
/// When something is missing or breaks.
pub async fn measure(rounds: usize) -> anyhow::Result<()> {
    let yjs = yjs::bundle()?;
    let folder = tempfile::tempdir()?;
    let documents = profile::write(folder.path()).await?;
    let session = Session::begin();
    let (_driver, client) = driver::start(&session, &driver::app(), folder.path(), &[]).await;
    let page = Page::of(client, &yjs).await?;

    let (mut bytes, mut bare, mut editable, mut painted) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut readable, mut million) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let took = page.fetch(&documents.paper).await?;
        let alone = page.apply_bare().await?;
        let paper = page.open(PAPER).await?;
        page.open(profile::SHORT).await?;
        let long = page.open(MILLION).await?;
        page.open(profile::SHORT).await?;
        if round > 0 {
            // the first round warms the disk and the engine
            bytes.push(took);
            bare.push(alone);
            let Opening { editable: open, painted: shown, .. } = paper;
            editable.push(open - took);
            painted.push(shown);
            readable.push(long.readable);
            million.push(long.editable);
        }
    }
    let figure =
        |what, ours: &[f64]| Figure { group: "window", what, unit: "ms", ours: median(ours.iter().copied()) };
    figure("260,000 edits: replica to bytes at the webview", &bytes).at_most(10.0);
    let limit = median(bare.iter().copied());
    figure("260,000 edits: from there until it can be edited, beside Y.applyUpdate", &editable)
        .at_most_times(2.0, limit);
    figure("a million characters: from the click until it can be read", &readable).at_most(300.0);
    println!(
        "the paper painted as a whole, from the click: {:.0} ms; a million characters editable: {:.0} ms",
        median(painted),
        median(million)
    );

    page.open(MILLION).await?;
    let mut keys = page.type_slowly(120).await?;
    keys.sort_by(f64::total_cmp);
    let p95 = keys.get(keys.len() * 95 / 100).copied().unwrap_or_default();
    figure("a million characters: key to paint, p95", &[p95]).at_most(50.0);
    println!("key to paint, p50: {:.0} ms of {} keys", median(keys.iter().copied()), keys.len());
    page.end().await
}
