//! The tree of documents at a real relay: told to everyone, refused where two cannot both be right, there after a kill.

use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::typist::Typist;
use sheaf_protocol::entry::{Counter, Kind};
use sheaf_protocol::frame::{Answer, Frame, PushItem};
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{self, Decoded, Order, PlaceWrite, Record, Records};

use crate::process::Process;
use crate::replica::{Replica, flat, hello, item, level};
use crate::world::{Api, World};

/// Puts a document under another, or at the top.
fn put(document: u64, parent: Option<u64>) -> Record {
    let order = Order::between(None, None, document).unwrap();
    Record::Place(PlaceWrite::at(id(document), parent.map(id), order))
}

fn id(number: u64) -> DocumentId {
    let mut id = [0xdd; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    DocumentId::from_bytes(id)
}

fn says(workspace: WorkspaceId, counter: Counter, record: &Record) -> PushItem {
    let (document, bytes) = (record::stream(workspace), record.encode());
    PushItem { kind: Kind::RECORD, document, bytes, ..item(0, counter, vec![]) }
}

/// Waits for the answer that refuses something.
async fn refusal(replica: &mut Replica) -> (Counter, Code) {
    loop {
        if let Frame::Answers(answers) = replica.next().await.unwrap() {
            match &answers[..] {
                [Answer::Never { counter, code, .. }] => return (*counter, *code),
                other => panic!("expected a refusal: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn of_two_who_move_against_each_other_one_is_refused_also_after_the_relay_was_killed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("relay");
    let relay = Process::start(&data);
    let api = Api::at(relay.addr);
    let imke = api.join("Imke", relay.link.as_ref().unwrap()).await.unwrap();
    let tomas = api.join("Tomás", &api.invite(&imke).await).await.unwrap();
    let workspace = imke.workspace;
    let (mut a, welcome) = Replica::join(relay.addr, hello(&imke, 1)).await.unwrap();
    let at_head = level(welcome.epoch, 0, hello(&tomas, 2));
    let (mut b, _) = Replica::join(relay.addr, at_head).await.unwrap();

    let tree = [put(1, None), put(2, None), put(1, Some(2))];
    a.push((1..).zip(&tree).map(|(counter, record)| says(workspace, counter, record)).collect())
        .await
        .unwrap();
    let (acks, _) = a.acks(3).await.unwrap();
    assert_eq!(acks.iter().map(|ack| ack.seq).collect::<Vec<_>>(), [1, 2, 3], "durable, in her order");
    let mut heard = Vec::new();
    while heard.len() < 3 {
        heard.extend(flat(&b.entries().await.unwrap()).0);
    }
    let said: Vec<_> = heard.iter().map(|entry| Record::decode(&entry.draft.bytes).unwrap()).collect();
    assert_eq!(said, tree.map(Decoded::Known), "Tomás sees the tree as she built it");

    let (_, begin) = Typist::begin(11);
    let against = says(workspace, 1, &put(2, Some(1)));
    b.push(vec![against.clone(), PushItem { document: id(1), ..item(0, 2, begin) }]).await.unwrap();
    assert_eq!(refusal(&mut b).await, (1, Code::CYCLE), "his move came second");
    let (acks, _) = b.acks(1).await.unwrap();
    assert_eq!((acks[0].counter, acks[0].seq), (2, 4), "and what he wrote stays written");

    relay.kill();
    let relay = Process::start(&data);
    let (mut b, welcome) = Replica::join(relay.addr, hello(&tomas, 2)).await.unwrap();
    assert_eq!(welcome.head, 4, "the log has what was acknowledged");
    b.push(vec![against]).await.unwrap();
    assert_eq!(refusal(&mut b).await, (1, Code::CYCLE), "the relay knows the tree from its disk");
    b.push(vec![says(workspace, 3, &put(3, Some(1)))]).await.unwrap();
    assert_eq!(b.acks(1).await.unwrap().0[0].seq, 5, "and goes on with it");
    relay.kill();
}

#[tokio::test]
async fn whoever_comes_fresh_gets_the_tree_folded() {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let workspace = imke.workspace;
    let (mut a, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let mut expected = Records::default();
    let mut items = Vec::new();
    for counter in 1..=1_500 {
        let record = put(counter, (counter > 10).then_some(counter % 10 + 1));
        expected.apply(imke.person, &record);
        items.push(says(workspace, counter, &record));
    }
    a.push(items).await.unwrap();
    a.acks(1_500).await.unwrap();

    let ada = world.join("Ada", &world.invite(&imke).await).await.unwrap();
    let (mut b, welcome) = Replica::join(world.relay.addr, hello(&ada, 2)).await.unwrap();
    let pages = loop {
        // Folding goes on beside; whoever asks before it is done gets the entries, which is as good.
        let pages = b.catch_up(0).await.unwrap();
        if pages.iter().any(|page| !page.snapshots.is_empty()) {
            break pages;
        }
    };
    let (entries, covered) = flat(pages.iter().flat_map(|page| &page.stretches));
    let snapshot = &pages[0].snapshots[0];
    assert_eq!(snapshot.document, record::stream(workspace), "the records are one more document to the log");
    assert_eq!(covered, welcome.head, "what the snapshot holds is skipped and counted");
    assert_eq!(entries.len() as u64, welcome.head - snapshot.through, "the tail follows");
    let mut records = Records::unfold(&snapshot.bytes).unwrap();
    for entry in entries {
        let Decoded::Known(record) = Record::decode(&entry.draft.bytes).unwrap() else { panic!("{entry:?}") };
        records.apply(entry.draft.author.person, &record);
    }
    assert!(records == expected, "together they say what all records said");
}
