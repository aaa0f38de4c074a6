//! A replica's disk as a model: each method is one transaction, and what a method has done survives every crash.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use sheaf_client::session::{Batch, Row};
use sheaf_document::ids::{ContentHash, DocumentId, Epoch, ReplicaId};
use sheaf_document::update::{DocState, Limits, StateVector};
use sheaf_protocol::entry::{Author, Counter, Draft, Entry, Flags, Kind, Millis, Origin, Seal, Seq};
use sheaf_protocol::frame::Ack;
use sheaf_protocol::problem::Code;

/// What names an entry.
pub type Name = (ReplicaId, Counter, ContentHash);

/// A replica's log, outbox and cursor.
#[derive(Clone)]
pub struct Disk {
    pub author: Author,
    pub epoch: Option<Epoch>,
    pub cursor: Seq,
    /// The lives of the log that it met, in order.
    epochs: Vec<Epoch>,
    next_counter: Counter,
    /// Everything that was ever stored, in order.
    pub lines: Vec<Line>,
    names: BTreeMap<Name, usize>,
    /// Lines that the relay has not acknowledged.
    pub outbox: BTreeSet<usize>,
    pub stuck: BTreeSet<DocumentId>,
    /// Records in the outbox that the relay will not take, and why.
    pub refused: BTreeMap<usize, Code>,
    /// The lives of the log that it followed, in order.
    lives: Vec<Epoch>,
}

/// Something that was stored.
#[derive(Clone)]
pub struct Line {
    pub document: DocumentId,
    pub bytes: Bytes,
    /// `None` for a snapshot.
    pub entry: Option<Held>,
    /// For a snapshot: the life of the log that it is of, and the number that it goes through.
    folded: Option<(Epoch, Seq)>,
    /// Which of the lives that it followed told of it last, and under which number.
    pub told: Option<(usize, Seq)>,
    fate: Fate,
}

/// What became of a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is there.
    Whole,
    /// It cannot be read any more.
    Damaged,
    /// A line of this replica's own says what it said.
    Unfolded,
}

/// An entry as this replica knows it.
#[derive(Clone)]
pub struct Held {
    pub draft: Draft,
    /// What the relay said of it.
    taken: Option<Taken>,
}

/// What a relay says of an entry that it took.
#[derive(Clone, Copy)]
struct Taken {
    /// The life of the log that numbered it. Another life may have kept it, or not: that is the relay's to tell.
    epoch: Epoch,
    seq: Seq,
    at: Millis,
    seal: Seal,
}

impl Disk {
    pub fn new(author: Author) -> Self {
        let (lines, names, outbox, stuck) = <(Vec<_>, BTreeMap<_, _>, BTreeSet<_>, BTreeSet<_>)>::default();
        let (refused, epochs, lives) = (BTreeMap::new(), Vec::new(), Vec::new());
        let (epoch, cursor, next_counter) = (None, 0, 1);
        Self { author, epoch, cursor, epochs, next_counter, lines, names, outbox, stuck, refused, lives }
    }

    /// Keeps what a person wrote.
    pub fn commit_local(&mut self, kind: Kind, document: DocumentId, bytes: Bytes) -> Counter {
        let (author, counter, hash) = (self.author, self.next_counter, ContentHash::of(&bytes));
        self.next_counter += 1;
        let (origin, flags) = (Origin::TYPED, Flags::default());
        let draft =
            Draft { kind, document, author, counter, hash, origin, flags, key_id: 0, bytes: bytes.clone() };
        let place = self.lines.len();
        self.names.insert((author.replica, counter, hash), place);
        self.outbox.insert(place);
        let entry = Some(Held { draft, taken: None });
        self.lines.push(Line { document, bytes, entry, folded: None, told: None, fate: Fate::Whole });
        counter
    }

    /// Keeps what the relay sent; returns what is new here, in order.
    pub fn commit_remote(&mut self, batch: Batch) -> Vec<(DocumentId, Bytes)> {
        let mut fresh = Vec::new();
        let life = self.follow(batch.epoch);
        for snapshot in batch.snapshots {
            let (document, bytes) = (snapshot.document, snapshot.bytes);
            fresh.push((document, bytes.clone()));
            let (folded, told) = (Some((batch.epoch, snapshot.through)), Some((life, snapshot.through)));
            self.lines.push(Line { document, bytes, entry: None, folded, told, fate: Fate::Whole });
        }
        for entry in batch.entries {
            let Entry { epoch, seq, at, seal, draft } = entry;
            self.meet(epoch);
            let name = (draft.author.replica, draft.counter, draft.hash);
            let (document, bytes) = (draft.document, draft.bytes.clone());
            let held = Held { draft, taken: Some(Taken { epoch, seq, at, seal }) };
            let told = Some((life, seq));
            if let Some(&place) = self.names.get(&name) {
                self.settle(place);
                (self.lines[place].entry, self.lines[place].told) = (Some(held), told);
                continue;
            }
            self.names.insert(name, self.lines.len());
            fresh.push((document, bytes.clone()));
            let entry = Some(held);
            self.lines.push(Line { document, bytes, entry, folded: None, told, fate: Fate::Whole });
        }
        if let Some(cursor) = batch.cursor {
            (self.epoch, self.cursor) = (Some(batch.epoch), cursor);
        }
        fresh
    }

    /// The relay's log is not the one that went by this name: what it numbered belongs to a life that nobody names.
    pub fn set_apart(&mut self, epoch: Epoch) {
        let mut apart = *epoch.as_bytes();
        apart
            .iter_mut()
            .zip((self.lives.len() as u64).to_le_bytes())
            .for_each(|(byte, number)| *byte ^= !number);
        let apart = Epoch::from_bytes(apart);
        let entries = self.lines.iter_mut().filter_map(|line| line.entry.as_mut()?.taken.as_mut());
        let lives = entries.map(|taken| &mut taken.epoch).chain(&mut self.epochs);
        lives.filter(|life| **life == epoch).for_each(|life| *life = apart);
        let folded = self.lines.iter_mut().filter_map(|line| line.folded.as_mut());
        folded.filter(|(life, _)| *life == epoch).for_each(|(life, _)| *life = apart);
        if self.epoch == Some(epoch) {
            self.lives.push(epoch);
            self.cursor = 0;
        }
    }

    /// Returns the highest number of the present life that anything here bears.
    pub fn reach(&self) -> Seq {
        let taken =
            |line: &Line| line.entry.as_ref().and_then(|held| held.taken).map(|it| (it.epoch, it.seq));
        let numbers = self.lines.iter().filter_map(|line| line.folded.or(taken(line)));
        let numbers = numbers.filter(|(epoch, _)| self.epoch == Some(*epoch)).map(|(_, seq)| seq);
        numbers.fold(self.cursor, Seq::max)
    }

    /// Returns the place of a life among those that it followed.
    fn follow(&mut self, epoch: Epoch) -> usize {
        let known = self.lives.iter().rposition(|life| *life == epoch);
        known.unwrap_or_else(|| {
            self.lives.push(epoch);
            self.lives.len() - 1
        })
    }

    /// The relay has this row.
    fn settle(&mut self, place: usize) {
        self.outbox.remove(&place);
        self.refused.remove(&place);
    }

    /// The relay will not take this record.
    pub fn refuse(&mut self, counter: Counter, code: Code) {
        let is_it = |place: &&usize| {
            let entry = self.lines[**place].entry.as_ref();
            entry.is_some_and(|held| held.draft.counter == counter)
        };
        if let Some(place) = self.outbox.iter().find(is_it) {
            self.refused.insert(*place, code);
        }
    }

    fn meet(&mut self, epoch: Epoch) {
        if !self.epochs.contains(&epoch) {
            self.epochs.push(epoch);
        }
    }

    /// Takes rows out of the outbox that the relay holds; returns their names.
    pub fn acknowledge(&mut self, acks: &[Ack], cursor: Option<Seq>) -> Vec<Name> {
        let epoch = self.epoch.expect("the log is known before it acknowledges");
        self.meet(epoch);
        let life = self.follow(epoch);
        let mut names = Vec::new();
        for ack in acks {
            let name = (self.author.replica, ack.counter, ack.hash);
            let Some(&place) = self.names.get(&name) else { continue };
            self.settle(place);
            names.push(name);
            self.lines[place].told = Some((life, ack.seq));
            if let Some(held) = &mut self.lines[place].entry {
                let Ack { seq, at, seal, .. } = *ack;
                held.taken = Some(Taken { epoch, seq, at, seal });
            }
        }
        self.cursor = cursor.unwrap_or(self.cursor);
        names
    }

    /// Makes everything of a document unreadable that the relay has.
    pub fn damage(&mut self, document: DocumentId) {
        for line in self.lines.iter_mut().filter(|line| line.document == document) {
            line.fate = Fate::Damaged;
            if let Some(held) = line.entry.take() {
                let draft = held.draft;
                self.names.remove(&(draft.author.replica, draft.counter, draft.hash));
            }
        }
    }

    /// Returns the documents of which something is unreadable.
    pub fn damaged(&self) -> BTreeSet<DocumentId> {
        self.lines.iter().filter(|line| line.fate == Fate::Damaged).map(|line| line.document).collect()
    }

    /// Returns what can be read of a document, in the order in which it was stored.
    pub fn lines_of(&self, document: DocumentId) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.document == document && line.fate == Fate::Whole)
    }

    /// Says whether some of a document came folded, so that not every entry of it is here.
    pub fn came_folded(&self, document: DocumentId) -> bool {
        let mut lines = self.lines.iter().filter(|line| line.document == document);
        lines.any(|line| line.folded.is_some() && line.fate != Fate::Damaged)
    }

    /// Returns the documents of which something came folded that a log which keeps so much of each life may not hold.
    pub fn folded_beyond(&self, kept: &[(Epoch, Seq)]) -> BTreeSet<DocumentId> {
        let lines = self.lines.iter().filter(|line| line.fate == Fate::Whole);
        let beyond = lines.filter(|line| line.folded.is_some_and(|folded| !holds(kept, folded)));
        beyond.map(|line| line.document).collect()
    }

    /// Returns what such a log holds of a document, or will once the outbox is there.
    pub fn held(&self, document: DocumentId, kept: &[(Epoch, Seq)]) -> Vec<Bytes> {
        let is_held = |line: &&Line| {
            let taken = line.entry.as_ref().and_then(|held| held.taken);
            let numbers = line.folded.or(taken.map(|taken| (taken.epoch, taken.seq)));
            numbers.is_none_or(|numbers| holds(kept, numbers))
        };
        self.lines_of(document).filter(is_held).map(|line| line.bytes.clone()).collect()
    }

    /// Takes away what came folded and that such a log may not hold.
    pub fn unfold(&mut self, document: DocumentId, kept: &[(Epoch, Seq)]) {
        for line in self.lines.iter_mut().filter(|line| line.document == document) {
            if line.fate == Fate::Whole && line.folded.is_some_and(|folded| !holds(kept, folded)) {
                line.fate = Fate::Unfolded;
            }
        }
    }

    /// Returns the updates of a document.
    pub fn updates(&self, document: DocumentId) -> impl Iterator<Item = &Bytes> {
        self.lines_of(document).map(|line| &line.bytes)
    }

    /// Returns the last counter that was given.
    pub fn counter(&self) -> Counter {
        self.next_counter - 1
    }

    /// Reads rows of the outbox in order.
    pub fn read_outbox(&self, after: u64, bytes: usize, rows: usize) -> Vec<Row> {
        let mut size = 0;
        let mut read = Vec::new();
        for &place in &self.outbox {
            let (row, line) = (place as u64 + 1, &self.lines[place]);
            let is_left = self.stuck.contains(&line.document) || self.refused.contains_key(&place);
            if row <= after || is_left {
                continue;
            }
            // Less than was asked for means that there is no more.
            if read.len() == rows || size >= bytes {
                break;
            }
            size += line.bytes.len();
            read.extend(line.entry.as_ref().map(|held| Row { row, draft: held.draft.clone() }));
        }
        read
    }

    /// Renames every unacknowledged row.
    pub fn rename(&mut self, replica: ReplicaId) {
        self.author.replica = replica;
        self.next_counter = 1;
        for &place in &self.outbox {
            let Some(held) = &mut self.lines[place].entry else { continue };
            self.names.remove(&(held.draft.author.replica, held.draft.counter, held.draft.hash));
            (held.draft.author.replica, held.draft.counter) = (replica, self.next_counter);
            self.names.insert((replica, self.next_counter, held.draft.hash), place);
            self.next_counter += 1;
        }
    }

    /// Reads entries that a relay forgot which keeps so much of each life, the oldest first: life by life, ten at a time.
    pub fn forgotten(&self, kept: &[(Epoch, Seq)], after: u64) -> (Vec<Entry>, Option<u64>) {
        // A life that the relay does not name branched off another, and the present one is the last.
        let (present, earlier) = kept.split_last().expect("a log has a present life");
        let unknown = self.epochs.iter().filter(|life| kept.iter().all(|(known, _)| known != *life));
        let unknown = unknown.map(|life| (*life, 0));
        let lives: Vec<_> = earlier.iter().copied().chain(unknown).chain([*present]).collect();
        let mut lost: Vec<_> = self.lines.iter().filter_map(|line| sealed(line.entry.as_ref()?)).collect();
        lost.retain(|entry| lives.iter().any(|(life, kept)| *life == entry.epoch && entry.seq > *kept));
        let place = |entry: &Entry| {
            let life = lives.iter().position(|(life, _)| *life == entry.epoch).unwrap_or_default();
            (life as u64) << 32 | entry.seq
        };
        lost.retain(|entry| place(entry) > after);
        lost.sort_by_key(place);
        lost.truncate(10);
        let next = lost.last().map(place);
        (lost, next)
    }

    /// Returns what was acknowledged, by whatever life of the log.
    pub fn acknowledged(&self) -> impl Iterator<Item = &Draft> {
        let held = self.lines.iter().filter_map(|line| line.entry.as_ref());
        held.filter(|held| held.taken.is_some()).map(|held| &held.draft)
    }

    /// Reads sealed entries of a document that go beyond what a relay has.
    pub fn lacking(&self, document: DocumentId, have: &StateVector) -> Vec<Entry> {
        let mut state = DocState::new([0; 16]);
        let mut lacking = Vec::new();
        for line in self.lines_of(document) {
            let admitted = state.admit(&line.bytes, &Limits::SNAPSHOT).expect("what is stored is sound");
            let is_ahead =
                admitted.summary().clients.iter().any(|client| client.next > have.next(client.client));
            if let Some(entry) = line.entry.as_ref().filter(|_| is_ahead).and_then(sealed) {
                lacking.push(entry);
            }
        }
        lacking
    }

    pub fn holds(&self, draft: &Draft) -> bool {
        self.names.contains_key(&(draft.author.replica, draft.counter, draft.hash))
    }
}

fn holds(kept: &[(Epoch, Seq)], (epoch, seq): (Epoch, Seq)) -> bool {
    kept.iter().any(|(life, kept)| *life == epoch && seq <= *kept)
}

fn sealed(held: &Held) -> Option<Entry> {
    let Taken { epoch, seq, at, seal } = held.taken?;
    Some(Entry { epoch, seq, at, seal, draft: held.draft.clone() })
}
