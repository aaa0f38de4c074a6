//! Stories about records in general: which are taken, under what name, and what the room knows of them afterwards.

use std::collections::BTreeSet;

use super::tree::{NOTES, icon, put, refusals};
use super::*;

const STREAM: DocumentId = record::stream(WORKSPACE);

#[test]
fn a_record_is_told_to_the_others_and_comes_twice_to_nobody() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    let plants = imke.says(&put(LETTER, None));
    relay.push(imke.conn, [plants.clone()]);
    let out = relay.commits();
    let Some(Frame::Entries(stretches)) = frames(&out, &ada).pop() else {
        panic!("she hears of it: {out:?}")
    };
    let [Stretch::Run(run)] = &stretches[..] else { panic!("one entry: {stretches:?}") };
    assert_eq!((run[0].seq, run[0].draft.kind, &run[0].draft.bytes), (1, Kind::RECORD, &plants.bytes));
    let out = relay.push(imke.conn, [plants.clone()]);
    assert_eq!(acks(&out, &imke), [(1, 1)], "the same record twice is one entry and two acks");
    let other = PushItem { counter: 1, ..imke.says(&put(RECIPE, None)) };
    let holds = plants.into_draft(imke.author).hash;
    let out = relay.push(imke.conn, [other]);
    assert_eq!(
        answers(&out, &imke),
        [Answer::Forked { counter: 1, holds }],
        "another under its name is a fork"
    );
    assert!(relay.has_nothing_to_write(), "and neither is written");
}

#[test]
fn records_have_a_stream_of_their_own() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let text = imke.writes_in(STREAM, "Dear");
    let record = PushItem { document: LETTER, ..imke.says(&put(LETTER, None)) };
    let out = relay.push(imke.conn, [text, record]);
    let refused = [(1, Code::INVALID), (2, Code::INVALID)];
    assert_eq!(refusals(&out, &imke), refused, "no text among the records, and no record among the text");
}

#[test]
fn what_a_later_version_says_is_not_taken_without_its_rules() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let known = imke.says(&put(LETTER, None));
    let say = |imke: &mut Someone, bytes: &[u8]| PushItem {
        bytes: Bytes::copy_from_slice(bytes),
        ..imke.says(&put(LETTER, None))
    };
    let stranger = say(&mut imke, &[0x7f; 17]);
    let half = say(&mut imke, &[&known.bytes[..], &[200, 1, 42]].concat());
    let broken = say(&mut imke, &known.bytes[..known.bytes.len() - 1]);
    let packed = PushItem { flags: Flags(Flags::COMPRESSED), ..imke.says(&put(LETTER, None)) };
    let hidden = PushItem { flags: Flags(Flags::ENCRYPTED), ..imke.says(&put(LETTER, None)) };
    let out = relay.push(imke.conn, [known, stranger, half, broken, packed, hidden]);
    let (unknown, invalid) = (Code::UNKNOWN_RECORD, Code::INVALID);
    let refused = [(2, unknown), (3, unknown), (4, invalid), (5, invalid), (6, invalid)];
    assert_eq!(refusals(&out, &imke), refused, "what cannot be checked could be anything");
    assert_eq!(acks(&relay.commits(), &imke), [(1, 1)], "and holds up nothing of what can");
}

#[test]
fn everyone_says_their_own_name_and_what_they_like_only() {
    let (mut imke, mut tomas) = (Someone::called("Imke"), Someone::called("Tomás"));
    let mut relay = Relay::with(&[&imke, &tomas]);
    let named = |someone: &Someone, name: &str| {
        Record::Member(MemberWrite { person: someone.author.person, name: name.into() })
    };
    let (tomass, imkes) = (named(&tomas, "Tomás"), named(&imke, "Imke"));
    let likes = Record::Favourite(FavouriteWrite { document: LETTER, on: true });
    relay.push(tomas.conn, [tomas.says(&tomass)]);
    let (hers, his) = (imke.says(&imkes), imke.says(&named(&tomas, "Tomàs")));
    let out = relay.push(imke.conn, [hers, his, imke.says(&likes)]);
    assert_eq!(refusals(&out, &imke), [(2, Code::FORBIDDEN)], "he is who he says, not who she says");
    relay.commits();
    let rows: Vec<_> = relay.records().rows().collect();
    assert!(rows.contains(&(tomas.author.person, tomass)), "that is Tomás: {rows:?}");
    assert!(rows.contains(&(imke.author.person, imkes)), "that is Imke: {rows:?}");
    assert!(rows.contains(&(imke.author.person, likes)), "what she likes is hers: {rows:?}");
    assert_eq!(rows.len(), 3, "and nobody said what Tomás likes: {rows:?}");
}

#[test]
fn what_a_failed_commit_would_have_said_is_forgotten() {
    let (mut imke, mut tomas) = (Someone::called("Imke"), Someone::called("Tomás"));
    let mut relay = Relay::with(&[&imke, &tomas]);
    let plants = imke.says(&put(LETTER, None));
    relay.push(imke.conn, [plants.clone()]);
    relay.writes();
    let out = relay.tell(Input::CommitFailed);
    assert_eq!(goodbye(&out, &imke), Some(Code::STORAGE), "nothing was promised to her");
    let out = relay.push(tomas.conn, [tomas.says(&put(RECIPE, Some(LETTER)))]);
    assert_eq!(refusals(&out, &tomas), [(1, Code::NO_PARENT)], "the log never had the letter's place");
    imke.comes_back();
    relay.join(&imke, 0);
    relay.push(imke.conn, [plants]);
    relay.push(tomas.conn, [tomas.says(&put(RECIPE, Some(LETTER)))]);
    let out = relay.commits();
    assert_eq!((acks(&out, &imke), acks(&out, &tomas)), (vec![(1, 1)], vec![(2, 2)]), "now it has");
}

#[test]
fn records_that_wait_behind_a_failed_commit_are_judged_from_the_log() {
    let (mut imke, mut tomas) = (Someone::called("Imke"), Someone::called("Tomás"));
    let mut relay = Relay::with(&[&imke, &tomas]);
    let known = tomas.says(&put(RECIPE, None));
    relay.push(tomas.conn, [known.clone()]);
    relay.commits();
    relay.push(imke.conn, [imke.says(&put(LETTER, Some(RECIPE)))]);
    relay.writes();
    // His first comes again, so that storage is asked about its name, and the second waits behind it.
    let moves = tomas.says(&put(RECIPE, Some(LETTER)));
    let mut out = Vec::new();
    let push = Frame::Push(Push { trace: 0, items: vec![known, moves] });
    relay.room.handle(relay.now, Input::Received(tomas.conn, push), &mut out);
    relay.tell(Input::CommitFailed);
    let named = relay.named(tomas.author.replica, &[1]);
    let out = relay.tell(Input::Found(tomas.author.replica, Some(named)));
    assert_eq!(refusals(&out, &tomas), [(2, Code::NO_PARENT)], "not a cycle: the letter is nowhere");
}

#[test]
fn what_bears_the_seal_comes_back_without_rules() {
    let (mut imke, mut tomas) = (Someone::called("Imke"), Someone::called("Tomás"));
    let mut before = Relay::with(&[&imke]);
    before.push(imke.conn, [imke.says(&put(LETTER, None)), imke.says(&put(RECIPE, Some(LETTER)))]);
    before.commits();
    let lost: Vec<_> = before.log.split_off(1);
    // The restored relay never heard of the letter, and Ada holds the second entry only.
    let ada = Someone::called("Ada");
    let mut relay = Relay::with(&[&tomas, &ada]);
    relay.hear(&ada, Frame::BringBack(lost));
    relay.commits();
    assert_eq!(relay.parent(RECIPE), Some(LETTER), "it was taken once, so it is taken again as it was");
    let out = relay.push(tomas.conn, [tomas.says(&put(NOTES, Some(RECIPE))), tomas.says(&put(RECIPE, None))]);
    assert_eq!(refusals(&out, &tomas), [(1, Code::NO_PARENT)], "what is new stands on firm ground");
    assert_eq!(acks(&relay.commits(), &tomas), [(2, 2)], "and anybody may pick up what hangs in the air");
}

#[test]
fn what_a_later_relay_took_comes_back_as_it_is() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&ada]);
    let item = PushItem { bytes: vec![0x7f; 17].into(), ..imke.says(&put(LETTER, None)) };
    let draft = item.into_draft(imke.author);
    let seal = SEAL.seal(WORKSPACE, 7, &draft);
    relay.hear(&ada, Frame::BringBack(vec![Entry { epoch: EPOCH, seq: 9, at: 7, seal, draft }]));
    relay.commits();
    assert_eq!(relay.log.len(), 1, "whoever knows it reads it again");
}

#[test]
fn a_workspace_that_is_full_of_records_says_so_and_goes_on_taking_text() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    // As if three hundred thousand had been written before.
    let mut records = Records::default();
    for number in 0_u64..300_000 {
        let mut id = [0xee; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        records.apply(imke.author.person, &put(DocumentId::from_bytes(id), None));
    }
    relay.folded = Some(records.fold().into());
    let known = DocumentId::from_bytes([&[0; 8][..], &[0xee; 8]].concat().try_into().expect("sixteen bytes"));
    let trash = Record::Place(PlaceWrite { trashed: Some(true), ..PlaceWrite::of(known) });
    let (new, text, trash) = (imke.says(&put(LETTER, None)), imke.writes("Dear"), imke.says(&trash));
    let likes = imke.says(&Record::Favourite(FavouriteWrite { document: known, on: true }));
    let out = relay.push(imke.conn, [new, text, trash, likes]);
    let full = Code::WORKSPACE_FULL;
    assert_eq!(refusals(&out, &imke), [(1, full), (4, full)], "memory for records is bounded");
    let taken: BTreeSet<_> = acks(&relay.commits(), &imke).into_iter().map(|(counter, _)| counter).collect();
    assert_eq!(
        taken,
        [2, 3].into(),
        "which stops nobody's text, and nobody from putting what is there elsewhere"
    );
}

#[test]
fn records_at_rest_are_let_go_of_and_read_again() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    relay.push(imke.conn, [imke.says(&put(LETTER, None))]);
    relay.commits();
    for number in 0..5_000_u64 {
        let mut id = [0xdd; 16];
        id[8..].copy_from_slice(&number.to_be_bytes());
        let item = imke.writes_in(DocumentId::from_bytes(id), "x");
        relay.push(imke.conn, [item]);
        relay.commits();
    }
    relay.loaded.clear();
    let out = relay.push(imke.conn, [imke.says(&icon(LETTER, "✉")), imke.says(&put(RECIPE, Some(LETTER)))]);
    assert_eq!(relay.loaded, [STREAM], "five thousand documents later they are read from the log");
    assert_eq!(refusals(&out, &imke), [], "and known again");
    assert_eq!(acks(&relay.commits(), &imke).len(), 2, "so both are taken");
}
