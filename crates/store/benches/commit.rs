//! What a saved keystroke costs beside the least that any program could do: one SQLite insert of as many bytes, with the
//! same pragmas, on the same disk, in the same minute.
//!
//! Rounds of both take turns, so that whatever else the machine does is done to both. The ratio of the medians is the
//! figure; the times depend on the disk.

use std::path::Path;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rusqlite::Connection;
use sheaf_document::ids::{DeviceId, DocumentId, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Origin};
use sheaf_store::{Identity, LocalWrite, Store};

const ROUNDS: usize = 200;
const COMMITS: usize = 20;
/// A Yjs update of one typed character.
const UPDATE: usize = 24;
/// The same and an entry's header: hash, time and the small numbers.
const ROW: usize = UPDATE + 32 + 6 + 14;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let mut store = replica(&folder.path().join("workspace.sheaf"))?;
    let bare = bare_table(&folder.path().join("bare.db"))?;
    let document = DocumentId::from_bytes([4; 16]);
    let row = [7_u8; ROW];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for at in 0..COMMITS as u64 {
            let bytes = Bytes::copy_from_slice(&[at as u8; UPDATE]);
            let write = LocalWrite { document, origin: Origin::TYPED, at, bytes };
            ours.push(timed(|| store.commit_local(&write))?);
        }
        let mut insert = bare.prepare_cached("INSERT INTO bare (bytes) VALUES (?1)")?;
        for _ in 0..COMMITS {
            theirs.push(timed(|| insert.execute([&row]))?);
        }
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    #[expect(clippy::print_stdout, reason = "a benchmark's figure is its output")]
    {
        println!("commit_local {ours:.1?}, bare insert {theirs:.1?}, ratio {ratio:.2} (at most 1.5)");
    }
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
    connection.execute_batch(include_str!("../src/pragmas.sql"))?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.execute_batch("CREATE TABLE bare (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    Ok(connection)
}

fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
