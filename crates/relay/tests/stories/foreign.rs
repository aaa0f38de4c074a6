//! Two teams on one relay: to Mallory, who is in the other, nothing of Imke's exists, by whatever route she asks for it.

use std::path::Path;

use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::typist::Typist;
use sheaf_protocol::entry::Entry;
use sheaf_protocol::frame::{Answer, CatchUp, Frame, Goodbye, Hello, Page, Presence};
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Session, Workspace, path};

use crate::replica::{Replica, flat, hello, item};
use crate::world::{PASSWORD, World, code};

/// Imke's document, and one that nobody ever wrote.
const HERS: u8 = 1;
const NOBODYS: u8 = 99;

struct Teams {
    world: World,
    imke: Session,
    tomas: Session,
    mallory: Session,
    /// What stands in Imke's log.
    log: Vec<Entry>,
}

/// Imke and Tomás share a document; Mallory owns another workspace in the same database.
async fn two_teams() -> Teams {
    let world = World::start().await;
    let imke = world.join("Imke", &world.owner_link()).await.unwrap();
    let tomas = world.join("Tomás", &world.invite(&imke).await).await.unwrap();
    world.join("Mallory", &world.invite(&imke).await).await.unwrap();
    move_to_a_workspace_of_her_own(&world.data);
    let mallory = world.sign_in("mallory@example.org", PASSWORD, "tablet").await.unwrap();
    assert_ne!(mallory.workspace, imke.workspace);

    let (mut hers, _) = Replica::join(world.relay.addr, hello(&imke, 1)).await.unwrap();
    let (mut typist, begin) = Typist::begin(1);
    let words = typist.edit(0, 0, "the evening boat");
    hers.push(vec![item(HERS, 1, begin), item(HERS, 2, words)]).await.unwrap();
    hers.acks(2).await.unwrap();
    let log = read(&world, &imke).await;
    Teams { world, imke, tomas, mallory, log }
}

/// No command makes a second workspace yet, so the story does, behind the relay's back.
fn move_to_a_workspace_of_her_own(data: &Path) {
    let database = rusqlite::Connection::open(data.join("relay.db")).unwrap();
    let moved = database.execute_batch(
        "BEGIN IMMEDIATE;
         INSERT INTO workspaces (number, workspace, public_url, created_at)
         SELECT 2, randomblob(16), public_url, created_at FROM workspaces;
         INSERT INTO epochs (workspace, epoch, first_seq) VALUES (2, randomblob(16), 1);
         UPDATE people SET workspace = 2 WHERE name = 'Mallory';
         COMMIT;",
    );
    moved.unwrap();
}

async fn read(world: &World, who: &Session) -> Vec<Entry> {
    let (mut reader, _) = Replica::join(world.relay.addr, hello(who, 50)).await.unwrap();
    flat(reader.catch_up(0).await.unwrap().iter().flat_map(|page| &page.stretches)).0
}

fn catch_up(documents: &[DocumentId]) -> Frame {
    let held = documents.iter().map(|document| (*document, 1)).collect();
    Frame::CatchUp(CatchUp { since: 0, held, first: documents.to_vec() })
}

/// Returns everything that Mallory hears after a frame, up to the end of a catch-up, with the document's id left out.
async fn hears(teams: &Teams, asks: &dyn Fn(DocumentId) -> Frame, document: u8) -> String {
    let document = DocumentId::from_bytes([document; 16]);
    let (mut hers, _) = Replica::join(teams.world.relay.addr, hello(&teams.mallory, 9)).await.unwrap();
    let asked = asks(document);
    let is_catch_up = matches!(asked, Frame::CatchUp(_));
    hers.send(asked).await.unwrap();
    if !is_catch_up {
        hers.send(catch_up(&[])).await.unwrap();
    }
    let mut heard = Vec::new();
    while !matches!(heard.last(), Some(Frame::Page(Page { backfill: None, more: false, .. }))) {
        heard.push(hers.next().await.unwrap());
    }
    format!("{heard:?}").replace(&format!("{document:?}"), "DOCUMENT")
}

async fn turned_away(teams: &Teams, workspace: WorkspaceId) -> Goodbye {
    let mut line = Replica::open(teams.world.relay.addr, None).await.unwrap();
    line.send(Frame::Hello(Hello { workspace, ..hello(&teams.mallory, 9) })).await.unwrap();
    line.goodbye().await.unwrap()
}

#[tokio::test]
async fn a_foreign_workspace_is_as_good_as_none() {
    let teams = two_teams().await;
    let hers = turned_away(&teams, teams.imke.workspace).await;
    let none = turned_away(&teams, WorkspaceId::from_bytes([NOBODYS; 16])).await;
    assert_eq!((hers.code, &hers), (Code::NOT_FOUND, &none), "one answer for both");

    let theirs: Workspace = teams.world.get(path::WORKSPACE, Some(&teams.mallory.access)).await.unwrap();
    let names: Vec<_> = theirs.people.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(
        (theirs.id, names),
        (teams.mallory.workspace, vec!["Mallory"]),
        "her own team and nobody else"
    );
    let ada = teams.world.join("Ada", &teams.world.invite(&teams.mallory).await).await.unwrap();
    assert_eq!(ada.workspace, teams.mallory.workspace, "her invitations lead nowhere else");
}

#[tokio::test]
async fn a_foreign_document_is_as_good_as_none() {
    let teams = two_teams().await;
    let asked: [(&str, &dyn Fn(DocumentId) -> Frame); 5] = [
        ("backfill", &Frame::Backfill),
        ("catch up", &|document| catch_up(&[document])),
        ("open", &|document| Frame::Open(vec![document])),
        ("presence", &|document| {
            Frame::Presence(Presence { document: Some(document), after: 0, caret: vec![1].into() })
        }),
        ("bring back", &|_| Frame::BringBack(teams.log.clone())),
    ];
    for (what, asks) in asked {
        let (hers, none) = (hears(&teams, asks, HERS).await, hears(&teams, asks, NOBODYS).await);
        assert_eq!(hers, none, "{what}: nobody learns that there is such a document");
        assert!(!hers.contains("boat") && hers.contains("head: 0"), "{what}: nor what is in it: {hers}");
    }
    assert_eq!(read(&teams.world, &teams.imke).await, teams.log, "and Imke's log is as it was");
}

#[tokio::test]
async fn writing_under_a_foreign_documents_id_touches_nothing_of_it() {
    let teams = two_teams().await;
    let mut typist = Typist::begin(7).0;
    let loose = typist.edit(0, 0, "x");
    // Her replica bears the name of Imke's, which is as good as any other in her workspace.
    let (mut line, welcome) = Replica::join(teams.world.relay.addr, hello(&teams.mallory, 1)).await.unwrap();
    assert_eq!(welcome.head, 0, "her log is her own");
    let mut missing = Vec::new();
    for (counter, document) in [(1, HERS), (2, NOBODYS)] {
        line.push(vec![item(document, counter, loose.clone())]).await.unwrap();
        let Frame::Answers(answers) = line.next().await.unwrap() else { panic!("an answer was due") };
        let [Answer::Missing { have, .. }] = &answers[..] else {
            panic!("it builds on nothing: {answers:?}")
        };
        missing.push(have.clone());
    }
    assert_eq!(missing[0], missing[1], "what the relay has of Imke's document is not told");
    let (_, begin) = Typist::begin(1);
    line.push(vec![item(HERS, 3, begin.clone()), item(NOBODYS, 4, begin)]).await.unwrap();
    line.acks(2).await.expect("the id is free in her workspace, and so is Imke's client id");
    assert_eq!(read(&teams.world, &teams.mallory).await.len(), 2, "she has written in her own log");
    assert_eq!(read(&teams.world, &teams.imke).await, teams.log, "and not in Imke's");
}

#[tokio::test]
async fn nobody_is_seen_from_another_workspace() {
    let teams = two_teams().await;
    let document = Some(DocumentId::from_bytes([HERS; 16]));
    let here = |caret: u8| Frame::Presence(Presence { document, after: 0, caret: vec![caret].into() });
    let addr = teams.world.relay.addr;
    let (mut mallory, _) = Replica::join(addr, hello(&teams.mallory, 9)).await.unwrap();
    mallory.catch_up(0).await.unwrap();
    mallory.send(here(1)).await.unwrap();
    let (mut tomas, _) = Replica::join(addr, hello(&teams.tomas, 2)).await.unwrap();
    tomas.catch_up(0).await.unwrap();
    tomas.send(here(2)).await.unwrap();
    let (mut imke, _) = Replica::join(addr, hello(&teams.imke, 3)).await.unwrap();
    imke.catch_up(0).await.unwrap();
    imke.send(here(3)).await.unwrap();
    loop {
        let Frame::Present(present) = tomas.next().await.unwrap() else { continue };
        assert!(present.people.iter().all(|here| here.name != "Mallory"), "she is in no room of theirs");
        if present.people.iter().any(|here| here.name == "Imke" && here.caret.is_some()) {
            break;
        }
    }
    mallory.send(catch_up(&[])).await.unwrap();
    let next = mallory.next().await.unwrap();
    assert!(matches!(next, Frame::Page(_)), "and has heard of none of them: {next:?}");
    let none = teams.world.refresh("nonsense", 1, "x").await;
    assert_eq!(code(none), Code::UNAUTHENTICATED, "a secret says itself whose it is");
}
