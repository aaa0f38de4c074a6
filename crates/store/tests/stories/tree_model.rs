//! Whatever is drafted, acknowledged, refused, heard, folded or forgotten, in whatever order: the tree that is shown is
//! what somebody would work out who reads the whole log from its beginning and puts the drafts on it.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use proptest::prelude::*;
use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::entry::{Author, Kind, Seq};
use sheaf_protocol::frame::Snapshot;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{FavouriteWrite, MemberWrite, Order, PlaceWrite, Position, Record, Records};
use sheaf_store::{Level, PlaceRow, RemoteBatch, Settle, Spot, Store, StoreError, Written};

use crate::support::*;
use lists::{Draft, Model, Shown, Told};

mod lists;

const DOCUMENTS: u8 = 6;

fn document(number: u8) -> DocumentId {
    DocumentId::from_bytes([0xd0 + number; 16])
}

fn all() -> Vec<DocumentId> {
    (0..DOCUMENTS).map(document).collect()
}

/// What somebody may say of one of the documents, few enough that things meet.
fn records() -> impl Strategy<Value = Record> {
    let one = 0..DOCUMENTS;
    let position = (prop::option::weighted(0.8, 0..DOCUMENTS), 1..4_u8).prop_map(|(parent, order)| {
        Position { parent: parent.map(document), order: Order::from_bytes(&[order]).unwrap() }
    });
    let icon = (0..3_u8).prop_map(|icon| ["", "🌾", "🥖"][usize::from(icon)].to_owned());
    let place = (
        one.clone(),
        prop::option::weighted(0.8, position),
        prop::option::weighted(0.2, icon),
        prop::option::weighted(0.2, any::<bool>()),
    );
    let place = place.prop_map(|(one, position, icon, trashed)| {
        Record::Place(PlaceWrite { document: document(one), position, icon, trashed, schema: None })
    });
    let favourite = (one, any::<bool>())
        .prop_map(|(one, on)| Record::Favourite(FavouriteWrite { document: document(one), on }));
    prop_oneof![8 => place, 1 => favourite]
}

#[derive(Debug, Clone)]
enum Step {
    /// Imke says something, and perhaps writes in a document with it.
    Draft(Vec<Record>, Option<u8>),
    /// Somebody else did, or it came back after a restore: no rule is asked.
    Another(Record),
    Arrive(usize),
    Acknowledge(usize),
    ReceiveOwn(usize),
    Refuse(usize),
    Settle(usize, Settle),
    Fold,
    /// The relay goes back to a backup that holds so much less, and brings Imke's page after page.
    Restore(u64),
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = 0..6_usize;
    let step = prop_oneof![
        8 => (prop::collection::vec(records(), 1..3), prop::option::weighted(0.3, 0..DOCUMENTS))
            .prop_map(|(records, text)| Step::Draft(records, text)),
        5 => records().prop_map(Step::Another),
        4 => which.clone().prop_map(Step::Arrive),
        3 => Just(Step::Acknowledge(0)),
        2 => which.clone().prop_map(Step::Acknowledge),
        2 => which.clone().prop_map(Step::ReceiveOwn),
        2 => which.clone().prop_map(Step::Refuse),
        1 => which.clone().prop_map(|which| Step::Settle(which, Settle::Retry)),
        1 => which.prop_map(|which| Step::Settle(which, Settle::Discard)),
        1 => Just(Step::Fold),
        1 => (0..6_u64).prop_map(Step::Restore),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..60)
}

/// Does one step with the disk and with the lists; returns the documents that the disk says are shown in another way.
fn play(disk: &Disk, store: &mut Option<Store>, model: &mut Model, step: &Step) -> BTreeSet<DocumentId> {
    let here = store.as_mut().unwrap();
    match step {
        Step::Draft(records, text) => {
            let mut records_then = model.records();
            let mut is_allowed = true;
            for record in records {
                is_allowed &= records_then.check(imke().person, record).is_ok();
                records_then.apply(imke().person, record);
            }
            let updates: Vec<_> = text.iter().map(|text| typed(document(*text), 1, "words")).collect();
            let drafts: Vec<_> = records.iter().cloned().map(drafted).collect();
            match here.commit_records(&drafts, &updates) {
                Err(StoreError::Rule(_)) => assert!(!is_allowed, "a rule is held against {records:?}"),
                Err(other) => panic!("{other}"),
                Ok(written) => {
                    assert!(is_allowed, "a rule is broken by {records:?}");
                    for record in records {
                        model.counter += 1;
                        let (counter, record) = (model.counter, record.clone());
                        model.drafts.push(Draft { counter, record, refused: false });
                    }
                    model.counter += updates.len() as u64;
                    model.texts.extend(text.map(document));
                    return written.changed.places;
                }
            }
        }
        Step::Another(record) => {
            model.others += 1;
            let seq = model.take(tomas(), model.others, record.clone());
            model.underway.push(seq);
        }
        Step::Arrive(which) if *which < model.underway.len() => {
            let seq = model.underway.remove(*which);
            let sent = model.tell(seq);
            return here.commit_remote(&model.batch(vec![sent])).unwrap().changed.places;
        }
        Step::Acknowledge(which) if *which < model.drafts.len() => {
            let Draft { counter, record, .. } = model.drafts.remove(*which);
            let hash = ContentHash::of(&record.encode());
            let seq = model.take(imke(), counter, record);
            model.tell(seq);
            let acks = [ack(seq, Written { counter, hash })];
            let taken = here.acknowledge(model.epoch(), &acks, None).unwrap();
            assert_eq!(taken.left, [counter], "it leaves the outbox, refused or not");
            return taken.changed.places;
        }
        Step::ReceiveOwn(which) if *which < model.drafts.len() => {
            let Draft { counter, record, .. } = model.drafts.remove(*which);
            let seq = model.take(imke(), counter, record);
            let sent = model.tell(seq);
            return here.commit_remote(&model.batch(vec![sent])).unwrap().changed.places;
        }
        Step::Refuse(which) if *which < model.drafts.len() => {
            model.drafts[*which].refused = true;
            let refused = (model.drafts[*which].counter, Code::CYCLE, String::new());
            return here.refuse(&[refused]).unwrap().places;
        }
        Step::Settle(which, how) => {
            let refused: Vec<_> = (0..model.drafts.len()).filter(|at| model.drafts[*at].refused).collect();
            let Some(&at) = refused.get(*which) else { return BTreeSet::new() };
            model.drafts[at].refused = false;
            if *how == Settle::Discard {
                model.drafts.remove(at);
            }
            let row = here.refused_records().unwrap()[*which].row;
            return here.settle_record(row, *how).unwrap().places;
        }
        Step::Fold if !model.log.is_empty() => {
            let mut records = Records::default();
            model.log.iter().for_each(|line| records.apply(line.author.person, &line.record));
            let through = model.log.len() as Seq;
            let bytes = Bytes::from(records.fold());
            let snapshots = vec![Snapshot { document: stream(), through, at: 1, bytes }];
            model.told.push((model.life, through, Told::Folding(records)));
            return here
                .commit_remote(&RemoteBatch { snapshots, ..model.batch(vec![]) })
                .unwrap()
                .changed
                .places;
        }
        Step::Restore(lost) => {
            // Imke's cursor is before the first that is underway to her; from there on all comes again, in order.
            let kept = model.log.len() - (*lost as usize).min(model.log.len());
            model.underway.sort_unstable();
            let from = model.underway.first().copied().unwrap_or(kept as Seq + 1);
            model.underway.clear();
            model.life += 1;
            model.log.truncate(kept);
            let sent = (from..=kept as Seq).map(|seq| model.tell(seq)).collect();
            return here.commit_remote(&model.batch(sent)).unwrap().changed.places;
        }
        Step::Restart => {
            drop(store.take());
            *store = Some(disk.write());
        }
        _ => {}
    }
    BTreeSet::new()
}

fn seen(row: &PlaceRow) -> Shown {
    Shown {
        parent: row.parent,
        order: row.order.clone(),
        icon: row.icon.clone(),
        trashed: row.trashed,
        recovered: row.recovered,
        favourite: row.favourite,
        children: row.children,
    }
}

fn assert_agrees(store: &Store, model: &Model) {
    let shown = model.shown();
    let rows: BTreeMap<_, _> = store.places(&all()).unwrap().iter().map(|row| (row.id, seen(row))).collect();
    assert_eq!(rows, shown, "each row is what the log and the drafts come to");

    let ids =
        |level| store.level(level, None, usize::MAX).unwrap().iter().map(|row| row.id).collect::<Vec<_>>();
    let expected = |is_there: &dyn Fn(&Shown) -> bool| {
        shown.iter().filter(|(_, row)| is_there(row)).map(|(id, _)| *id).collect::<Vec<_>>()
    };
    let youngest_first = |mut ids: Vec<DocumentId>| {
        ids.reverse();
        ids
    };
    for parent in [None].into_iter().chain(all().into_iter().map(Some)) {
        let mut level = expected(&|row| row.parent == parent && !row.trashed && !row.recovered);
        level.sort_by_key(|id| (shown[id].order.clone(), *id));
        assert_eq!(ids(Level::Under(parent)), level, "a level is in its order");
        for (at, after) in level.iter().enumerate() {
            let spot = Spot { order: shown[after].order.clone(), id: *after };
            let page = store.level(Level::Under(parent), Some(&spot), 1).unwrap();
            assert_eq!(
                page.first().map(|row| row.id),
                level.get(at + 1).copied(),
                "and can be read in pages"
            );
        }
    }
    assert_eq!(ids(Level::Trash), youngest_first(expected(&|row| row.trashed)), "what is in the trash");
    let lost = expected(&|row| row.recovered && !row.trashed);
    assert_eq!(ids(Level::Recovered), youngest_first(lost), "nothing is ever out of sight");
    let is_in_trash = |row: &Shown| {
        let mut way = std::iter::successors(Some(row), |row| row.parent.map(|parent| &shown[&parent]));
        way.any(|row| row.trashed)
    };
    assert_eq!(
        ids(Level::Favourites),
        expected(&|row| row.favourite && !is_in_trash(row)),
        "what is at hand, and in the trash nothing is"
    );

    let records: Vec<_> =
        store.outbox(0, ALL).unwrap().into_iter().filter(|it| it.kind == Kind::RECORD).collect();
    let sent: Vec<_> = records.iter().map(|it| it.counter).collect();
    let waiting = model.drafts.iter().filter(|draft| !draft.refused);
    assert_eq!(sent, waiting.map(|it| it.counter).collect::<Vec<_>>(), "what was refused is not sent");
    let refused: Vec<_> = store.refused_records().unwrap().into_iter().map(|it| it.record).collect();
    let expected = model.drafts.iter().filter(|draft| draft.refused);
    let expected: Vec<_> = expected.map(|it| it.record.clone()).collect();
    assert_eq!(refused, expected, "and waits for a person");
    store.check().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_is_what_the_log_and_the_drafts_come_to(steps in steps()) {
        let disk = Disk::new();
        let mut store = Some(disk.create());
        let mut model = Model::default();
        // Nothing is acknowledged before the log was met.
        store.as_mut().unwrap().commit_remote(&model.batch(vec![])).unwrap();
        store.as_mut().unwrap().be_whole().unwrap();
        for step in &steps {
            let before = model.shown();
            let told = play(&disk, &mut store, &mut model, step);
            assert_agrees(store.as_ref().unwrap(), &model);
            let after = model.shown();
            for id in all().into_iter().filter(|id| before.get(id) != after.get(id)) {
                prop_assert!(told.contains(&id), "whoever looks at {id} is told, after {step:?}: {told:?}");
            }
        }
    }
}

/// Imke's name is hers to say; the last one holds, here at once and for the others by number.
#[test]
fn everyone_is_known_by_the_name_that_they_said_last() {
    let disk = Disk::new();
    let mut store = disk.create();
    let name = |person: Author, name: &str| {
        Record::Member(MemberWrite { person: person.person, name: name.to_owned() })
    };
    let names = |store: &Store| -> Vec<String> {
        store.members().unwrap().into_iter().map(|member| member.name).collect()
    };
    let written = store.commit_records(&[drafted(name(imke(), "Imke"))], &[]).unwrap().written;
    assert_eq!(names(&store), ["Imke"], "she is somebody before any relay knows");
    let said = |seq, words: &str| record_entry(seq, tomas(), seq, &name(tomas(), words));
    let outcome = store.commit_remote(&page(vec![said(3, "Tomás"), said(2, "tomas")])).unwrap();
    assert!(outcome.changed.members, "somebody is here who was not");
    assert_eq!(names(&store), ["Imke", "Tomás"], "the later word holds, whenever it comes");
    let changed = store.refuse(&[(written[0].counter, Code::INVALID, String::new())]).unwrap();
    assert!(changed.members, "who looks at the list is told");
    assert_eq!(names(&store), ["Tomás"], "what the relay does not take, the others do not know");
    let row = store.refused_records().unwrap()[0].row;
    store.settle_record(row, Settle::Retry).unwrap();
    store.acknowledge(FIRST, &[ack(4, written[0])], None).unwrap();
    assert_eq!(names(&store), ["Imke", "Tomás"], "they do now");
}
