//! Imke writes: log, outbox and search mark in one step, in order, on disk.

use sheaf_document::ids::{DeviceId, PersonId, ReplicaId};
use sheaf_store::{Access, Budget, StoreError};

use crate::support::*;

#[test]
fn what_was_written_is_there_after_the_next_start() {
    let disk = Disk::new();
    let mut store = disk.create();
    let first = store.commit_local(&typed(MINUTES, 10, "Present: ")).unwrap();
    let second = store.commit_local(&typed(MINUTES, 11, "Ada")).unwrap();
    assert_eq!((first.counter, second.counter), (1, 2), "names rise in the order of writing");
    drop(store);

    let mut store = disk.write();
    assert_eq!(texts(&store, MINUTES), ["Present: ", "Ada"], "the log keeps what was saved, in its order");
    assert_eq!(waiting(&store), ["Present: ", "Ada"], "no relay has seen it, so it waits");
    let third = store.commit_local(&typed(RECIPES, 12, "Flour")).unwrap();
    assert_eq!(third.counter, 3, "a name is never given twice, also after a start");
    let drafts = store.outbox(2, ALL).unwrap();
    let draft = drafts.first().unwrap();
    assert_eq!(
        (draft.document, draft.author, draft.hash),
        (RECIPES, imke(), third.hash),
        "a draft is complete"
    );
    store.check().unwrap();
}

#[test]
fn several_writes_are_one_step() {
    let disk = Disk::new();
    let mut store = disk.create();
    let writes = [typed(MINUTES, 3, "a"), typed(RECIPES, 9, "b"), typed(MINUTES, 7, "c")];
    let written = store.commit_local_all(&writes).unwrap();
    let counters: Vec<_> = written.iter().map(|it| it.counter).collect();
    assert_eq!(counters, [1, 2, 3], "in the order given");
    assert_eq!(texts(&store, MINUTES), ["a", "c"], "each in its document");
    let documents = store.documents().unwrap();
    let list: Vec<_> =
        documents.iter().map(|it| (it.id, it.updated_at, it.entries, it.unacknowledged)).collect();
    assert_eq!(list, [(RECIPES, 9, 1, 1), (MINUTES, 7, 2, 2)], "the one that changed last comes first");
    store.check().unwrap();
}

#[test]
fn the_outbox_is_read_in_portions() {
    let disk = Disk::new();
    let mut store = disk.create();
    for text in ["12345", "12345", "12", "a long paragraph"] {
        store.commit_local(&typed(MINUTES, 1, text)).unwrap();
    }
    let counters = |after, bytes, rows| -> Vec<u64> {
        store.outbox(after, Budget { bytes, rows }).unwrap().iter().map(|it| it.counter).collect()
    };
    assert_eq!(counters(0, 11, 99), [1, 2], "the third would go over the bytes");
    assert_eq!(counters(2, 11, 1), [3], "no more rows than asked for");
    assert_eq!(counters(3, 1, 9), [4], "one row always comes, however long, or reading would stand still");
    assert_eq!(counters(4, 99, 9), [0; 0], "nothing is after the end");
}

#[test]
fn a_twin_takes_a_new_name_for_what_nobody_acknowledged() {
    let disk = Disk::new();
    let mut store = disk.create();
    let known = store.commit_local(&typed(MINUTES, 1, "known")).unwrap();
    store.commit_local(&typed(MINUTES, 2, "mine")).unwrap();
    store.commit_local(&typed(RECIPES, 3, "mine too")).unwrap();
    store.acknowledge(FIRST, &[ack(1, known)], None).unwrap();

    let fresh = ReplicaId::from_bytes([0x77; 16]);
    store.rename_replica(fresh).unwrap();

    assert_eq!(store.identity().unwrap().author.replica, fresh, "the copy has its own name now");
    assert_eq!(waiting(&store), ["mine", "mine too"], "in the old order");
    let drafts = store.outbox(0, ALL).unwrap();
    assert!(drafts.iter().all(|it| it.author.replica == fresh), "what waits goes out under the new name");
    let kept = store.numbered_in(MINUTES).unwrap();
    assert_eq!(kept[0].draft.author, imke(), "what was acknowledged keeps its name for ever");
    assert_eq!(drafts.iter().map(|it| it.counter).collect::<Vec<_>>(), [1, 2], "whose counters begin anew");
    let next = store.commit_local(&typed(MINUTES, 4, "next")).unwrap();
    assert_eq!(next.counter, 3, "and go on");
    store.check().unwrap();
}

#[test]
fn who_wrote_alone_and_joins_takes_the_words_along() {
    let disk = Disk::new();
    let mut store = disk.create();
    let alone = store.commit_local(&typed(MINUTES, 1, "written alone")).unwrap();
    let (person, device) = (PersonId::from_bytes([0x31; 16]), DeviceId::from_bytes([0x32; 16]));
    store.claim(person, device).unwrap();
    let joined = store.commit_local(&typed(MINUTES, 2, "written together")).unwrap();
    let drafts = store.outbox(0, ALL).unwrap();
    assert!(drafts.iter().all(|it| it.author.person == person), "all of it goes out under the account");
    assert_eq!(drafts[0].counter, alone.counter, "an answer on its way still finds its row");
    assert_eq!(joined.counter, 2, "counters go on");
    store.check().unwrap();
}

#[test]
fn a_reader_beside_the_writer_sees_what_is_committed_and_cannot_write() {
    let disk = Disk::new();
    let mut store = disk.create();
    let mut reader = disk.open(Access::Read).unwrap();
    assert!(texts(&reader, MINUTES).is_empty(), "nothing is written yet");
    store.commit_local(&typed(MINUTES, 1, "seen at once")).unwrap();
    assert_eq!(texts(&reader, MINUTES), ["seen at once"], "a commit is seen by the next reading");
    let refused = reader.commit_local(&typed(MINUTES, 2, "no"));
    assert!(matches!(refused, Err(StoreError::ReadOnly)), "a reader has no pen: {refused:?}");
    drop(store);
    assert_eq!(texts(&reader, MINUTES), ["seen at once"], "a reader outlives the writer");
    drop(reader);
    assert_eq!(
        texts(&disk.open(Access::Read).unwrap(), MINUTES),
        ["seen at once"],
        "and needs none to begin"
    );
}

#[test]
fn settings_are_kept_by_name() {
    let disk = Disk::new();
    let mut store = disk.create();
    store.put_setting("relay", Some("https://sheaf.example")).unwrap();
    store.put_setting("relay", Some("https://other.example")).unwrap();
    store.put_setting("theme", Some("dark")).unwrap();
    store.put_setting("theme", None).unwrap();
    drop(store);
    let store = disk.open(Access::Read).unwrap();
    assert_eq!(
        store.setting("relay").unwrap().as_deref(),
        Some("https://other.example"),
        "the last value counts"
    );
    assert_eq!(store.setting("theme").unwrap(), None, "what was forgotten is gone");
}
