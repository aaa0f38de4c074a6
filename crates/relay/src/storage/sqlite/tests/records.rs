//! The workspace's records on the disk: one stream beside the documents, with a snapshot like theirs.

use sheaf_protocol::frame::{Page, Stretch};
use sheaf_protocol::record::{self, Order, PlaceWrite, Record, Records};

use super::*;
use crate::room::Plan;
use crate::storage::Stale;

const STREAM: DocumentId = record::stream(SHEAF);
const OF_RECORDS: Stale = Stale { workspace: SHEAF, document: STREAM };

/// The n-th document of a large workspace gets a place, by somebody.
fn place(number: u64, by: u8) -> Line {
    let mut id = [0xdd; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    let order = Order::between(None, None, number).unwrap();
    let bytes = Record::Place(PlaceWrite::at(DocumentId::from_bytes(id), None, order)).encode();
    let Line { at, seal, draft } = line(0, number + 1);
    let author = Author { person: PersonId::from_bytes([by; 16]), ..draft.author };
    let hash = ContentHash::of(&bytes);
    Line { at, seal, draft: Draft { kind: Kind::RECORD, document: STREAM, author, hash, bytes, ..draft } }
}

impl World {
    /// So many documents get a place, and each a word of text.
    fn plants(&mut self, count: u64) {
        let text = |number| line(u8::try_from(2 + number % 200).unwrap(), 1_000_000 + number);
        let lines: Vec<_> = (0..count).flat_map(|number| [place(number, 4), text(number)]).collect();
        self.database.append(SHEAF, &group(lines)).unwrap();
    }

    /// The records are folded as the log has them.
    fn folds(&mut self) -> (Records, u64) {
        let (stored, through) = self.reader().document(SHEAF, STREAM).unwrap();
        let (records, is_all) = stored.records().unwrap();
        assert!(is_all, "this relay took them all");
        self.database.put_snapshot(OF_RECORDS, through, &records.fold(), 9).unwrap();
        (records, through)
    }

    /// Reads pages until the last, as a room does.
    fn catches_up(&mut self, scope: Scope, since: u64, held: &[(DocumentId, u64)]) -> Vec<Page> {
        let mut plan = Plan { backfill: None, since, held: held.to_vec(), first: vec![], head: 0 };
        let mut pages = Vec::new();
        loop {
            let page = self.database.page(scope, &plan).unwrap();
            plan.since = page.through;
            plan.held.extend(page.snapshots.iter().map(|snapshot| (snapshot.document, snapshot.through)));
            let is_last = !page.more;
            pages.push(page);
            if is_last {
                return pages;
            }
        }
    }
}

/// Returns the numbers of the records that come as entries, and how many numbers are covered.
fn told(pages: &[Page]) -> (Vec<u64>, u64) {
    let (mut records, mut covered) = (Vec::new(), 0);
    for stretch in pages.iter().flat_map(|page| &page.stretches) {
        match stretch {
            Stretch::Skip(_, count) => covered += count,
            Stretch::Run(run) => {
                covered += run.len() as u64;
                let of = run.iter().filter(|entry| entry.draft.kind == Kind::RECORD);
                records.extend(of.map(|entry| entry.seq));
            }
        }
    }
    (records, covered)
}

#[test]
fn records_are_read_with_their_authors_and_text_without_them() {
    let mut world = world();
    let text = line(1, 3);
    assert_eq!(text.draft.document, STREAM, "as no relay would take it");
    world.database.append(SHEAF, &group([place(0, 4), place(1, 9), text])).unwrap();
    let (stored, through) = world.reader().document(SHEAF, STREAM).unwrap();
    let by: Vec<_> = stored.tail.iter().map(|(by, _)| *by).collect();
    assert_eq!(by, [4, 9].map(|by| PersonId::from_bytes([by; 16])), "whose word it is belongs to a record");
    assert_eq!(through, 2, "what is no record is none of the stream's");
}

#[test]
fn a_fresh_replica_of_a_large_workspace_gets_its_records_folded_and_each_number_once() {
    let mut world = world();
    let (imke, _) = world.imke();
    world.plants(2_000);
    let (records, through) = world.folds();
    world.database.append(SHEAF, &group([place(2_000, 4)])).unwrap();
    assert_eq!(through, 3_999, "the last record, with a text behind it");

    let pages = world.catches_up(imke, 0, &[]);
    let snapshots: Vec<_> = pages.iter().flat_map(|page| &page.snapshots).collect();
    let [snapshot] = snapshots[..] else { panic!("one snapshot, of the records: {snapshots:?}") };
    assert_eq!((snapshot.document, snapshot.through, snapshot.at), (STREAM, through, 7));
    assert_eq!(Records::unfold(&snapshot.bytes).unwrap(), records, "it says what all of them said");
    assert_eq!(records.rows().count(), 2_000, "of every document");
    assert_eq!(
        told(&pages),
        (vec![4_001], 4_001),
        "only what came later is told, and every number is covered"
    );
}

#[test]
fn a_replica_that_was_interrupted_behind_the_snapshot_gets_no_second_one() {
    let mut world = world();
    let (imke, _) = world.imke();
    world.plants(200);
    let (_, through) = world.folds();
    let pages = world.catches_up(imke, 0, &[(STREAM, through)]);
    assert!(pages.iter().all(|page| page.snapshots.is_empty()), "it has the snapshot");
    assert_eq!(told(&pages), (vec![], 400), "and so nothing that is in it");
}

#[test]
fn whoever_lacks_little_of_a_large_tree_is_told_that_and_not_the_tree() {
    let mut world = world();
    let (imke, _) = world.imke();
    world.plants(2_000);
    world.folds();
    let pages = world.catches_up(imke, 3_800, &[]);
    assert!(pages.iter().all(|page| page.snapshots.is_empty()), "two thousand places are longer");
    assert_eq!(told(&pages).0.len(), 100, "than the hundred that are new");
}

#[test]
fn the_tree_comes_before_the_texts_and_behind_what_is_open() {
    let mut world = world();
    let (imke, _) = world.imke();
    let [letter, recipe] = [2, 3].map(|document| DocumentId::from_bytes([document; 16]));
    for document in [2, 3] {
        let lines: Vec<_> = (0..100).map(|at| line(document, u64::from(document) * 1_000 + at)).collect();
        world.database.append(SHEAF, &group(lines)).unwrap();
        let of = Stale { workspace: SHEAF, document: DocumentId::from_bytes([document; 16]) };
        world.database.put_snapshot(of, u64::from(document - 1) * 100, b"folded", 9).unwrap();
    }
    world.plants(100);
    world.folds();
    let plan = Plan { backfill: None, since: 0, held: vec![], first: vec![recipe], head: 0 };
    let page = world.database.page(imke, &plan).unwrap();
    let order: Vec<_> = page.snapshots.iter().map(|snapshot| snapshot.document).collect();
    assert_eq!(order, [recipe, STREAM, letter], "whoever waits for a large workspace looks around in it");
}

#[test]
fn a_log_that_lost_its_snapshot_tells_every_record() {
    let mut world = world();
    let (imke, _) = world.imke();
    world.plants(200);
    let (records, _) = world.folds();
    world.database.connection.execute("DELETE FROM snapshots", []).unwrap();
    let pages = world.catches_up(imke, 0, &[]);
    assert_eq!(told(&pages), ((0..200).map(|number| 2 * number + 1).collect(), 400), "a snapshot is a cache");
    let (stored, _) = world.reader().document(SHEAF, STREAM).unwrap();
    assert_eq!(stored.records().unwrap().0, records, "and the relay's own rules stand on the log as well");
}

#[test]
fn records_with_a_long_tail_are_folded_after_a_restart() {
    let mut world = world();
    world.plants(30);
    assert_eq!(
        world.database.long_tails(20).unwrap(),
        [OF_RECORDS],
        "thirty places, and no text is that long"
    );
    world.folds();
    assert_eq!(world.database.long_tails(20).unwrap(), [], "folded, its tail is short");
    let (stored, through) = world.reader().document(SHEAF, STREAM).unwrap();
    assert_eq!((stored.tail.len(), through), (0, 59), "and the rest is in the snapshot");
}

#[test]
fn what_a_later_relay_took_is_not_folded_away() {
    let mut world = world();
    let mut stranger = place(1, 4);
    stranger.draft.bytes = vec![0x7f; 17].into();
    stranger.draft.hash = ContentHash::of(&stranger.draft.bytes);
    world.database.append(SHEAF, &group([place(0, 4), stranger, place(2, 4)])).unwrap();
    let (stored, _) = world.reader().document(SHEAF, STREAM).unwrap();
    let (records, is_all) = stored.records().unwrap();
    assert_eq!(
        (records.rows().count(), is_all),
        (2, false),
        "this relay says that there is more than it knows"
    );
}
