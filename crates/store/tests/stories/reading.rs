//! Lists, search marks and snapshots: everything that is made from the log.

use bytes::Bytes;
use sheaf_protocol::entry::Entry;
use sheaf_protocol::frame::{Ack, Snapshot};
use sheaf_store::{RemoteBatch, Store};

use crate::support::*;

#[test]
fn a_snapshot_shortens_reading_and_changes_nothing() {
    let disk = Disk::new();
    let mut store = disk.create();
    for text in ["a", "b", "c"] {
        store.commit_local(&typed(MINUTES, 1, text)).unwrap();
    }
    let read = store.updates(MINUTES).unwrap();
    store.commit_local(&typed(MINUTES, 2, "d")).unwrap();
    assert!(
        store.put_snapshot(MINUTES, read.through, b"[abc]").unwrap(),
        "rows at the end do not disturb it"
    );
    assert_eq!(texts(&store, MINUTES), ["[abc]", "d"], "the snapshot, then its tail");
    assert!(
        !store.put_snapshot(MINUTES, read.through, b"[again]").unwrap(),
        "an equal one is not worth a write"
    );

    rusqlite::Connection::open(disk.path()).unwrap().execute("DELETE FROM snapshot", []).unwrap();
    assert_eq!(texts(&store, MINUTES), ["a", "b", "c", "d"], "a cache: without it everything is still there");
    store.check().unwrap();
}

#[test]
fn a_snapshot_made_while_a_folding_came_is_not_kept() {
    let disk = Disk::new();
    let mut store = disk.create();
    store.commit_local(&typed(MINUTES, 1, "a")).unwrap();
    let read = store.updates(MINUTES).unwrap();
    let folded = Snapshot { document: MINUTES, through: 9, at: 7, bytes: Bytes::from_static(b"folded") };
    let batch = RemoteBatch { entries: vec![], snapshots: vec![folded], cursor: Some(9), epoch: FIRST };
    store.commit_remote(&batch).unwrap();
    assert!(!store.put_snapshot(MINUTES, read.through, b"[a]").unwrap(), "it lacks what the folding brought");
    assert_eq!(texts(&store, MINUTES), ["folded", "a"], "so the folding is read");
    let read = store.updates(MINUTES).unwrap();
    assert!(store.put_snapshot(MINUTES, read.through, b"[folded a]").unwrap(), "one that has it is kept");
    assert_eq!(texts(&store, MINUTES), ["[folded a]"], "and stands for both");
}

#[test]
fn a_change_during_indexing_stays_stale() {
    let disk = Disk::new();
    let mut store = disk.create();
    store.commit_local(&typed(MINUTES, 1, "a")).unwrap();
    store.commit_remote(&page(vec![entry(1, tomas(), 1, RECIPES, "b")])).unwrap();
    let stale = store.stale_documents(10).unwrap();
    assert_eq!(
        stale.iter().map(|it| it.document).collect::<Vec<_>>(),
        [RECIPES, MINUTES],
        "both are new to search"
    );
    assert_eq!(store.stale_documents(1).unwrap().len(), 1, "as many as asked for");

    store.commit_local(&typed(MINUTES, 2, "while it was being read")).unwrap();
    for read in stale {
        store.put_readings(&[read.into()]).unwrap();
    }
    let left = store.stale_documents(10).unwrap();
    assert_eq!(
        left.iter().map(|it| it.document).collect::<Vec<_>>(),
        [MINUTES],
        "search has not seen that change"
    );
    store.put_readings(&[left[0].into()]).unwrap();
    assert!(store.documents().unwrap().iter().all(|it| !it.stale), "now it has");
}

#[test]
fn acknowledgements_and_titles_are_no_news_to_search() {
    let disk = Disk::new();
    let mut store = disk.create();
    let mine = store.commit_local(&typed(MINUTES, 1, "a")).unwrap();
    store.put_readings(&[store.stale_documents(1).unwrap()[0].into()]).unwrap();
    store.acknowledge(FIRST, &[ack(1, mine)], Some(1)).unwrap();
    store.put_title(MINUTES, "Minutes of March").unwrap();
    store.put_title(LETTERS, "not here").unwrap();
    let rows = store.documents().unwrap();
    assert_eq!(rows.len(), 1, "a title makes no document");
    assert_eq!((rows[0].title.as_str(), rows[0].stale), ("Minutes of March", false), "the text is the same");
}

#[test]
fn whoever_wrote_and_whoever_read_see_one_order() {
    let (here, there) = (Disk::new(), Disk::new());
    let (mut imke, mut tomás) = (here.create(), there.create());
    let order = |store: &Store| -> Vec<_> { store.documents().unwrap().iter().map(|it| it.id).collect() };
    let (mut acks, mut entries) = (Vec::new(), Vec::new());
    for (seq, document) in (1..).zip([RECIPES, LETTERS, MINUTES]) {
        let an_hour_ahead = 3_600_000 + seq;
        let written = imke.commit_local(&typed(document, an_hour_ahead, "words")).unwrap();
        acks.push(Ack { at: 5_000, ..ack(seq, written) });
        entries.push(Entry { at: 5_000, ..entry(seq, person(3), seq, document, "words") });
    }
    assert_eq!(order(&imke), [MINUTES, LETTERS, RECIPES], "until somebody knows better, by her own clock");
    imke.acknowledge(FIRST, &acks, Some(3)).unwrap();
    tomás.commit_remote(&page(entries)).unwrap();
    assert_eq!(order(&imke), [LETTERS, RECIPES, MINUTES], "what changed together: the youngest first");
    assert_eq!(order(&tomás), order(&imke), "two windows beside each other show the same list");

    imke.commit_local(&typed(MINUTES, 5_001, "more")).unwrap();
    assert_eq!(order(&imke)[0], MINUTES, "what was just written is on top");
}
