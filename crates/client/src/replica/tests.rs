//! Stories of one replica without a relay.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;
use sheaf_document::Document;
use sheaf_document::tree::Element;
use sheaf_document::update::{DocState, Limits};
use sheaf_store::StoreError;

use super::*;
use crate::session;

mod tree;

/// A person at a device of their own.
struct Device {
    profile: Profile,
    _folder: tempfile::TempDir,
}

impl Device {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { profile: Profile::open(folder.path().join("sheaf")).unwrap(), _folder: folder }
    }

    async fn open(&self) -> Replica {
        let clock = Clock::system();
        let workspace = self.profile.begin(&clock).unwrap();
        Replica::open(&self.profile, workspace, clock).await.unwrap()
    }
}

/// What an editor has in memory.
struct Editor {
    document: Document,
    state: DocState,
}

impl Editor {
    fn of(opened: &[u8]) -> Self {
        let mut editor =
            Self { document: Document::new(crate::chance::client()), state: DocState::new([7; 16]) };
        editor.take(opened);
        editor
    }

    fn take(&mut self, bytes: &[u8]) {
        let admitted = self.state.admit(bytes, &Limits::WHOLE).unwrap();
        self.document.apply(&admitted).unwrap();
    }

    fn type_line(&mut self, words: &str) -> Bytes {
        let bytes = self.document.append(&[paragraph(words)]);
        self.state.admit(&bytes, &Limits::BULK).unwrap();
        bytes.into()
    }
}

fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

#[tokio::test]
async fn the_first_start_has_a_welcome_and_asks_for_nothing() {
    let imke = Device::new();
    let replica = imke.open().await;
    let rows = replica.documents().await.unwrap();
    assert_eq!(rows.len(), 1, "one document to begin with");
    assert_eq!(rows[0].title, "Welcome to Sheaf", "the list has its title at once");
    assert_eq!(replica.status().relay, None, "it lives on this device alone");
    replica.watch().0.open(rows[0].id).await.expect("and it opens");
    let text = replica.text(rows[0].id).await.unwrap();
    assert!(text.contains("every word is kept as you type it"), "and it reads as written: {text}");
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_crash_and_in_order() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Diary", vec![paragraph("Monday")], Origin::TYPED).await.unwrap();
    let (window, _events) = replica.watch();
    let mut editor = Editor::of(&window.open(id).await.unwrap());
    for words in ["Tuesday", "Wednesday", "Thursday"] {
        window.commit(id, editor.type_line(words)).await.unwrap();
    }
    replica.inner.desk.stop().await; // nothing is flushed and nobody is told
    drop((window, replica));
    let again = imke.open().await;
    assert_eq!(
        again.text(id).await.unwrap(),
        "Monday\nTuesday\nWednesday\nThursday",
        "a commit that has returned needs nothing else to be kept"
    );
    assert_eq!(again.status().waiting, 3 + 3 + 3, "all of it waits for a relay, should there ever be one");
}

#[tokio::test]
async fn two_windows_see_each_other_and_not_themselves() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Plan", vec![], Origin::TYPED).await.unwrap();
    let ((left, mut left_hears), (right, mut right_hears)) = (replica.watch(), replica.watch());
    let mut left_editor = Editor::of(&left.open(id).await.unwrap());
    let mut right_editor = Editor::of(&right.open(id).await.unwrap());

    left.commit(id, left_editor.type_line("from the left")).await.unwrap();
    let heard = next_update(&mut right_hears).await;
    right_editor.take(&heard);
    assert_eq!(right_editor.document.text(), left_editor.document.text(), "one change, two screens");

    right.commit(id, right_editor.type_line("from the right")).await.unwrap();
    left_editor.take(&next_update(&mut left_hears).await);
    assert_eq!(left_editor.document.text(), "\nfrom the left\nfrom the right", "no echo came in between");
}

#[tokio::test]
async fn a_document_that_is_closed_while_it_opens_is_closed() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Plan", vec![], Origin::TYPED).await.unwrap();
    let (window, mut events) = replica.watch();
    let close = async { window.close(id) };
    let (opened, ()) = tokio::join!(window.open(id), close);
    opened.expect("whoever asked gets an answer");
    replica.append(id, vec![paragraph("from elsewhere")], Origin::API).await.unwrap();
    replica.stop().await;
    while let Some(event) = events.next().await {
        let is_of_it = matches!(event, ReplicaEvent::Update { .. } | ReplicaEvent::Reopen(_));
        assert!(!is_of_it, "nobody has it open, so nothing of it is told: {event:?}");
    }
}

#[tokio::test]
async fn unsound_bytes_are_refused_before_anything_is_written() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Plan", vec![], Origin::TYPED).await.unwrap();
    let (window, _events) = replica.watch();
    let mut editor = Editor::of(&window.open(id).await.unwrap());
    let before = replica.status().waiting;

    let _lost = editor.type_line("never committed");
    let hole = editor.type_line("builds on what is not there");
    let refused = window.commit(id, hole).await;
    assert!(
        matches!(refused, Err(ReplicaError::Refused(refusal)) if refusal.code.needs_resync()),
        "{refused:?}"
    );
    let nonsense = window.commit(id, Bytes::from_static(b"not an update")).await;
    assert!(matches!(nonsense, Err(ReplicaError::Refused(_))), "{nonsense:?}");
    assert_eq!(replica.status().waiting, before, "nothing of them is on the disk");

    let mut fresh = Editor::of(&window.open(id).await.unwrap());
    window.commit(id, fresh.type_line("all is well")).await.unwrap();
    assert_eq!(replica.text(id).await.unwrap(), "\nall is well", "the document goes on");
}

#[tokio::test]
async fn a_change_that_is_sent_again_is_kept_once() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Plan", vec![], Origin::TYPED).await.unwrap();
    let (window, _events) = replica.watch();
    let typed = Editor::of(&window.open(id).await.unwrap()).type_line("once");
    let first = window.commit(id, typed.clone()).await.unwrap();
    let second = window.commit(id, typed).await.unwrap();
    assert_eq!(first, second, "an answer that was lost may be asked for again");
    assert_eq!(replica.text(id).await.unwrap(), "\nonce");
}

#[tokio::test]
async fn what_this_version_does_not_know_is_told_like_anything_else_and_people_write_on_beside_it() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Plan", vec![paragraph("known")], Origin::TYPED).await.unwrap();
    let (window, mut events) = replica.watch();
    let mut editor = Editor::of(&window.open(id).await.unwrap());

    replica.append(id, vec![Element::new("hologram").into()], Origin::API).await.unwrap();
    window.commit(id, editor.type_line("typed meanwhile")).await.expect("she may write on");
    editor.take(&next_update(&mut events).await);
    let list = Element::new("bulletList");
    replica.append(id, vec![list.into()], Origin::API).await.unwrap();
    editor.take(&next_update(&mut events).await);

    let before = replica.status().waiting;
    let mut again = Editor::of(&window.open(id).await.unwrap());
    assert_eq!(
        again.document.tree(),
        editor.document.tree(),
        "it opens as she has it, unknown or incomplete"
    );
    assert_eq!(replica.status().waiting, before, "and nobody has written anything to mend it");
    window.commit(id, again.type_line("below it")).await.expect("she may write in what was opened so");
    let tree = format!("{:?}", again.document.tree());
    assert!(tree.contains("hologram"), "what she does not know stays: {tree}");
    replica.stop().await;
    while let Some(event) = events.next().await {
        assert!(!matches!(event, ReplicaEvent::Reopen(_)), "nobody's editor was taken away");
    }
}

#[tokio::test]
async fn a_document_of_any_number_of_client_ids_reads_whole() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Log", vec![paragraph("begun")], Origin::TYPED).await.unwrap();
    let line = |client: u64| Document::new(client).append(&[paragraph(&format!("line {client}"))]).into();
    let edit = |client| Edit { document: id, bytes: line(client), origin: Origin::API, by: None };
    replica.commit_all((1..=4_097).map(edit).collect()).await.unwrap();
    let (window, _events) = replica.watch();
    for how in ["update by update", "as it was folded"] {
        let text = Editor::of(&window.open(id).await.unwrap()).document.text();
        assert_eq!(text.lines().count(), 4_098, "nothing is left out when it is read {how}");
    }
    assert_eq!(replica.text(id).await.unwrap().lines().count(), 4_098, "beside the desk, too");
}

#[tokio::test]
async fn one_process_writes_under_one_client_id() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Log", vec![paragraph("begun")], Origin::TYPED).await.unwrap();
    for line in ["one", "two", "three"] {
        replica.append(id, vec![paragraph(line)], Origin::API).await.unwrap();
    }
    let opened = replica.watch().0.open(id).await.unwrap();
    let clients = Editor::of(&opened).document.state_vector().len();
    assert_eq!(clients, 1, "a document takes only so many at a relay");
}

#[tokio::test]
async fn a_defect_ends_one_call_and_not_the_replica() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Plan", vec![paragraph("saved")], Origin::TYPED).await.unwrap();
    let (window, mut events) = replica.watch();
    window.open(id).await.unwrap();
    let broken = replica.inner.desk.ask(|_| -> Result<()> { panic!("a defect, on purpose") }).await;
    assert!(matches!(broken, Err(ReplicaError::Broken)), "whoever asked is told: {broken:?}");
    assert_eq!(reopened(&mut events).await, [id], "what was in memory is not believed any more");
    let mut editor = Editor::of(&window.open(id).await.unwrap());
    window.commit(id, editor.type_line("and on")).await.unwrap();
    assert_eq!(replica.text(id).await.unwrap(), "saved\nand on", "the next call finds everything");
}

#[tokio::test]
async fn a_disk_that_does_not_say_where_to_go_on_is_asked_again_and_nobody_connects_for_ever() {
    let imke = Device::new();
    let replica = imke.open().await;
    let _ = replica
        .inner
        .desk
        .ask(|_| -> Result<()> { panic!("a defect, on purpose: the file is closed") })
        .await;
    let path = replica.inner.beside.path().to_owned();
    let away = path.with_extension("away");
    std::fs::rename(&path, &away).unwrap();

    let (asked, mut asking) = mpsc::unbounded_channel();
    let access: Access = Arc::new(move |_| {
        let _ = asked.send(());
        Box::pin(async { Err(NoAccess::Unreachable) })
    });
    replica.connect(Relay::new("ws://relay.example.org", access));
    let mut status = replica.follow_status();
    let offline = |status: &Status| matches!(status.relay, Some(session::Status::Offline { .. }));
    status.wait_for(offline).await.expect("people are told that they are offline");
    assert!(asking.try_recv().is_err(), "nobody reaches for a relay without a place to go on from");
    std::fs::rename(&away, &path).unwrap();
    asking.recv().await.expect("as soon as the disk works, the relay is reached for");
}

#[tokio::test]
async fn a_title_reaches_the_list_in_a_quiet_moment() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Draft", vec![], Origin::TYPED).await.unwrap();
    let (window, mut events) = replica.watch();
    let mut editor = Editor::of(&window.open(id).await.unwrap());
    window.commit(id, editor.document.set_title("Final").into()).await.unwrap();
    loop {
        if events.next().await.unwrap() == ReplicaEvent::Documents {
            let rows = replica.documents().await.unwrap();
            if rows.iter().any(|row| row.id == id && row.title == "Final") {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_long_document_is_folded_and_reads_the_same() {
    let imke = Device::new();
    let replica = imke.open().await;
    let id = replica.create("Long", vec![], Origin::TYPED).await.unwrap();
    let (window, _events) = replica.watch();
    let mut editor = Editor::of(&window.open(id).await.unwrap());
    let edit = |bytes| Edit { document: id, bytes, origin: Origin::API, by: None };
    let edits = (0..1_200).map(|n| edit(editor.type_line(&format!("line {n}")))).collect();
    replica.commit_all(edits).await.unwrap();
    let whole = window.open(id).await.unwrap();
    let read = replica.inner.desk.ask(move |desk| desk.read(|store| store.updates(id))).await.unwrap();
    assert_eq!(read.list.len(), 1, "the next reader has one update to read");
    assert_eq!(window.open(id).await.unwrap(), whole, "and it says the same");
    assert_eq!(replica.text(id).await.unwrap(), editor.document.text());
}

#[tokio::test]
async fn one_process_writes_and_others_read_beside_it() {
    let imke = Device::new();
    let replica = imke.open().await;
    let workspace = replica.identity().workspace;
    let second = Replica::open(&imke.profile, workspace, Clock::system()).await;
    assert!(matches!(second, Err(ReplicaError::Store(StoreError::Locked))), "{second:?}");
    let id = replica.create("Shared shelf", vec![paragraph("read me")], Origin::TYPED).await.unwrap();
    let reader = Reader::open(&imke.profile, workspace).unwrap();
    assert_eq!(
        reader.markdown(id).unwrap(),
        "# Shared shelf\n\nread me\n",
        "a reader sees what was committed"
    );
    let titles: BTreeSet<_> = reader.documents().unwrap().into_iter().map(|row| row.title).collect();
    assert_eq!(titles, ["Shared shelf", "Welcome to Sheaf"].map(String::from).into());
    replica.stop().await;
    Replica::open(&imke.profile, workspace, Clock::system())
        .await
        .expect("a stopped replica lets go of its file");
}

/// Returns the documents to be opened again, of all that was told until now; there must be one.
async fn reopened(events: &mut Events) -> Vec<DocumentId> {
    let mut documents = Vec::new();
    loop {
        // What is ready is ready at once; only the first is waited for.
        let event =
            if documents.is_empty() { events.next().await } else { events.next().now_or_never().flatten() };
        match event {
            Some(ReplicaEvent::Reopen(document)) => documents.push(document),
            Some(ReplicaEvent::Update { .. }) => panic!("whoever is to open it again is told nothing before"),
            Some(_) => {}
            None => return documents,
        }
    }
}

async fn next_update(events: &mut Events) -> Bytes {
    loop {
        if let ReplicaEvent::Update { bytes, .. } = events.next().await.expect("the replica is alive") {
            return bytes;
        }
    }
}
