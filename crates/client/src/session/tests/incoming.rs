//! Stories about the log on its way in.

use super::*;

fn page(since: Seq, through: Seq, more: bool) -> Frame {
    let stretches = vec![Stretch::Run((since + 1..=through).map(entry).collect())];
    Frame::Page(Page { backfill: None, snapshots: vec![], stretches, through, more, head: 20 })
}

#[test]
fn pages_are_stored_one_by_one_and_then_the_log_is_followed() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    let out = imke.welcome(EPOCH, &[], 20);
    assert_eq!(asked_since(&out), Some(10), "everything after the cursor");
    let out = imke.hear(page(10, 15, true));
    assert_eq!(stored(&out).and_then(|batch| batch.cursor), Some(15), "a page moves the cursor to its end");
    let out = imke.tell(Input::Stored);
    assert!(
        out.contains(&Output::Send(imke.link, Frame::More)),
        "the next only once this one is safe: {out:?}"
    );
    imke.hear(page(15, 20, false));
    let out = imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(21)])]));
    assert_eq!(stored(&out), None, "one transaction at a time");
    let out = imke.tell(Input::Stored);
    assert_eq!(stored(&out).and_then(|batch| batch.cursor), Some(21), "live entries join on without a hole");
}

#[test]
fn a_document_that_somebody_opens_during_a_catch_up_comes_before_the_rest() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    imke.welcome(EPOCH, &[], 20);
    imke.hear(page(10, 13, true));
    imke.tell(Input::Open(vec![RECIPE]));
    let out = imke.tell(Input::Stored);
    let asked = CatchUp { since: 13, held: vec![], first: vec![RECIPE] };
    assert!(out.contains(&Output::Send(imke.link, Frame::CatchUp(asked))), "she looks at it now: {out:?}");
    imke.hear(page(13, 15, true));
    let out = imke.tell(Input::Stored);
    assert!(out.contains(&Output::Send(imke.link, Frame::More)), "once: {out:?}");
}

#[test]
fn a_hole_in_the_stream_is_read_again_from_the_log() {
    let mut imke = Imke::following();
    let out = imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(12)])]));
    assert_eq!(stored(&out), None, "number 11 is not here, so 12 is not stored");
    assert_eq!(asked_since(&out), Some(10), "it asks again from what it has");
}

#[test]
fn the_longest_frame_is_taken_whether_or_not_the_store_is_busy() {
    let mut imke = Imke::following();
    let long = |seq| {
        let mut long = entry(seq);
        long.draft.bytes = vec![7; sheaf_protocol::limits::UPDATE].into();
        Frame::Entries(vec![Stretch::Run(vec![long])])
    };
    let out = imke.hear(long(11));
    assert_eq!(
        stored(&out).and_then(|batch| batch.cursor),
        Some(11),
        "sixteen megabytes are one legal change"
    );
    for seq in [12, 13] {
        let out = imke.hear(long(seq));
        assert!(!out.contains(&Output::Close(imke.link)), "and may wait while another is stored");
    }
    let out = imke.hear(long(14));
    assert!(out.contains(&Output::Close(imke.link)), "whoever is slower than this reads pages");
}

#[test]
fn own_entries_are_only_counted() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 11))]));
    let out = imke.hear(Frame::Entries(vec![Stretch::Skip(11, 1)]));
    assert_eq!(stored(&out), None, "the ack moved the cursor already");
    let out = imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(12)])]));
    assert_eq!(stored(&out).and_then(|batch| batch.cursor), Some(12), "and the count goes on behind it");
}

#[test]
fn an_ack_does_not_move_the_cursor_over_what_is_being_stored() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(11)])]));
    let out = imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 12))]));
    let expected = Output::Acknowledge { acks: vec![ack(1, 12)], cursor: None };
    assert!(out.contains(&expected), "11 may still fail to be stored: {out:?}");
    imke.hear(Frame::Entries(vec![Stretch::Skip(12, 1)]));
    let out = imke.tell(Input::Stored);
    assert_eq!(stored(&out).and_then(|batch| batch.cursor), Some(12), "the count moves it afterwards");
}

#[test]
fn what_a_restored_relay_forgot_is_brought_back_before_anything_else() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    let out = imke.welcome(RESTORED, &[(EPOCH, 7)], 7);
    let asked = Output::ReadForgotten { kept: vec![(EPOCH, 7), (RESTORED, 7)], after: 0 };
    assert!(out.contains(&asked), "8 to 10 are only here now: {out:?}");
    assert!(!out.iter().any(|o| matches!(o, Output::ReadOutbox { .. })), "the outbox waits: {out:?}");
    let out = imke.tell(Input::Forgotten { entries: vec![entry(8), entry(9), entry(10)], next: None });
    assert!(matches!(&out[0], Output::Send(_, Frame::BringBack(e)) if e.len() == 3), "all three: {out:?}");
    assert_eq!(asked_since(&out), Some(7), "then everything after what the relay kept");
    let out = imke.hear(page(7, 10, false));
    let batch = stored(&out).expect("the page is stored");
    assert_eq!(
        (batch.cursor, batch.epoch),
        (Some(10), RESTORED),
        "they come back with numbers of the new life"
    );
    let out = imke.tell(Input::Stored);
    assert!(out.iter().any(|o| matches!(o, Output::ReadOutbox { .. })), "now the outbox goes on: {out:?}");
}

#[test]
fn what_a_relay_keeps_of_each_life_is_asked_for_again_while_it_is_followed() {
    let mut imke = Imke::following();
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    imke.welcome(EPOCH, &[(RESTORED, 6), (OLDEST, 4)], 10);
    let out = imke.tell(Input::Tick);
    let asked = Output::ReadForgotten { kept: vec![(OLDEST, 4), (RESTORED, 6), (EPOCH, Seq::MAX)], after: 0 };
    assert!(out.contains(&asked), "of the present life nothing is forgotten any more: {out:?}");
}

#[test]
fn many_pages_of_forgotten_entries_are_brought_back_again_as_soon_as_one() {
    let mut imke = Imke::following();
    let first = Output::ReadForgotten { kept: vec![(EPOCH, Seq::MAX)], after: 0 };
    assert!(imke.tell(Input::Tick).contains(&first), "once on every connection");
    for page in 1..=8 {
        imke.tell(Input::Forgotten { entries: vec![entry(page)], next: Some(page) });
    }
    imke.tell(Input::Forgotten { entries: vec![], next: None });
    let mut seconds = 0;
    while seconds < 60 && !imke.tell(Input::Tick).contains(&first) {
        (seconds, imke.now) = (seconds + 1, imke.now + TICK);
        imke.tell(Input::Alive(imke.link));
    }
    assert_eq!(seconds, 15, "eight pages are one attempt and not eight");
}

#[test]
fn what_came_folded_is_held_against_the_log_once_the_others_had_time() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    imke.welcome(EPOCH, &[(OLDEST, 4)], 10);
    imke.tell(Input::Outbox(vec![]));
    let mut said = Vec::new();
    for second in 0..180 {
        imke.now += TICK;
        imke.tell(Input::Alive(imke.link));
        let out = imke.tell(Input::Tick);
        let wish = out.into_iter().find(|o| matches!(o, Output::Unfold { .. }));
        said.extend(wish.map(|wish| (second, wish)));
    }
    let [(second, wish)] = said.as_slice() else { panic!("once on a connection: {said:?}") };
    assert!((59..120).contains(second), "a seal is worth a wait: {second} s");
    assert_eq!(*wish, Output::Unfold { kept: vec![(OLDEST, 4), (EPOCH, Seq::MAX)] });
}

#[test]
fn a_log_that_lost_its_end_under_the_same_name_is_read_on_from_there() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    let out = imke.welcome(EPOCH, &[], 9);
    assert!(out.contains(&Output::SetApart { epoch: EPOCH }), "it numbered ten: {out:?}");
    assert_eq!(asked_since(&out), Some(0), "how much of it is still what it was, nobody says");
    let out = imke.hear(page(0, 9, false));
    assert_eq!(stored(&out).and_then(|batch| batch.cursor), Some(9), "nine entries are there, not ten");
    imke.tell(Input::Stored);
    let asked = Output::ReadForgotten { kept: vec![(EPOCH, Seq::MAX)], after: 0 };
    assert!(imke.tell(Input::Tick).contains(&asked), "what it did not tell is looked for");
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    let out = imke.welcome(EPOCH, &[], 10);
    assert_eq!(asked_since(&out), Some(9), "the new tenth entry is a colleague's, and it is fetched");
}

#[test]
fn a_log_that_lost_everything_under_its_name_is_asked_for_all_the_same() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    let out = imke.welcome(EPOCH, &[], 0);
    assert_eq!(asked_since(&out), Some(0), "her hello told ten, so the relay waits to be asked");
}

#[test]
fn an_acknowledgement_beyond_the_cursor_knows_a_log_that_lost_its_end() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    imke.welcome(EPOCH, &[], 20);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 21))]));
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    let out = imke.welcome(EPOCH, &[], 20);
    assert!(out.contains(&Output::SetApart { epoch: EPOCH }), "it lacks what it acknowledged: {out:?}");
}

#[test]
fn a_log_of_an_unknown_life_is_read_from_its_beginning() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    let out = imke.welcome(RESTORED, &[], 3);
    let asked = Output::ReadForgotten { kept: vec![(RESTORED, 3)], after: 0 };
    assert!(out.contains(&asked), "it may lack everything: {out:?}");
    let out = imke.tell(Input::Forgotten { entries: vec![], next: None });
    assert_eq!(asked_since(&out), Some(0), "and what it has is read in full");
}

#[test]
fn snapshots_that_arrived_are_not_sent_again_after_a_break() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    imke.welcome(EPOCH, &[], 20);
    let snapshot = Snapshot { document: LETTER, through: 18, at: 0, bytes: Bytes::from_static(b"all of it") };
    let page = Page {
        backfill: None,
        snapshots: vec![snapshot],
        stretches: vec![],
        through: 10,
        more: true,
        head: 20,
    };
    imke.hear(Frame::Page(page));
    imke.tell(Input::Stored);
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    let out = imke.welcome(EPOCH, &[], 20);
    let held = out.iter().find_map(|o| match o {
        Output::Send(_, Frame::CatchUp(request)) => Some(request.held.clone()),
        _ => None,
    });
    assert_eq!(held, Some(vec![(LETTER, 18)]), "the relay need not send the letter twice");
}

/// Returns how often the letter was asked for from its beginning.
fn backfills(out: &[Output]) -> usize {
    out.iter().filter(|o| matches!(o, Output::Send(_, Frame::Backfill(LETTER)))).count()
}

fn backfill(seq: Seq, more: bool) -> Frame {
    let stretches = vec![Stretch::Run(vec![entry(seq)])];
    Frame::Page(Page { backfill: Some(LETTER), snapshots: vec![], stretches, through: seq, more, head: 10 })
}

#[test]
fn a_copy_that_is_not_trusted_is_asked_for_until_it_has_come() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    assert_eq!(backfills(&imke.tell(Input::Distrust(LETTER))), 0, "there is no line yet");
    imke.dial();
    assert_eq!(backfills(&imke.welcome(EPOCH, &[], 10)), 1, "now there is");
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    assert_eq!(backfills(&imke.welcome(EPOCH, &[], 10)), 1, "the line broke before it came");
    let out = imke.hear(backfill(4, false));
    assert_eq!(stored(&out).map(|batch| batch.cursor), Some(None), "a backfill does not move the cursor");
    imke.tell(Input::Stored);
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    assert_eq!(backfills(&imke.welcome(EPOCH, &[], 10)), 0, "it is here from its beginning");
}

#[test]
fn a_copy_that_breaks_while_it_comes_is_asked_for_once_more() {
    let mut imke = Imke::following();
    assert_eq!(backfills(&imke.tell(Input::Distrust(LETTER))), 1, "from its beginning");
    imke.hear(backfill(4, true));
    imke.tell(Input::Stored);
    let out = imke.tell(Input::Distrust(LETTER));
    assert_eq!(backfills(&out), 0, "one after the other");
    imke.hear(backfill(10, false));
    assert_eq!(backfills(&imke.tell(Input::Stored)), 1, "what had come before is not to be trusted either");
    imke.hear(backfill(10, false));
    assert_eq!(backfills(&imke.tell(Input::Stored)), 0, "now it is here");
}

/// Says whether something that the relay sent was kept or, as it should be, ended the line.
fn is_kept(imke: &mut Imke, page: Frame) -> bool {
    let out = imke.hear(page);
    assert_ne!(stored(&out).is_some(), out.contains(&Output::Close(imke.link)), "one of the two: {out:?}");
    stored(&out).is_some()
}

#[test]
fn a_page_that_nobody_asked_for_ends_the_line() {
    assert!(!is_kept(&mut Imke::following(), backfill(4, true)), "nobody asked for the letter");
    assert!(!is_kept(&mut Imke::following(), page(10, 12, true)), "nor for the log, which she follows");
    let mut imke = Imke::following();
    imke.tell(Input::Distrust(RECIPE));
    assert!(!is_kept(&mut imke, backfill(4, true)), "she asked for the recipe");

    let mut imke = Imke::following();
    imke.tell(Input::Distrust(LETTER));
    assert!(is_kept(&mut imke, backfill(4, true)), "now she did");
    let out = imke.tell(Input::Stored);
    assert!(out.contains(&Output::Send(imke.link, Frame::More)), "she asks for the next herself");
    assert!(is_kept(&mut imke, backfill(5, true)), "and takes it");
    let out = imke.hear(backfill(6, true));
    assert!(out.contains(&Output::Close(imke.link)), "a flood is not kept while it waits: {out:?}");
}

#[test]
fn a_flood_of_pages_of_the_log_is_not_kept_either() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    imke.welcome(EPOCH, &[], 20);
    imke.hear(page(10, 12, true));
    let out = imke.hear(page(12, 14, true));
    assert!(out.contains(&Output::Close(imke.link)), "the second came before she asked for it: {out:?}");
    assert_eq!(stored(&imke.tell(Input::Stored)), None, "and is not there when the first is stored");
}

#[test]
fn what_comes_twice_or_too_early_is_not_counted() {
    let mut imke = Imke::following();
    imke.hear(Frame::Entries(vec![Stretch::Skip(11, 2)]));
    let out = imke.hear(Frame::Entries(vec![Stretch::Skip(11, 2)]));
    assert_eq!(asked_since(&out), Some(12), "or she would pass over 13 and 14 and never have them: {out:?}");

    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    let out = imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(11)])]));
    assert!(out.contains(&Output::Close(imke.link)), "it will not come again behind the welcome: {out:?}");
}

#[test]
fn what_a_snapshot_weighs_counts_while_it_waits() {
    let long = || Bytes::from(vec![7; sheaf_protocol::limits::UPDATE]);
    let live = |seq| {
        let mut live = entry(seq);
        live.draft.bytes = long();
        Frame::Entries(vec![Stretch::Run(vec![live])])
    };
    let mut imke = Imke::following();
    imke.tell(Input::Distrust(LETTER));
    imke.hear(backfill(4, true));
    let out = imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(12)])]));
    assert_eq!(asked_since(&out), Some(10), "she missed a number while the letter is stored");
    let snapshot = Snapshot { document: RECIPE, through: 12, at: 0, bytes: long() };
    let (snapshots, stretches) = (vec![snapshot], vec![Stretch::Skip(11, 2)]);
    imke.hear(Frame::Page(Page { backfill: None, snapshots, stretches, through: 12, more: false, head: 12 }));
    assert!(!imke.hear(live(13)).contains(&Output::Close(imke.link)), "two long frames may wait");
    assert!(imke.hear(live(14)).contains(&Output::Close(imke.link)), "a third is one too many");
}

#[test]
fn a_frame_of_a_later_version_is_passed_over() {
    let mut imke = Imke::following();
    assert_eq!(imke.hear(Frame::Unknown(0x7e)), [], "nothing happens");
    let out = imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(11)])]));
    assert_eq!(stored(&out).and_then(|batch| batch.cursor), Some(11), "and the conversation goes on");
}
