//! Stories of a desk whose relay sends what it should not.

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

mod restored;
mod settled;

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
        let database = profile.database(workspace);
        let search = Arc::new(Search::new(database.clone()));
        let desk = DeskHandle::open(database, hub.clone(), search, Clock::system()).await.unwrap();
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
    let sent = known().await.unwrap().expect("it was looked at, and all of it is sound");
    assert_eq!(sent, first, "all of it, as it is on the disk");
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
