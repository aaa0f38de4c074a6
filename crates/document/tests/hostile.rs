//! Anything at all against whatever reads updates: nothing panics, nothing hangs, and what it costs is a small multiple of what
//! came in. Every allocation of this process is counted.
//!
//! `SHEAF_ROUNDS=100000 cargo test -p sheaf-document --test hostile --release` goes on for longer, from another seed.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a panic in a test is the report, and a hang has to be told before the process ends"
)]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/counting.rs"]
mod counting;
#[path = "support/refused.rs"]
mod refused;
#[path = "support/vectors.rs"]
mod vectors;

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::mpsc;
use std::time::Duration;

use sheaf_document::update::{DocState, Limits, StateVector, diff, merge, snapshot};

use chance::{Chance, setting, spoil};
use counting::most_held;

/// Inputs against one document.
const ROUND: usize = 1_000;
/// No round takes as long, however busy the machine is.
const HANGS: Duration = Duration::from_secs(120);
/// What a reader may hold for each byte of an update, and for none.
const EACH: usize = 256;
const NONE: usize = 8 << 10;

/// Ends the process when a round takes for ever; a loop without end cannot be caught in any other way.
fn watch(story: String) -> mpsc::Sender<()> {
    let (beat, beats) = mpsc::channel();
    std::thread::spawn(move || {
        loop {
            match beats.recv_timeout(HANGS) {
                Ok(()) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    eprintln!("{story}: a round hangs");
                    std::process::abort();
                }
            }
        }
    });
    beat
}

/// Bytes of some kind: mostly an update that somebody really wrote, spoiled a little.
fn input(chance: &mut Chance, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut pick = || corpus[chance.below(corpus.len())].clone();
    let (mut bytes, other) = (pick(), pick());
    if chance.below(20) == 0 {
        let len = chance.below(2_000);
        return (0..len).map(|_| chance.below(256) as u8 >> (4 * chance.below(2))).collect();
    }
    for _ in 0..1 + chance.below(3) {
        spoil(chance, &mut bytes, &other);
    }
    bytes
}

#[test]
fn nothing_panics_hangs_or_takes_more_than_its_share() {
    let seed = setting("SHEAF_SEED").unwrap_or_else(|| RandomState::new().hash_one(0) >> 1);
    let rounds = setting("SHEAF_ROUNDS").unwrap_or(200);
    let story = format!("SHEAF_SEED={seed} SHEAF_ROUNDS={rounds}");
    println!("{story}");
    let logs: Vec<Vec<Vec<u8>>> = vectors::all().into_iter().map(|vector| vector.updates).collect();
    let mut corpus: Vec<Vec<u8>> = logs.concat();
    let rule_breakers = refused::all();
    corpus.extend(rule_breakers.iter().map(refused::Refused::update).filter(|update| update.len() < 100_000));
    corpus.extend(logs.iter().flat_map(|log| merge(log.iter().map(Vec::as_slice))));
    let beat = watch(story.clone());
    let chance = &mut Chance::new(seed);
    let (mut admitted, mut dearest) = (0, 0.0_f64);
    for round in 0..rounds {
        let log = &logs[chance.below(logs.len())];
        let mut state = DocState::new([7; 16]);
        for update in &log[..chance.below(log.len())] {
            state.admit(update, &Limits::BULK).expect("what Yjs wrote is sound");
        }
        let have = state.state_vector();
        for number in 0..ROUND {
            let bytes = input(chance, &corpus);
            let first = &log[0][..];
            let mut holds = |what: &str, came: usize, work: &mut dyn FnMut()| {
                let held = most_held(work);
                assert!(
                    held <= NONE + EACH * came,
                    "{story}, round {round}, input {number}: {what} held {held} bytes for {came}"
                );
                dearest = dearest.max(held.saturating_sub(NONE) as f64 / came.max(1) as f64);
            };
            let len = bytes.len();
            holds("admitting", len, &mut || {
                admitted += usize::from(state.admit(&bytes, &Limits::BULK).is_ok())
            });
            holds("merging", len + first.len(), &mut || drop(merge([&bytes[..], first])));
            holds("folding", len, &mut || drop(snapshot([&bytes[..]], [7; 16], &Limits::SNAPSHOT)));
            holds("cutting", len, &mut || drop(diff(&bytes, &have)));
            holds("a state vector", len, &mut || drop(StateVector::decode(&bytes)));
        }
        beat.send(()).expect("the watch goes on");
    }
    println!("{admitted} of {} admitted, at most {dearest:.0} bytes held for each", rounds * ROUND as u64);
    assert!(admitted > 0, "some of it is sound enough to be taken");
}
