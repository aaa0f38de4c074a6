//! Stories about where Imke is: in the document in front of her, and never among words that whoever sees her lacks.

use super::*;
use sheaf_protocol::frame::{Here, Present};

fn behind(after: Counter) -> Caret {
    Caret { document: LETTER, caret: Bytes::from_static(b"here"), after }
}

/// Imke has the letter in front of her.
fn reading_the_letter() -> Imke {
    let mut imke = Imke::following();
    imke.tell(Input::Open(vec![LETTER]));
    imke
}

/// Returns the document that the relay is told she is in, and the caret there.
fn place(out: &[Output]) -> Option<(Option<DocumentId>, Bytes)> {
    out.iter().find_map(|output| match output {
        Output::Send(_, Frame::Presence(presence)) => Some((presence.document, presence.caret.clone())),
        _ => None,
    })
}

/// Returns the caret that the relay is told.
fn told(out: &[Output]) -> Option<Bytes> {
    place(out).map(|(_, caret)| caret)
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
fn who_reads_is_there_and_who_goes_on_to_another_document_is_not() {
    let mut imke = Imke::following();
    let nowhere = Bytes::new();
    let out = imke.tell(Input::Open(vec![LETTER]));
    assert_eq!(place(&out), Some((Some(LETTER), nowhere.clone())), "she reads, and has no caret in it");
    let out = imke.tell(Input::Caret(behind(0)));
    assert_eq!(place(&out), Some((Some(LETTER), "here".into())), "now she has");
    let out = imke.tell(Input::Open(vec![RECIPE, LETTER]));
    assert_eq!(place(&out), Some((Some(RECIPE), nowhere.clone())), "she has the recipe in front of her");
    let none = Caret { caret: nowhere.clone(), ..behind(0) };
    assert_eq!(
        place(&imke.tell(Input::Caret(none))),
        None,
        "the letter's caret ends late: she stays where she is"
    );
    assert_eq!(place(&imke.tell(Input::Open(vec![RECIPE]))), None, "as she does when the letter is closed");
    assert_eq!(place(&imke.tell(Input::Open(vec![]))), Some((None, nowhere)), "and now she is nowhere");
}

#[test]
fn a_caret_ends_with_its_document() {
    let mut imke = reading_the_letter();
    imke.tell(Input::Caret(behind(0)));
    imke.tell(Input::Open(vec![]));
    let out = imke.tell(Input::Open(vec![LETTER]));
    assert_eq!(
        place(&out),
        Some((Some(LETTER), Bytes::new())),
        "she has opened it again, and not clicked yet"
    );
}

#[test]
fn a_new_line_is_told_where_she_is_also_that_she_left() {
    let mut imke = reading_the_letter();
    imke.tell(Input::Lost(imke.link));
    imke.tell(Input::Open(vec![]));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    let out = imke.welcome(EPOCH, &[], 10);
    assert_eq!(place(&out), Some((None, Bytes::new())), "the relay may have kept her seat in the letter");
}

#[test]
fn a_caret_follows_the_words_that_it_stands_behind() {
    let mut imke = reading_the_letter();
    imke.tell(Input::Bell);
    let is_presence = |o: &Output| matches!(o, Output::Send(_, Frame::Presence(_)));
    let out = imke.tell(Input::Caret(behind(1)));
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
    let mut imke = reading_the_letter();
    let out = imke.tell(Input::Caret(behind(1)));
    assert_eq!(told(&out), None, "row 1 may be in the table");
    assert!(matches!(out[0], Output::ReadOutbox { .. }), "so it is looked into: {out:?}");
    let out = imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    assert_eq!((pushed(&out), told(&out)), (vec![1], Some("here".into())), "there it was");
}

#[test]
fn on_a_new_line_the_words_go_again_before_the_caret() {
    let mut imke = reading_the_letter();
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
    let mut imke = reading_the_letter();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    imke.tell(Input::Caret(behind(1)));
    let (code, detail) = (Code::FORBIDDEN, String::new());
    let out = imke.hear(Frame::Answers(vec![Answer::Never { counter: 1, document: LETTER, code, detail }]));
    assert_eq!(told(&out), Some(Bytes::new()), "she is in the letter, at no place that others know");
}

#[test]
fn on_a_new_line_no_place_is_told_among_words_that_wait_for_a_person() {
    let mut imke = reading_the_letter();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    let (code, detail) = (Code::FORBIDDEN, String::new());
    imke.hear(Frame::Answers(vec![Answer::Never { counter: 1, document: LETTER, code, detail }]));
    imke.tell(Input::Lost(imke.link));
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    let out = imke.welcome(EPOCH, &[], 10);
    assert_eq!(told(&out), Some(Bytes::new()), "that she is in the letter can be said");
    imke.tell(Input::Outbox(vec![]));
    imke.tell(Input::Caret(behind(1)));
    let out = imke.tell(Input::Outbox(vec![]));
    assert_eq!(told(&out), None, "the store keeps the row, and the relay knows nothing of it");
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
