//! What the relay refused: a person settles it, or the relay holds it after all.

use super::*;

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
