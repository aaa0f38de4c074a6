//! The tree of documents, without a relay.

use std::collections::BTreeMap;

use sheaf_document::ids::PersonId;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::PlaceWrite;
use sheaf_store::{Access, Level, LocalWrite, Options, Place, Settle, Store};

use super::*;
use crate::error::ReplicaError;
use crate::team;
use crate::writing::compose;

async fn titles(replica: &Replica, level: Level) -> Vec<String> {
    let rows = replica.level(level, None, 99).await.unwrap();
    rows.into_iter().map(|row| row.title).collect()
}

async fn make(replica: &Replica, parent: Option<DocumentId>, beside: Place, title: &str) -> DocumentId {
    replica.create_in(parent, beside, title, vec![paragraph("words")], Origin::TYPED).await.unwrap()
}

#[tokio::test]
async fn documents_stand_where_they_were_put() {
    let imke = Device::new();
    let replica = imke.open().await;
    let top = Level::Under(None);
    assert_eq!(titles(&replica, top).await, ["Welcome to Sheaf"], "the first document has its place");
    let recipes = make(&replica, None, Place::First, "Recipes").await;
    let bread = make(&replica, Some(recipes), Place::Last, "Bread").await;
    let soup = make(&replica, Some(recipes), Place::First, "Soup").await;
    let salad = make(&replica, Some(recipes), Place::After(soup), "Salad").await;
    assert_eq!(titles(&replica, Level::Under(Some(recipes))).await, ["Soup", "Salad", "Bread"]);
    replica.move_to(soup, Some(recipes), Place::Last).await.unwrap();
    replica.move_to(salad, Some(bread), Place::First).await.unwrap();
    assert_eq!(titles(&replica, Level::Under(Some(recipes))).await, ["Bread", "Soup"]);
    let path = replica.path(salad).await.unwrap();
    let path: Vec<_> = path.iter().map(|(id, title, _)| (*id, title.as_str())).collect();
    assert_eq!(path, [(recipes, "Recipes"), (bread, "Bread"), (salad, "Salad")], "the way to it");
    let rows = replica.places(vec![recipes, bread]).await.unwrap();
    assert_eq!((rows[0].children, rows[1].children), (2, 1), "everything counts what is right below it");

    let before = replica.status().waiting;
    let round = replica.move_to(recipes, Some(salad), Place::Last).await;
    assert!(matches!(round, Err(ReplicaError::Rule(Code::CYCLE))), "nothing stands under itself: {round:?}");
    let nowhere = DocumentId::from_bytes([9; 16]);
    let lost = replica.create_in(Some(nowhere), Place::Last, "Lost", vec![], Origin::TYPED).await;
    assert!(matches!(lost, Err(ReplicaError::Rule(Code::NO_PARENT))), "{lost:?}");
    let unknown = replica.move_to(nowhere, None, Place::Last).await;
    assert!(matches!(unknown, Err(ReplicaError::NotFound(_))), "{unknown:?}");
    let novel = replica.set_icon(bread, "b".repeat(1_000)).await;
    assert!(matches!(novel, Err(ReplicaError::Rule(Code::INVALID))), "a novel is no icon: {novel:?}");
    assert_eq!(replica.status().waiting, before, "and nothing was written");
    assert_eq!(replica.documents().await.unwrap().len(), 5, "not the text either");

    replica.stop().await;
    let again = imke.open().await;
    assert_eq!(
        titles(&again, Level::Under(Some(recipes))).await,
        ["Bread", "Soup"],
        "so it is after a start"
    );
    assert_eq!(titles(&again, top).await, ["Recipes", "Welcome to Sheaf"]);
}

#[tokio::test]
async fn a_workspace_from_a_time_without_a_tree_gets_one() {
    let imke = Device::new();
    let clock = Clock::system();
    let (workspace, person) = (WorkspaceId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    imke.profile.join(workspace, person, imke.profile.device(&clock).unwrap(), &clock).unwrap();
    let write = Options { key: None, access: Access::Write };
    let mut store = Store::open(&imke.profile.database(workspace), write).unwrap();
    let ids = [1, 2].map(|at| DocumentId::fresh(at, [7; 10]));
    for document in ids {
        for bytes in compose(crate::chance::client(), "Old", vec![paragraph("words")]) {
            store.commit_local(&LocalWrite { document, origin: Origin::TYPED, at: 1, bytes }).unwrap();
        }
    }
    drop(store);

    let replica = Replica::open(&imke.profile, workspace, clock.clone()).await.unwrap();
    assert_eq!(titles(&replica, Level::Recovered).await, [""; 0], "nobody has to put all of it in order");
    let top = replica.level(Level::Under(None), None, 9).await.unwrap();
    assert_eq!(top.iter().map(|row| row.id).collect::<Vec<_>>(), ids, "the oldest first");
    let before = replica.status().waiting;
    replica.stop().await;
    let again = Replica::open(&imke.profile, workspace, clock).await.unwrap();
    assert_eq!(again.status().waiting, before, "and that once");
}

#[tokio::test]
async fn between_two_documents_there_is_always_room() {
    let imke = Device::new();
    let replica = imke.open().await;
    let shelf = make(&replica, None, Place::Last, "Shelf").await;
    let first = make(&replica, Some(shelf), Place::First, "first").await;
    make(&replica, Some(shelf), Place::Last, "last").await;
    let mut expected = vec!["first".to_owned()];
    // Far more than fit between two orders: whoever finds no room makes some.
    for number in 0..500 {
        make(&replica, Some(shelf), Place::After(first), &number.to_string()).await;
        expected.insert(1, number.to_string());
    }
    expected.push("last".to_owned());
    let rows = replica.level(Level::Under(Some(shelf)), None, 9_999).await.unwrap();
    let titles: Vec<_> = rows.into_iter().map(|row| row.title).collect();
    assert_eq!(titles, expected, "each stands where it was put");
}

#[tokio::test]
async fn a_title_is_renamed_by_the_letters_that_are_others() {
    let imke = Device::new();
    let replica = imke.open().await;
    let bread = replica.create("Brot 🥖 backen", vec![paragraph("flour")], Origin::TYPED).await.unwrap();
    let (window, mut events) = replica.watch();
    let mut editor = Editor::of(&window.open(bread).await.unwrap());
    replica.rename(bread, "Brot 🥐 backen").await.unwrap();
    let heard = next_update(&mut events).await;
    let rows = replica.places(vec![bread]).await.unwrap();
    assert_eq!(rows[0].title, "Brot 🥐 backen", "the tree shows it at once");
    assert!(heard.len() < 60, "a letter crosses, not the title: {} bytes", heard.len());
    // Meanwhile somebody writes at its end.
    let typed = editor.document.set_title("Brot 🥖 backen mit Ada");
    editor.take(&heard);
    window.commit(bread, typed.into()).await.unwrap();
    assert_eq!(editor.document.title(), "Brot 🥐 backen mit Ada", "both changes are in it");

    let before = replica.status().waiting;
    replica.rename(bread, "Brot 🥐 backen mit Ada").await.unwrap();
    assert_eq!(replica.status().waiting, before, "a title that is the same is no change");
    let nothing = replica.rename(DocumentId::from_bytes([9; 16]), "Ghost").await;
    assert!(matches!(nothing, Err(ReplicaError::NotFound(_))), "{nothing:?}");
}

#[tokio::test]
async fn the_trash_the_icon_and_what_is_at_hand_are_told_as_rows() {
    let imke = Device::new();
    let replica = imke.open().await;
    let recipes = make(&replica, None, Place::First, "Recipes").await;
    let bread = make(&replica, Some(recipes), Place::Last, "Bread").await;
    let (_window, mut events) = replica.watch();
    replica.set_icon(bread, "🥖".to_owned()).await.unwrap();
    replica.favourite(bread, true).await.unwrap();
    assert_eq!(next_places(&mut events).await, Some([bread].into()), "what changed is named");
    let row = replica.places(vec![bread]).await.unwrap().remove(0);
    assert_eq!((row.icon.as_str(), row.favourite, row.parent), ("🥖", true, Some(recipes)));

    replica.trash(recipes, true).await.unwrap();
    assert_eq!(titles(&replica, Level::Under(None)).await, ["Welcome to Sheaf"]);
    assert_eq!(titles(&replica, Level::Trash).await, ["Recipes"]);
    assert_eq!(titles(&replica, Level::Under(Some(recipes))).await, ["Bread"], "with what stands under it");
    replica.append(bread, vec![paragraph("more words")], Origin::TYPED).await.unwrap();
    replica.trash(bread, false).await.unwrap();
    assert_eq!(titles(&replica, Level::Under(None)).await, ["Welcome to Sheaf", "Bread"], "out of the trash");
    replica.trash(recipes, false).await.unwrap();
    let top = ["Recipes", "Welcome to Sheaf", "Bread"];
    assert_eq!(titles(&replica, Level::Under(None)).await, top, "it comes back to where it was");

    replica.favourite(bread, false).await.unwrap();
    assert_eq!(titles(&replica, Level::Favourites).await, [""; 0]);
}

#[tokio::test]
async fn a_refused_place_is_shown_to_a_person_and_costs_no_text() {
    let imke = Device::new();
    let replica = imke.open().await;
    let recipes = make(&replica, None, Place::First, "Recipes").await;
    let bread = make(&replica, Some(recipes), Place::Last, "Bread").await;
    let (_window, mut events) = replica.watch();
    let refuse = |counter| {
        replica
            .inner
            .desk
            .ask(move |desk| desk.refuse(&[(counter, Code::NO_PARENT, "nobody knows Recipes".to_owned())]))
    };
    // The last three that were written: the place of the bread, its title, its words.
    let counter = replica.inner.hub.written() - 2;
    refuse(counter).await.unwrap();
    assert!(next_places(&mut events).await.is_some_and(|rows| rows.contains(&bread)), "it is told");
    assert_eq!(titles(&replica, Level::Recovered).await, ["Bread"], "its words are not out of sight");
    assert_eq!(replica.text(bread).await.unwrap(), "words");
    assert_eq!(replica.status().refused_records, 1, "a person is asked");
    let refused = replica.refused_records().await.unwrap();
    assert_eq!(refused[0].title, "Bread");
    let left = replica.inner.desk.ask(|desk| desk.read_outbox(0, usize::MAX, usize::MAX)).await.unwrap();
    let left: Vec<_> = left.iter().map(|row| row.draft.counter).collect();
    assert!(!left.contains(&counter) && left.contains(&(counter + 1)), "the text goes on: {left:?}");

    replica.settle_record(refused[0].row, Settle::Retry).await.unwrap();
    assert_eq!(
        titles(&replica, Level::Under(Some(recipes))).await,
        ["Bread"],
        "tried again, it is shown again"
    );
    refuse(counter).await.unwrap();
    replica.settle_record(refused[0].row, Settle::Discard).await.unwrap();
    assert_eq!(replica.status().refused_records, 0);
    let (document, shelf) = (bread, recipes);
    replica.move_to(document, Some(shelf), Place::Last).await.unwrap();
    let (counter, written) = (
        replica.inner.hub.written(),
        replica.inner.desk.ask(|desk| desk.read_outbox(0, usize::MAX, usize::MAX)),
    );
    let hash = written.await.unwrap().last().unwrap().draft.hash;
    refuse(counter).await.unwrap();
    let overrule = move |desk: &mut crate::desk::Desk| {
        let epoch = sheaf_document::ids::Epoch::from_bytes([1; 16]);
        let ack = sheaf_protocol::frame::Ack { counter, hash, seq: 1, at: 1, seal: Default::default() };
        desk.acknowledge(epoch, &[ack], None)
    };
    replica.inner.desk.ask(overrule).await.unwrap();
    assert_eq!(replica.status().refused_records, 0, "the relay holds it after all: nobody has to settle it");
    replica.move_to(bread, None, Place::Last).await.unwrap();
    assert_eq!(titles(&replica, Level::Recovered).await, [""; 0], "and anybody may put it where it belongs");
}

#[tokio::test]
async fn a_person_says_who_they_are_once() {
    let imke = Device::new();
    let replica = imke.open().await;
    let introduce = || replica.inner.desk.ask(|desk| desk.introduce());
    introduce().await.unwrap();
    assert_eq!(replica.members().await.unwrap(), [], "somebody alone needs no name");
    let names = |members: Vec<sheaf_store::MemberRow>| -> BTreeMap<PersonId, String> {
        members.into_iter().map(|member| (member.person, member.name)).collect()
    };
    let me = replica.identity().author.person;
    let (_window, mut events) = replica.watch();
    for name in ["Imke", "Imke B."] {
        replica.put_setting(team::NAME, Some(name.to_owned())).await.unwrap();
        introduce().await.unwrap();
        let before = replica.status().waiting;
        introduce().await.unwrap();
        assert_eq!(replica.status().waiting, before, "what everyone knows is not said again");
        while events.next().await != Some(ReplicaEvent::Members) {}
        assert_eq!(names(replica.members().await.unwrap()), [(me, name.to_owned())].into());
    }
    let counter = replica.inner.hub.written();
    let refuse = move |desk: &mut crate::desk::Desk| {
        desk.refuse(&[(counter, Code::UNKNOWN_RECORD, "an old relay".to_owned())])
    };
    replica.inner.desk.ask(refuse).await.unwrap();
    let before = replica.status().waiting;
    introduce().await.unwrap();
    assert_eq!(
        replica.status().waiting,
        before,
        "a relay that does not take it is not asked again and again"
    );
}

#[tokio::test]
async fn a_document_of_which_the_relay_took_nothing_leaves_no_empty_row() {
    let imke = Device::new();
    let replica = imke.open().await;
    let recipes = make(&replica, None, Place::First, "Recipes").await;
    let first = replica.inner.hub.written() - 1;
    let stick = move |desk: &mut crate::desk::Desk| desk.stick(recipes, first, Code::INVALID, "not sound");
    replica.inner.desk.ask(stick).await.unwrap();
    replica.settle(recipes, Settlement::KeepCopy { title: "Copy".to_owned() }).await.unwrap();
    let top = titles(&replica, Level::Under(None)).await;
    assert_eq!(top, ["Copy", "Welcome to Sheaf"], "what is left of it is the copy");
    assert_eq!(titles(&replica, Level::Trash).await, ["Recipes"]);
}

#[tokio::test]
async fn the_tree_is_read_while_a_long_document_is_being_built() {
    let imke = Device::new();
    let replica = imke.open().await;
    let (done, wait) = std::sync::mpsc::channel::<()>();
    replica.inner.desk.post(move |_| {
        let _ = wait.recv();
    });
    assert_eq!(titles(&replica, Level::Under(None)).await, ["Welcome to Sheaf"], "nobody waits for it");
    let _ = done.send(());
}

#[tokio::test]
async fn a_document_whose_text_is_on_its_way_is_open_until_it_is_closed() {
    let imke = Device::new();
    let replica = imke.open().await;
    let bread = DocumentId::fresh(7, [7; 10]);
    let order = crate::writing::place_behind(None).unwrap();
    let place = PlaceWrite::at(bread, None, order);
    replica.bring(vec![place], vec![]).await.unwrap();
    let (window, _events) = replica.watch();
    let opened = window.open(bread).await;
    assert!(matches!(opened, Err(ReplicaError::NotFound(_))), "there is nothing to show yet: {opened:?}");
    assert!(window.documents().contains(&bread), "the relay is asked for it before others");
    let nowhere = DocumentId::fresh(8, [8; 10]);
    window.open(nowhere).await.unwrap_err();
    assert!(!window.documents().contains(&nowhere), "nobody will ever send this one");
}

/// Waits for rows of the tree.
async fn next_places(events: &mut Events) -> Option<BTreeSet<DocumentId>> {
    loop {
        if let ReplicaEvent::Places(places) = events.next().await.expect("the replica lives") {
            return places;
        }
    }
}
