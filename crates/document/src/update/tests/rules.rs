//! No rule is idle: each has an update that only it refuses, and a test that fails when it is switched off.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::RefusalCode::{self, *};
use super::craft::{root_text, update};
use super::{Limits, admitted, meaning, refused, state, syntax};

thread_local! {
    static OFF: Cell<Option<RefusalCode>> = const { Cell::new(None) };
}

/// Whether this rule is switched off on this thread.
pub fn is_off(code: RefusalCode) -> bool {
    OFF.get() == Some(code)
}

/// The rules that are conditions, each with the test that misses it.
const ABLATION: [(RefusalCode, fn()); 27] = [
    (Size, syntax::a1_too_large_and_too_many),
    (Structs, syntax::a1_too_large_and_too_many),
    (Varint, syntax::a2_numbers_in_their_shortest_form),
    (Clients, syntax::a3_each_client_once_and_with_structs),
    (DuplicateClient, syntax::a3_each_client_once_and_with_structs),
    (EmptyClient, syntax::a3_each_client_once_and_with_structs),
    (ClockRange, syntax::a4_clocks_below_two_to_the_31),
    (GcFlags, syntax::a5_flags_and_parents),
    (BinarySize, syntax::a6_kinds_of_content),
    (ZeroLength, syntax::a8_no_struct_of_length_zero),
    (NameLength, syntax::a9_texts_and_names),
    (Json, syntax::a11_json_that_every_reader_takes),
    (DeleteSet, syntax::a12_deleted_ranges),
    (Trailing, syntax::a13_nothing_behind_the_end),
    (ChainCost, syntax::a14_chains_that_cost_their_readers_too_much),
    (Hole, meaning::b1_no_hole),
    (KnownReference, meaning::b2_what_is_known_refers_to_what_is_known),
    (OwnFuture, meaning::b3_dependencies_in_some_order),
    (MixedLists, meaning::b4_one_list_one_parent),
    (SameNeighbours, meaning::b5_neighbours_differ),
    (Misfit, meaning::b6_content_fits_its_container),
    (LongMapEntry, meaning::b7_map_entries_are_one_long_or_deleted_together),
    (Straddle, meaning::b8_a_struct_known_in_part_stays_in_its_list),
    (TypeDepth, meaning::b9_types_are_not_nested_without_end),
    (DeleteAhead, meaning::b10_only_what_is_here_is_deleted),
    (SecondBeginning, meaning::b11_nobody_begins_a_list_twice),
    (Stranger, a_client_id_belongs_to_one_device),
];

/// The other rules: without them the reader has nothing to go on with, so there is nothing to switch off.
const SHAPES: [RefusalCode; 12] = [
    Truncated,
    ParentInfo,
    ContentKind,
    Skip,
    TypeKind,
    Utf8,
    ValueKind,
    ValueDepth,
    Cycle,
    MissingDependency,
    UnknownRoot,
    NotAType,
];

#[test]
fn a_client_id_belongs_to_one_device() {
    let mut state = admitted(&[update(1, 0, &[root_text("title", "hello")])]);
    let more = update(1, 0, &[root_text("title", "hello you")]);
    let refusal = state.admit_from(&more, &Limits::BULK, |client| client != 1).expect_err("another's id");
    assert_eq!(refusal.code, Stranger);
    let again = update(1, 0, &[root_text("title", "hello")]);
    assert!(state.admit_from(&again, &Limits::BULK, |_| false).is_ok(), "who repeats writes nothing new");
}

#[test]
fn a_rule_that_is_switched_off_is_missed() {
    for (code, test) in ABLATION {
        assert!(catch_unwind(test).is_ok(), "{code:?}: with it the test passes");
        OFF.set(Some(code));
        let missed = catch_unwind(AssertUnwindSafe(test)).is_err();
        OFF.set(None);
        assert!(missed, "{code:?} can be switched off and nobody notices");
    }
}

#[test]
fn every_rule_has_an_update_that_only_it_refuses() {
    let cases = crate::refused::all();
    for (number, case) in cases.iter().enumerate() {
        let (before, update) = (case.before(), case.update());
        let mut known = state();
        for update in &before {
            known.admit(update, &Limits::BULK).expect("what was before is sound");
        }
        let refusal = known.admit(&update, &Limits::BULK).expect_err(&case.code);
        assert_eq!(format!("{:?}", refusal.code), case.code, "{refusal}");
        assert_eq!(refusal.code as usize, number, "{}: the cases stand in the order of the rules", case.code);
        refused(&before, &update, refusal.code);
    }
    assert_eq!(cases.len(), Stranger as usize, "all but who may write, which is not in an update");
    let told: std::collections::BTreeSet<_> =
        ABLATION.iter().map(|(code, _)| *code).chain(SHAPES).map(|code| code as usize).collect();
    assert!(told.into_iter().eq(0..=Stranger as usize), "every rule is one or the other");
}
