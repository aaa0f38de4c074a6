//! What a saved keystroke costs beside the least that any program could do: one SQLite insert of as many bytes, with the
//! same pragmas, on the same disk, in the same minute.
//!
//! Rounds of both take turns, so that whatever else the machine does is done to both. The ratio of the medians is the
//! figure; the times depend on the disk.

use std::path::Path;
use std::time::Instant;

use bytes::Bytes;
use rusqlite::Connection;
use sheaf_document::ids::{DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Origin, Seal};
use sheaf_protocol::frame::Ack;
use sheaf_store::{Identity, LocalWrite, Store, Written};
use sheaf_stories::figure::{Figure, median};

const ROUNDS: usize = 200;
/// Rounds before those that count: by then both write-ahead logs have their size, and a sync flushes nothing but what was written.
const WARM: usize = 60;
const COMMITS: usize = 20;
/// Edits that are written, and acknowledged, in one transaction.
const TOGETHER: usize = 1_000;
/// A Yjs update of one typed character.
const UPDATE: usize = 24;
/// The same and an entry's header: hash, time and the small numbers.
const ROW: usize = UPDATE + 32 + 6 + 14;

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut store = replica(&folder.path().join("workspace.sheaf"))?;
    let bare = bare_table(&folder.path().join("bare.db"))?;
    let mut insert = bare.prepare("INSERT INTO bare (bytes) VALUES (?1)")?;
    let document = DocumentId::from_bytes([4; 16]);
    let row = [7_u8; ROW];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..WARM + ROUNDS {
        if round == WARM {
            (ours, theirs) = (Vec::new(), Vec::new());
        }
        for at in 0..COMMITS as u64 {
            let bytes = Bytes::copy_from_slice(&[at as u8; UPDATE]);
            let write = LocalWrite { document, origin: Origin::TYPED, at, bytes };
            ours.push(micros(|| store.commit_local(&write))?);
        }
        for _ in 0..COMMITS {
            theirs.push(micros(|| insert.execute([&row]))?);
        }
    }
    let what = "commit of a keystroke, beside a bare SQLite insert";
    Figure { group: "replica", what, unit: "µs", ours: median(ours) }.at_most_times(1.5, median(theirs));
    acknowledgements(&mut store)
}

/// A flood comes back as acknowledgements. Each turns a row of the log into one that can be found by two more indices and
/// takes one out of the outbox, where writing adds two rows and one index: so it costs more than the writing did.
fn acknowledgements(store: &mut Store) -> anyhow::Result<()> {
    let (document, epoch) = (DocumentId::from_bytes([5; 16]), Epoch::from_bytes([6; 16]));
    let writes: Vec<LocalWrite> = (0..TOGETHER as u64)
        .map(|at| {
            let bytes = Bytes::copy_from_slice(&[at as u8; UPDATE]);
            LocalWrite { document, origin: Origin::TYPED, at, bytes }
        })
        .collect();
    let (mut writing, mut acknowledging) = (Vec::new(), Vec::new());
    for round in 0..20 {
        let mut written = Vec::new();
        writing.push(micros(|| store.commit_local_all(&writes).map(|all| written = all))?);
        let ack = |(at, entry): (u64, &Written)| {
            let seq = round * TOGETHER as u64 + at;
            Ack { counter: entry.counter, hash: entry.hash, seq, at, seal: Seal([8; 16]) }
        };
        let acks: Vec<Ack> = (1..).zip(&written).map(ack).collect();
        acknowledging.push(micros(|| store.acknowledge(epoch, &acks, None))?);
    }
    let each = |times| median(times) / TOGETHER as f64;
    let what = "an acknowledgement among 1,000, beside writing the edit";
    Figure { group: "replica", what, unit: "µs", ours: each(acknowledging) }
        .at_most_times(2.5, each(writing));
    Ok(())
}

fn replica(path: &Path) -> Result<Store, sheaf_store::StoreError> {
    let author = Author {
        person: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
        replica: ReplicaId::from_bytes([3; 16]),
    };
    Store::create(path, None, Identity { workspace: WorkspaceId::from_bytes([9; 16]), author })
}

fn bare_table(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.execute_batch(include_str!("../../crates/store/src/pragmas.sql"))?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch("CREATE TABLE bare (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    Ok(connection)
}

fn micros<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<f64, E> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64() * 1e6)
}
