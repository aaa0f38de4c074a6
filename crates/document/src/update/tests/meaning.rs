//! Rules B1 to B11: what can be read and still must not reach a document. Ada is client 1, Imke 2, Noor 3.

use super::super::RefusalCode;
use super::craft::{
    array, between, deleted, element, gc, inside, inside_key, many, numbers, root, root_key, root_text, text,
    update, with_deletes,
};
use super::{admitted, refused};

fn hello() -> Vec<u8> {
    update(1, 0, &[root_text("title", "hello")])
}

/// A list in `meta`: (1, 0).
fn list() -> Vec<u8> {
    update(1, 0, &[root_key("meta", "list", &array())])
}

#[test]
pub fn b1_no_hole() {
    let refusal = refused(&[hello()], &update(1, 6, &[gc(1)]), RefusalCode::Hole);
    assert!(refusal.code.needs_resync(), "what is missing may yet come");
    let missing = refusal.about.expect("a hole has a beginning");
    assert_eq!((missing.client, missing.clock), (1, 5), "the first clock that is missing");
    admitted(&[hello(), update(1, 5, &[gc(1)])]);
}

#[test]
pub fn b2_what_is_known_refers_to_what_is_known() {
    let again = |origin| update(1, 0, &[between(4, Some(origin), None, &text("hello"))]);
    refused(&[hello()], &again((9, 0)), RefusalCode::KnownReference);
    refused(&[hello()], &again((1, 0)), RefusalCode::KnownReference);
    let mut state = admitted(&[hello()]);
    let repeated = hello();
    let summary = state.admit(&repeated, &super::Limits::BULK).expect("said again").summary().clone();
    assert!(summary.adds_nothing(), "and nothing is new in it: {summary:?}");
}

#[test]
pub fn b3_dependencies_in_some_order() {
    let by = |client, origin| update(client, 0, &[between(4, Some(origin), None, &text("x"))]);
    let missing = refused(&[hello()], &by(2, (3, 0)), RefusalCode::MissingDependency);
    assert!(missing.code.needs_resync(), "Noor's words may yet come");
    refused(&[hello()], &by(2, (1, 5)), RefusalCode::MissingDependency);
    refused(&[hello()], &by(2, (2, 0)), RefusalCode::OwnFuture);
    refused(&[hello()], &by(2, (2, 7)), RefusalCode::OwnFuture);

    let after = |origin| between(4, Some(origin), None, &text("x"));
    let circle = many(&[(2, 0, &[after((3, 0))]), (3, 0, &[after((2, 0))])], &[]);
    refused(&[hello()], &circle, RefusalCode::Cycle);
    let used_up = many(&[(2, 0, &[after((3, 1))]), (3, 0, &[after((1, 0))])], &[]);
    refused(&[hello()], &used_up, RefusalCode::MissingDependency);

    // Imke and Noor answer each other's letters in turn, in one update, in the wrong order.
    let imke = [after((3, 0)), after((3, 1)), after((3, 2))];
    let noor = [after((1, 4)), after((2, 0)), after((2, 1)), after((2, 2))];
    let state = admitted(&[hello(), many(&[(2, 0, &imke), (3, 0, &noor)], &[])]);
    assert_eq!((state.next(2), state.next(3)), (3, 4), "all of it is taken");
}

#[test]
pub fn b4_one_list_one_parent() {
    let both = update(
        2,
        0,
        &[root_key("meta", "k", &numbers(1)), between(4, Some((1, 0)), Some((2, 0)), &text("x"))],
    );
    refused(&[hello()], &both, RefusalCode::MixedLists);
    let half_gone = update(2, 0, &[gc(1), between(4, Some((1, 0)), Some((2, 0)), &text("x"))]);
    refused(&[hello()], &half_gone, RefusalCode::MixedLists);
    refused(&[], &update(1, 0, &[root_text("elsewhere", "x")]), RefusalCode::UnknownRoot);
    refused(&[hello()], &update(2, 0, &[inside((1, 0), &numbers(1))]), RefusalCode::NotAType);

    let emptied = update(1, 1, &[inside((1, 0), &(1, deleted(1)))]);
    let into_deleted =
        update(2, 0, &[inside((1, 1), &numbers(1)), between(4, Some((2, 0)), None, &text("any"))]);
    let state = admitted(&[list(), emptied, into_deleted]);
    assert_eq!(state.next(2), 4, "whatever hangs in what is gone is gone too, and allowed");
}

#[test]
pub fn b5_neighbours_differ() {
    let between_itself = update(2, 0, &[between(4, Some((1, 1)), Some((1, 1)), &text("x"))]);
    refused(&[hello()], &between_itself, RefusalCode::SameNeighbours);
}

#[test]
pub fn b6_content_fits_its_container() {
    let misfits = [
        root_text("default", "text in a fragment"),
        root(7, "default", &[0]),
        root(8, "title", &numbers(1).1),
        root(8, "meta", &numbers(1).1),
        root(1, "meta", &deleted(1)),
        root_key("default", "k", &numbers(1)),
        root_key("meta", "k", &(4, text("x"))),
        root_key("meta", "k", &(6, [text("bold"), text("1")].concat())),
    ];
    for misfit in misfits {
        refused(&[], &update(1, 0, &[misfit]), RefusalCode::Misfit);
    }
    refused(&[list()], &update(2, 0, &[inside((1, 0), &(4, text("x")))]), RefusalCode::Misfit);
    refused(&[list()], &update(2, 0, &[inside_key((1, 0), "k", &numbers(1))]), RefusalCode::Misfit);
    admitted(&[
        list(),
        update(
            2,
            0,
            &[
                inside((1, 0), &numbers(3)),
                root(7, "default", &element().1),
                inside_key((2, 3), "k", &numbers(1)),
            ],
        ),
    ]);
}

#[test]
pub fn b7_map_entries_are_one_long_or_deleted_together() {
    let long = |deletes: &[_]| with_deletes(1, 0, &[root_key("meta", "k", &numbers(3))], deletes);
    refused(&[], &long(&[]), RefusalCode::LongMapEntry);
    refused(&[], &long(&[(1, 0, 2)]), RefusalCode::LongMapEntry);
    refused(&[], &long(&[(2, 0, 3)]), RefusalCode::LongMapEntry);
    admitted(&[long(&[(1, 0, 3)])]);
    admitted(&[update(1, 0, &[root_key("meta", "k", &(1, deleted(3)))])]);
}

#[test]
pub fn b8_a_struct_known_in_part_stays_in_its_list() {
    let hello_you = update(1, 0, &[root_text("title", "hello you")]);
    let state = admitted(&[hello(), hello_you]);
    assert_eq!(state.next(1), 9, "the rest of it is new");
    let pushes = update(1, 0, &[root_key("meta", "list", &array()), inside((1, 0), &numbers(2))]);
    let elsewhere = update(1, 1, &[between(1, Some((3, 0)), None, &deleted(4))]);
    let noor = update(3, 0, &[root_text("title", "x")]);
    refused(&[pushes.clone(), noor], &elsewhere, RefusalCode::Straddle);
    let gone = update(1, 1, &[between(1, Some((3, 0)), None, &deleted(4))]);
    refused(&[pushes.clone(), update(3, 0, &[gc(1)])], &gone, RefusalCode::Straddle);
    let state = admitted(&[pushes, update(1, 0, &[gc(9)])]);
    assert_eq!(state.next(1), 9, "a collected range may cover anything");
}

#[test]
pub fn b9_types_are_not_nested_without_end() {
    let nest = |depth: u64| {
        let inner = (1..depth).map(|clock| inside((1, clock - 1), &element()));
        let all: Vec<_> = std::iter::once(root(7, "default", &element().1)).chain(inner).collect();
        update(1, 0, &all)
    };
    admitted(&[nest(100)]);
    refused(&[], &nest(101), RefusalCode::TypeDepth);
    refused(&[nest(100)], &update(2, 0, &[inside((1, 99), &element())]), RefusalCode::TypeDepth);
    admitted(&[nest(100), update(2, 0, &[inside_key((1, 99), "k", &numbers(1))])]);
}

#[test]
pub fn b10_only_what_is_here_is_deleted() {
    let ahead = refused(&[hello()], &[0, 1, 1, 1, 3, 3], RefusalCode::DeleteAhead);
    assert!(ahead.code.needs_resync(), "what is deleted may yet come");
    refused(&[hello()], &[0, 1, 2, 1, 0, 1], RefusalCode::DeleteAhead);
    let state = admitted(&[hello(), with_deletes(1, 5, &[gc(1)], &[(1, 2, 4)])]);
    assert_eq!(state.next(1), 6, "with its own structs it is here");
}

#[test]
pub fn b11_nobody_begins_a_list_twice() {
    let again = update(1, 5, &[root_text("title", "x")]);
    refused(&[hello()], &again, RefusalCode::SecondBeginning);
    let pushes = |clock| update(1, clock, &[inside((1, 0), &numbers(1))]);
    refused(&[list(), pushes(1)], &pushes(2), RefusalCode::SecondBeginning);
    let key = |clock| update(1, clock, &[root_key("meta", "list", &numbers(1))]);
    refused(&[list()], &key(1), RefusalCode::SecondBeginning);

    let mut state = admitted(&[hello(), update(2, 0, &[root_text("title", "x")])]);
    let longer = update(1, 0, &[root_text("title", "hello you")]);
    assert!(state.admit(&longer, &super::Limits::BULK).is_ok(), "the same beginning, with more behind it");
    let elsewhere = update(1, 9, &[root_key("meta", "k", &numbers(1))]);
    assert!(state.admit(&elsewhere, &super::Limits::BULK).is_ok(), "another list has its own beginning");
}

#[test]
fn the_state_of_one_long_text_is_small() {
    let mut state = admitted(&[update(1, 0, &[root_text("title", "x")])]);
    let before = state.heap_bytes();
    for clock in 1..10_000 {
        let key = update(1, clock, &[between(4, Some((1, clock - 1)), None, &text("x"))]);
        state.admit(&key, &super::Limits::BULK).expect("a keystroke");
    }
    assert_eq!(state.heap_bytes(), before, "ten thousand keystrokes of one author take no byte more");
}
