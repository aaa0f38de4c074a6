//! Nanoseconds per entry to encode and decode what the relay's hot path carries: `cargo bench -p sheaf-protocol`.
//!
//! A ratio beside copying the same bytes is printed too, because times alone say little on a busy machine.
#![expect(clippy::print_stdout, reason = "a bench's table is its result")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use sheaf_document::ids::{DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_protocol::codec::{Side, decode, encode};
use sheaf_protocol::entry::{Author, Entry, Flags, Kind, Origin, Seal};
use sheaf_protocol::frame::{Frame, Push, PushItem, Stretch};

const ENTRIES: u64 = 1_000;
const UPDATE: usize = 24;
const ROUNDS: u32 = 2_000;

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

/// Returns the median time of a round.
fn time(mut round: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            round();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn main() {
    let push = Frame::Push(Push { trace: 1, items: (1..=ENTRIES).map(item).collect() });
    let cases = [
        ("entries, one writer", run(1), Side::Relay),
        ("entries, ten in turn", run(10), Side::Relay),
        ("entries, a hundred in turn", run(100), Side::Relay),
        ("push", push, Side::Replica),
    ];
    println!(
        "| frame of {ENTRIES} x {UPDATE} bytes | bytes/entry | encode ns/entry | decode ns/entry | copy ns/entry |"
    );
    println!("| --- | --- | --- | --- | --- |");
    let per_entry = |time: Duration| time.as_nanos() as f64 / ENTRIES as f64;
    for (name, frame, from) in cases {
        let message = encode(&frame);
        let encoding = time(|| drop(black_box(encode(black_box(&frame)))));
        let decoding = time(|| drop(black_box(decode(black_box(message.clone()), from))));
        let copying = time(|| drop(black_box(Bytes::copy_from_slice(black_box(&message)))));
        println!(
            "| {name} | {:.1} | {:.1} | {:.1} | {:.2} |",
            message.len() as f64 / ENTRIES as f64,
            per_entry(encoding),
            per_entry(decoding),
            per_entry(copying)
        );
    }
}
