//! What it costs to encode and decode what the relay's hot path carries, in nanoseconds for each entry. A
//! busy relay has fifty thousand for each edit.

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use sheaf_document::ids::{DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_protocol::codec::{Side, decode, encode};
use sheaf_protocol::entry::{Author, Entry, Flags, Kind, Origin, Seal};
use sheaf_protocol::frame::{Frame, Push, PushItem, Stretch};
use sheaf_stories::figure::{Figure, median};

const ENTRIES: u64 = 1_000;
const UPDATE: usize = 24;
const ROUNDS: usize = 1_000;

fn item(counter: u64) -> PushItem {
    PushItem {
        kind: Kind::UPDATE,
        document: DocumentId::from_bytes([1; 16]),
        counter,
        origin: Origin::TYPED,
        flags: Flags::default(),
        key_id: 0,
        bytes: Bytes::from(vec![counter as u8; UPDATE]),
    }
}

/// Entries of one document, written by this many people in turn.
fn run(writers: u64) -> Frame {
    let entry = |seq: u64| {
        let who = [(seq % writers) as u8; 16];
        let author = Author {
            person: PersonId::from_bytes(who),
            device: DeviceId::from_bytes(who),
            replica: ReplicaId::from_bytes(who),
        };
        let draft = item(seq / writers).into_draft(author);
        Entry { epoch: Epoch::from_bytes([2; 16]), seq, at: 1_800_000_000_000, seal: Seal([7; 16]), draft }
    };
    Frame::Entries(vec![Stretch::Run((1..=ENTRIES).map(entry).collect())])
}

/// Returns the nanoseconds that the median round takes for each entry.
fn time(mut round: impl FnMut()) -> f64 {
    median((0..ROUNDS).map(|_| {
        let start = Instant::now();
        round();
        start.elapsed().as_secs_f64() * 1e9 / ENTRIES as f64
    }))
}

fn main() {
    let push = Frame::Push(Push { trace: 1, items: (1..=ENTRIES).map(item).collect() });
    let cases = [
        ("an entry, ten writers in turn: encoded and decoded", run(10), Side::Relay),
        ("a pushed edit: encoded and decoded", push, Side::Replica),
    ];
    for (what, frame, from) in cases {
        let message = encode(&frame);
        let ours = time(|| {
            drop(black_box(encode(black_box(&frame))));
            drop(black_box(decode(black_box(message.clone()), from)));
        });
        Figure { group: "protocol", what, unit: "ns", ours }.at_most(1_000.0);
    }
}
