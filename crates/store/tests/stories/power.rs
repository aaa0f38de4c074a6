//! The power fails. What was synced is on the disk; what was being written is there in part, or as noise.
//!
//! The files are copied while the writer still has them open, so nothing is tidied up, and the copy's write-ahead log
//! is cut or damaged at random places. How long it was after each commit says what the copy must hold.

use std::fs;

use sheaf_protocol::record::Record;
use sheaf_store::Access;

use crate::support::*;

const COMMITS: usize = 120;

struct Cut {
    database: Vec<u8>,
    wal: Vec<u8>,
    /// How long the write-ahead log was after each commit.
    ends: Vec<usize>,
}

fn write_until_the_cut() -> Cut {
    let disk = Disk::new();
    drop(disk.create());
    let mut store = disk.write();
    let wal = disk.folder.path().join("workspace.sheaf-wal");
    let mut ends = Vec::new();
    for number in 0..COMMITS {
        store.commit_records(&[drafted(place(number))], &[typed(MINUTES, 1, &line(number))]).unwrap();
        ends.push(fs::metadata(&wal).unwrap().len() as usize);
    }
    Cut { database: fs::read(disk.path()).unwrap(), wal: fs::read(wal).unwrap(), ends }
}

fn place(number: usize) -> Record {
    placed(MINUTES, None, 1 + number as u8)
}

fn line(number: usize) -> String {
    format!("line {number} {}", "of many ".repeat(number % 50))
}

/// Starts again from what the disk holds, and returns the document's lines.
fn start_again(database: &[u8], wal: &[u8]) -> Vec<String> {
    let disk = Disk::new();
    fs::write(disk.path(), database).unwrap();
    fs::write(disk.folder.path().join("workspace.sheaf-wal"), wal).unwrap();
    let read = texts(&disk.open(Access::Read).unwrap(), MINUTES);
    let mut store = disk.write();
    store.check().unwrap();
    assert_eq!(texts(&store, MINUTES), read, "reader and writer recover the same");
    let lines = read.iter().enumerate();
    let outbox: Vec<_> = lines.flat_map(|(at, line)| [format!("{:?}", place(at)), line.clone()]).collect();
    assert_eq!(waiting(&store), outbox, "log and outbox go together");
    assert_the_tree_is_its_log(&store);
    let next = store.commit_local(&typed(MINUTES, 1, "after the cut")).unwrap();
    assert_eq!(next.counter as usize, outbox.len() + 1, "writing goes on behind the last entry");
    read
}

#[test]
fn a_torn_write_costs_only_what_was_not_saved_yet() {
    let cut = write_until_the_cut();
    let mut chance = Chance(3);
    for _ in 0..60 {
        let length = chance.below(cut.wal.len() as u64 + 1) as usize;
        let saved = cut.ends.iter().filter(|end| **end <= length).count();
        let expected: Vec<_> = (0..saved).map(line).collect();
        let (kept, torn) = cut.wal.split_at(length);
        assert_eq!(start_again(&cut.database, kept), expected, "cut after {length} bytes");
        let noise: Vec<u8> = torn.iter().take(5_000).map(|_| chance.number() as u8).collect();
        let noisy = [kept, &noise].concat();
        assert_eq!(start_again(&cut.database, &noisy), expected, "noise after {length} bytes");
    }
}
