//! Tomás's words arrive from the relay, and Imke's own come back.

use bytes::Bytes;
use sheaf_document::ids::ContentHash;
use sheaf_protocol::entry::Author;
use sheaf_protocol::frame::Snapshot;
use sheaf_store::{Position, RemoteBatch, Written};

use crate::support::*;

fn folding(epoch: sheaf_document::ids::Epoch, through: u64, text: &str) -> RemoteBatch {
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    let snapshots = vec![Snapshot { document: MINUTES, through, at: through, bytes }];
    RemoteBatch { entries: Vec::new(), snapshots, cursor: Some(through), epoch }
}

#[test]
fn a_page_that_comes_twice_is_stored_once() {
    let disk = Disk::new();
    let mut store = disk.create();
    let batch = page(vec![entry(1, tomas(), 1, MINUTES, "Hello "), entry(2, tomas(), 2, RECIPES, "Salt")]);
    assert_eq!(store.commit_remote(&batch).unwrap().fresh, [0, 1], "both are new");
    assert_eq!(store.commit_remote(&batch).unwrap().fresh, [0; 0], "the second time nothing is");
    assert_eq!(texts(&store, MINUTES), ["Hello "], "one entry, one row");
    assert_eq!(
        store.position().unwrap(),
        Position { epoch: Some(FIRST), cursor: 2 },
        "the cursor came along"
    );
    assert_eq!(store.numbered_after(FIRST, 0, ALL).unwrap(), batch.entries, "headers are kept in full");
    store.check().unwrap();
}

#[test]
fn an_acknowledgement_empties_the_outbox_only_with_the_right_hash() {
    let disk = Disk::new();
    let mut store = disk.create();
    let one = store.commit_local(&typed(MINUTES, 1, "one")).unwrap();
    let two = store.commit_local(&typed(MINUTES, 2, "two")).unwrap();
    let twin = Written { hash: ContentHash::of(b"a twin's words"), ..two };
    let left = store.acknowledge(FIRST, &[ack(1, one), ack(2, twin)], Some(2)).unwrap();
    assert_eq!(left.left, [1], "the second acknowledgement is of other bytes");
    assert_eq!(waiting(&store), ["two"], "so the row stays");
    let rows = store.documents().unwrap();
    assert_eq!((rows[0].entries, rows[0].unacknowledged), (2, 1), "and the list says so");
    assert_eq!(store.position().unwrap().cursor, 2, "the cursor moves as told");
    let numbered = store.numbered_in(MINUTES).unwrap();
    assert_eq!((numbered[0].seq, numbered[0].at), (1, 5_001), "the row has its number and the relay's time");
    store.check().unwrap();
}

#[test]
fn an_own_entry_that_comes_back_is_an_acknowledgement() {
    let disk = Disk::new();
    let mut store = disk.create();
    let mine = store.commit_local(&typed(MINUTES, 1, "mine")).unwrap();
    store.commit_local(&typed(MINUTES, 2, "later")).unwrap();
    let outcome = store
        .commit_remote(&page(vec![
            entry(1, tomas(), 1, MINUTES, "his"),
            entry(2, imke(), mine.counter, MINUTES, "mine"),
        ]))
        .unwrap();
    assert_eq!((outcome.fresh, outcome.acknowledged), (vec![0], vec![1]), "only his words are new here");
    assert_eq!(texts(&store, MINUTES), ["mine", "later", "his"], "in the order in which they came here");
    assert_eq!(waiting(&store), ["later"], "the acknowledgement that was lost has come by another way");
    store.check().unwrap();
}

#[test]
fn twins_words_stay_beside_each_other() {
    let disk = Disk::new();
    let mut store = disk.create();
    store.commit_local(&typed(MINUTES, 1, "written here")).unwrap();
    let theirs = page(vec![entry(1, imke(), 1, MINUTES, "written by the twin")]);
    assert_eq!(store.commit_remote(&theirs).unwrap().fresh, [0], "other bytes are another entry");
    assert_eq!(texts(&store, MINUTES), ["written here", "written by the twin"], "nobody's words are lost");
    assert_eq!(waiting(&store), ["written here"], "and ours still wait");
    store.check().unwrap();
}

#[test]
fn a_disk_from_a_backup_does_not_reuse_names() {
    let disk = Disk::new();
    let mut store = disk.create();
    store.commit_remote(&page(vec![entry(7, imke(), 40, MINUTES, "forgotten here")])).unwrap();
    let next = store.commit_local(&typed(MINUTES, 1, "new")).unwrap();
    assert_eq!(next.counter, 41, "this copy wrote up to 40 before its disk was restored");
    drop(store);
    let next = disk.write().commit_local(&typed(MINUTES, 2, "newer")).unwrap();
    assert_eq!(next.counter, 42, "also after the next start");
}

#[test]
fn what_another_device_writes_under_this_name_moves_no_counter() {
    let disk = Disk::new();
    let mut store = disk.create();
    let mallory = Author { replica: imke().replica, ..person(9) };
    store.commit_remote(&page(vec![entry(1, mallory, (1 << 53) - 1, MINUTES, "mine")])).unwrap();
    let next = store.commit_local(&typed(MINUTES, 1, "hers")).unwrap();
    assert_eq!(next.counter, 1, "she counts her own");
    drop(store);
    let next = disk.write().commit_local(&typed(MINUTES, 2, "hers too")).unwrap();
    assert_eq!(next.counter, 2, "also after the next start");
}

#[test]
fn a_folding_is_data_until_a_longer_one_of_the_same_log_comes() {
    let disk = Disk::new();
    let mut store = disk.create();
    store.commit_local(&typed(MINUTES, 1, "own row")).unwrap();
    store.commit_remote(&folding(FIRST, 50, "folded to 50")).unwrap();
    assert_eq!(texts(&store, MINUTES), ["folded to 50", "own row"], "what rows may build on comes first");
    store.commit_remote(&folding(FIRST, 80, "folded to 80")).unwrap();
    store.commit_remote(&folding(FIRST, 60, "folded to 60")).unwrap();
    assert_eq!(texts(&store, MINUTES), ["folded to 80", "own row"], "the longest holds the others");
    store.commit_remote(&folding(SECOND, 10, "restored to 10")).unwrap();
    assert_eq!(
        texts(&store, MINUTES),
        ["restored to 10", "folded to 80", "own row"],
        "a restored relay may lack what the old one folded, so both stay"
    );
    store.check().unwrap();
}

#[test]
fn a_restored_relay_numbers_entries_anew() {
    let disk = Disk::new();
    let mut store = disk.create();
    let known = entry(8, tomas(), 1, MINUTES, "kept");
    let forgotten = entry(9, tomas(), 2, MINUTES, "forgotten by the backup");
    store.commit_remote(&page(vec![known, forgotten.clone()])).unwrap();
    let above = store.numbered_after(FIRST, 8, ALL).unwrap();
    assert_eq!(
        above,
        std::slice::from_ref(&forgotten),
        "what the relay lacks can be brought back, seal and all"
    );

    let again = sheaf_protocol::entry::Entry { epoch: SECOND, seq: 10, ..forgotten };
    let batch = RemoteBatch { entries: vec![again], snapshots: vec![], cursor: Some(10), epoch: SECOND };
    assert_eq!(store.commit_remote(&batch).unwrap().fresh, [0; 0], "it is no news here");
    assert_eq!(store.numbered_after(FIRST, 8, ALL).unwrap(), [], "and need not be brought back again");
    assert_eq!(store.numbered_after(SECOND, 0, ALL).unwrap()[0].seq, 10, "it has its new number");
    assert_eq!(store.position().unwrap(), Position { epoch: Some(SECOND), cursor: 10 }, "in the new life");
    store.check().unwrap();
}

#[test]
fn a_backfill_leaves_the_cursor_where_it_was() {
    let disk = Disk::new();
    let mut store = disk.create();
    store.commit_remote(&page(vec![entry(30, tomas(), 9, RECIPES, "Pepper")])).unwrap();
    let batch = RemoteBatch { cursor: None, ..page(vec![entry(4, tomas(), 2, MINUTES, "older")]) };
    store.commit_remote(&batch).unwrap();
    assert_eq!(store.position().unwrap().cursor, 30, "a document sent from its beginning is no step back");
}

#[test]
fn a_document_that_is_sent_from_its_beginning_heals_what_the_disk_damaged() {
    let disk = Disk::new();
    let mut store = disk.create();
    let sent = vec![entry(1, tomas(), 1, MINUTES, "Hello "), entry(2, tomas(), 2, MINUTES, "Imke")];
    store.commit_remote(&page(sent.clone())).unwrap();
    let through = store.updates(MINUTES).unwrap().through;
    store.put_snapshot(MINUTES, through, b"Hello Imke").unwrap();
    drop(store);
    let damage = rusqlite::Connection::open(disk.path()).unwrap();
    damage.execute("UPDATE log SET bytes = x'00' WHERE seq = 2", []).unwrap();
    drop(damage);

    let mut store = disk.write();
    store.check().expect_err("a row is damaged");
    assert_eq!(
        store.commit_remote(&page(sent.clone())).unwrap().fresh,
        [0; 0],
        "catching up looks at names only, for it must be cheap"
    );
    let backfill = RemoteBatch { cursor: None, ..page(sent) };
    assert_eq!(
        store.commit_remote(&backfill).unwrap().fresh,
        [1],
        "whoever has it open is given what is healed"
    );
    assert_eq!(texts(&store, MINUTES), ["Hello ", "Imke"], "the words are back, each in its place");
    assert_eq!(store.documents().unwrap()[0].entries, 2, "as one row and not as two");
    store.check().expect("every row holds what its hash says");
    assert_eq!(
        store.commit_remote(&backfill).unwrap().fresh,
        [0; 0],
        "and a second time there is nothing to do"
    );
}
