//! What holds for every frame, and what hostile bytes may not do.

use bytes::Bytes;
use proptest::prelude::*;
use sheaf_document::ids::{ContentHash, DocumentId};

use super::arbitrary::{entry, frame};
use super::*;
use crate::cut::{Joiner, cut};
use crate::entry::{Flags, Kind, Origin};
use crate::frame::{Answer, Goodbye, Hello, Page, Presence, Push, PushItem, Snapshot, Stretch};
use crate::limits;

/// Whoever may send this message; the replica when both may.
fn side(message: &Bytes) -> Side {
    sender(message[0]).unwrap_or(Side::Replica)
}

/// What an attacker does to a message.
fn spoil(message: &mut Vec<u8>, how: u8, at: usize, with: u8) {
    if message.is_empty() {
        return;
    }
    let at = at % message.len();
    match how % 5 {
        0 => message.truncate(at),
        1 => message.insert(at, with),
        2 => message[at] ^= 1 << (with % 8),
        3 => message[at] = with,
        _ => {
            let huge = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
            message.splice(at..at, huge.iter().take(1 + usize::from(with % 10)).copied());
        }
    }
}

proptest! {
    #[test]
    fn every_frame_comes_back_as_it_went(frame in frame()) {
        let message = encode(&frame);
        prop_assert_eq!(decode(message.clone(), side(&message)), Ok(frame), "decoding undoes encoding");
    }

    #[test]
    fn a_page_comes_back_packed_or_not(frame in frame()) {
        let message = pack::pack(encode(&frame));
        prop_assert_eq!(decode(message.clone(), side(&message)), Ok(frame), "packing is invisible");
    }

    #[test]
    fn a_cut_short_frame_is_never_another_frame(frame in frame(), at in any::<usize>()) {
        let message = encode(&frame);
        let from = side(&message);
        let at = at % message.len();
        if at > 0 && !matches!(frame, Frame::Unknown(_)) {
            let decoded = decode(message.slice(..at), from);
            prop_assert!(decoded.is_err(), "every byte is part of some field, yet {decoded:?} came out");
        }
    }

    #[test]
    fn spoiled_frames_are_refused_or_read_but_never_harm(
        frame in frame(),
        spoils in proptest::collection::vec((any::<u8>(), any::<usize>(), any::<u8>()), 1..4),
        packed in any::<bool>(),
    ) {
        let message = encode(&frame);
        let mut message = if packed { pack::pack(message) } else { message }.to_vec();
        for (how, at, with) in spoils {
            spoil(&mut message, how, at, with);
        }
        for from in [Side::Replica, Side::Relay] {
            if let Ok(frame) = decode(message.clone().into(), from) {
                let again = encode(&frame);
                prop_assert_eq!(decode(again, from), Ok(frame), "whatever is believed can be said again");
            }
        }
    }

    #[test]
    fn an_entry_takes_no_more_than_is_told(entry in entry()) {
        let alone = Stretch::Run(vec![entry.clone()]);
        let (one, none) = (encode(&Frame::Entries(vec![alone])).len(), encode(&Frame::Entries(vec![])).len());
        prop_assert!(one - none <= entry.draft.bytes.len() + limits::ENTRY_OVERHEAD, "pages are filled by this bound");
    }
}

fn push_of(bytes: Bytes) -> Frame {
    let item = PushItem {
        kind: Kind::UPDATE,
        document: DocumentId::from_bytes([1; 16]),
        counter: 1,
        origin: Origin::TYPED,
        flags: Flags::default(),
        key_id: 0,
        bytes,
    };
    Frame::Push(Push { trace: 1, items: vec![item] })
}

fn page_of(bytes: Bytes) -> Frame {
    let snapshot = Snapshot { document: DocumentId::from_bytes([1; 16]), through: 9, at: 0, bytes };
    let (stretches, through) = (vec![Stretch::Skip(1, 9)], 9);
    Frame::Page(Page { backfill: None, snapshots: vec![snapshot], stretches, through, more: false, head: 9 })
}

#[test]
fn a_counter_that_no_database_can_count_is_nobodys() {
    let push = |counter| match push_of(Bytes::from_static(b"words")) {
        Frame::Push(push) => {
            let items = push.items.into_iter().map(|item| PushItem { counter, ..item });
            Frame::Push(Push { items: items.collect(), ..push })
        }
        other => other,
    };
    let presence = |after| Frame::Presence(Presence { document: None, after, caret: Bytes::new() });
    let answer = |counter| Frame::Answers(vec![Answer::Forked { counter, holds: ContentHash::of(b"") }]);
    let frames: [(Side, &dyn Fn(u64) -> Frame); 3] =
        [(Side::Replica, &push), (Side::Replica, &presence), (Side::Relay, &answer)];
    for (from, frame) in frames {
        for counter in [limits::COUNTER + 1, 1 << 63, u64::MAX] {
            let refused = decode(encode(&frame(counter)), from);
            assert!(matches!(refused, Err(WireError::Malformed { what: "counter", .. })), "{refused:?}");
        }
        assert!(decode(encode(&frame(limits::COUNTER)), from).is_ok(), "the highest is one");
    }
}

#[test]
fn an_update_is_a_slice_of_its_message() {
    let message = encode(&push_of(Bytes::from(vec![7; 1000])));
    let whole = message.as_ptr_range();
    let Ok(Frame::Push(push)) = decode(message.clone(), Side::Replica) else { panic!("a push is a push") };
    assert!(whole.contains(&push.items[0].bytes.as_ptr()), "sixteen megabytes are not copied once more");
}

#[test]
fn a_frame_of_a_later_version_is_ignored_and_a_known_one_is_exact() {
    let later = Bytes::from_static(&[0x77, 1, 2, 3]);
    assert_eq!(decode(later, Side::Relay), Ok(Frame::Unknown(0x77)), "an unknown type is no error");
    let longer = Bytes::from_static(&[kind::MORE, 0]);
    assert!(decode(longer, Side::Replica).is_err(), "in an agreed version nothing follows the last field");
}

#[test]
fn hello_and_goodbye_may_be_longer_because_no_version_is_agreed_yet() {
    let goodbye = Frame::Goodbye(Goodbye { code: Code::VERSION, again_after_ms: None });
    let mut message = encode(&goodbye).to_vec();
    message.extend_from_slice(b"said by a relay of the year after next");
    assert_eq!(
        decode(message.into(), Side::Relay),
        Ok(goodbye),
        "an old replica must understand why it was refused"
    );
}

#[test]
fn nobody_speaks_for_the_other_side() {
    let entries = encode(&Frame::Entries(vec![Stretch::Skip(11, 1)]));
    assert_eq!(
        decode(entries, Side::Replica),
        Err(WireError::WrongWay(kind::ENTRIES)),
        "a replica numbers nothing"
    );
    let bomb = pack::pack(encode(&page_of(vec![0; 1 << 20].into())));
    assert_eq!(
        decode(bomb, Side::Replica),
        Err(WireError::WrongWay(kind::PACKED)),
        "a relay unpacks nothing"
    );
}

#[test]
fn a_caret_over_its_limit_is_refused() {
    let presence = |len| Frame::Presence(Presence { document: None, caret: vec![1; len].into(), after: 0 });
    assert!(decode(encode(&presence(limits::CARET)), Side::Replica).is_ok(), "1 KiB is a caret");
    let error = decode(encode(&presence(limits::CARET + 1)), Side::Replica).unwrap_err();
    assert_eq!(error.code(), Code::TOO_LARGE, "more is not");
}

#[test]
fn a_long_detail_is_shortened_at_a_character() {
    let detail = "ö".repeat(150);
    let (counter, document, code) = (1, DocumentId::from_bytes([1; 16]), Code::INVALID);
    let answers = encode(&Frame::Answers(vec![Answer::Never { counter, document, code, detail }]));
    let Ok(Frame::Answers(answers)) = decode(answers, Side::Relay) else { panic!("it is within the limit") };
    let Answer::Never { detail, .. } = &answers[0] else { panic!("a never stays a never") };
    assert_eq!(detail.chars().count(), 100, "200 bytes of two-byte characters");
}

#[test]
fn a_number_has_one_form() {
    for padded in [&[kind::BRING_BACK, 0x80, 0x00][..], &[kind::BRING_BACK, 0x80, 0x80, 0x00]] {
        assert!(decode(Bytes::copy_from_slice(padded), Side::Replica).is_err(), "0 is one byte");
    }
}

#[test]
fn a_token_is_not_printed() {
    let hello = Hello {
        versions: (1, 1),
        features: 0,
        schemas: (1, 1),
        token: Some(crate::secret::Secret::new("imke-was-here")),
        workspace: sheaf_document::ids::WorkspaceId::from_bytes([1; 16]),
        replica: sheaf_document::ids::ReplicaId::from_bytes([2; 16]),
        epoch: None,
        cursor: 0,
        trace: 0,
    };
    assert!(!format!("{hello:?}").contains("imke"), "a log line shows frames, never tokens");
}

#[test]
fn sixteen_megabytes_travel_in_parts_with_small_frames_between() {
    let frame = push_of((0..limits::UPDATE).map(|i| i as u8).collect());
    let mut joiner = Joiner::new();
    let mut whole = None;
    for part in cut(encode(&frame)) {
        assert!(part.len() <= limits::MESSAGE, "no message is longer than its limit");
        assert!(whole.is_none(), "the last part makes it whole");
        let more = joiner.push(encode(&Frame::More)).unwrap().expect("a small frame passes");
        assert_eq!(decode(more, Side::Replica), Ok(Frame::More), "between the parts of a long one");
        whole = joiner.push(part).unwrap();
        assert!(joiner.held() <= limits::FRAME, "the joiner's memory is bounded");
    }
    assert_eq!(decode(whole.unwrap(), Side::Replica), Ok(frame), "and nothing is lost in joining");
    assert_eq!(joiner.held(), 0, "between frames it holds nothing");
}

#[test]
fn a_joiner_refuses_parts_that_make_no_frame() {
    let begin = |size: u32, rest: &[u8]| {
        let mut part = vec![kind::PART, 1];
        part.extend_from_slice(&size.to_le_bytes());
        part.extend_from_slice(rest);
        Bytes::from(part)
    };
    let go_on = |rest: &[u8]| Bytes::from([&[kind::PART, 0], rest].concat());
    let refuses = |parts: &[Bytes], why: &str| {
        let mut joiner = Joiner::new();
        let (last, first) = parts.split_last().unwrap();
        for part in first {
            assert_eq!(joiner.push(part.clone()), Ok(None), "so far so good");
        }
        assert!(joiner.push(last.clone()).is_err(), "{why}");
    };
    refuses(&[go_on(b"x")], "nothing to go on with");
    refuses(&[begin(4, b"ab"), begin(4, b"ab")], "one frame at a time");
    refuses(&[begin(4, b"ab"), go_on(b"")], "an empty part would go on for ever");
    refuses(&[begin(4, b"ab"), go_on(b"cde")], "more than was told");
    refuses(&[begin(limits::FRAME as u32 + 1, b"ab")], "more than may be");
    refuses(&[begin(0, b"")], "no frame is empty");
    refuses(&[Bytes::from_static(&[kind::PART, 2, 0])], "no such part");
    refuses(&[Bytes::from_static(&[kind::PART])], "no part at all");
    let mut joiner = Joiner::new();
    joiner.push(begin(limits::FRAME as u32, b"a")).unwrap();
    assert!(joiner.held() < 64, "a claim of seventeen megabytes costs what has arrived");
}

#[test]
fn a_packed_bomb_stops_at_its_declared_size() {
    let page = encode(&page_of(vec![0; 8 << 20].into()));
    let packed = pack::pack(page.clone());
    assert!(packed.len() < page.len() / 100, "zeros pack well");
    let mut lying = packed.to_vec();
    lying[1..5].copy_from_slice(&1000u32.to_le_bytes());
    assert!(decode(lying.into(), Side::Relay).is_err(), "more came out than was declared");
    let mut boasting = packed.to_vec();
    boasting[1..5].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = decode(boasting.into(), Side::Relay).unwrap_err();
    assert_eq!(error.code(), Code::TOO_LARGE, "four gigabytes are refused before a byte is unpacked");
    assert!(pack::unpack(&packed).is_ok(), "the honest one opens");
}
