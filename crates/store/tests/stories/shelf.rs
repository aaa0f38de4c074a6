//! Files on a disk, as far as the store knows of them: what waits for its bytes, whose word holds, what is to be carried.

use sheaf_document::ids::ContentHash;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{FileWrite, Record};
use sheaf_store::{FileRow, RemoteBatch, Store};

use crate::support::*;

fn photo(name: &str) -> FileWrite {
    let (hash, media) = (ContentHash::of(b"harbour at dawn"), "image/jpeg".into());
    FileWrite { hash, size: 5_500_000, media, name: name.into(), dimensions: None }
}

fn row(store: &Store) -> FileRow {
    store.files(&[photo("").hash]).unwrap().pop().expect("it is known")
}

#[test]
fn a_draft_of_a_file_waits_for_its_bytes_and_nothing_else_does() {
    let disk = Disk::new();
    let mut store = disk.create();
    let file = Record::File(photo("harbour.jpg"));
    let drafts = [drafted(file.clone()), drafted(placed(MINUTES, None, 1))];
    let written = store.commit_records(&drafts, &[typed(MINUTES, 2, "see the picture")]).unwrap().written;
    assert_eq!(waiting(&store).len(), 2, "the place and the text go out at once: {:?}", waiting(&store));
    assert_eq!(store.waiting().unwrap(), 3, "but it is told that something waits");
    assert_eq!(
        store.to_bring(9).unwrap(),
        [(photo("").hash, 5_500_000)],
        "the bytes are to be brought first"
    );
    let seen = row(&store);
    assert!(seen.is_held && seen.is_waiting && !seen.is_agreed, "it is shown meanwhile: {seen:?}");
    drop(store);

    let mut store = disk.write();
    store.brought(photo("").hash).unwrap();
    assert_eq!(waiting(&store).len(), 3, "now the record may go, also after a restart");
    store.refuse(&[(written[0].counter, Code::NO_FILE, String::new())]).unwrap();
    assert!(store.refused_records().unwrap().is_empty(), "nobody is asked to settle that");
    assert_eq!(
        (waiting(&store).len(), store.to_bring(9).unwrap().len()),
        (2, 1),
        "the bytes are brought again"
    );
    store.brought(photo("").hash).unwrap();
    store.acknowledge(FIRST, &[ack(7, written[0])], None).unwrap();
    assert!(row(&store).is_agreed && store.to_bring(9).unwrap().is_empty(), "then it is known to all");
}

#[test]
fn of_two_who_add_one_picture_the_first_names_it() {
    let disk = Disk::new();
    let mut store = disk.create();
    let hers = Record::File(photo("harbour.jpg"));
    let written = store.commit_records(&[drafted(hers)], &[]).unwrap().written;
    let his = record_entry(3, tomas(), 1, &Record::File(photo("IMG_2044.JPG")));
    store.commit_remote(&page(vec![his])).unwrap();
    store.brought(photo("").hash).unwrap();
    store.acknowledge(FIRST, &[ack(5, written[0])], None).unwrap();
    let seen = row(&store);
    assert_eq!(
        (seen.file.name.as_str(), seen.person),
        ("IMG_2044.JPG", tomas().person),
        "his word came first"
    );
    let earlier = record_entry(2, tomas(), 2, &Record::File(photo("dawn.jpg")));
    let batch = RemoteBatch { cursor: None, ..page(vec![earlier]) };
    store.commit_remote(&batch).unwrap();
    assert_eq!(row(&store).file.name, "dawn.jpg", "whatever comes when, the lowest number holds");
}

#[test]
fn what_is_lacking_is_fetched_and_a_log_that_lost_its_later_part_gets_files_again() {
    let disk = Disk::new();
    let mut store = disk.create();
    let said = record_entry(1, tomas(), 1, &Record::File(photo("harbour.jpg")));
    store.commit_remote(&page(vec![said])).unwrap();
    assert_eq!(store.to_fetch(9_000_000, 9).unwrap(), [(photo("").hash, 5_500_000)]);
    assert_eq!(store.to_fetch(1_000, 9).unwrap(), [], "what is large is fetched when somebody wants it");
    store.hold(photo("").hash, true).unwrap();
    assert_eq!((store.to_fetch(9_000_000, 9).unwrap(), store.to_bring(9).unwrap()), (vec![], vec![]));
    let restored = RemoteBatch { epoch: SECOND, cursor: Some(0), ..page(vec![]) };
    store.commit_remote(&restored).unwrap();
    assert_eq!(store.to_bring(9).unwrap().len(), 1, "perhaps its backup has not got the bytes");
    assert_eq!(row(&store).file.name, "harbour.jpg");
}
