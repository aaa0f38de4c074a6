//! Every frame's bytes, written down: whoever changes the format by accident sees it here, and `docs/protocol.md` shows
//! the same bytes to other teams.

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};

use super::*;
use crate::entry::{Author, Entry, Flags, Kind, Origin, Seal};
use crate::frame::*;
use crate::record::{Dimensions, FileWrite, Order, PlaceWrite, Record};
use crate::secret::Secret;

const DOCUMENT: DocumentId = DocumentId::from_bytes([b'D'; 16]);
const EPOCH: Epoch = Epoch::from_bytes([b'E'; 16]);
const PERSON: PersonId = PersonId::from_bytes([b'P'; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([b'V'; 16]);
const REPLICA: ReplicaId = ReplicaId::from_bytes([b'R'; 16]);
const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([b'W'; 16]);
const SEAL: Seal = Seal([b'S'; 16]);
const AT: u64 = 1_800_000_000_000;
const TRACE: u64 = 0x0102_0304_0506_0708;
/// Client 1 writes "Hi" into the root `title`.
const HI: &[u8] = b"\x01\x01\x01\x00\x04\x01\x05title\x02Hi\x00";

fn hello() -> Frame {
    Frame::Hello(Hello {
        versions: (1, 1),
        features: 1,
        schemas: (1, 1),
        token: Some(Secret::new("token")),
        workspace: WORKSPACE,
        replica: REPLICA,
        epoch: Some(EPOCH),
        cursor: 300,
        trace: TRACE,
    })
}

fn item(counter: u64) -> PushItem {
    let (kind, document, origin) = (Kind::UPDATE, DOCUMENT, Origin::TYPED);
    let (flags, key_id, bytes) = (Flags::default(), 0, Bytes::from_static(HI));
    PushItem { kind, document, counter, origin, flags, key_id, bytes }
}

fn push() -> Frame {
    Frame::Push(Push { trace: TRACE, items: vec![item(7), item(8)] })
}

fn acks() -> Frame {
    let hash = ContentHash::of(HI);
    let ack = |counter, seq| Answer::Ack(Ack { counter, hash, seq, at: AT, seal: SEAL });
    Frame::Answers(vec![ack(7, 301), ack(8, 302)])
}

fn entry(counter: u64, seq: u64) -> Entry {
    let author = Author { person: PERSON, device: DEVICE, replica: REPLICA };
    Entry { epoch: EPOCH, seq, at: AT, seal: SEAL, draft: item(counter).into_draft(author) }
}

fn entries() -> Frame {
    Frame::Entries(vec![Stretch::Run(vec![entry(7, 301), entry(8, 302)]), Stretch::Skip(303, 3)])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// Ids, hashes and updates as one letter each, so that the rest can be read.
fn short(bytes: &[u8]) -> String {
    let ids = [b'D', b'E', b'P', b'V', b'R', b'W', b'S'];
    let ids = ids.map(|letter| (hex(&[letter; 16]), char::from(letter).to_string()));
    let long = [(hex(HI), "update".to_owned()), (hex(ContentHash::of(HI).as_bytes()), "hash".to_owned())];
    ids.iter().chain(&long).fold(hex(bytes), |text, (from, to)| text.replace(from, to))
}

#[test]
fn every_frame_has_these_bytes() {
    let welcome = Welcome {
        version: 1,
        features: 1,
        schemas: (1, 1),
        epoch: EPOCH,
        lineage: vec![(EPOCH, 200)],
        head: 300,
        person: PERSON,
        device: DEVICE,
        at: AT,
    };
    let (counter, document, have) = (9, DOCUMENT, Bytes::from_static(&[1, 1, 2]));
    let refusals = vec![
        Answer::Missing { counter, document, have },
        Answer::Forked { counter, holds: ContentHash::of(HI) },
        Answer::Never { counter, document, code: Code::INVALID, detail: "hole".into() },
    ];
    let page = Page {
        backfill: Some(DOCUMENT),
        snapshots: vec![Snapshot { document, through: 200, at: AT, bytes: Bytes::from_static(HI) }],
        stretches: vec![Stretch::Skip(1, 300), Stretch::Run(vec![entry(7, 301)])],
        through: 301,
        more: true,
        head: 400,
    };
    let caret = Bytes::from_static(&[0xca]);
    let here = |caret| Here { session: 5, person: PERSON, name: "Imke".into(), caret };
    let people = vec![here(Some(caret.clone())), here(None)];
    let cases = [
        (hello(), "01 01 01 01 01 01 W R 01 E ac 02 08 07 06 05 04 03 02 01 01 05 74 6f 6b 65 6e"),
        (Frame::Welcome(welcome), "02 01 01 01 01 E 01 E c8 01 ac 02 P V 80 a0 f1 c2 b1 34"),
        (Frame::Goodbye(Goodbye { code: Code::BUSY, again_after_ms: Some(1000) }), "03 1b 01 e8 07"),
        (push(), "10 08 07 06 05 04 03 02 01 02 00 D 01 00 00 00 02 07 10 update 01 10 update"),
        (acks(), "11 02 00 07 hash ad 02 80 a0 f1 c2 b1 34 S 00 08 hash ae 02 80 a0 f1 c2 b1 34 S"),
        (Frame::Answers(refusals), "11 03 01 09 D 03 01 01 02 02 09 hash 03 09 D 01 04 68 6f 6c 65"),
        (
            entries(),
            "12 02 01 02 ad 02 00 D 01 00 00 00 P V R E 02 07 80 a0 f1 c2 b1 34 S 10 update 01 00 S 10 update 00 03 af 02",
        ),
        (
            Frame::CatchUp(CatchUp { since: 300, held: vec![(DOCUMENT, 200)], first: vec![DOCUMENT] }),
            "20 ac 02 01 D c8 01 01 D",
        ),
        (Frame::More, "21"),
        (
            Frame::Page(page),
            "22 01 D 90 03 ad 02 01 01 D c8 01 80 a0 f1 c2 b1 34 10 update 02 00 ac 02 01 01 01 ad 02 00 D 01 00 00 00 P V R E 01 07 80 a0 f1 c2 b1 34 S 10 update",
        ),
        (Frame::Backfill(DOCUMENT), "23 D"),
        (
            Frame::BringBack(vec![entry(7, 301), entry(9, 303)]),
            "25 02 01 ad 02 00 D 01 00 00 00 P V R E 01 07 80 a0 f1 c2 b1 34 S 10 update 01 af 02 01 01 09 00 S 10 update",
        ),
        (Frame::Open(vec![DOCUMENT]), "30 01 D"),
        (Frame::Presence(Presence { document: Some(DOCUMENT), caret, after: 8 }), "31 01 D 08 01 ca"),
        (
            Frame::Present(Present { document: Some(DOCUMENT), people }),
            "32 01 D 02 05 P 04 49 6d 6b 65 01 01 ca 05 P 04 49 6d 6b 65 00",
        ),
    ];
    for (frame, expected) in cases {
        assert_eq!(short(&encode(&frame)), expected, "other teams' replicas read these bytes");
    }
}

/// Returns the bytes of the document's example of this name: what stands before the `;` in each of its lines.
fn example(name: &str) -> String {
    let page = include_str!("../../../../docs/protocol.md");
    let (_, after) = page.split_once(&format!("```hex {name}\n")).expect("the example is in the document");
    let (lines, _) = after.split_once("```").expect("the example ends");
    let bytes = lines.lines().map(|line| line.split(';').next().unwrap_or_default().trim());
    bytes.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_document_shows_what_the_codec_makes() {
    for (name, frame) in [("hello", hello()), ("push", push()), ("answers", acks()), ("entries", entries())] {
        assert_eq!(example(name), hex(&encode(&frame)), "docs/protocol.md: the example {name:?} is stale");
    }
}

#[test]
fn the_document_shows_a_record() {
    let order = Order::from_bytes(&[0x80, 5]).unwrap();
    let write = PlaceWrite { trashed: Some(false), schema: Some(1), ..PlaceWrite::at(DOCUMENT, None, order) };
    let record = Record::Place(write).encode();
    assert_eq!(example("record"), hex(&record), "docs/protocol.md: the example of a record is stale");
}

#[test]
fn the_document_shows_a_file() {
    let (media, name) = ("image/png".into(), "plan.png".into());
    let dimensions = Some(Dimensions { width: 300, height: 200 });
    let hash = ContentHash::from_bytes([b'B'; 32]);
    let record = Record::File(FileWrite { hash, size: 4_660, media, name, dimensions }).encode();
    assert_eq!(example("file"), hex(&record), "docs/protocol.md: the example of a file is stale");
}

#[test]
fn the_document_lists_every_code() {
    let page = include_str!("../../../../docs/protocol.md");
    for code in (0..=u16::MAX).map(Code).filter(|code| code.name() != "unknown") {
        let row = format!("| {} | `{}` |", code.0, code.name());
        assert!(page.contains(&row), "docs/protocol.md, section 13, lacks {row}");
        assert_eq!(Code::from_name(code.name()), Some(code), "a name stands for one code");
    }
}
