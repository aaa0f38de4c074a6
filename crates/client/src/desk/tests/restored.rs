//! What a restored relay forgot: it is found, and what came folded is written anew.

use super::*;

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
