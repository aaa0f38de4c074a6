//! What a seal covers: change anything in a sealed entry's header or bytes and the relay does not know it any more.

use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};

use super::*;

fn workspace() -> WorkspaceId {
    WorkspaceId::from_bytes([1; 16])
}

fn sealed(key: &SealKey) -> Entry {
    let bytes = Bytes::from_static(b"Imke's words");
    let draft = Draft {
        kind: Kind::UPDATE,
        document: DocumentId::from_bytes([2; 16]),
        author: Author {
            person: PersonId::from_bytes([3; 16]),
            device: DeviceId::from_bytes([4; 16]),
            replica: ReplicaId::from_bytes([5; 16]),
        },
        counter: 7,
        hash: ContentHash::of(&bytes),
        origin: Origin::TYPED,
        flags: Flags::default(),
        key_id: 0,
        bytes,
    };
    let at = 1_800_000_000_000;
    Entry { epoch: Epoch::from_bytes([6; 16]), seq: 40, at, seal: key.seal(workspace(), at, &draft), draft }
}

#[test]
fn a_sealed_entry_opens_under_another_number_and_epoch() {
    let key = SealKey::new([9; 32]);
    let mut entry = sealed(&key);
    assert!(key.opens(workspace(), &entry), "the relay knows its own seal");
    entry.seq = 12;
    entry.epoch = Epoch::from_bytes([7; 16]);
    assert!(
        key.opens(workspace(), &entry),
        "a restored relay numbers the entry anew, so the seal leaves both out"
    );
}

#[test]
fn a_forged_entry_does_not_open() {
    let key = SealKey::new([9; 32]);
    type Forge = fn(&mut Entry);
    let forgeries: [(&str, Forge); 12] = [
        ("kind", |e| e.draft.kind = Kind::RECORD),
        ("document", |e| e.draft.document = DocumentId::from_bytes([8; 16])),
        ("person", |e| e.draft.author.person = PersonId::from_bytes([8; 16])),
        ("device", |e| e.draft.author.device = DeviceId::from_bytes([8; 16])),
        ("replica", |e| e.draft.author.replica = ReplicaId::from_bytes([8; 16])),
        ("counter", |e| e.draft.counter += 1),
        ("hash", |e| e.draft.hash = ContentHash::of(b"other words")),
        ("origin", |e| e.draft.origin = Origin::API),
        ("flags", |e| e.draft.flags = Flags(Flags::ENCRYPTED)),
        ("key id", |e| e.draft.key_id = 1),
        ("time", |e| e.at += 1),
        ("bytes", |e| e.draft.bytes = Bytes::from_static(b"Tom\xc3\xa1s's words")),
    ];
    for (what, forge) in forgeries {
        let mut entry = sealed(&key);
        forge(&mut entry);
        assert!(!key.opens(workspace(), &entry), "an entry with another {what} was never accepted");
    }
}

#[test]
fn a_seal_is_worth_nothing_in_another_workspace_or_under_another_key() {
    let key = SealKey::new([9; 32]);
    let entry = sealed(&key);
    assert!(!key.opens(WorkspaceId::from_bytes([2; 16]), &entry), "entries do not wander between workspaces");
    assert!(!SealKey::new([8; 32]).opens(workspace(), &entry), "another relay's seal is not ours");
}
