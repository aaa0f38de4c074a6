//! What the validator and the merge cost: `cargo bench -p sheaf-document --bench update`.
//!
//! Prints nanoseconds for each admitted keystroke, and milliseconds to merge 260,000 of them, typed in runs with the
//! caret jumping about as in the recorded editing traces.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and a panic is its report")]

use std::hint::black_box;
use std::time::Instant;

use sheaf_document::update::{DocState, Limits, merge};

const KEYSTROKES: u64 = 260_000;

fn main() {
    let updates = typed(KEYSTROKES);
    let bytes: usize = updates.iter().map(Vec::len).sum();
    println!("{KEYSTROKES} keystrokes in {bytes} bytes");

    for round in 1..=3 {
        let mut state = DocState::new([7; 16]);
        let start = Instant::now();
        for update in &updates {
            black_box(state.admit(update, &Limits::LIVE).unwrap());
        }
        let each = start.elapsed().as_nanos() / u128::from(KEYSTROKES);
        let start = Instant::now();
        let merged = merge(updates.iter().map(Vec::as_slice)).unwrap();
        let merging = start.elapsed().as_millis();
        let start = Instant::now();
        DocState::new([7; 16]).admit(&merged, &Limits::SNAPSHOT).unwrap();
        println!(
            "round {round}: admit {each} ns each, state {} bytes; merge {merging} ms into {} bytes, admitted in {} us",
            state.heap_bytes(),
            merged.len(),
            start.elapsed().as_micros()
        );
    }
}

/// Updates of one writer: runs of 5 letters, each begun at some earlier letter, a deletion every third letter.
fn typed(count: u64) -> Vec<Vec<u8>> {
    let client = 0x12_3456_789a;
    let mut seed = 1_u64;
    let mut clock = 0;
    let mut updates = vec![update(client, clock, &[&[4, 1, 5][..], b"title", &[1, b'a']].concat(), None)];
    while (updates.len() as u64) < count {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let left = if clock % 5 == 4 { (seed >> 33) % (clock + 1) } else { clock };
        clock += 1;
        let mut letter = vec![0x84];
        [client, left].into_iter().for_each(|part| number(&mut letter, part));
        letter.extend([1, b'a' + (clock % 26) as u8]);
        let deleted = (clock % 3 == 0).then(|| (seed >> 20) % clock);
        updates.push(update(client, clock, &letter, deleted));
    }
    updates
}

fn update(client: u64, clock: u64, one: &[u8], deleted: Option<u64>) -> Vec<u8> {
    let mut bytes = vec![1, 1];
    [client, clock].into_iter().for_each(|part| number(&mut bytes, part));
    bytes.extend_from_slice(one);
    match deleted {
        None => bytes.push(0),
        Some(at) => [1, client, 1, at, 1].into_iter().for_each(|part| number(&mut bytes, part)),
    }
    bytes
}

fn number(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}
