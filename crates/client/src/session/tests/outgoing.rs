//! Stories about the outbox on its way.

use super::*;

#[test]
fn a_row_goes_once_and_leaves_by_its_ack() {
    let mut imke = Imke::following();
    let out = imke.tell(Input::Bell);
    assert!(
        matches!(out[0], Output::ReadOutbox { after: 0, .. }),
        "a bell means: look into the table, {out:?}"
    );
    let out = imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    assert_eq!(pushed(&out), [1], "the row goes out");
    let out = imke.tell(Input::Bell);
    assert!(
        matches!(out[0], Output::ReadOutbox { after: 10, .. }),
        "what was sent is not read again: {out:?}"
    );
    assert_eq!(pushed(&imke.tell(Input::Outbox(vec![]))), [0; 0], "and not sent again");
    let out = imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 11))]));
    let expected = Output::Acknowledge { acks: vec![ack(1, 11)], cursor: Some(11) };
    assert!(out.contains(&expected), "an ack of the next number also moves the cursor: {out:?}");
    assert!(out.contains(&Output::Status(Status::Synced)), "everything is at the relay: {out:?}");
}

#[test]
fn after_a_break_only_what_was_not_acknowledged_goes_again() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1), row(LETTER, 2)]));
    imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 11))]));
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    let out = imke.welcome(EPOCH, &[], 11);
    assert!(
        out.iter().any(|o| matches!(o, Output::ReadOutbox { after: 0, .. })),
        "the table is read anew: {out:?}"
    );
    let out = imke.tell(Input::Outbox(vec![row(LETTER, 2)]));
    assert_eq!(pushed(&out), [2], "the answer to it may have been lost with the line");
}

#[test]
fn a_row_that_no_frame_holds_is_refused_here_and_holds_up_nothing() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    let mut huge = row(LETTER, 1);
    huge.draft.bytes = vec![0; sheaf_protocol::limits::UPDATE + 1].into();
    let out = imke.tell(Input::Outbox(vec![huge, row(LETTER, 2), row(RECIPE, 3)]));
    let stuck: Vec<_> = out.iter().filter(|o| matches!(o, Output::Stick { counter: 1, .. })).collect();
    assert_eq!(stuck.len(), 1, "a person settles what nobody can take: {out:?}");
    assert_eq!(pushed(&out), [3], "a relay would have ended the conversation over it");
}

#[test]
fn a_refused_document_does_not_hold_up_the_others() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1), row(LETTER, 2), row(RECIPE, 3)]));
    let never =
        |counter| Answer::Never { counter, document: LETTER, code: Code::FORBIDDEN, detail: String::new() };
    let out = imke.hear(Frame::Answers(vec![never(1), never(2), Answer::Ack(ack(3, 11))]));
    let stuck: Vec<_> = out.iter().filter(|o| matches!(o, Output::Stick { .. })).collect();
    assert_eq!(stuck.len(), 1, "the document becomes one fork, at its first refused row: {out:?}");
    assert!(
        out.iter().any(|o| matches!(o, Output::Acknowledge { .. })),
        "the recipe is at the relay: {out:?}"
    );
}

#[test]
fn a_refused_record_holds_up_neither_the_records_behind_it_nor_any_text() {
    let mut imke = Imke::following();
    let stream = record::stream(WORKSPACE);
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(stream, 1), row(stream, 2), row(LETTER, 3), row(stream, 5)]));
    let never = |counter, document| Answer::Never {
        counter,
        document,
        code: Code::CYCLE,
        detail: "under itself".to_owned(),
    };
    let answers = vec![never(1, stream), Answer::Ack(ack(2, 11)), never(5, stream)];
    let out = imke.hear(Frame::Answers(answers));
    let refuse = Output::Refuse(
        vec![1, 5].into_iter().map(|counter| (counter, Code::CYCLE, "under itself".to_owned())).collect(),
    );
    assert!(out.contains(&refuse), "those wait for a person, written down together: {out:?}");
    assert!(!out.iter().any(|o| matches!(o, Output::Stick { .. })), "and nothing is stuck: {out:?}");

    imke.tell(Input::Bell);
    let out = imke.tell(Input::Outbox(vec![row(stream, 6)]));
    assert_eq!(pushed(&out), [6], "what is said of other things goes on");
    let out = imke.hear(Frame::Answers(vec![Answer::Ack(ack(3, 12)), Answer::Ack(ack(6, 13))]));
    assert!(out.contains(&Output::Status(Status::Synced)), "nothing is left to be said: {out:?}");

    imke.tell(Input::Settled);
    assert_eq!(pushed(&imke.tell(Input::Outbox(vec![row(stream, 1)]))), [1], "tried again, it goes again");
    let missing = Answer::Missing { counter: 1, document: stream, have: Bytes::new() };
    let out = imke.hear(Frame::Answers(vec![missing]));
    let is_refused =
        |o: &Output| matches!(o, Output::Refuse(all) if matches!(all[..], [(1, Code::INVALID, _)]));
    assert!(out.iter().any(is_refused), "a record builds on nothing, so there is nothing to mend: {out:?}");
    assert!(out.contains(&Output::Status(Status::Synced)), "and nobody waits for that: {out:?}");
}

#[test]
fn what_the_relay_lacks_is_brought_back_before_the_rows_go_again() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1), row(LETTER, 2)]));
    let missing = |counter, have: &'static [u8]| Answer::Missing {
        counter,
        document: LETTER,
        have: Bytes::from_static(have),
    };
    let out = imke.hear(Frame::Answers(vec![missing(1, b""), missing(2, b"vector")]));
    let mend = Output::Mend { document: LETTER, have: Bytes::from_static(b"vector") };
    assert!(out.contains(&mend), "the store knows what is lacking, told once for the run: {out:?}");
    let out = imke.tell(Input::Mended(LETTER, vec![entry(4)]));
    assert!(
        matches!(&out[0], Output::Send(_, Frame::BringBack(e)) if e.len() == 1),
        "first the lost: {out:?}"
    );
    let out = imke.tell(Input::Outbox(vec![row(LETTER, 1), row(LETTER, 2)]));
    assert_eq!(pushed(&out), [1, 2], "then the rows, in order");
    let again = Frame::Answers(vec![missing(1, b""), missing(2, b"v")]);
    imke.hear(again.clone());
    imke.tell(Input::Mended(LETTER, vec![]));
    imke.tell(Input::Outbox(vec![row(LETTER, 1), row(LETTER, 2)]));
    let out = imke.hear(again);
    assert!(
        out.iter().any(|o| matches!(o, Output::Stick { counter: 1, .. })),
        "what never gets anywhere is shown to a person instead of tried for ever: {out:?}"
    );
}

#[test]
fn a_copied_profile_takes_a_new_name_once_it_knows_every_answer() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1), row(LETTER, 2)]));
    let forked = Answer::Forked { counter: 1, holds: ContentHash::of(b"the other copy's words") };
    let out = imke.hear(Frame::Answers(vec![forked]));
    assert!(!out.contains(&Output::TakeNewIdentity), "row 2 may be taken under the old name: {out:?}");
    let out = imke.hear(Frame::Answers(vec![Answer::Ack(ack(2, 11))]));
    assert!(out.contains(&Output::TakeNewIdentity), "now it is known whose each row is: {out:?}");
    let before = imke.link;
    let out = imke.tell(Input::Renamed(ADA));
    assert!(out.contains(&Output::Close(before)), "the relay knows this connection by the old name: {out:?}");
    let out = imke.tell(Input::Connected(imke.link, None));
    assert!(
        matches!(&out[0], Output::Send(_, Frame::Hello(hello)) if hello.replica == ADA),
        "the new connection begins under the new one: {out:?}"
    );
}

#[test]
fn a_new_name_that_only_the_store_knows_is_taken() {
    let mut imke = Imke::following();
    let before = imke.link;
    imke.tell(Input::Bell);
    let row = Row { row: 10, draft: draft(ADA, LETTER, 1) };
    let out = imke.tell(Input::Outbox(vec![row.clone()]));
    let asks = out.iter().any(|output| matches!(output, Output::ReadOutbox { .. }));
    assert!(!asks, "the same rows would come again, and again: {out:?}");
    assert!(out.contains(&Output::Close(before)), "the relay knows this line by the old name: {out:?}");
    let out = imke.tell(Input::Connected(imke.link, None));
    let is_known =
        |output: &Output| matches!(output, Output::Send(_, Frame::Hello(hello)) if hello.replica == ADA);
    assert!(out.iter().any(is_known), "the next one by the new: {out:?}");
    imke.welcome(EPOCH, &[], 10);
    assert_eq!(pushed(&imke.tell(Input::Outbox(vec![row]))), [1], "and the rows go out");
}

#[test]
fn the_window_bounds_what_is_on_its_way() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    let big = |counter| {
        let mut row = row(LETTER, counter);
        row.draft.bytes = Bytes::from(vec![0; 400 * 1024]);
        row
    };
    let out = imke.tell(Input::Outbox(vec![big(1), big(2), big(3)]));
    assert_eq!(pushed(&out), [1, 2, 3], "a megabyte may be on its way");
    assert!(!out.iter().any(|o| matches!(o, Output::ReadOutbox { .. })), "and no more: {out:?}");
    let out = imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 11)), Answer::Ack(ack(2, 12))]));
    assert!(
        out.iter().any(|o| matches!(o, Output::ReadOutbox { after: 30, .. })),
        "answers open the window again: {out:?}"
    );
}
