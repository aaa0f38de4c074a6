//! Any frame at all, for property tests. Ids come from a small set, so that headings repeat.

use bytes::Bytes;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};

use crate::entry::{Author, Draft, Entry, Flags, Kind, Origin, Seal};
use crate::frame::*;
use crate::limits;
use crate::problem::Code;
use crate::secret::Secret;

fn id() -> impl Strategy<Value = [u8; 16]> {
    (0..3u8).prop_map(|which| [which; 16])
}

fn document() -> impl Strategy<Value = DocumentId> {
    id().prop_map(DocumentId::from_bytes)
}

fn content() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..60).prop_map(Bytes::from)
}

fn matter() -> impl Strategy<Value = (Kind, Origin, Flags, u32)> {
    (1..3u8, 0..2u8, 0..4u8, prop_oneof![Just(0), any::<u32>()])
        .prop_map(|(kind, origin, flags, key_id)| (Kind(kind), Origin(origin), Flags(flags), key_id))
}

fn counter() -> impl Strategy<Value = u64> {
    0..=limits::COUNTER
}

/// Any entry.
pub(super) fn entry() -> impl Strategy<Value = Entry> {
    let author = (id(), id(), id()).prop_map(|(person, device, replica)| Author {
        person: PersonId::from_bytes(person),
        device: DeviceId::from_bytes(device),
        replica: ReplicaId::from_bytes(replica),
    });
    let log = (id(), 0..u64::MAX, any::<u64>(), any::<[u8; 16]>());
    (log, matter(), document(), author, counter(), content()).prop_map(
        |((epoch, seq, at, seal), (kind, origin, flags, key_id), document, author, counter, bytes)| {
            let hash = ContentHash::of(&bytes);
            let draft = Draft { kind, document, author, counter, hash, origin, flags, key_id, bytes };
            Entry { epoch: Epoch::from_bytes(epoch), seq, at, seal: Seal(seal), draft }
        },
    )
}

fn stretch() -> impl Strategy<Value = Stretch> {
    let run = (0..1u64 << 50, vec(entry(), 0..8)).prop_map(|(first, mut entries)| {
        for (entry, seq) in entries.iter_mut().zip(first..) {
            entry.seq = seq;
        }
        Stretch::Run(entries)
    });
    prop_oneof![run, any::<(u64, u64)>().prop_map(|(first, count)| Stretch::Skip(first, count))]
}

fn item() -> impl Strategy<Value = PushItem> {
    (matter(), document(), counter(), content()).prop_map(
        |((kind, origin, flags, key_id), document, counter, bytes)| PushItem {
            kind,
            document,
            counter,
            origin,
            flags,
            key_id,
            bytes,
        },
    )
}

fn code() -> impl Strategy<Value = Code> {
    any::<u16>().prop_map(Code)
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        (counter(), any::<[u8; 32]>(), any::<u64>(), any::<u64>(), any::<[u8; 16]>()).prop_map(
            |(counter, hash, seq, at, seal)| {
                Answer::Ack(Ack { counter, hash: ContentHash::from_bytes(hash), seq, at, seal: Seal(seal) })
            }
        ),
        (counter(), document(), content()).prop_map(|(counter, document, have)| Answer::Missing {
            counter,
            document,
            have
        }),
        (counter(), any::<[u8; 32]>())
            .prop_map(|(counter, hash)| Answer::Forked { counter, holds: ContentHash::from_bytes(hash) }),
        (counter(), document(), code(), "\\PC{0,40}")
            .prop_map(|(counter, document, code, detail)| Answer::Never { counter, document, code, detail }),
    ]
}

fn hello() -> impl Strategy<Value = Hello> {
    let offer = (any::<(u16, u16)>(), any::<u64>(), any::<(u16, u16)>());
    (offer, of("\\PC{0,40}"), id(), id(), of(id()), any::<u64>(), any::<u64>()).prop_map(
        |((versions, features, schemas), token, workspace, replica, epoch, cursor, trace)| Hello {
            versions,
            features,
            schemas,
            token: token.map(Secret::new),
            workspace: WorkspaceId::from_bytes(workspace),
            replica: ReplicaId::from_bytes(replica),
            epoch: epoch.map(Epoch::from_bytes),
            cursor,
            trace,
        },
    )
}

fn welcome() -> impl Strategy<Value = Welcome> {
    let lineage = vec((id().prop_map(Epoch::from_bytes), any::<u64>()), 0..64);
    let offer = (any::<u16>(), any::<u64>(), any::<(u16, u16)>());
    (offer, id(), lineage, any::<u64>(), id(), id(), any::<u64>()).prop_map(
        |((version, features, schemas), epoch, lineage, head, person, device, at)| Welcome {
            version,
            features,
            schemas,
            epoch: Epoch::from_bytes(epoch),
            lineage,
            head,
            person: PersonId::from_bytes(person),
            device: DeviceId::from_bytes(device),
            at,
        },
    )
}

fn page() -> impl Strategy<Value = Page> {
    let snapshot = (document(), any::<(u64, u64)>(), content())
        .prop_map(|(document, (through, at), bytes)| Snapshot { document, through, at, bytes });
    (of(document()), vec(snapshot, 0..4), vec(stretch(), 0..6), any::<(u64, u64)>(), any::<bool>()).prop_map(
        |(backfill, snapshots, stretches, (through, head), more)| Page {
            backfill,
            snapshots,
            stretches,
            through,
            more,
            head,
        },
    )
}

fn present() -> impl Strategy<Value = Present> {
    let here =
        (any::<u64>(), id(), "\\PC{0,40}", of(content())).prop_map(|(session, person, name, caret)| Here {
            session,
            person: PersonId::from_bytes(person),
            name,
            caret,
        });
    (of(document()), vec(here, 0..5)).prop_map(|(document, people)| Present { document, people })
}

/// Any frame that this version knows, and the side that sends it is for the test to find.
pub(super) fn frame() -> impl Strategy<Value = Frame> {
    prop_oneof![
        hello().prop_map(Frame::Hello),
        welcome().prop_map(Frame::Welcome),
        (any::<u64>(), vec(item(), 0..12)).prop_map(|(trace, items)| Frame::Push(Push { trace, items })),
        vec(answer(), 0..12).prop_map(Frame::Answers),
        vec(stretch(), 0..8).prop_map(Frame::Entries),
        (any::<u64>(), vec((document(), any::<u64>()), 0..4), vec(document(), 0..4))
            .prop_map(|(since, held, first)| Frame::CatchUp(CatchUp { since, held, first })),
        Just(Frame::More),
        page().prop_map(Frame::Page),
        document().prop_map(Frame::Backfill),
        vec(entry(), 0..8).prop_map(Frame::BringBack),
        vec(document(), 0..8).prop_map(Frame::Open),
        (of(document()), content(), counter())
            .prop_map(|(document, caret, after)| Frame::Presence(Presence { document, caret, after })),
        present().prop_map(Frame::Present),
        (code(), of(any::<u32>()))
            .prop_map(|(code, again_after_ms)| Frame::Goodbye(Goodbye { code, again_after_ms })),
        (0x40..0xf0u8).prop_map(Frame::Unknown),
    ]
}
