//! What people who edited at the same time left incomplete is completed before anyone sees it.

use super::*;

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
