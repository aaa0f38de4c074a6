//! A person at a replica: a disk, and while the program runs a session and the documents in memory.

use std::collections::BTreeMap;

use bytes::Bytes;
use sheaf_client::session::{Session, Setup, Status};
use sheaf_document::Document;
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::tree::{Element, Node};
use sheaf_document::update::{DocState, Limits, StateVector};
use sheaf_protocol::entry::{Kind, Millis};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::record;

use crate::chance::Chance;
use crate::disk::Disk;
use crate::eyes::Eyes;

/// The workspace of every story.
pub const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([9; 16]);
/// Its records.
pub const STREAM: DocumentId = record::stream(WORKSPACE);

/// Someone who writes.
pub struct Person {
    pub name: String,
    pub disk: Disk,
    /// Counts the program's starts: what an earlier one asked for does not reach a later one.
    pub life: u64,
    pub program: Option<Program>,
    /// Bytes of what was written here.
    pub written: usize,
    /// Bytes that were pushed.
    pub pushed: usize,
    /// Bytes that stood in the outbox at each welcome behind a mishap: each of these may be pushed again.
    pub allowed: usize,
    /// How many mishaps there had been at the last welcome.
    pub mishaps: u64,
}

/// The program while it runs.
pub struct Program {
    pub session: Session,
    pub status: Option<Status>,
    /// When the store is free again: it does one thing after the other.
    pub store_free: Millis,
    pub eyes: Eyes,
    documents: BTreeMap<DocumentId, Copy>,
}

/// A document in memory.
pub struct Copy {
    state: DocState,
    document: Document,
    /// What came before that on which it builds, as it may where the disk lost something.
    early: Vec<Bytes>,
}

impl Copy {
    fn new(client: u64) -> Self {
        Self { state: DocState::new([3; 16]), document: Document::new(client), early: vec![] }
    }

    /// Returns a reader's copy of these updates.
    pub fn of(updates: &[Bytes]) -> Self {
        let mut copy = Self::new(1);
        updates.iter().for_each(|bytes| copy.take(bytes));
        copy
    }

    /// Says whether another copy shows the same, and all of it.
    pub fn is_same(&self, other: &Self) -> bool {
        let is_whole = self.early.is_empty() && other.early.is_empty();
        is_whole
            && self.reaches() == other.reaches()
            && self.document.tree() == other.document.tree()
            && self.document.title() == other.document.title()
    }

    fn take(&mut self, bytes: &Bytes) {
        let Self { state, document, early } = self;
        early.push(bytes.clone());
        loop {
            let before = early.len();
            early.retain(|update| {
                let Ok(admitted) = state.admit(update, &Limits::SNAPSHOT) else { return true };
                document.apply(&admitted).expect("what was admitted can be applied");
                false
            });
            if early.is_empty() || early.len() == before {
                return;
            }
        }
    }

    /// Admits what this copy's own editor wrote.
    fn wrote(&mut self, bytes: Vec<u8>) -> Bytes {
        self.state.admit(&bytes, &Limits::BULK).expect("what the editor writes is sound");
        bytes.into()
    }

    /// Returns how far the copy goes.
    pub fn reaches(&self) -> StateVector {
        self.state.state_vector()
    }

    fn text(&self) -> String {
        [self.document.title(), self.document.text()].join("\n")
    }
}

impl Program {
    /// Opens a document, if it is not open.
    pub fn open(&mut self, document: DocumentId, disk: &Disk, chance: &mut Chance) -> &mut Copy {
        self.documents.entry(document).or_insert_with(|| {
            // Fresh for each process and document, and never from disk.
            let mut copy = Copy::new(chance.any() >> 11);
            disk.updates(document).for_each(|bytes| copy.take(bytes));
            copy
        })
    }

    /// Returns a document that is open.
    pub fn opened(&self, document: DocumentId) -> Option<&Copy> {
        self.documents.get(&document)
    }
}

impl Person {
    pub fn new(name: &str, disk: Disk) -> Self {
        let name = name.to_owned();
        Self { name, disk, life: 0, program: None, written: 0, pushed: 0, allowed: 0, mishaps: 0 }
    }

    /// Starts the program from what the disk holds.
    pub fn start(&mut self, chance: &mut Chance) {
        self.life += 1;
        let setup = Setup {
            workspace: WORKSPACE,
            replica: self.disk.author.replica,
            epoch: self.disk.epoch,
            cursor: self.disk.cursor,
            reach: self.disk.reach(),
            stuck: self.disk.stuck.clone(),
            offer: Offer::ours((1, 1)),
            seed: chance.any(),
        };
        let session = Session::new(setup);
        let (eyes, documents) = (Eyes::default(), BTreeMap::new());
        self.program = Some(Program { session, status: None, store_free: 0, eyes, documents });
    }

    /// Kills the program.
    pub fn crash(&mut self) {
        self.life += 1;
        self.program = None;
    }

    /// Shows a document that is open what has just been stored.
    pub fn show(&mut self, fresh: &[(DocumentId, Bytes)]) {
        let Some(program) = &mut self.program else { return };
        let damaged = self.disk.damaged();
        for (document, bytes) in fresh {
            if let Some(copy) = program.documents.get_mut(document) {
                copy.take(bytes);
                let is_in_order = copy.early.is_empty() || damaged.contains(document);
                assert!(is_in_order, "what builds on something never arrives before it: {document}");
            }
        }
    }

    /// Writes or deletes a little, somewhere; returns the update that was saved.
    pub fn write(&mut self, document: DocumentId, chance: &mut Chance) -> Option<Bytes> {
        let copy = self.program.as_mut()?.open(document, &self.disk, chance);
        let mut title: Vec<char> = copy.document.title().chars().collect();
        let at = chance.between(0, title.len() as u64 + 1) as usize;
        if !title.is_empty() && chance.percent(25) {
            title.remove(at.min(title.len() - 1));
        } else {
            let letter = char::from(b'a' + chance.between(0, 26) as u8);
            title.insert(at, letter);
        }
        let update = copy.document.set_title(&title.into_iter().collect::<String>());
        let bytes = copy.wrote(update);
        Some(self.keep(Kind::UPDATE, document, bytes))
    }

    /// Pastes a long paragraph; returns the update that was saved.
    pub fn paste(&mut self, document: DocumentId, len: usize, chance: &mut Chance) -> Option<Bytes> {
        let copy = self.program.as_mut()?.open(document, &self.disk, chance);
        let paragraph = Element::new("paragraph").containing([Node::text("word ".repeat(len / 5))]);
        let update = copy.document.append(&[paragraph.into()]);
        let bytes = copy.wrote(update);
        Some(self.keep(Kind::UPDATE, document, bytes))
    }

    /// Keeps an update or a record of this replica's own.
    pub fn keep(&mut self, kind: Kind, document: DocumentId, bytes: Bytes) -> Bytes {
        self.written += bytes.len();
        self.disk.commit_local(kind, document, bytes.clone());
        bytes
    }

    /// Returns the document's text as the disk holds it.
    pub fn text(&self, document: DocumentId) -> String {
        read(self.disk.updates(document))
    }

    /// Returns how many bytes wait in the outbox.
    pub fn waiting(&self) -> usize {
        self.disk.outbox.iter().map(|place| self.disk.lines[*place].bytes.len()).sum()
    }
}

/// Returns the text of a document that these updates make.
pub fn read<'a>(updates: impl Iterator<Item = &'a Bytes>) -> String {
    let mut copy = Copy::new(1);
    updates.for_each(|bytes| copy.take(bytes));
    assert!(copy.early.is_empty(), "all that it builds on is there");
    copy.text()
}
