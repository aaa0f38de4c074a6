//! Chance against the reader: honest updates spoiled in ten ways. Nothing may panic, hang or take memory out of
//! proportion, and whatever passes must leave yrs with exactly our clocks, and Yjs with what yrs has.

use super::super::structs::Parsed;
use super::people::{self, Reader};
use super::{Limits, state};
use crate::chance::{Chance, setting, spoil};
use crate::peer::Peer;
use crate::vectors;

/// After so many inputs a document begins anew: hostile content makes yrs slow, not wrong.
const INPUTS_A_DOCUMENT: usize = 400;

#[test]
fn spoiled_updates_never_get_the_better_of_us() {
    let (seed, rounds) = (setting("SHEAF_SEED").unwrap_or(1), setting("SHEAF_ROUNDS").unwrap_or(500));
    println!("SHEAF_SEED={seed} SHEAF_ROUNDS={rounds}");
    let chance = &mut Chance::new(seed);
    let mut logs: Vec<Vec<Vec<u8>>> = vectors::all().into_iter().map(|vector| vector.updates).collect();
    logs.extend((0..20).map(|seed| people::log(seed, 40)));
    let (mut inputs, mut accepted, mut differ) = (0, 0, 0);
    let mut parsed = Parsed::default();
    let mut yjs = Peer::start();
    for _ in 0..rounds {
        let log = &logs[chance.below(logs.len())];
        let (mut rules, reader) = (state(), Reader::new(1 << 40, chance.below(5) == 0));
        let known = chance.below(log.len());
        let mut taken = log[..known].to_vec();
        for update in &taken {
            rules.admit(update, &Limits::BULK).expect("the log is honest");
            reader.take(update);
        }
        for _ in 0..INPUTS_A_DOCUMENT {
            inputs += 1;
            let mut bytes = log[chance.below(log.len())].clone();
            for _ in 0..1 + chance.below(3) {
                spoil(chance, &mut bytes, &log[known]);
            }
            let _outcome = parsed.read(&bytes, &Limits::BULK);
            let scratch = parsed.heap_bytes();
            assert!(
                scratch <= 8_192 + 128 * bytes.len(),
                "input {inputs}: {scratch} bytes for {}",
                bytes.len()
            );
            parsed = Parsed::default();
            if rules.admit(&bytes, &Limits::BULK).is_ok() {
                accepted += 1;
                reader.take(&bytes);
                assert_eq!(
                    reader.clocks(),
                    rules.state_vector(),
                    "input {inputs}: yrs took what we took: {bytes:?}"
                );
                taken.push(bytes);
            }
        }
        let _all = reader.seen();
        let whole = rules_of(&reader);
        assert_eq!(whole, reader.clocks(), "input {inputs}: what yrs writes of it passes again");
        differ += u64::from(!reader.agrees_with_yjs(&mut yjs, &taken, &format!("before input {inputs}")));
    }
    println!("{accepted} of {inputs} accepted; {differ} of {rounds} documents read differently in Yjs");
    assert!(
        differ * 50 <= rounds.max(50),
        "yrs and Yjs read nearly all of it alike: {differ} of {rounds} differ"
    );
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
