//! A writing process is killed, again and again, at any moment; what it had called saved is there.
//!
//! The child is this test program once more, running [`the_child`] alone: it writes without end and says each thing
//! after the store has returned. `SHEAF_ROUNDS` sets how often it is killed, `SHEAF_SEED` replays what it does.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::str::FromStr;

use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::{Counter, Kind, Seq};
use sheaf_protocol::record::Record;
use sheaf_store::{Access, Options, Reading, RemoteBatch, Store, StoreError};

use crate::support::*;

const DOCUMENTS: [DocumentId; 3] = [MINUTES, RECIPES, LETTERS];

#[test]
fn nothing_that_was_called_saved_is_lost() {
    let rounds = setting("SHEAF_ROUNDS").unwrap_or(50);
    let seed = setting("SHEAF_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    println!("SHEAF_ROUNDS={rounds} SHEAF_SEED={seed}");
    let mut chance = Chance(seed);
    let disk = Disk::new();
    drop(disk.create());
    let mut saved = BTreeMap::new();
    let mut cursor = 0;
    let mut searched = BTreeMap::new();
    for round in 1..=rounds {
        let said = run_and_kill(&disk.path(), &mut chance);
        saved.extend(saved_in(&said));
        cursor = cursor.max(through_in(&said));
        let mut store = disk.write();
        store.check().unwrap_or_else(|found| panic!("round {round}, seed {seed}: {found}"));
        let found = everything_written(&store);
        for (counter, text) in &saved {
            let there = found.get(counter);
            assert_eq!(there, Some(text), "round {round}, seed {seed}: entry {counter} was called saved");
        }
        assert!(
            store.position().unwrap().cursor >= cursor,
            "round {round}, seed {seed}: the log was here through {cursor}"
        );
        assert_order_and_numbers(&store, &found);
        assert_the_tree_is_its_log(&store);
        searched = search_reads_what_is_new(&mut store, &searched);
        // What was committed but not said any more counts from now on.
        saved = found;
    }
    println!("{} entries written here, {cursor} numbers stored", saved.len());
}

/// Starts the child, lets it say so many lines, kills it a moment later; returns all that it said.
fn run_and_kill(path: &Path, chance: &mut Chance) -> String {
    let lines = chance.below(60);
    let moment = chance.below(400_000);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::the_child", "--nocapture"])
        .env("SHEAF_CHILD", path)
        .env("SHEAF_SEED", chance.number().to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    for _ in 0..lines {
        assert!(output.read_line(&mut said).unwrap() > 0, "the child ends only when it is killed: {said}");
    }
    assert_a_reader_sees(path, &said);
    for _ in 0..moment {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    while output.read_line(&mut said).unwrap() > 0 {}
    assert_a_reader_sees(path, &said);
    said
}

/// Reads beside the running child, and then what it left behind, before any writer has tidied it up.
fn assert_a_reader_sees(path: &Path, said: &str) {
    let reader = Store::open(path, Options { key: None, access: Access::Read }).unwrap();
    let seen: BTreeSet<_> = DOCUMENTS.into_iter().flat_map(|document| texts(&reader, document)).collect();
    for (counter, text) in saved_in(said).iter().filter(|(_, text)| text.starts_with("own")) {
        assert!(seen.contains(text), "entry {counter} was called saved, so a reader sees it");
    }
}

/// Returns the entries that were called saved, by counter. A line that the kill cut short was not said.
fn saved_in(said: &str) -> BTreeMap<Counter, String> {
    let lines = said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')?.strip_prefix("saved "));
    let entries = lines.filter_map(|line| line.split_once(' '));
    entries.map(|(counter, text)| (counter.parse().unwrap(), text.to_owned())).collect()
}

/// Returns the highest number that the log was said to be stored through.
fn through_in(said: &str) -> Seq {
    let lines =
        said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')?.strip_prefix("through "));
    lines.map(|seq| seq.parse().unwrap()).max().unwrap_or(0)
}

/// Returns the text of every entry written on this device, by counter: what waits, and what is numbered.
fn everything_written(store: &Store) -> BTreeMap<Counter, String> {
    let waiting = store.outbox(0, ALL).unwrap();
    let numbered = store.numbered_after(FIRST, 0, ALL).unwrap();
    let own = numbered.iter().map(|it| &it.draft).filter(|draft| draft.author == imke());
    let mut all = BTreeMap::new();
    for draft in waiting.iter().chain(own) {
        let twice = all.insert(draft.counter, words(draft));
        assert_eq!(twice, None, "entry {} waits, or is numbered, never both", draft.counter);
    }
    all
}

/// Search is told of each document that has more entries than it read, and of no other; returns what it has read now.
fn search_reads_what_is_new(
    store: &mut Store,
    searched: &BTreeMap<DocumentId, u64>,
) -> BTreeMap<DocumentId, u64> {
    let rows = store.documents().unwrap();
    for row in &rows {
        let is_new = searched.get(&row.id) != Some(&row.entries);
        assert_eq!(row.stale, is_new, "the mark is in the transaction that wrote {}", row.id);
    }
    let stale = store.stale_documents(usize::MAX).unwrap();
    store.put_readings(&stale.into_iter().map(Reading::from).collect::<Vec<_>>()).unwrap();
    rows.into_iter().map(|row| (row.id, row.entries)).collect()
}

fn assert_order_and_numbers(store: &Store, written: &BTreeMap<Counter, String>) {
    let counters: Vec<_> = written.keys().copied().collect();
    let expected: Vec<_> = (1..=counters.len() as Counter).collect();
    assert_eq!(counters, expected, "no entry is missing between two others");
    for (index, document) in DOCUMENTS.into_iter().enumerate() {
        let here: Vec<_> = texts(store, document).into_iter().filter(|it| it.starts_with("own")).collect();
        let place = format!("own-{index}-");
        let in_order: Vec<_> = written.values().filter(|it| it.starts_with(&place)).cloned().collect();
        assert_eq!(here, in_order, "a document reads in the order of writing");
    }
    let numbers: Vec<_> = store.numbered_after(FIRST, 0, ALL).unwrap().iter().map(|it| it.seq).collect();
    let expected: Vec<_> = (1..=store.position().unwrap().cursor).collect();
    assert_eq!(numbers, expected, "the cursor says exactly what is here");
}

/// Writes until it is killed. Without a path to write to it is not the child, and has nothing to do.
#[test]
fn the_child() {
    let Ok(path) = std::env::var("SHEAF_CHILD") else { return };
    let mut chance = Chance(setting("SHEAF_SEED").unwrap());
    let options = Options { key: None, access: Access::Write };
    let mut store = Store::open(Path::new(&path), options).unwrap();
    loop {
        let said = match chance.below(8) {
            0..=3 => write_some(&mut store, &mut chance, 1),
            4 => {
                let count = 1 + chance.below(5);
                write_some(&mut store, &mut chance, count)
            }
            5 => receive(&mut store, &mut chance),
            6 => receive_acknowledgements(&mut store, &mut chance),
            _ => receive_own(&mut store),
        };
        let mut out = std::io::stdout().lock();
        out.write_all(said.as_bytes()).and_then(|()| out.flush()).expect("somebody listens until the kill");
    }
}

fn write_some(store: &mut Store, chance: &mut Chance, count: u64) -> String {
    let drafts: Vec<_> = (0..chance.below(3)).map(|_| drafted(any_place(chance))).collect();
    let writes: Vec<_> = (0..count)
        .map(|_| {
            let (index, length) = (chance.below(3) as usize, chance.below(200) as usize);
            let words = format!("own-{index}-{}-{}", chance.number(), "x".repeat(length));
            typed(DOCUMENTS[index], chance.below(1_000), &words)
        })
        .collect();
    let written = match (drafts.as_slice(), writes.as_slice()) {
        ([], [one]) => vec![store.commit_local(one).unwrap()],
        ([], several) => store.commit_local_all(several).unwrap(),
        (drafts, updates) => match store.commit_records(drafts, updates) {
            Err(StoreError::Rule(_)) => return String::new(),
            drafted => drafted.unwrap().written,
        },
    };
    let said = drafts.iter().map(|it| format!("{:?}", it.record));
    let said = said.chain(writes.iter().map(|write| text(&write.bytes)));
    written.iter().zip(said).map(|(it, said)| format!("saved {} {said}\n", it.counter)).collect()
}

/// Puts one of the documents somewhere, whether or not it may stand there.
fn any_place(chance: &mut Chance) -> Record {
    let mut one = || DOCUMENTS[chance.below(3) as usize];
    let (document, parent) = (one(), one());
    placed(document, Some(parent).filter(|_| chance.below(2) == 0), 1 + chance.below(200) as u8)
}

fn receive(store: &mut Store, chance: &mut Chance) -> String {
    let first = store.position().unwrap().cursor + 1;
    let entries = (first..=first + chance.below(20)).map(|seq| match chance.below(4) {
        // At the top, where nothing that comes from another can make a circle.
        0 => record_entry(seq, tomas(), seq, &placed(DOCUMENTS[chance.below(3) as usize], None, 7)),
        _ => entry(seq, tomas(), seq, DOCUMENTS[chance.below(3) as usize], &format!("his-{seq}")),
    });
    through(store, page(entries.collect()))
}

fn receive_acknowledgements(store: &mut Store, chance: &mut Chance) -> String {
    let first = store.position().unwrap().cursor + 1;
    let waiting = store.outbox(0, ALL).unwrap();
    let acks: Vec<_> = waiting
        .iter()
        .take(chance.below(10) as usize)
        .zip(first..)
        .map(|(it, seq)| ack(seq, sheaf_store::Written { counter: it.counter, hash: it.hash }))
        .collect();
    let cursor = acks.last().map(|it| it.seq);
    store.acknowledge(FIRST, &acks, cursor).unwrap();
    cursor.map(|seq| format!("through {seq}\n")).unwrap_or_default()
}

fn receive_own(store: &mut Store) -> String {
    let seq = store.position().unwrap().cursor + 1;
    let Some(first) = store.outbox(0, ALL).unwrap().into_iter().next() else { return String::new() };
    let own = match first.kind {
        Kind::RECORD => record_entry(seq, imke(), first.counter, &recorded(&first.bytes)),
        _ => entry(seq, imke(), first.counter, first.document, &text(&first.bytes)),
    };
    through(store, page(vec![own]))
}

fn through(store: &mut Store, batch: RemoteBatch) -> String {
    store.commit_remote(&batch).unwrap();
    format!("through {}\n", batch.cursor.unwrap())
}

fn setting<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok()?.parse().ok()
}
