//! The relay refuses, and a person decides.

use sheaf_protocol::problem::Code;
use sheaf_store::{Acknowledged, Fork, Settle, Store};

use crate::support::*;

/// Imke may not write in the minutes any more, but she did.
fn refused(disk: &Disk) -> Store {
    let mut store = disk.create();
    store.commit_remote(&page(vec![entry(1, tomas(), 1, MINUTES, "his")])).unwrap();
    let mine = store.commit_local(&typed(MINUTES, 1, "mine")).unwrap();
    store.commit_local(&typed(RECIPES, 2, "Butter")).unwrap();
    store.commit_local(&typed(MINUTES, 3, "mine as well")).unwrap();
    assert!(store.stick(MINUTES, mine.counter, Code::FORBIDDEN, "a viewer").unwrap(), "the row waits here");
    store
}

#[test]
fn a_refusal_stops_one_document_and_nothing_is_taken_back() {
    let disk = Disk::new();
    let mut store = refused(&disk);
    assert_eq!(waiting(&store), ["Butter"], "the rest of the outbox goes on");
    assert_eq!(texts(&store, MINUTES), ["his", "mine", "mine as well"], "the text stays as she wrote it");
    let fork =
        Fork { document: MINUTES, counter: 1, code: Code::FORBIDDEN, detail: "a viewer".into(), entries: 2 };
    assert_eq!(store.forks().unwrap(), [fork], "and she is shown what is stuck, and why");
    store.commit_local(&typed(MINUTES, 4, "more")).unwrap();
    assert_eq!(waiting(&store), ["Butter"], "what is written on top of it is stuck too");
    let stuck: Vec<_> = store.documents().unwrap().iter().map(|it| (it.id, it.stuck)).collect();
    assert!(stuck.contains(&(MINUTES, Some(Code::FORBIDDEN))), "the list says so: {stuck:?}");
    drop(store);
    assert_eq!(disk.write().forks().unwrap().len(), 1, "stuck stays stuck until a person settles it");
}

#[test]
fn retry_offers_the_edits_again_in_their_order() {
    let disk = Disk::new();
    let mut store = refused(&disk);
    store.settle(MINUTES, Settle::Retry).unwrap();
    assert_eq!(waiting(&store), ["mine", "Butter", "mine as well"], "as if nothing had happened");
    assert!(store.forks().unwrap().is_empty(), "nothing is left to settle");
    store.check().unwrap();
}

#[test]
fn discard_takes_the_edits_out_of_the_document_and_keeps_them() {
    let disk = Disk::new();
    let mut store = refused(&disk);
    let before = store.updates(MINUTES).unwrap();
    store.put_snapshot(MINUTES, before.through, b"all three, folded").unwrap();
    store.settle(MINUTES, Settle::Discard).unwrap();
    assert_eq!(
        texts(&store, MINUTES),
        ["his"],
        "the document is what the relay holds; no snapshot remembers more"
    );
    assert_eq!(disk.set_aside(MINUTES), ["mine", "mine as well"], "the words can still be had");
    assert_eq!(waiting(&store), ["Butter"], "they are not offered again");
    let kept = store.put_snapshot(MINUTES, before.through, b"made before, arrives after").unwrap();
    assert!(!kept, "a snapshot that holds the discarded edits comes too late");
    let next = store.commit_local(&typed(MINUTES, 9, "new")).unwrap();
    assert_eq!(next.counter, 4, "the names of discarded edits are not given again");
    store.check().unwrap();
    drop(store);
    let next = disk.write().commit_local(&typed(MINUTES, 9, "newer")).unwrap();
    assert_eq!(next.counter, 5, "also after the next start");
}

#[test]
fn a_relay_that_took_it_after_all_overrules_the_refusal() {
    let disk = Disk::new();
    let mut store = refused(&disk);
    store.commit_remote(&page(vec![entry(2, imke(), 1, MINUTES, "mine")])).unwrap();
    assert!(store.forks().unwrap().is_empty(), "the refused entry is in the log, so nothing is stuck");
    assert_eq!(waiting(&store), ["Butter", "mine as well"], "the rest goes on");

    store.stick(MINUTES, 3, Code::INVALID, "").unwrap();
    store.settle(MINUTES, Settle::Discard).unwrap();
    let outcome = store.commit_remote(&page(vec![entry(3, imke(), 3, MINUTES, "mine as well")])).unwrap();
    assert_eq!(outcome.fresh, [0], "a discarded edit that others have is news to this document");
    assert_eq!(texts(&store, MINUTES), ["his", "mine", "mine as well"], "and part of it again");
    store.check().unwrap();
}

#[test]
fn an_acknowledgement_that_comes_after_the_words_were_discarded_brings_them_back() {
    let disk = Disk::new();
    let mut store = disk.create();
    let refused = store.commit_local(&typed(MINUTES, 1, "refused")).unwrap();
    let taken = store.commit_local(&typed(MINUTES, 2, "taken")).unwrap();
    store.stick(MINUTES, refused.counter, Code::CLIENT_ID_TAKEN, "").unwrap();
    store.settle(MINUTES, Settle::Discard).unwrap();
    assert_eq!(texts(&store, MINUTES), [""; 0], "she cannot know that the relay has taken one of them");

    let late = store.acknowledge(FIRST, &[ack(1, taken)], Some(1)).unwrap();
    assert_eq!((late.left.len(), late.overruled.contains(&MINUTES)), (0, true), "it waited no more");
    assert_eq!(texts(&store, MINUTES), ["taken"], "everyone else has it, and the cursor is past it");
    assert_eq!(disk.set_aside(MINUTES), ["refused"], "the other stays out");
    assert_eq!(store.numbered_in(MINUTES).unwrap()[0].seq, 1, "it has its number");
    let again = store.acknowledge(FIRST, &[ack(1, taken)], Some(1)).unwrap();
    assert_eq!(again, Acknowledged::default(), "a second time there is nothing to do");
    store.check().unwrap();
}

#[test]
fn an_answer_about_something_else_stops_nothing() {
    let disk = Disk::new();
    let mut store = disk.create();
    let mine = store.commit_local(&typed(MINUTES, 1, "mine")).unwrap();
    assert!(
        !store.stick(RECIPES, mine.counter, Code::INVALID, "").unwrap(),
        "that entry is of another document"
    );
    assert!(!store.stick(MINUTES, 99, Code::INVALID, "").unwrap(), "that entry does not wait here");
    store.settle(MINUTES, Settle::Discard).unwrap();
    assert_eq!(texts(&store, MINUTES), ["mine"], "nothing is discarded that no relay has refused");
}
