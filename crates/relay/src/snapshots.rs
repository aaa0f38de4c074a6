//! Folding: documents with a long tail get a snapshot, on a thread of its own.
//!
//! A snapshot is a cache made from the log alone, by the linear merge that collects nothing, or, of the records, by what
//! they come to; no entry goes. It never delays a push: the thread reads on its own connection, rests four times as long
//! as it worked, and hands the result to the writer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use sheaf_document::ids::WorkspaceId;
use sheaf_document::update::{self, Limits};
use sheaf_protocol::entry::Seq;
use sheaf_protocol::{limits, record};

use crate::clock;
use crate::error::{Error, Result};
use crate::room::{Group, Stored};
use crate::storage::Stale;
use crate::storage::sqlite::{Sqlite, Workspace};
use crate::writer::Job;

/// A tail of so many entries is folded at once …
const LONG: usize = 1_000;
/// … one of so many of the stream of records, for a fresh device wants the tree before the texts …
const LONG_STREAM: usize = 64;
/// … and any other after so long.
const OLD: Duration = Duration::from_secs(60 * 60);

/// What the writer tells the folding thread; counts entries on the way.
pub(crate) struct Snapshots {
    due: mpsc::Sender<Stale>,
    tails: BTreeMap<Stale, usize>,
    since: Instant,
}

impl Snapshots {
    /// Starts the thread; it ends when this handle is gone.
    pub fn start(
        database: &Path,
        reports: tokio::sync::mpsc::WeakSender<Job>,
    ) -> Result<(Self, JoinHandle<()>)> {
        let mut reader = Sqlite::open_reader(database)?;
        let (due, waiting) = mpsc::channel();
        for stale in reader.long_tails(LONG)? {
            // The receiver is right here.
            let _ = due.send(stale);
        }
        for Workspace { workspace, .. } in reader.workspaces()? {
            let _ = due.send(Stale { workspace, document: record::stream(workspace) });
        }
        let work = move || fold_all(&mut reader, &waiting, &reports);
        let thread = std::thread::Builder::new().name("sheaf-snapshots".into()).spawn(work);
        let thread =
            thread.map_err(|source| Error::System { doing: "starting the snapshot thread", source })?;
        Ok((Self { due, tails: BTreeMap::new(), since: Instant::now() }, thread))
    }

    /// Counts a committed group.
    pub fn grown(&mut self, workspace: WorkspaceId, group: &Group) {
        for line in &group.lines {
            let stale = Stale { workspace, document: line.draft.document };
            let is_stream = stale.document == record::stream(workspace);
            let tail = self.tails.entry(stale).or_default();
            *tail += 1;
            if *tail >= if is_stream { LONG_STREAM } else { LONG } {
                self.tails.remove(&stale);
                let _ = self.due.send(stale);
            }
        }
        if self.since.elapsed() >= OLD {
            self.since = Instant::now();
            for stale in std::mem::take(&mut self.tails).into_keys() {
                let _ = self.due.send(stale);
            }
        }
    }
}

fn fold_all(
    reader: &mut Sqlite,
    waiting: &mpsc::Receiver<Stale>,
    reports: &tokio::sync::mpsc::WeakSender<Job>,
) {
    let mut due = BTreeSet::new();
    let mut rested = Instant::now();
    loop {
        // With something to do, wait for the end of the rest only; what arrives meanwhile joins it.
        let rest = if due.is_empty() { OLD } else { rested.saturating_duration_since(Instant::now()) };
        match waiting.recv_timeout(rest) {
            Ok(stale) => {
                due.insert(stale);
                continue;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let Some(stale) = due.pop_first() else { continue };
        let began = Instant::now();
        match fold(reader, stale) {
            Ok(Some((through, bytes))) => {
                let (entries, size) = (through, bytes.len());
                let put = move |database: &mut Sqlite| {
                    if let Err(error) = database.put_snapshot(stale, through, &bytes, clock::now()) {
                        tracing::error!(%error, document.id = %stale.document, "cannot keep a snapshot");
                    }
                };
                if let Some(reports) = reports.upgrade() {
                    let _ = reports.blocking_send(Job::Call(Box::new(put)));
                }
                let document = stale.document;
                tracing::debug!(document.id = %document, seq = entries, size_bytes = size, "a document was folded");
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, document.id = %stale.document, "cannot fold a document"),
        }
        rested = Instant::now() + began.elapsed() * 4;
    }
}

/// Folds a document; `None` when there is nothing to gain or the result could not be sent.
fn fold(reader: &mut Sqlite, stale: Stale) -> Result<Option<(Seq, Vec<u8>)>> {
    let (stored, through) = reader.document(stale.workspace, stale.document)?;
    if stored.tail.len() < 2 {
        return Ok(None);
    }
    let bytes = if stale.document == record::stream(stale.workspace) {
        let (records, is_all) = stored.records().map_err(|_| Error::Stored("the records' snapshot"))?;
        // What a later relay took and this one cannot read would be missing in it.
        if !is_all {
            return Ok(None);
        }
        records.fold()
    } else {
        merged(&stored)?
    };
    if bytes.len() > limits::UPDATE {
        let (document, size) = (stale.document, bytes.len());
        tracing::info!(document.id = %document, size_bytes = size, "a snapshot would be too long to send");
        return Ok(None);
    }
    Ok(Some((through, bytes)))
}

fn merged(stored: &Stored) -> Result<Vec<u8>> {
    let updates =
        stored.snapshot.iter().chain(stored.tail.iter().map(|(_, update)| update)).map(AsRef::as_ref);
    update::snapshot(updates, clock::chance()?, &Limits::SNAPSHOT)
        .map_err(|_| Error::Stored("a document's updates: they do not merge"))
}
