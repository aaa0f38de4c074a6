//! The tree on a disk, told by its single moments; what comes of any mixture of them is told in `tree_model`.

use bytes::Bytes;
use sheaf_document::ids::{DeviceId, DocumentId, PersonId, ReplicaId};
use sheaf_protocol::entry::{Entry, Kind, Origin, Seq};
use sheaf_protocol::frame::Snapshot;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{FavouriteWrite, PlaceWrite, Record, Records};
use sheaf_store::{Level, Place, RemoteBatch, Settle, Store};

use crate::support::*;

/// What stands on a level, in order.
fn ids(store: &Store, level: Level) -> Vec<DocumentId> {
    store.level(level, None, usize::MAX).unwrap().into_iter().map(|row| row.id).collect()
}

fn folded(through: Seq, records: &[Record]) -> Snapshot {
    let mut all = Records::default();
    records.iter().for_each(|record| all.apply(tomas().person, record));
    Snapshot { document: stream(), through, at: 1, bytes: Bytes::from(all.fold()) }
}

#[test]
fn a_place_and_its_text_are_there_together_and_the_place_goes_first() {
    let disk = Disk::new();
    let mut store = disk.create();
    let drafts = [drafted(placed(MINUTES, None, 1)), drafted(placed(RECIPES, Some(MINUTES), 1))];
    let written = store.commit_records(&drafts, &[typed(RECIPES, 2, "bread")]).unwrap();
    assert_eq!(written.changed.places, [MINUTES, RECIPES].into(), "these are to be drawn anew");
    let kinds: Vec<_> = store.outbox(0, ALL).unwrap().iter().map(|draft| draft.kind).collect();
    assert_eq!(kinds, [Kind::RECORD, Kind::RECORD, Kind::UPDATE], "nobody gets a text that stands nowhere");
    assert_eq!(ids(&store, Level::Under(Some(MINUTES))), [RECIPES]);
    let documents: Vec<_> = store.documents().unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(documents, [RECIPES], "what has no words yet is no document, and neither are the records");
    assert_eq!(store.stale_documents(9).unwrap().len(), 1, "search reads texts");
    assert_eq!(store.waiting().unwrap(), 3);
    let refused =
        store.commit_records(&[drafted(placed(MINUTES, Some(RECIPES), 1))], &[typed(MINUTES, 3, "x")]);
    refused.expect_err("it would stand under itself");
    assert_eq!(store.waiting().unwrap(), 3, "and nothing of it was written, the words neither");
}

#[test]
fn a_place_whose_parent_comes_later_waits_among_what_was_recovered() {
    let disk = Disk::new();
    let mut store = disk.create();
    let below = record_entry(1, tomas(), 1, &placed(RECIPES, Some(MINUTES), 1));
    store.commit_remote(&page(vec![below])).unwrap();
    assert_eq!(ids(&store, Level::Recovered), [], "its parent may be on its way");
    assert!(store.be_whole().unwrap() && !store.be_whole().unwrap(), "all that the relay has is here, once");
    assert_eq!(ids(&store, Level::Recovered), [RECIPES], "so its parent has no place");
    let above = record_entry(2, tomas(), 2, &placed(MINUTES, None, 1));
    let outcome = store.commit_remote(&page(vec![above])).unwrap();
    assert!(outcome.changed.places.contains(&RECIPES), "it is told that it was found");
    assert_eq!(ids(&store, Level::Recovered), []);
    let path: Vec<_> = store.path(RECIPES).unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(path, [MINUTES, RECIPES]);
}

#[test]
fn what_came_back_in_a_circle_is_shown_with_all_that_stands_under_it() {
    let disk = Disk::new();
    let mut store = disk.create();
    // Each was right when it was said; a restored relay took them back without asking.
    let said = [
        placed(MINUTES, Some(RECIPES), 1),
        placed(RECIPES, Some(MINUTES), 1),
        placed(LETTERS, Some(MINUTES), 1),
    ];
    let entries: Vec<Entry> =
        (1..).zip(&said).map(|(seq, record)| record_entry(seq, tomas(), seq, record)).collect();
    store.commit_remote(&page(entries)).unwrap();
    store.be_whole().unwrap();
    assert_eq!(ids(&store, Level::Recovered), [RECIPES, MINUTES], "both are in the circle");
    assert_eq!(
        ids(&store, Level::Under(Some(MINUTES))),
        [LETTERS],
        "and what stands under it is found there"
    );
    assert_eq!(ids(&store, Level::Under(Some(RECIPES))), [], "nobody walks in circles");
    store.commit_records(&[drafted(placed(MINUTES, None, 1))], &[]).unwrap();
    assert_eq!(ids(&store, Level::Recovered), [], "one move, and all of it stands again");
    assert_eq!(ids(&store, Level::Under(Some(MINUTES))), [RECIPES, LETTERS]);
    store.check().unwrap();
}

#[test]
fn a_level_is_read_in_pages_and_asked_for_neighbours() {
    let disk = Disk::new();
    let mut store = disk.create();
    let all: Vec<_> = (1..=9).map(|number| DocumentId::from_bytes([number; 16])).collect();
    let drafts: Vec<_> = (1..).zip(&all).map(|(order, id)| drafted(placed(*id, None, order))).collect();
    store.commit_records(&drafts, &[]).unwrap();
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = store.level(Level::Under(None), after.as_ref(), 4).unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.spot());
        read.extend(page.into_iter().map(|row| row.id));
        // Meanwhile somebody puts the row behind which the next page begins in front of all.
        store.commit_records(&[drafted(placed(all[3], None, 1))], &[]).unwrap();
    }
    assert_eq!(read, all, "page after page, each once");

    store.commit_records(&[drafted(placed(all[3], None, 4))], &[]).unwrap();
    let order = |number: u8| sheaf_protocol::record::Order::from_bytes(&[number]);
    let between = |beside, moved| store.neighbours(None, beside, moved).unwrap();
    assert_eq!(between(Place::First, None), (None, order(1)));
    assert_eq!(between(Place::Last, None), (order(9), None));
    assert_eq!(between(Place::After(all[3]), None), (order(4), order(5)));
    assert_eq!(
        between(Place::After(all[3]), Some(all[4])),
        (order(4), order(6)),
        "who moves is no neighbour"
    );
    assert_eq!(between(Place::After(MINUTES), None), (order(9), None), "behind what is not there is the end");
}

#[test]
fn a_twin_and_a_person_who_joins_keep_what_they_drafted() {
    let disk = Disk::new();
    let mut store = disk.create();
    let favourite = Record::Favourite(FavouriteWrite { document: MINUTES, on: true });
    let drafts = [placed(MINUTES, None, 1), favourite, placed(RECIPES, Some(MINUTES), 1)].map(drafted);
    let written = store.commit_records(&drafts, &[]).unwrap().written;
    store.refuse(&[(written[2].counter, Code::TOO_DEEP, String::new())]).unwrap();
    let name = store.refused_records().unwrap()[0].row;
    store.rename_replica(ReplicaId::from_bytes([7; 16])).unwrap();
    store.claim(PersonId::from_bytes([8; 16]), DeviceId::from_bytes([9; 16])).unwrap();
    assert_eq!(ids(&store, Level::Favourites), [MINUTES], "who they are now keeps at hand what they did");
    let counters: Vec<_> = store.outbox(0, ALL).unwrap().iter().map(|draft| draft.counter).collect();
    assert_eq!(counters, [1, 2], "under new names");
    store.settle_record(name, Settle::Retry).unwrap();
    assert_eq!(
        store.refusals().unwrap(),
        (0, 0),
        "whoever looked at the refused one before can settle it now"
    );
    assert_eq!(ids(&store, Level::Under(Some(MINUTES))), [RECIPES]);
    store.check().unwrap();
}

#[test]
fn what_is_kept_at_hand_is_in_the_trash_with_what_it_stands_under() {
    let disk = Disk::new();
    let mut store = disk.create();
    let favourite = Record::Favourite(FavouriteWrite { document: LETTERS, on: true });
    let drafts = [
        placed(MINUTES, None, 1),
        placed(RECIPES, Some(MINUTES), 1),
        placed(LETTERS, Some(RECIPES), 1),
        favourite,
    ];
    store.commit_records(&drafts.map(drafted), &[]).unwrap();
    assert_eq!(ids(&store, Level::Favourites), [LETTERS]);
    let trash = |trashed| Record::Place(PlaceWrite { trashed: Some(trashed), ..PlaceWrite::of(MINUTES) });
    store.commit_records(&[drafted(trash(true))], &[]).unwrap();
    assert_eq!(ids(&store, Level::Favourites), [], "two steps above it");
    store.commit_records(&[drafted(trash(false))], &[]).unwrap();
    assert_eq!(ids(&store, Level::Favourites), [LETTERS], "and comes back with it");
}

#[test]
fn many_refusals_are_written_down_together() {
    let disk = Disk::new();
    let mut store = disk.create();
    let all: Vec<_> = (1..=9).map(|number| DocumentId::from_bytes([number; 16])).collect();
    let drafts: Vec<_> = all.iter().map(|id| drafted(placed(*id, None, 1))).collect();
    let written = store.commit_records(&drafts, &[]).unwrap().written;
    let refused: Vec<_> =
        written.iter().map(|written| (written.counter, Code::FORBIDDEN, String::new())).collect();
    let changed = store.refuse(&[&refused[..], &[(99, Code::FORBIDDEN, String::new())]].concat()).unwrap();
    assert_eq!(changed.places, all.into_iter().collect(), "whoever looks is told once");
    assert_eq!(store.refusals().unwrap(), (0, 9), "what waits is counted, and no other");
    store.check().unwrap();
}

#[test]
fn a_tree_that_came_folded_is_said_again_to_a_relay_that_forgot_it() {
    let disk = Disk::new();
    let mut store = disk.create();
    let said =
        [placed(MINUTES, None, 1), placed(RECIPES, Some(LETTERS), 2), placed(LETTERS, Some(MINUTES), 3)];
    let batch = RemoteBatch { snapshots: vec![folded(10, &said)], cursor: Some(10), ..page(vec![]) };
    store.commit_remote(&batch).unwrap();
    assert_eq!(ids(&store, Level::Under(Some(LETTERS))), [RECIPES]);
    // The backup held the first of them, and in the relay's new life somebody has moved the letters.
    let moved = Entry { epoch: SECOND, ..record_entry(6, tomas(), 9, &placed(LETTERS, None, 9)) };
    let first = record_entry(5, tomas(), 1, &placed(MINUTES, None, 1));
    store.commit_remote(&RemoteBatch { epoch: SECOND, ..page(vec![first, moved]) }).unwrap();
    assert_eq!(ids(&store, Level::Under(None)), [MINUTES, LETTERS], "the new life has the last word");

    let kept = [(FIRST, 5), (SECOND, Seq::MAX)];
    assert_eq!(store.folded_beyond(&kept).unwrap(), [stream()]);
    let drafted = store.unfold_records(&kept, 7).unwrap();
    let waiting = store.outbox(0, ALL).unwrap();
    assert_eq!(drafted.written.len(), waiting.len());
    let [again] = waiting.as_slice() else { panic!("one place is known to nobody else: {waiting:?}") };
    assert_eq!(recorded(&again.bytes), placed(RECIPES, Some(LETTERS), 2), "and is said anew");
    assert_eq!(again.origin, Origin::RESTORED);
    assert_eq!(drafted.changed.places, [].into(), "here nothing looks different");
    assert_eq!(store.folded_beyond(&kept).unwrap(), [], "and that is that");
    store.check().unwrap();
}

#[test]
fn a_log_that_lost_its_end_has_the_last_word_on_everything_that_it_says_anew() {
    let disk = Disk::new();
    let mut store = disk.create();
    let said: Vec<_> =
        (1..=9).map(|seq| record_entry(seq, tomas(), seq, &placed(MINUTES, None, seq as u8))).collect();
    let snapshots = vec![folded(12, &[placed(MINUTES, None, 9), placed(LETTERS, None, 3)])];
    store.commit_remote(&RemoteBatch { snapshots, cursor: Some(9), ..page(said.clone()) }).unwrap();
    assert_eq!(store.reach().unwrap(), 12, "what came folded was numbered too");

    store.set_apart(FIRST).unwrap();
    assert_eq!(
        (store.position().unwrap().cursor, store.reach().unwrap()),
        (0, 0),
        "it is read from its beginning"
    );
    let known: Vec<_> = said.into_iter().take(2).collect();
    let moved = record_entry(3, person(3), 1, &placed(MINUTES, Some(LETTERS), 1));
    store.commit_remote(&page([known, vec![moved]].concat())).unwrap();
    assert_eq!(ids(&store, Level::Under(Some(LETTERS))), [MINUTES], "three is less than twelve and later");
    let kept = [(FIRST, Seq::MAX)];
    let apart: Vec<_> = store.epochs().unwrap().into_iter().filter(|life| *life != FIRST).collect();
    let [apart] = apart.as_slice() else { panic!("one life is apart: {apart:?}") };
    let lacking: Vec<_> =
        store.numbered_after(*apart, 0, ALL).unwrap().iter().map(|entry| entry.draft.counter).collect();
    assert_eq!(lacking, [3, 4, 5, 6, 7, 8, 9], "what it did not tell again is to be brought back");
    assert_eq!(store.folded_beyond(&kept).unwrap(), [stream()], "and what came folded is held against it");
    store.check().unwrap();
}
