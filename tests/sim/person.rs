//! A person at a replica: a disk, and while the program runs a session and the documents in memory.

use std::collections::BTreeMap;

use bytes::Bytes;
use sheaf_client::session::{Session, Setup, Status};
use sheaf_document::Document;
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::update::{DocState, Limits};
use sheaf_protocol::entry::Millis;
use sheaf_protocol::negotiate::Offer;

use crate::chance::Chance;
use crate::disk::Disk;

/// The workspace of every story.
pub const WORKSPACE: WorkspaceId = WorkspaceId::from_bytes([9; 16]);

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
    /// Bytes that stood in the outbox at each welcome: each of these may be pushed again.
    pub allowed: usize,
}

/// The program while it runs.
pub struct Program {
    pub session: Session,
    pub status: Option<Status>,
    /// When the store is free again: it does one thing after the other.
    pub store_free: Millis,
    documents: BTreeMap<DocumentId, Copy>,
}

/// A document in memory.
struct Copy {
    state: DocState,
    document: Document,
}

impl Copy {
    fn new(client: u64) -> Self {
        Self { state: DocState::new([3; 16]), document: Document::new(client) }
    }

    fn take(&mut self, bytes: &[u8]) {
        let admitted =
            self.state.admit(bytes, &Limits::SNAPSHOT).expect("the relay passes on only what is sound");
        self.document.apply(&admitted).expect("what was admitted can be applied");
    }
}

impl Person {
    pub fn new(name: &str, disk: Disk) -> Self {
        let name = name.to_owned();
        Self { name, disk, life: 0, program: None, written: 0, pushed: 0, allowed: 0 }
    }

    /// Starts the program from what the disk holds.
    pub fn start(&mut self, chance: &mut Chance) {
        self.life += 1;
        let setup = Setup {
            workspace: WORKSPACE,
            replica: self.disk.author.replica,
            epoch: self.disk.epoch,
            cursor: self.disk.cursor,
            offer: Offer::ours((1, 1)),
            seed: chance.any(),
        };
        let session = Session::new(setup);
        self.program = Some(Program { session, status: None, store_free: 0, documents: BTreeMap::new() });
    }

    /// Kills the program.
    pub fn crash(&mut self) {
        self.life += 1;
        self.program = None;
    }

    /// Shows a document that is open what has just been stored.
    pub fn show(&mut self, fresh: &[(DocumentId, Bytes)]) {
        let Some(program) = &mut self.program else { return };
        for (document, bytes) in fresh {
            if let Some(copy) = program.documents.get_mut(document) {
                copy.take(bytes);
            }
        }
    }

    /// Writes or deletes a little, somewhere; returns the update that was saved.
    pub fn write(&mut self, document: DocumentId, chance: &mut Chance) -> Option<Bytes> {
        let program = self.program.as_mut()?;
        let lines = self.disk.lines.iter().filter(|line| line.document == document);
        let copy = program.documents.entry(document).or_insert_with(|| {
            // Fresh for each process and document, and never from disk.
            let mut copy = Copy::new(chance.any() >> 11);
            lines.for_each(|line| copy.take(&line.bytes));
            copy
        });
        let mut title: Vec<char> = copy.document.title().chars().collect();
        let at = chance.between(0, title.len() as u64 + 1) as usize;
        if !title.is_empty() && chance.percent(25) {
            title.remove(at.min(title.len() - 1));
        } else {
            let letter = char::from(b'a' + chance.between(0, 26) as u8);
            title.insert(at, letter);
        }
        let bytes = Bytes::from(copy.document.set_title(&title.into_iter().collect::<String>()));
        copy.state.admit(&bytes, &Limits::LIVE).expect("what the editor writes is sound");
        self.written += bytes.len();
        self.disk.commit_local(document, bytes.clone());
        Some(bytes)
    }

    /// Returns the document's text as the disk holds it.
    pub fn text(&self, document: DocumentId) -> String {
        read(self.disk.lines.iter().filter(|line| line.document == document).map(|line| &line.bytes))
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
    copy.document.title()
}
