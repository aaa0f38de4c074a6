//! Chance against the reader: honest updates spoiled in ten ways. Nothing may panic, hang or take memory out of
//! proportion, and whatever passes must leave yrs with exactly our clocks.

use super::super::structs::Parsed;
use super::people::{self, Chance, Reader};
use super::{Limits, state};
use crate::vectors;

/// Inputs of one run.
const INPUTS: usize = 200_000;
/// After so many inputs a document begins anew: hostile content makes yrs slow, not wrong.
const INPUTS_A_DOCUMENT: usize = 400;

/// Spoils an update in one of ten ways.
fn spoil(chance: &mut Chance, bytes: &mut Vec<u8>, other: &[u8]) {
    let len = bytes.len().max(1);
    let at = chance.below(len);
    let end = (at + 1 + chance.below(8)).min(bytes.len());
    match chance.below(10) {
        0 => bytes.truncate(at),
        1 => with(bytes, at, |byte, _| *byte ^= 1 << (at % 8)),
        2 => {
            let any = chance.below(256) as u8;
            with(bytes, at, |byte, _| *byte = any);
        }
        3 => drop(bytes.splice(at..at, [0xff, 0xff, 0xff, 0xff, 0x07])),
        4 if at < end => drop(bytes.drain(at..end)),
        5 if at < end => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
        6 => {
            let from = chance.below(other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        7 => {
            let tags = [0, 1, 3, 4, 5, 6, 7, 8, 0x84, 0xc4, 0x44, 0x28, 0x81, 0x88, 10, 2];
            let tag = tags[chance.below(tags.len())];
            with(bytes, at, |byte, _| *byte = tag);
        }
        8 => with(bytes, at, |byte, _| *byte = byte.wrapping_add(1)),
        _ => {
            let small = chance.below(12) as u8;
            with(bytes, at, |byte, _| *byte = small);
        }
    }
}

fn with(bytes: &mut [u8], at: usize, change: impl FnOnce(&mut u8, usize)) {
    if let Some(byte) = bytes.get_mut(at) {
        change(byte, at);
    }
}

#[test]
fn spoiled_updates_never_get_the_better_of_us() {
    let seed = 1;
    println!("seed {seed}");
    let chance = &mut Chance::new(seed);
    let mut logs: Vec<Vec<Vec<u8>>> = vectors::all().into_iter().map(|vector| vector.updates).collect();
    logs.extend((0..20).map(|seed| people::log(seed, 40)));
    let (mut inputs, mut accepted) = (0, 0);
    let mut parsed = Parsed::default();
    while inputs < INPUTS {
        let log = &logs[chance.below(logs.len())];
        let (mut rules, reader) = (state(), Reader::new(1 << 40, chance.below(5) == 0));
        let known = chance.below(log.len());
        for update in &log[..known] {
            rules.admit(update, &Limits::BULK).expect("the log is honest");
            reader.take(update);
        }
        for _ in 0..INPUTS_A_DOCUMENT {
            inputs += 1;
            let mut bytes = log[chance.below(log.len())].clone();
            for _ in 0..1 + chance.below(3) {
                spoil(chance, &mut bytes, &log[known]);
            }
            let _outcome = parsed.read(&bytes, &Limits::LIVE);
            let scratch = parsed.heap_bytes();
            assert!(
                scratch <= 8_192 + 128 * bytes.len(),
                "input {inputs}: {scratch} bytes for {}",
                bytes.len()
            );
            parsed = Parsed::default();
            if rules.admit(&bytes, &Limits::LIVE).is_ok() {
                accepted += 1;
                reader.take(&bytes);
                assert_eq!(
                    reader.clocks(),
                    rules.state_vector(),
                    "input {inputs}: yrs took what we took: {bytes:?}"
                );
            }
        }
        let _all = reader.seen();
        let whole = rules_of(&reader);
        assert_eq!(whole, reader.clocks(), "input {inputs}: what yrs writes of it passes again");
    }
    println!("{accepted} of {inputs} accepted");
    assert!(accepted > inputs / 100, "the mutations are mild enough to reach yrs: {accepted}");
}

/// The clocks of a fresh state that admitted the reader's whole document.
fn rules_of(reader: &Reader) -> super::super::StateVector {
    let mut fresh = state();
    let whole = reader.state();
    let outcome = fresh.admit(&whole, &Limits::BULK);
    assert!(outcome.is_ok(), "a document of admitted updates is admitted: {outcome:?}");
    fresh.state_vector()
}
