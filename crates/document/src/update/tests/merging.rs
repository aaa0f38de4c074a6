//! The merge says what its updates say, however they are grouped, and it says it to yrs and Yjs alike.

use std::collections::BTreeMap;

use super::people::{self, Chance, Reader};
use super::units::{self, units};
use super::{craft, state};
use crate::update::{Id, Limits, MergeError, Merger, StateVector, diff, merge, snapshot};
use crate::{Document, vectors};

fn merged(updates: &[Vec<u8>]) -> Vec<u8> {
    merge(updates.iter().map(Vec::as_slice)).expect("a log has no holes")
}

#[test]
fn a_merge_holds_what_yjs_holds_struct_by_struct() {
    for vector in vectors::all() {
        let name = &vector.name;
        let merge = merged(&vector.updates);
        let ours = units(&merge);
        let theirs = units(&vector.expect.state);
        assert!(ours.keys().eq(theirs.keys()), "{name}: every clock once, in both");
        for (id, unit) in &theirs {
            // Yjs puts a replacement where it cut a character in two; the merge still has the character.
            let mended = unit.content == "unit fffd" && ours[id].place == unit.place;
            let kept = unit.emptied() && ours[id].content != "Gc" || mended;
            assert!(kept || ours[id] == *unit, "{name}: {id:?} is {:?}, Yjs has {unit:?}", ours[id]);
        }
        // Yjs also counts what integrating deletes: children of what is deleted, replaced values.
        for (client, range) in units::deletes(&merge) {
            let theirs = vector.expect.delete_set.get(&client).map_or(&[][..], Vec::as_slice);
            let holds = |(start, len): &(u32, u32)| *start <= range.start && range.end <= start + len;
            assert!(theirs.iter().any(holds), "{name}: {client} {range:?} is deleted in Yjs too");
        }
        let joined = units::count(&merge) <= vector.expect.structs.len();
        assert!(vector.gc || joined, "{name}: never more structs than Yjs leaves unjoined");
        for (client, clock, len, kind) in &vector.expect.structs {
            let first = &ours[&Id { client: *client, clock: *clock }];
            let same = match kind.as_str() {
                "string" => first.content.starts_with("unit"),
                "any" => first.content.starts_with("value"),
                "gc" | "deleted" => true,
                other => first.content.to_lowercase().starts_with(other),
            };
            assert!(same, "{name}: {client} {clock}+{len} is {kind} in Yjs, {first:?} here");
        }
    }
}

#[test]
fn a_merge_passes_the_rules_and_reads_the_same() {
    for vector in vectors::all() {
        let merge = merged(&vector.updates);
        let (mut log, mut fresh) = (state(), state());
        let (mut one_by_one, mut at_once) = (Document::new(1), Document::new(2));
        for update in &vector.updates {
            let admitted = log.admit(update, &Limits::BULK).expect("it is honest");
            one_by_one.apply(&admitted).expect("it was admitted");
        }
        let admitted = fresh.admit(&merge, &Limits::SNAPSHOT);
        assert!(admitted.is_ok(), "{}: our own merge must pass: {admitted:?}", vector.name);
        at_once.apply(&admitted.expect("just said")).expect("it was admitted");
        assert_eq!(one_by_one.tree(), at_once.tree(), "{}: readers see the same blocks", vector.name);
        assert_eq!(one_by_one.title(), at_once.title(), "{}: and the same title", vector.name);
        assert_eq!(fresh.state_vector(), at_once.state_vector(), "{}: nothing is left pending", vector.name);
    }
}

#[test]
fn the_merge_does_not_depend_on_order_or_grouping() {
    for seed in 0..60 {
        let chance = &mut Chance::new(seed);
        let log = people::log(seed, 60);
        let all = merged(&log);
        assert_eq!(merged(std::slice::from_ref(&all)), all, "seed {seed}: merging again changes nothing");
        assert_eq!(merged(&[all.clone(), all.clone()]), all, "seed {seed}: nor does saying it twice");

        let mut shuffled = log.clone();
        chance.shuffle(&mut shuffled);
        assert_eq!(merged(&shuffled), all, "seed {seed}: the order is free");

        let mut groups: Vec<Vec<u8>> = Vec::new();
        let mut rest = &log[..];
        while !rest.is_empty() {
            let (group, behind) = rest.split_at(1 + chance.below(rest.len()));
            groups.push(merged(group));
            rest = behind;
        }
        chance.shuffle(&mut groups);
        assert_eq!(merged(&groups), all, "seed {seed}: groups of the log merge to the same");
    }
}

#[test]
fn a_late_reader_needs_only_the_difference() {
    for seed in 100..140 {
        let log = people::log(seed, 60);
        let all = merged(&log);
        let (early, mut knows) = (Reader::new(1, false), state());
        for update in &log[..log.len() / 2] {
            knows.admit(update, &Limits::BULK).expect("the log is honest");
            early.take(update);
        }
        let rest = diff(&all, &knows.state_vector()).expect("a merge has no holes");
        let admitted = knows.admit(&rest, &Limits::BULK);
        assert!(admitted.is_ok(), "seed {seed}: a difference is admitted: {admitted:?}");
        early.take(&rest);
        let whole = Reader::new(2, false);
        whole.take(&all);
        assert_eq!(early.seen(), whole.seen(), "seed {seed}: half a log and the rest is all of it");

        let nothing = diff(&all, &knows.state_vector()).expect("a merge has no holes");
        let summary = knows.admit(&nothing, &Limits::BULK).expect("deletions again").summary().clone();
        assert_eq!(summary.structs, 0, "seed {seed}: who has all lacks no struct");
    }
}

#[test]
fn what_was_written_wins_over_what_was_collected() {
    let typed = craft::update(1, 0, &[craft::root_text("title", "hello")]);
    let collected =
        craft::update(1, 0, &[craft::gc(3), craft::between(1, Some((1, 2)), None, &craft::deleted(5))]);
    for order in [[&typed, &collected], [&collected, &typed]] {
        let merge = merge(order.map(Vec::as_slice)).expect("no hole");
        let expected =
            [craft::root_text("title", "hello"), craft::between(1, Some((1, 4)), None, &craft::deleted(3))];
        assert_eq!(
            merge,
            craft::with_deletes(1, 0, &expected, &[(1, 0, 8)]),
            "Ada's words stay, and are deleted as somebody said"
        );
    }
}

#[test]
fn of_two_stories_the_first_stays() {
    let told = craft::update(
        1,
        0,
        &[craft::root_text("title", "ab😀"), craft::between(4, Some((1, 3)), None, &craft::text("c"))],
    );
    let retold = craft::update(1, 1, &[craft::between(4, Some((1, 0)), None, &craft::text("XXXXXX"))]);
    let expected = [craft::root_text("title", "ab😀cXX")];
    assert_eq!(
        merge([&told[..], &retold]),
        Ok(craft::update(1, 0, &expected)),
        "as replicas took it, in the log's order"
    );
    let expected = [craft::root_text("title", "aXXXXXX")];
    assert_eq!(
        merge([&retold[..], &told]),
        Ok(craft::update(1, 0, &expected)),
        "in the other order it is the other one"
    );
}

#[test]
fn a_hostile_repeat_cannot_spoil_a_snapshot() {
    // Mallory's range is known as collected; what is said of it afterwards was never held against the rules of meaning.
    let log = [
        craft::update(1, 0, &[craft::root_text("title", "hello")]),
        craft::update(2, 0, &[craft::gc(1)]),
        craft::update(2, 0, &[craft::between(8, Some((1, 1)), Some((1, 1)), &craft::numbers(1).1)]),
    ];
    super::admitted(&log);
    let merge = merged(&log);
    super::refused(&[], &merge, crate::update::RefusalCode::SameNeighbours);
    let snapshot = snapshot(log.iter().map(Vec::as_slice), [7; 16], &Limits::SNAPSHOT)
        .expect("an admitted log has a snapshot");
    let expected =
        craft::many(&[(2, 0, &[craft::gc(1)]), (1, 0, &[craft::root_text("title", "hello")])], &[(2, 0, 1)]);
    assert_eq!(snapshot, expected, "it holds what was admitted");
}

#[test]
fn a_character_cut_in_two_becomes_two_replacements() {
    let typed = craft::update(1, 0, &[craft::root_text("title", "a😀b")]);
    let have = StateVector::from_iter([(1, 2)]);
    let rest = diff(&typed, &have).expect("no hole");
    let expected = craft::update(1, 2, &[craft::between(4, Some((1, 1)), None, &craft::text("\u{fffd}b"))]);
    assert_eq!(rest, expected, "as Yjs does it");
}

#[test]
fn entries_of_a_map_join_only_where_all_is_deleted() {
    let set = |clock| match clock {
        0 => craft::root_key("meta", "k", &craft::numbers(1)),
        _ => craft::between(8, Some((1, clock - 1)), None, &craft::numbers(1).1),
    };
    let sets: Vec<Vec<u8>> = (0..4).map(set).collect();
    let live = craft::with_deletes(1, 0, &sets, &[]);
    assert_eq!(
        units::count(&merged(&[live])),
        4,
        "an entry of a map that is not deleted stays one value long"
    );
    let replaced = merged(&[craft::with_deletes(1, 0, &sets, &[(1, 0, 3)])]);
    assert_eq!(units::count(&replaced), 2, "three replaced values are one struct, the last is its own");
    assert!(state().admit(&replaced, &Limits::BULK).is_ok(), "and the rules agree");
}

#[test]
fn values_of_a_list_join() {
    let array = craft::root_key("meta", "list", &craft::array());
    let mut pushes = vec![array, craft::inside((1, 0), &craft::numbers(1))];
    pushes.extend((1..2_000).map(|clock| craft::between(8, Some((1, clock)), None, &craft::numbers(1).1)));
    let updates: Vec<Vec<u8>> =
        (0..).zip(&pushes).map(|(clock, push)| craft::update(1, clock, std::slice::from_ref(push))).collect();
    let merge = merged(&updates);
    assert_eq!(units::count(&merge), 2, "the list, and its values as one struct");
    assert!(state().admit(&merge, &Limits::SNAPSHOT).is_ok(), "a long list costs its readers no chain");
}

#[test]
fn a_hole_is_named_and_an_unreadable_update_too() {
    let first = craft::update(1, 0, &[craft::root_text("title", "ab")]);
    let third = craft::update(1, 5, &[craft::between(4, Some((1, 4)), None, &craft::text("c"))]);
    let hole = merge([&first[..], &third[..]]);
    assert_eq!(hole, Err(MergeError::Hole(Id { client: 1, clock: 2 })), "what is missing has a name");
    let mut merger = Merger::new();
    merger.push(&first).expect("it is honest");
    let cut = merger.push(&third[..third.len() - 1]);
    assert!(matches!(cut, Err(MergeError::Unreadable { number: 1, .. })), "the second one is cut: {cut:?}");
    assert_eq!(merger.finish(), Ok(first), "what was added before is untouched");
}

#[test]
fn a_state_vector_survives_its_encoding() {
    let clocks = StateVector::from_iter([(1, 5), (1 << 52, 7), (300, 1)]);
    assert_eq!(StateVector::decode(&clocks.encode()), Ok(clocks), "what is written can be read");
    let of_yjs: BTreeMap<u64, u32> =
        StateVector::decode(&[2, 9, 3, 2, 0]).expect("as Yjs writes it").iter().collect();
    assert_eq!(of_yjs, BTreeMap::from([(9, 3)]), "a client with nothing is nobody");
    for (bytes, why) in [(&[1, 9][..], "cut"), (&[2, 9, 3, 9, 4], "twice"), (&[0, 0], "trailing")] {
        assert!(StateVector::decode(bytes).is_err(), "{why}");
    }
    assert!(
        StateVector::decode(&[0xff, 0xff, 0xff, 0x7f]).is_err(),
        "a claim of many clients is not believed"
    );
}
