//! The disk fails at its first, second, third … write or sync, once or until somebody makes room.
//!
//! After every failure: what was called saved is there in its order, log and outbox agree, and when the disk works again so does
//! the store. A write whose *sync* failed may be found there all the same by whoever opens the file anew; it was never
//! called saved, and nothing was built on it.

use sheaf_store::{Access, Store, StoreError};

use crate::failing::{Fault, install, lift, plan};
use crate::support::*;

/// What the disk must hold.
#[derive(Debug, Clone, PartialEq, Default)]
struct Held {
    log: Vec<String>,
    outbox: Vec<String>,
    /// The order under which the minutes stand in the tree.
    order: Vec<u8>,
}

impl Held {
    fn of(store: &Store) -> Self {
        let order = store.places(&[MINUTES]).unwrap().pop().map(|row| row.order).unwrap_or_default();
        Self { log: texts(store, MINUTES), outbox: waiting(store), order }
    }

    fn write(&mut self, words: &str) {
        self.log.push(words.to_owned());
        self.outbox.push(words.to_owned());
    }
}

/// Does the next thing; says how it went and what the disk holds if it went well.
fn step(store: &mut Store, number: u64, held: &Held) -> (Result<(), StoreError>, Held) {
    let mut after = held.clone();
    // Long enough that pages fill and new ones are taken.
    let words = |part: u64| format!("step {number}.{part} {}", "and so on ".repeat(60));
    let write = |part| typed(MINUTES, number, &words(part));
    let outcome = match number % 5 {
        1 => {
            (0..3).for_each(|part| after.write(&words(part)));
            store.commit_local_all(&[write(0), write(1), write(2)]).map(drop)
        }
        2 => {
            after.log.push(words(0));
            store.commit_remote(&page(vec![entry(number, tomas(), number, MINUTES, &words(0))])).map(drop)
        }
        3 => {
            after.outbox.remove(0);
            let oldest = store.outbox(0, ALL).map(|rows| rows.into_iter().next());
            oldest.and_then(|oldest| {
                let row = oldest.expect("something waits");
                let written = sheaf_store::Written { counter: row.counter, hash: row.hash };
                store.acknowledge(FIRST, &[ack(number, written)], None).map(drop)
            })
        }
        4 => {
            let order = 1 + number as u8;
            let place = placed(MINUTES, None, order);
            after.order = vec![order];
            after.outbox.push(format!("{place:?}"));
            after.write(&words(0));
            store.commit_records(&[drafted(place)], &[write(0)]).map(drop)
        }
        _ => {
            after.write(&words(0));
            store.commit_local(&write(0)).map(drop)
        }
    };
    (outcome, after)
}

/// Tells a day on a disk that fails at its `nth` operation of a kind; says whether it came to that.
fn day(fault: Fault, nth: u32, lasts: bool) -> bool {
    let story = format!("{fault:?} at the {nth}. operation, lasting: {lasts}");
    let disk = Disk::new();
    drop(disk.create());
    let (mut store, mut held, mut struck) = (disk.write(), Held::default(), false);
    plan(disk.folder.path(), fault, nth, lasts);
    for number in 0..13 {
        if number == 6 {
            // Closing moves everything from the write-ahead log into the file; opening begins anew.
            drop(store);
            store = disk.open(Access::Write).unwrap_or_else(|error| {
                assert!(matches!(error, StoreError::Full | StoreError::Io(_)), "{story}: {error:?}");
                struck |= lift(disk.folder.path());
                disk.write()
            });
            assert_eq!(Held::of(&store), held, "{story}: closed and opened");
        }
        let (outcome, after) = step(&mut store, number, &held);
        let Err(error) = outcome else {
            held = after;
            assert_eq!(Held::of(&store), held, "{story}: step {number} was called saved");
            continue;
        };
        struck |= lift(disk.folder.path());
        match error {
            StoreError::Full => {
                assert_eq!(Held::of(&store), held, "{story}: step {number} was refused whole")
            }
            StoreError::Io(_) => {
                drop(store);
                store = disk.write();
                let found = Held::of(&store);
                let synced_or_not = fault == Fault::Sync && found == after;
                assert!(
                    found == held || synced_or_not,
                    "{story}: step {number} is there whole or not at all"
                );
            }
            other => panic!("{story}: a disk that fails is called one: {other:?}"),
        }
        if Held::of(&store) == held {
            let (again, _) = step(&mut store, number, &held);
            again.unwrap_or_else(|error| panic!("{story}: step {number} again: {error}"));
        }
        held = after;
        assert_eq!(Held::of(&store), held, "{story}: the disk works again, and so does the store");
    }
    store.check().unwrap();
    drop(store);
    struck |= lift(disk.folder.path());
    assert_eq!(Held::of(&disk.open(Access::Read).unwrap()), held, "{story}: what a fresh reader finds");
    struck
}

#[test]
fn whichever_write_or_sync_fails_nothing_that_was_saved_is_missing() {
    install();
    let mut days = 0;
    for fault in Fault::ALL {
        for lasts in [false, true] {
            let failing = (1..).take_while(|nth| day(fault, *nth, lasts)).count();
            assert!(failing > 0, "{fault:?} did come to pass");
            days += failing;
        }
    }
    println!("{days} points of failure");
    assert!(days > 300, "every write and sync of the day failed once: {days}");
}

#[test]
fn a_write_ahead_log_that_cannot_be_emptied_costs_nothing() {
    install();
    let seed = std::env::var("SHEAF_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(21);
    println!("SHEAF_SEED={seed}");
    let mut chance = Chance(seed);
    let chapter = "a long chapter ".repeat(70_000);
    for fault in [Fault::Full, Fault::Write, Fault::Short, Fault::Sync] {
        for _ in 0..6 {
            let disk = Disk::new();
            drop(disk.create());
            let mut store = disk.write();
            // Some 4,500 pages: the log is emptied into the file while this goes on.
            let nth = if fault == Fault::Sync { 1 + chance.below(20) } else { 1 + chance.below(12_000) };
            plan(disk.folder.path(), fault, nth as u32, true);
            let saved = (0..18).take_while(|at| store.commit_local(&typed(MINUTES, *at, &chapter)).is_ok());
            let saved = saved.count();
            lift(disk.folder.path());
            drop(store);
            let mut store = disk.write();
            let found = texts(&store, MINUTES).len();
            assert!(found == saved || found == saved + 1, "{fault:?} at {nth}: {found} of {saved}");
            store.commit_local(&typed(MINUTES, 99, "and then there was room")).unwrap();
            store.check().unwrap();
        }
    }
}
