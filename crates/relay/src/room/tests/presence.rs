//! Stories about who is here and where their caret is.

use super::*;
use sheaf_protocol::frame;

/// Longer than carets are gathered.
const GATHERED: Millis = 60;
/// Longer than the seat of someone who is gone is kept.
const GONE: Millis = 3_100;

fn caret(at: &'static str, after: Counter) -> Frame {
    Frame::Presence(frame::Presence {
        document: Some(LETTER),
        caret: Bytes::from_static(at.as_bytes()),
        after,
    })
}

/// Returns whose carets someone is shown in the letter, and where; `None` for who left.
fn carets(out: &[Output], to: &Someone) -> Vec<(String, Option<Bytes>)> {
    shown(out, to, Some(LETTER))
}

fn shown(out: &[Output], to: &Someone, place: Option<DocumentId>) -> Vec<(String, Option<Bytes>)> {
    let shown = frames(out, to).into_iter().filter_map(|frame| match frame {
        Frame::Present(Present { document, people }) if document == place => Some(people),
        _ => None,
    });
    shown.flatten().map(|here| (here.name, here.caret)).collect()
}

fn at(who: &Someone, caret: &'static str) -> (String, Option<Bytes>) {
    (who.name.to_owned(), Some(Bytes::from_static(caret.as_bytes())))
}

/// Imke and Ada have the letter open and have heard of each other.
fn together() -> (Someone, Someone, Relay) {
    let (imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    for someone in [&imke, &ada] {
        relay.hear(someone, Frame::Open(vec![LETTER]));
    }
    relay.later(GATHERED);
    (imke, ada, relay)
}

#[test]
fn a_caret_waits_until_the_words_before_it_are_safe() {
    let (mut imke, ada, mut relay) = together();
    relay.push(imke.conn, [imke.writes("Dear")]);
    relay.hear(&imke, caret("behind Dear", 1));
    assert_eq!(carets(&relay.later(GATHERED), &ada), [], "Ada does not have the word yet");
    let out = relay.commits();
    assert!(matches!(frames(&out, &ada)[..], [Frame::Entries(_)]), "first the word: {out:?}");
    assert_eq!(carets(&relay.later(GATHERED), &ada), [at(&imke, "behind Dear")], "then the caret behind it");
}

#[test]
fn a_caret_waits_until_words_that_were_not_taken_have_come_again() {
    let (mut imke, ada, mut relay) = together();
    let (first, second) = (imke.writes("a"), imke.writes("b"));
    relay.push(imke.conn, [second.clone()]);
    relay.hear(&imke, caret("behind b", 2));
    assert_eq!(carets(&relay.later(GATHERED), &ada), [], "the relay lacks the word before it: so does Ada");
    relay.push(imke.conn, [first, second]);
    relay.commits();
    assert_eq!(carets(&relay.later(GATHERED), &ada), [at(&imke, "behind b")], "now both are there");
}

#[test]
fn a_caret_waits_for_lacking_words_whoever_brings_them() {
    let (mut imke, ada, mut restored) = together();
    let (first, second) = (imke.writes("a"), imke.writes("b"));
    let mut before = Relay::with(&[&imke]);
    before.push(imke.conn, [first, second.clone()]);
    before.commits();
    restored.push(imke.conn, [second]);
    restored.hear(&imke, caret("behind b", 2));
    assert_eq!(carets(&restored.later(GATHERED), &ada), [], "the restored relay forgot what b stands on");
    restored.hear(&ada, Frame::BringBack(before.log));
    restored.commits();
    assert_eq!(carets(&restored.later(GATHERED), &ada), [at(&imke, "behind b")], "Ada had both words");
}

#[test]
fn a_caret_waits_for_all_words_that_were_not_taken() {
    let (mut imke, ada, mut relay) = together();
    let (first, second) = (imke.writes("a"), imke.writes("b"));
    let third = imke.item(LETTER, Document::new(1).set_title("c"));
    relay.push(imke.conn, [second.clone(), third]);
    relay.hear(&imke, caret("behind b", 3));
    relay.commits();
    assert_eq!(carets(&relay.later(GATHERED), &ada), [], "the third word was taken, the second was not");
    relay.push(imke.conn, [first, second]);
    relay.commits();
    assert_eq!(carets(&relay.later(GATHERED), &ada), [at(&imke, "behind b")], "now all are there");
}

#[test]
fn a_caret_among_refused_words_is_shown_to_nobody() {
    let (mut imke, ada, mut relay) = together();
    relay.push(imke.conn, [imke.item(LETTER, b"no update at all".to_vec())]);
    relay.hear(&imke, caret("in the refused", 1));
    assert_eq!(carets(&relay.later(GATHERED), &ada), [], "these words stay with Imke");
    relay.hear(&imke, caret("", 1));
    assert_eq!(carets(&relay.later(GATHERED), &ada), [at(&imke, "")], "but that she is there is told");
}

#[test]
fn carets_are_gathered_for_a_moment() {
    let (imke, ada, mut relay) = together();
    relay.hear(&imke, caret("here", 0));
    assert_eq!(carets(&relay.later(30), &ada), [], "a moment is not over");
    relay.hear(&imke, caret("there", 0));
    assert_eq!(carets(&relay.later(30), &ada), [at(&imke, "there")], "only the last place matters");
}

#[test]
fn a_caret_is_shown_to_those_who_have_the_document_open_and_not_to_its_owner() {
    let (imke, ada, mut relay) = together();
    let tomas = Someone::called("Tomás");
    relay.join(&tomas, 0);
    relay.hear(&imke, caret("here", 0));
    let out = relay.later(GATHERED);
    assert_eq!(carets(&out, &ada), [at(&imke, "here")], "Ada reads the letter too");
    assert_eq!((carets(&out, &tomas), carets(&out, &imke)), (vec![], vec![]), "it concerns nobody else");
    let out = relay.hear(&tomas, Frame::Open(vec![LETTER]));
    assert_eq!(carets(&out, &tomas), [at(&imke, "here")], "who opens it later is told at once");
}

#[test]
fn who_reads_is_shown_and_who_looks_at_another_document_is_shown_there() {
    let (imke, ada, mut relay) = together();
    relay.hear(&ada, Frame::Open(vec![LETTER, RECIPE]));
    let looks_at = |document| Frame::Presence(frame::Presence { document, caret: Bytes::new(), after: 0 });
    relay.hear(&imke, looks_at(Some(LETTER)));
    assert_eq!(carets(&relay.later(GATHERED), &ada), [at(&imke, "")], "Imke reads the letter");
    relay.hear(&imke, caret("here", 0));
    relay.later(GATHERED);
    relay.hear(&imke, looks_at(Some(RECIPE)));
    let out = relay.later(GATHERED);
    assert_eq!(carets(&out, &ada), [("Imke".to_owned(), None)], "she has gone from the letter");
    assert_eq!(shown(&out, &ada, Some(RECIPE)), [at(&imke, "")], "to the recipe");
    relay.hear(&imke, looks_at(None));
    let out = relay.later(GATHERED);
    assert_eq!(shown(&out, &ada, Some(RECIPE)), [("Imke".to_owned(), None)], "and has put it away");
}

#[test]
fn a_quick_reconnect_does_not_flicker() {
    let (mut imke, ada, mut relay) = together();
    relay.hear(&imke, caret("here", 0));
    relay.later(GATHERED);
    relay.tell(Input::Leave(imke.conn));
    let mut out = relay.later(1_000);
    imke.comes_back();
    out.extend(relay.join(&imke, 0));
    out.extend(relay.later(GONE));
    assert_eq!(frames(&out, &ada), [], "Imke was in a tunnel for a second: nobody needs to know");
}

#[test]
fn who_stays_away_is_gone() {
    let (imke, ada, mut relay) = together();
    relay.hear(&imke, caret("here", 0));
    relay.later(GATHERED);
    relay.tell(Input::Leave(imke.conn));
    relay.later(GONE);
    let out = relay.later(GATHERED);
    let gone = [("Imke".to_owned(), None)];
    assert_eq!(
        (carets(&out, &ada), shown(&out, &ada, None)),
        (gone.to_vec(), gone.to_vec()),
        "here and everywhere"
    );
    let may_be_missed = |output: &Output| matches!(output, Output::Whisper(..));
    assert!(!out.iter().any(may_be_missed), "whoever reads slowly must not see a ghost: {out:?}");
}
