//! An entry: one line of a workspace's log, with the header that it keeps for ever.

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};

/// The number of an entry in its log: from 1, without gaps. 0 means "nothing yet".
pub type Seq = u64;
/// The number that a replica gives to what it writes: from 1, rising.
pub type Counter = u64;
/// Milliseconds since 1970.
pub type Millis = u64;

/// What an entry's bytes are. Unknown kinds are stored, passed on and skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind(pub u8);

impl Kind {
    /// A Yjs update, v1.
    pub const UPDATE: Self = Self(1);
    /// A record.
    pub const RECORD: Self = Self(2);
}

/// How the bytes came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(pub u8);

impl Origin {
    /// A person typed it.
    pub const TYPED: Self = Self(0);
    /// It was imported from a file.
    pub const IMPORTED: Self = Self(1);
    /// It brings an earlier moment back.
    pub const RESTORED: Self = Self(2);
    /// A program wrote it.
    pub const API: Self = Self(3);
}

/// How the bytes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Flags(pub u8);

impl Flags {
    /// The bytes are compressed (zstd).
    pub const COMPRESSED: u8 = 1;
    /// The bytes are encrypted under the header's key id.
    pub const ENCRYPTED: u8 = 2;
}

/// Who wrote, on what, in which copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Author {
    /// The person, as the relay knows them.
    pub person: PersonId,
    /// The device.
    pub device: DeviceId,
    /// The replica on that device.
    pub replica: ReplicaId,
}

/// The relay's keyed hash over an entry: whoever holds the entry can bring it back to a relay that forgot it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Seal(pub [u8; 16]);

/// An entry before it has a number: as a replica writes it and a relay receives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What the bytes are.
    pub kind: Kind,
    /// The document it belongs to.
    pub document: DocumentId,
    /// Who wrote it.
    pub author: Author,
    /// Its name within the replica, together with the hash.
    pub counter: Counter,
    /// The hash of `bytes`.
    pub hash: ContentHash,
    /// How it came to be.
    pub origin: Origin,
    /// How the bytes are kept.
    pub flags: Flags,
    /// The key the bytes are encrypted under, 0 for none.
    pub key_id: u32,
    /// The update or record.
    pub bytes: Bytes,
}

/// An entry as the log holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The log's life that numbered it.
    pub epoch: Epoch,
    /// Its number.
    pub seq: Seq,
    /// The relay's clock when it was committed.
    pub at: Millis,
    /// The relay's keyed hash over everything but epoch and number.
    pub seal: Seal,
    /// The rest of the header, and the bytes.
    pub draft: Draft,
}

/// The relay's secret for sealing, kept apart from its database.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl SealKey {
    /// Returns the key with these bytes.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the seal of a draft that this workspace's log accepted at this time.
    ///
    /// The number and the epoch are left out on purpose: a restored relay numbers the entry anew.
    pub fn seal(&self, workspace: WorkspaceId, at: Millis, draft: &Draft) -> Seal {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(workspace.as_bytes());
        hasher.update(&at.to_le_bytes());
        hasher.update(&[draft.kind.0, draft.origin.0, draft.flags.0]);
        hasher.update(&draft.key_id.to_le_bytes());
        hasher.update(draft.document.as_bytes());
        hasher.update(draft.author.person.as_bytes());
        hasher.update(draft.author.device.as_bytes());
        hasher.update(draft.author.replica.as_bytes());
        hasher.update(&draft.counter.to_le_bytes());
        hasher.update(draft.hash.as_bytes());
        let mut seal = [0; 16];
        hasher.finalize_xof().fill(&mut seal);
        Seal(seal)
    }

    /// Says whether this workspace's log once accepted this entry, bytes included, in constant time.
    pub fn opens(&self, workspace: WorkspaceId, entry: &Entry) -> bool {
        if ContentHash::of(&entry.draft.bytes) != entry.draft.hash {
            return false;
        }
        let expected = self.seal(workspace, entry.at, &entry.draft);
        let differs = expected.0.iter().zip(entry.seal.0).fold(0, |all, (a, b)| all | (a ^ b));
        differs == 0
    }
}

#[cfg(test)]
mod tests;
