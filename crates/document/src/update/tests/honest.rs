//! Everything that real Yjs and Tiptap wrote is admitted.

use super::{craft, people};
use crate::update::{DeletedRange, Limits, StateVector, snapshot};
use crate::vectors;

#[test]
fn all_that_yjs_writes_in_causal_order_is_admitted() {
    for vector in vectors::all() {
        let mut state = super::state();
        for (number, update) in vector.updates.iter().enumerate() {
            let admitted = state.admit(update, &Limits::BULK);
            assert!(admitted.is_ok(), "{}: update {number} is honest: {admitted:?}", vector.name);
        }
        let expected: StateVector =
            vector.expect.state_vector.iter().map(|(id, next)| (*id, *next)).collect();
        assert_eq!(state.state_vector(), expected, "{}: we count what Yjs counts", vector.name);

        let repeated = state.admit(&vector.expect.state, &Limits::BULK);
        assert!(repeated.is_ok(), "{}: the whole state again is honest: {repeated:?}", vector.name);
        assert_eq!(state.state_vector(), expected, "{}: and adds nothing", vector.name);

        let mut fresh = super::state();
        let whole = fresh.admit(&vector.expect.state, &Limits::BULK);
        assert!(whole.is_ok(), "{}: the whole state is a beginning: {whole:?}", vector.name);
        assert_eq!(fresh.state_vector(), expected, "{}: the same one", vector.name);
    }
}

#[test]
fn a_snapshot_is_as_good_a_beginning_as_the_log() {
    for seed in 200..260 {
        let log = people::log(seed, 60);
        let whole = super::admitted(&log);
        let (early, late) = log.split_at(log.len() * 2 / 3);
        let mut resumed = super::state();
        let begun = snapshot(early.iter().map(Vec::as_slice), [7; 16], &Limits::SNAPSHOT)
            .expect("a log has a snapshot");
        resumed.admit(&begun, &Limits::SNAPSHOT).expect("a snapshot passes");
        for (number, update) in late.iter().enumerate() {
            let outcome = resumed.admit(update, &Limits::BULK);
            assert!(outcome.is_ok(), "seed {seed}: late update {number} passes as it did: {outcome:?}");
        }
        assert_eq!(resumed.state_vector(), whole.state_vector(), "seed {seed}: both know the same");
    }
}

#[test]
fn a_summary_says_what_an_update_does() {
    let ada = craft::update(1, 0, &[craft::root_text("title", "Ada")]);
    let mut state = super::admitted(&[ada]);
    let again = craft::with_deletes(
        1,
        0,
        &[
            craft::root_text("title", "Ada"),
            craft::between(4, Some((1, 2)), None, &craft::text(" and Tomás")),
        ],
        &[(1, 1, 2)],
    );
    let admitted = state.admit(&again, &Limits::BULK).expect("it goes on where Ada was");
    let summary = admitted.summary();
    let writer = summary.writers().next().expect("Ada wrote");
    assert_eq!(
        (writer.client, writer.start, writer.known, writer.next),
        (1, 0, 3, 13),
        "three known, ten new"
    );
    assert_eq!(summary.deletes, [DeletedRange { client: 1, start: 1, end: 3 }], "two letters go");
    assert_eq!(summary.structs, 2, "the known one counts too");
    let kinds = summary.kinds;
    assert!(
        kinds.text() && !kinds.types() && !kinds.formats() && !kinds.values() && !kinds.emptied(),
        "{kinds:?}"
    );
    assert_eq!(admitted.bytes(), again, "the very bytes");
}

#[test]
fn a_refusal_reads_as_a_sentence() {
    let refusal =
        super::state().admit(&craft::update(1, 4, &[craft::gc(1)]), &Limits::BULK).expect_err("a hole");
    assert_eq!(refusal.to_string(), "the client's earlier structs are not here (at byte 1)");
}
