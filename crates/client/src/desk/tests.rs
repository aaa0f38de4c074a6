//! Stories of a replica whose relay sends what it should not, or forgets what it should not.

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_document::tree::{Element, Node};
use sheaf_document::update::{DocState, Limits, merge};
use sheaf_protocol::entry::{Author, Draft, Entry, Flags, Kind, Origin, Seal, Seq};
use sheaf_protocol::frame::{Ack, Snapshot};
use sheaf_protocol::problem::Code;
use sheaf_store::Place;
use tokio::sync::mpsc;

use super::*;
use crate::profile::Profile;
use crate::reader::Reader;
use crate::replica::{Edit, Events, ReplicaEvent, Settlement};
use crate::session::Batch;

const FIRST: Epoch = Epoch::from_bytes([1; 16]);
const SECOND: Epoch = Epoch::from_bytes([2; 16]);
const THIRD: Epoch = Epoch::from_bytes([8; 16]);
const NOTES: DocumentId = DocumentId::from_bytes([3; 16]);

/// A desk, and the folder on which it works.
struct Office {
    desk: DeskHandle,
    hub: Arc<Hub>,
    profile: Profile,
    _bell: mpsc::Receiver<()>,
    _folder: tempfile::TempDir,
}

impl Office {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::open(folder.path()).unwrap();
        let workspace = profile.begin(&Clock::system()).unwrap();
        let (ring, bell) = mpsc::channel(1);
        let hub = Arc::new(Hub::new(ring));
        let desk = DeskHandle::open(profile.database(workspace), hub.clone(), Clock::system()).await.unwrap();
        Self { desk, hub, profile, _bell: bell, _folder: folder }
    }

    /// Everything that a watcher is told until the desk tells no more.
    async fn hear_out(&self, events: &mut Events) -> Vec<ReplicaEvent> {
        self.hub.close();
        let mut heard = Vec::new();
        while let Some(event) = events.next().await {
            heard.push(event);
        }
        heard
    }

    /// The relay sends this. Returns the documents that are distrusted since then.
    async fn receive(&self, epoch: Epoch, cursor: Seq, entries: Vec<Entry>) -> Vec<DocumentId> {
        let batch = Batch { entries, snapshots: Vec::new(), cursor: Some(cursor), epoch };
        self.desk.ask(|desk| desk.store_remote(batch)).await.unwrap();
        self.hub.take_distrusted().into_iter().collect()
    }

    /// What a relay forgot that keeps so much of each life, by counter.
    async fn forgotten<const N: usize>(&self, kept: [(Epoch, Seq); N]) -> Vec<u64> {
        let (mut counters, mut after) = (Vec::new(), 0);
        loop {
            let (entries, next) = self.desk.ask(move |desk| desk.forgotten(&kept, after)).await.unwrap();
            counters.extend(entries.iter().map(|entry| entry.draft.counter));
            let Some(next) = next else { return counters };
            after = next;
        }
    }

    fn text(&self) -> String {
        let workspace = self.profile.workspaces().unwrap()[0];
        Reader::open(&self.profile, workspace).unwrap().text(NOTES).unwrap()
    }
}

/// What Tomás writes on his device, one line after the other.
fn lines<const N: usize>(words: [&str; N]) -> [Bytes; N] {
    let mut document = Document::new(77);
    words.map(|words| {
        let block: Node = Element::new("paragraph").containing([Node::text(words)]).into();
        document.append(&[block]).into()
    })
}

fn entry(epoch: Epoch, seq: Seq, counter: u64, bytes: &Bytes) -> Entry {
    let author = Author {
        person: PersonId::from_bytes([4; 16]),
        device: DeviceId::from_bytes([5; 16]),
        replica: ReplicaId::from_bytes([6; 16]),
    };
    let draft = Draft {
        kind: Kind::UPDATE,
        document: NOTES,
        author,
        counter,
        hash: ContentHash::of(bytes),
        origin: Origin::TYPED,
        flags: Flags::default(),
        key_id: 0,
        bytes: bytes.clone(),
    };
    Entry { epoch, seq, at: 1_000 + seq, seal: Seal([9; 16]), draft }
}

#[tokio::test]
async fn what_is_not_sound_is_kept_and_not_shown_until_it_is() {
    let office = Office::open().await;
    let [first, second, third] = lines(["one", "two", "three"]);
    office.receive(FIRST, 1, vec![entry(FIRST, 1, 1, &first)]).await;
    let (id, mailbox) = office.hub.watch();
    let mut events = Events(mailbox.clone());
    let open = move |desk: &mut Desk| {
        desk.open(NOTES, id, &mailbox, |opened| assert!(opened.is_ok(), "it can be opened"));
        Ok(())
    };
    office.desk.ask(open).await.unwrap();

    let unsound = office.receive(FIRST, 2, vec![entry(FIRST, 2, 3, &third)]).await;
    assert_eq!(unsound, [NOTES], "the engine is told to ask for the document anew");
    assert_eq!(office.text(), "one", "what builds on a hole is in nobody's text");

    let unsound = office.receive(FIRST, 3, vec![entry(FIRST, 3, 2, &second)]).await;
    assert_eq!(unsound, [], "what was missing is sound by itself");
    assert_eq!(office.text(), "one\ntwo\nthree", "and makes the other sound: nothing was lost meanwhile");
    let heard = office.hear_out(&mut events).await;
    assert!(heard.contains(&ReplicaEvent::Reopen(NOTES)), "the editor is given the whole: {heard:?}");
    let shown =
        heard.iter().any(|event| matches!(event, ReplicaEvent::Update { bytes, .. } if *bytes == third));
    assert!(!shown, "and never the hole");
}

#[tokio::test]
async fn what_is_found_unsound_when_it_is_opened_is_asked_for_anew() {
    let office = Office::open().await;
    let [first, _hole, third] = lines(["one", "two", "three"]);
    let unread = office.receive(FIRST, 2, vec![entry(FIRST, 1, 1, &first), entry(FIRST, 2, 3, &third)]).await;
    assert_eq!(unread, [], "nobody looks at what nobody has open");
    let (id, mailbox) = office.hub.watch();
    office.desk.ask(move |desk| desk.open_wholly(NOTES, id, &mailbox)).await.unwrap();
    let distrusted: Vec<_> = office.hub.take_distrusted().into_iter().collect();
    assert_eq!(distrusted, [NOTES], "now that it shows, the engine is told");
}

#[tokio::test]
async fn beside_something_unsound_an_open_editor_gets_what_colleagues_write() {
    let office = Office::open().await;
    let [first, _hole, third] = lines(["one", "two", "three"]);
    office.receive(FIRST, 2, vec![entry(FIRST, 1, 1, &first), entry(FIRST, 2, 3, &third)]).await;
    let (id, mailbox) = office.hub.watch();
    let mut events = Events(mailbox.clone());
    office.desk.ask(move |desk| desk.open_wholly(NOTES, id, &mailbox)).await.unwrap();

    let block: Node = Element::new("paragraph").containing([Node::text("from Ada")]).into();
    let adas = Bytes::from(Document::new(78).append(&[block]));
    office.receive(FIRST, 3, vec![entry(FIRST, 3, 9, &adas)]).await;
    let heard = office.hear_out(&mut events).await;
    let expected = ReplicaEvent::Update { document: NOTES, bytes: adas };
    assert!(heard.contains(&expected), "what cannot be read holds up nothing else: {heard:?}");
    assert!(!heard.contains(&ReplicaEvent::Reopen(NOTES)), "and the editor stays as it is");
}

#[tokio::test]
async fn a_document_is_sent_at_once_only_as_it_was_when_it_was_looked_at() {
    let office = Office::open().await;
    let [first, second, _] = lines(["one", "two", "three"]);
    let known = || office.desk.ask(|desk| desk.known(NOTES));
    let open = || {
        let (id, mailbox) = office.hub.watch();
        office.desk.ask(move |desk| {
            desk.open(NOTES, id, &mailbox, |opened| assert!(opened.is_ok(), "it can be opened"));
            Ok(())
        })
    };
    office.receive(FIRST, 1, vec![entry(FIRST, 1, 1, &first)]).await;
    assert_eq!(known().await.unwrap(), None, "nobody has looked at it");
    open().await.unwrap();
    let sent = known().await.unwrap().expect("it was looked at, and an editor keeps all of it");
    assert_eq!(sent.update, first, "all of it, as it is on the disk");
    office.receive(FIRST, 2, vec![entry(FIRST, 2, 2, &second)]).await;
    assert_eq!(known().await.unwrap(), None, "what has come since is looked at before anybody gets it");
    open().await.unwrap();
    assert!(known().await.unwrap().is_some(), "and then it is known again");
}

#[tokio::test]
async fn a_document_that_was_given_out_is_in_memory_before_anything_else_is_done() {
    let office = Office::open().await;
    let [first, second, _] = lines(["one", "two", "three"]);
    office.receive(FIRST, 1, vec![entry(FIRST, 1, 1, &first)]).await;
    let (id, mailbox) = office.hub.watch();
    let mut events = Events(mailbox.clone());
    let open = move |desk: &mut Desk| desk.open(NOTES, id, &mailbox, |opened| assert!(opened.is_ok()));
    let in_memory = |desk: &mut Desk| desk.views.contains_key(&NOTES);
    let again = open.clone();
    let look = move |desk: &mut Desk| {
        open(desk);
        assert!(in_memory(desk), "nobody has looked at it yet, so that is done first");
        desk.close(NOTES, id);
        open(desk);
        let at_once = in_memory(desk);
        desk.close(NOTES, id);
        desk.seat();
        Ok([at_once, in_memory(desk)])
    };
    let [at_once, closed] = office.desk.ask(look).await.unwrap();
    assert!(!at_once, "now its bytes are enough to draw it");
    assert!(!closed, "and who closes it at once never needed more");

    office.desk.post_lightly(again);
    office.receive(FIRST, 2, vec![entry(FIRST, 2, 2, &second)]).await;
    let heard = office.hear_out(&mut events).await;
    let expected = ReplicaEvent::Update { document: NOTES, bytes: second };
    assert!(
        heard.contains(&expected),
        "what a colleague writes right after it was opened is told: {heard:?}"
    );
}

#[tokio::test]
async fn what_a_restored_relay_forgot_is_found_until_it_has_new_numbers() {
    let office = Office::open().await;
    let [first, second, third] = lines(["one", "two", "three"]);
    let all = vec![entry(FIRST, 1, 1, &first), entry(FIRST, 2, 2, &second), entry(FIRST, 3, 3, &third)];
    office.receive(FIRST, 3, all).await;
    assert_eq!(office.forgotten([(FIRST, Seq::MAX)]).await, [0; 0], "it holds all of the present life");
    let restored = [(FIRST, 1), (SECOND, 1)];
    assert_eq!(office.forgotten(restored).await, [2, 3], "it holds up to 1: the rest is to be brought back");

    office.receive(SECOND, 2, vec![entry(SECOND, 2, 3, &third)]).await;
    let followed = [(FIRST, 1), (SECOND, Seq::MAX)];
    assert_eq!(office.forgotten(followed).await, [2], "what came back has a number of the new life");
    assert_eq!(office.text(), "one\ntwo\nthree", "and nobody's text changed by any of it");
}

#[tokio::test]
async fn what_the_first_restore_kept_is_brought_back_when_a_second_does_not() {
    let office = Office::open().await;
    let [first, second, third] = lines(["one", "two", "three"]);
    office.receive(FIRST, 2, vec![entry(FIRST, 1, 1, &first), entry(FIRST, 2, 2, &second)]).await;
    office.receive(SECOND, 3, vec![entry(SECOND, 3, 3, &third)]).await;
    let third_life = [(FIRST, 1), (THIRD, 1)];
    assert_eq!(
        office.forgotten(third_life).await,
        [2, 3],
        "it was made of a backup of the first life, older than what the second had kept of it"
    );
    let same_log = [(FIRST, 2), (SECOND, 3), (THIRD, 3)];
    assert_eq!(office.forgotten(same_log).await, [0; 0], "a newer backup holds all of it");
}

#[tokio::test]
async fn what_came_folded_and_a_restored_relay_lacks_is_written_anew() {
    let office = Office::open().await;
    let [first, second, _] = lines(["one", "two", "three"]);
    let bytes = merge([first.as_ref(), second.as_ref()]).unwrap().into();
    let snapshots = vec![Snapshot { document: NOTES, through: 2, at: 0, bytes }];
    let batch = Batch { entries: Vec::new(), snapshots, cursor: Some(2), epoch: FIRST };
    office.desk.ask(|desk| desk.store_remote(batch)).await.unwrap();
    let before = office.hub.status().waiting;
    let unfold = async |kept: [(Epoch, Seq); 2]| {
        office.desk.unfold(kept.to_vec());
        // Each turn asks for the next: the list of documents, then the one that there is.
        for _turn in 0..2 {
            office.desk.ask(|_| Ok(())).await.unwrap();
        }
        office.hub.status().waiting - before
    };
    assert_eq!(unfold([(FIRST, 2), (SECOND, Seq::MAX)]).await, 0, "the log holds all of it");

    // Of the older backup it holds one line, which came again as an entry.
    office.receive(SECOND, 1, vec![entry(FIRST, 1, 1, &first)]).await;
    let older = [(FIRST, 1), (SECOND, Seq::MAX)];
    assert_eq!(unfold(older).await, 1, "the second line is nowhere but here");
    assert_eq!(unfold(older).await, 1, "and is written once");
    let own = office.hub.written();
    let row = office.desk.ask(move |desk| desk.read_outbox(own - 1, usize::MAX, 1)).await.unwrap().remove(0);
    assert_eq!(row.draft.origin, Origin::RESTORED, "it says that it brings something back");
    let mut colleague = Document::new(78);
    let mut state = DocState::new([0; 16]);
    for bytes in [&first, &row.draft.bytes] {
        colleague.apply(&state.admit(bytes, &Limits::BULK).unwrap()).unwrap();
    }
    assert_eq!(colleague.text(), "one\ntwo", "whoever has the log has all of it");
    assert_eq!(office.text(), "one\ntwo", "as here");

    let counter = row.draft.counter;
    let refuse = move |desk: &mut Desk| {
        desk.stick(NOTES, counter, Code::CLIENT_ID_TAKEN, "")?;
        desk.settle(NOTES, &Settlement::Discard)
    };
    office.desk.ask(refuse).await.unwrap();
    assert_eq!(office.text(), "one", "a person may let it go");
    assert_eq!(unfold(older).await, 0, "and is not asked again");
}

#[tokio::test]
async fn what_was_discarded_and_is_acknowledged_after_that_is_shown_again() {
    let office = Office::open().await;
    let write = |client: u64, words: &str| {
        let block: Node = Element::new("paragraph").containing([Node::text(words)]).into();
        let bytes = Document::new(client).append(&[block]).into();
        Edit { document: NOTES, bytes, origin: Origin::TYPED, by: None }
    };
    let edits = vec![write(77, "refused"), write(78, "taken")];
    let [_, taken] = [0, 1].map(|row: usize| ContentHash::of(&edits[row].bytes));
    let last = office.desk.ask(move |desk| Ok(desk.commit(&edits)?.0.counter)).await.unwrap();
    let refuse = move |desk: &mut Desk| {
        desk.stick(NOTES, last - 1, Code::CLIENT_ID_TAKEN, "")?;
        desk.settle(NOTES, &Settlement::Discard)
    };
    office.desk.ask(refuse).await.unwrap();
    let colleagues = lines(["from Tomás"]);
    office.receive(FIRST, 1, vec![entry(FIRST, 1, 1, &colleagues[0])]).await;
    let (id, mailbox) = office.hub.watch();
    let mut events = Events(mailbox.clone());
    office.desk.ask(move |desk| desk.open_wholly(NOTES, id, &mailbox)).await.unwrap();

    let ack = Ack { counter: last, hash: taken, seq: 2, at: 1_002, seal: Seal([9; 16]) };
    office.desk.ask(move |desk| desk.acknowledge(FIRST, &[ack], Some(2))).await.unwrap();
    let words = office.text();
    assert!(words.contains("taken") && !words.contains("refused"), "it reads as everyone's: {words:?}");
    let heard = office.hear_out(&mut events).await;
    assert!(heard.contains(&ReplicaEvent::Reopen(NOTES)), "also for who has it open: {heard:?}");
}

/// Tomás makes a list of two items, and a deletion of each.
fn two_items() -> (Bytes, [Bytes; 2]) {
    let item = |words: &str| {
        let words = Element::new("paragraph").containing([Node::text(words)]);
        Element::new("listItem").containing([words.into()]).into()
    };
    let list = Element::new("bulletList").containing(["milk", "rye"].map(item));
    let begun = Document::new(77).append(&[list.into()]).into();
    // The list is the author's clock 0, the items are 1 and 8: one client, one range of one clock.
    (begun, [1, 8].map(|item| Bytes::from(vec![0, 1, 77, 1, item, 1])))
}

#[tokio::test]
async fn a_list_that_two_people_empty_together_stays_open() {
    let office = Office::open().await;
    let (begun, [imkes, tomases]) = two_items();
    office.receive(FIRST, 1, vec![entry(FIRST, 1, 1, &begun)]).await;
    let (id, mailbox) = office.hub.watch();
    let mut events = Events(mailbox.clone());
    let open = move |desk: &mut Desk| desk.open_wholly(NOTES, id, &mailbox.clone());
    office.desk.ask(open.clone()).await.unwrap();

    let deleted = Edit { document: NOTES, bytes: imkes, origin: Origin::TYPED, by: Some(id) };
    let commit = move |desk: &mut Desk| {
        let edits = [deleted];
        let (_, proofs) = desk.commit(&edits)?;
        desk.show(&edits, &proofs);
        Ok(())
    };
    office.desk.ask(commit).await.unwrap();
    let waiting = office.hub.status().waiting;
    office.receive(FIRST, 2, vec![entry(FIRST, 2, 2, &tomases)]).await;
    assert_eq!(
        office.hub.status().waiting,
        waiting + 1,
        "the replica completed the list by a change of its own"
    );
    let opened = office.desk.ask(open).await.unwrap();
    assert_eq!(opened.unknown, [], "and it can be edited");
    office.hub.close();
    while let Some(event) = events.next().await {
        assert!(!matches!(event, ReplicaEvent::Reopen(_)), "nobody's editor was taken away");
    }
}

#[tokio::test]
async fn an_incomplete_document_is_completed_when_somebody_opens_it() {
    let office = Office::open().await;
    let (begun, [imkes, tomases]) = two_items();
    let all = [begun, imkes, tomases];
    let waiting = office.hub.status().waiting;
    let entries = (1..).zip(&all).map(|(seq, bytes)| entry(FIRST, seq, seq, bytes)).collect();
    office.receive(FIRST, 3, entries).await;
    assert_eq!(office.hub.status().waiting, waiting, "what nobody looks at is left alone");
    for _ in 0..2 {
        let (id, mailbox) = office.hub.watch();
        let opened = office.desk.ask(move |desk| desk.open_wholly(NOTES, id, &mailbox)).await.unwrap();
        assert_eq!((opened.unknown, opened.tree), (vec![], None), "it opens for writing");
        assert_eq!(office.hub.status().waiting, waiting + 1, "and is completed once");
    }
}

#[tokio::test]
async fn after_a_failed_commit_an_editor_misses_nothing() {
    let office = Office::open().await;
    let [first, second] = lines(["one", "two"]);
    office.receive(FIRST, 1, vec![entry(FIRST, 1, 1, &first)]).await;
    let (id, mailbox) = office.hub.watch();
    let mut events = Events(mailbox.clone());
    office.desk.ask(move |desk| desk.open_wholly(NOTES, id, &mailbox)).await.unwrap();

    let nonsense = Bytes::from_static(b"no update");
    let edit = Edit { document: NOTES, bytes: nonsense, origin: Origin::TYPED, by: Some(id) };
    office.desk.ask(move |desk| desk.commit(&[edit]).map(|_| ())).await.expect_err("it is refused");
    office.receive(FIRST, 2, vec![entry(FIRST, 2, 2, &second)]).await;
    let heard = office.hear_out(&mut events).await;
    let expected = ReplicaEvent::Update { document: NOTES, bytes: second };
    assert!(heard.contains(&expected), "what a colleague wrote next is on the screen: {heard:?}");
}

#[tokio::test]
async fn a_person_settles_what_the_relay_refused() {
    let office = Office::open().await;
    let paragraph = |words: &str| vec![Element::new("paragraph").containing([Node::text(words)]).into()];
    let id = office
        .desk
        .ask(move |desk| desk.create(None, Place::Last, "Plan", paragraph("bold"), Origin::TYPED))
        .await
        .unwrap();
    let counter = office.hub.written();
    let stick = move |desk: &mut Desk| desk.stick(id, counter, Code::FORBIDDEN, "a viewer");
    office.desk.ask(stick).await.unwrap();
    assert_eq!(office.hub.status().forks, 1, "a person is asked");
    let refused = Reader::open(&office.profile, office.profile.workspaces().unwrap()[0]).unwrap().refused(id);
    let refused = refused.unwrap().expect("the relay refused something");
    assert_eq!(refused.code, Code::FORBIDDEN, "and says why");
    assert_eq!(refused.words, "Plan\nbold", "the others have nothing of it, so all of it would go");

    let keep = Settlement::KeepCopy { title: "Plan (copy)".to_owned() };
    let copy = office.desk.ask(move |desk| desk.settle(id, &keep)).await.unwrap();
    assert_eq!(office.hub.status().forks, 0, "and has answered");
    let rows = office.desk.ask(|desk| desk.read(|store| store.documents())).await.unwrap();
    let copy = rows.iter().find(|row| Some(row.id) == copy).expect("the copy is in the list");
    assert_eq!(copy.title, "Plan (copy)", "and cannot be taken for the document that it was made of");
    let text = Reader::open(&office.profile, office.profile.workspaces().unwrap()[0]).unwrap().text(copy.id);
    assert_eq!(text.unwrap(), "bold", "the words are kept under another id, free of what was refused");
}
