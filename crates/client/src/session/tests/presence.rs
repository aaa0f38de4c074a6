//! Stories about carets: never among words that whoever sees them lacks.

use super::*;
use sheaf_protocol::frame::{Here, Present};

fn behind(after: Counter) -> Caret {
    Caret { document: Some(LETTER), caret: Bytes::from_static(b"here"), after }
}

/// Returns the caret that the relay is told.
fn told(out: &[Output]) -> Option<Bytes> {
    out.iter().find_map(|output| match output {
        Output::Send(_, Frame::Presence(presence)) => Some(presence.caret.clone()),
        _ => None,
    })
}

/// Ada's caret, as the relay tells it.
fn ada_is(at: &'static str) -> Present {
    let (person, caret) = (author(ADA).person, Some(Bytes::from_static(at.as_bytes())));
    Present { document: Some(LETTER), people: vec![Here { session: 1, person, name: "Ada".into(), caret }] }
}

fn shown(out: &[Output]) -> Vec<Present> {
    let shown = out
        .iter()
        .filter_map(|o| if let Output::Present(present) = o { Some(present.clone()) } else { None });
    shown.collect()
}

#[test]
fn a_caret_follows_the_words_that_it_stands_behind() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    let caret = Caret { document: Some(LETTER), caret: Bytes::from_static(b"here"), after: 1 };
    let is_presence = |o: &Output| matches!(o, Output::Send(_, Frame::Presence(_)));
    let out = imke.tell(Input::Caret(caret));
    assert!(!out.iter().any(is_presence), "the word before the caret was not sent yet: {out:?}");
    let out = imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    let at = |found: fn(&Output) -> bool| out.iter().position(found);
    let (push, presence) = (
        at(|o| matches!(o, Output::Send(_, Frame::Push(_)))),
        at(|o| matches!(o, Output::Send(_, Frame::Presence(_)))),
    );
    assert!(push.is_some() && push < presence, "first the word, then the caret: {out:?}");
}

#[test]
fn a_caret_waits_for_words_whose_bell_has_not_rung_yet() {
    let mut imke = Imke::following();
    let out = imke.tell(Input::Caret(behind(1)));
    assert_eq!(told(&out), None, "row 1 may be in the table");
    assert!(matches!(out[0], Output::ReadOutbox { .. }), "so it is looked into: {out:?}");
    let out = imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    assert_eq!((pushed(&out), told(&out)), (vec![1], Some("here".into())), "there it was");
}

#[test]
fn on_a_new_line_the_words_go_again_before_the_caret() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    imke.tell(Input::Caret(behind(1)));
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    let out = imke.welcome(EPOCH, &[], 10);
    assert_eq!(told(&out), None, "the relay may have lost the word with the old line: {out:?}");
    let out = imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    assert_eq!((pushed(&out), told(&out)), (vec![1], Some("here".into())), "first the word, then the caret");
}

#[test]
fn a_caret_among_refused_words_is_taken_away() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    imke.tell(Input::Caret(behind(1)));
    let (code, detail) = (Code::FORBIDDEN, String::new());
    let out = imke.hear(Frame::Answers(vec![Answer::Never { counter: 1, document: LETTER, code, detail }]));
    assert_eq!(told(&out), Some(Bytes::new()), "she is in the letter, at no place that others know");
}

#[test]
fn on_a_new_line_no_place_is_told_among_words_that_wait_for_a_person() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    let (code, detail) = (Code::FORBIDDEN, String::new());
    imke.hear(Frame::Answers(vec![Answer::Never { counter: 1, document: LETTER, code, detail }]));
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    imke.welcome(EPOCH, &[], 10);
    imke.tell(Input::Outbox(vec![]));
    imke.tell(Input::Caret(behind(1)));
    let out = imke.tell(Input::Outbox(vec![]));
    assert_eq!(told(&out), Some(Bytes::new()), "the store keeps the row, and the relay knows nothing of it");
    imke.tell(Input::Settled);
    let out = imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    assert_eq!((pushed(&out), told(&out)), (vec![1], Some("here".into())), "she tries again");
}

#[test]
fn somebodys_caret_is_shown_when_the_words_before_it_are_stored() {
    let mut imke = Imke::following();
    imke.tell(Input::Open(vec![LETTER]));
    imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(11)])]));
    let out = imke.hear(Frame::Present(ada_is("in 11")));
    assert_eq!(shown(&out), [], "her word is still on its way to the disk and to the window");
    imke.hear(Frame::Entries(vec![Stretch::Run(vec![entry(12)])]));
    imke.hear(Frame::Present(ada_is("in 12")));
    imke.hear(Frame::Present(ada_is("behind 12")));
    assert_eq!(shown(&imke.tell(Input::Stored)), [ada_is("in 11")], "11 is here");
    assert_eq!(shown(&imke.tell(Input::Stored)), [ada_is("behind 12")], "only her last place matters");
    let out = imke.hear(Frame::Present(ada_is("elsewhere")));
    assert_eq!(shown(&out), [ada_is("elsewhere")], "nothing to wait for");
}

#[test]
fn nobody_is_shown_in_a_document_that_was_closed() {
    let mut imke = Imke::following();
    imke.tell(Input::Open(vec![LETTER]));
    imke.tell(Input::Open(vec![RECIPE]));
    let out = imke.hear(Frame::Present(ada_is("in the letter")));
    assert_eq!(shown(&out), [], "she would be there for ever: it is not told any more when she leaves");
}
