//! People, their devices and what they write. Bytes stand for updates: the store never looks into them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Draft, Entry, Flags, Kind, Origin, Seal, Seq};
use sheaf_protocol::frame::Ack;
use sheaf_protocol::record::{self, Decoded, Order, PlaceWrite, Record, Records};
use sheaf_store::{
    Access, Budget, Identity, Level, LocalRecord, LocalWrite, Options, RemoteBatch, Store, StoreError,
    Written,
};
use tempfile::TempDir;

/// The relay's log in its first life, and after a restore.
pub const FIRST: Epoch = Epoch::from_bytes([0xe1; 16]);
pub const SECOND: Epoch = Epoch::from_bytes([0xe2; 16]);

/// Imke's workspace.
pub const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([0xaa; 16]);

/// Reads everything there is.
pub const ALL: Budget = Budget { bytes: usize::MAX, rows: usize::MAX };

/// The first three documents.
pub const MINUTES: DocumentId = DocumentId::from_bytes([0xd1; 16]);
pub const RECIPES: DocumentId = DocumentId::from_bytes([0xd2; 16]);
pub const LETTERS: DocumentId = DocumentId::from_bytes([0xd3; 16]);

pub fn person(number: u8) -> Author {
    Author {
        person: PersonId::from_bytes([number; 16]),
        device: DeviceId::from_bytes([number + 0x40; 16]),
        replica: ReplicaId::from_bytes([number + 0x80; 16]),
    }
}

/// Whose replica the stories are about.
pub fn imke() -> Author {
    person(1)
}

/// A colleague, whose entries come from the relay.
pub fn tomas() -> Author {
    person(2)
}

/// One person's disk.
pub struct Disk {
    pub folder: TempDir,
}

impl Disk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("workspace.sheaf")
    }

    /// Returns what a person took out of a document: no call gives it out, and all of it is in the log.
    pub fn set_aside(&self, document: DocumentId) -> Vec<String> {
        let file = rusqlite::Connection::open(self.path()).unwrap();
        let aside = "SELECT bytes FROM log WHERE state = 2 AND document = (SELECT id FROM document WHERE document = ?1)
                     ORDER BY id";
        let mut statement = file.prepare(aside).unwrap();
        let rows = statement.query_map([document.as_bytes()], |row| row.get::<_, Vec<u8>>(0)).unwrap();
        rows.map(|bytes| text(&bytes.unwrap())).collect()
    }

    /// Founds Imke's replica.
    pub fn create(&self) -> Store {
        let identity = Identity { workspace: WORKSPACE, author: imke() };
        Store::create(&self.path(), None, identity).unwrap()
    }

    pub fn open(&self, access: Access) -> Result<Store, StoreError> {
        Store::open(&self.path(), Options { key: None, access })
    }

    pub fn write(&self) -> Store {
        self.open(Access::Write).unwrap()
    }
}

pub fn typed(document: DocumentId, at: u64, text: &str) -> LocalWrite {
    LocalWrite { document, origin: Origin::TYPED, at, bytes: Bytes::copy_from_slice(text.as_bytes()) }
}

/// Where the log keeps the records of Imke's workspace.
pub fn stream() -> DocumentId {
    record::stream(WORKSPACE)
}

pub fn drafted(record: Record) -> LocalRecord {
    LocalRecord { record, origin: Origin::TYPED, at: 1 }
}

/// An entry as the relay sends it.
pub fn entry(seq: Seq, author: Author, counter: u64, document: DocumentId, text: &str) -> Entry {
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    Entry {
        epoch: FIRST,
        seq,
        at: 5_000 + seq,
        seal: Seal([seq as u8; 16]),
        draft: Draft {
            kind: Kind::UPDATE,
            document,
            author,
            counter,
            hash: ContentHash::of(&bytes),
            origin: Origin::TYPED,
            flags: Flags::default(),
            key_id: 0,
            bytes,
        },
    }
}

pub fn ack(seq: Seq, written: Written) -> Ack {
    Ack { counter: written.counter, hash: written.hash, seq, at: 5_000 + seq, seal: Seal([seq as u8; 16]) }
}

/// Entries, and the cursor after the last of them.
pub fn page(entries: Vec<Entry>) -> RemoteBatch {
    let cursor = entries.last().map(|it| it.seq);
    RemoteBatch { entries, snapshots: Vec::new(), cursor, epoch: FIRST }
}

/// The updates of a document, as text.
pub fn texts(store: &Store, document: DocumentId) -> Vec<String> {
    store.updates(document).unwrap().list.iter().map(|it| text(it)).collect()
}

/// What waits in the outbox, as text.
pub fn waiting(store: &Store) -> Vec<String> {
    store.outbox(0, ALL).unwrap().iter().map(words).collect()
}

/// What somebody wrote, in words: of a record what it says.
pub fn words(draft: &Draft) -> String {
    match draft.kind {
        Kind::RECORD => format!("{:?}", recorded(&draft.bytes)),
        _ => text(&draft.bytes),
    }
}

pub fn recorded(bytes: &Bytes) -> Record {
    match Record::decode(bytes).unwrap() {
        Decoded::Known(record) => record,
        later => panic!("nobody here writes what a later version knows: {later:?}"),
    }
}

/// A record as the relay sends it.
pub fn record_entry(seq: Seq, author: Author, counter: u64, record: &Record) -> Entry {
    let mut sent = entry(seq, author, counter, stream(), "");
    (sent.draft.kind, sent.draft.bytes) = (Kind::RECORD, record.encode());
    sent.draft.hash = ContentHash::of(&sent.draft.bytes);
    sent
}

/// Puts a document under another, or at the top.
pub fn placed(document: DocumentId, parent: Option<DocumentId>, order: u8) -> Record {
    Record::Place(PlaceWrite::at(document, parent, Order::from_bytes(&[order]).unwrap()))
}

/// Holds the tree against the log: no place without the entries that say it, and no entry whose place is not there.
pub fn assert_the_tree_is_its_log(store: &Store) {
    let mut records = Records::default();
    for entry in store.numbered_after(FIRST, 0, ALL).unwrap() {
        if entry.draft.kind == Kind::RECORD {
            records.apply(entry.draft.author.person, &recorded(&entry.draft.bytes));
        }
    }
    for draft in store.outbox(0, ALL).unwrap().iter().filter(|draft| draft.kind == Kind::RECORD) {
        let (by, record) = (draft.author.person, recorded(&draft.bytes));
        if records.check(by, &record).is_ok() {
            records.apply(by, &record);
        }
    }
    let said: BTreeMap<_, _> = records
        .rows()
        .filter_map(|(_, record)| match record {
            Record::Place(PlaceWrite { document, position: Some(position), .. }) => {
                Some((document, (position.parent, position.order.as_bytes().to_vec())))
            }
            _ => None,
        })
        .collect();
    let (mut shown, mut left) = (BTreeMap::new(), store.level(Level::Under(None), None, usize::MAX).unwrap());
    while let Some(row) = left.pop() {
        left.extend(store.level(Level::Under(Some(row.id)), None, usize::MAX).unwrap());
        shown.insert(row.id, (row.parent, row.order));
    }
    assert_eq!(shown, said, "the tree is what the log says");
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Chance from a seed (SplitMix64: Steele, Lea and Flood, 2014), so that a run can be had again.
pub struct Chance(pub u64);

impl Chance {
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }
}
