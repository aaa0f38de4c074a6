//! The relay's disk as a model: what was appended survives every crash of the relay, but not a restore.

use std::collections::BTreeMap;

use bytes::Bytes;
use sheaf_document::ids::{DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_document::update::{DocState, Limits, StateVector, merge};
use sheaf_protocol::entry::{Counter, Draft, Entry, Millis, Seq};
use sheaf_protocol::frame::{Page, Snapshot, Stretch};
use sheaf_protocol::record::Records;
use sheaf_relay::room::{Group, Named, Plan, Stored};

use crate::person::STREAM;

/// As many entries as one page holds.
const PAGE: usize = 16;
/// As many bytes of entries as one page holds, unless it is a single entry.
const PAGE_BYTES: usize = 4 * 1024 * 1024;
/// A document with more unread entries than this is sent as a snapshot.
const FAR_BEHIND: usize = 12;

/// The relay's log.
#[derive(Clone)]
pub struct Archive {
    pub epoch: Epoch,
    pub lineage: Vec<(Epoch, Seq)>,
    pub log: Vec<Entry>,
    /// Whether it never lost its end.
    pub is_whole: bool,
    names: BTreeMap<(ReplicaId, Counter), Vec<Seq>>,
    owners: BTreeMap<(DocumentId, u64), DeviceId>,
}

impl Archive {
    pub fn new(epoch: Epoch) -> Self {
        let (lineage, log, is_whole) = (vec![], vec![], true);
        Self { epoch, lineage, log, is_whole, names: BTreeMap::new(), owners: BTreeMap::new() }
    }

    pub fn head(&self) -> Seq {
        self.log.len() as Seq
    }

    /// Appends a group that the relay, up since `started` and from that head on, made; returns its first number.
    pub fn append(&mut self, (started, head): (Millis, Seq), group: &Group) -> Seq {
        let first = self.head() + 1;
        for (seq, line) in (first..).zip(&group.lines) {
            let draft = line.draft.clone();
            let taken = self.names.entry((draft.author.replica, draft.counter)).or_default();
            let is_double = taken.iter().any(|seq| self.log[*seq as usize - 1].draft.hash == draft.hash);
            assert!(!is_double, "the room let an entry through twice: {draft:?}");
            let was_pushed = |at: Millis| at >= started;
            let mut before = taken.iter().map(|seq| &self.log[*seq as usize - 1]);
            // What is brought back may overtake what was pushed under its name and not judged yet.
            let is_alone = before.all(|entry| entry.seq > head && !was_pushed(entry.at));
            assert!(is_alone || !was_pushed(line.at), "two entries were pushed under one name: {draft:?}");
            taken.push(seq);
            self.log.push(Entry { epoch: self.epoch, seq, at: line.at, seal: line.seal, draft });
        }
        for &(document, client, device) in &group.owners {
            let before = self.owners.insert((document, client), device);
            assert_eq!(before, None, "a client id got a second owner");
        }
        first
    }

    /// Comes back as another life.
    pub fn restored(mut self, epoch: Epoch) -> Self {
        self.lineage.insert(0, (self.epoch, self.head()));
        (self.epoch, self.is_whole) = (epoch, false);
        self
    }

    /// Comes back as if nothing had been.
    pub fn put_back(mut self) -> Self {
        self.is_whole = false;
        self
    }

    pub fn highest(&self, replica: ReplicaId) -> Counter {
        let mut counters = self.names.range((replica, 0)..=(replica, Counter::MAX));
        counters.next_back().map_or(0, |((_, counter), _)| *counter)
    }

    pub fn named(&self, replica: ReplicaId, counters: &[Counter]) -> Vec<Named> {
        let taken = counters.iter().filter_map(|&counter| self.names.get(&(replica, counter))).flatten();
        let named = taken.map(|&seq| {
            let Entry { at, seal, draft, .. } = &self.log[seq as usize - 1];
            Named { counter: draft.counter, hash: draft.hash, seq, at: *at, seal: *seal }
        });
        named.collect()
    }

    pub fn holds(&self, draft: &Draft) -> bool {
        let named = self.named(draft.author.replica, &[draft.counter]);
        named.iter().any(|named| named.hash == draft.hash)
    }

    pub fn updates(&self, document: DocumentId) -> Vec<Bytes> {
        let entries = self.log.iter().filter(|entry| entry.draft.document == document);
        entries.map(|entry| entry.draft.bytes.clone()).collect()
    }

    /// Says whether this log, restored from a backup, has not yet got back all that somebody sees in a document.
    pub fn forgot(&self, document: DocumentId, seen: &StateVector) -> bool {
        let mut state = DocState::new([0; 16]);
        for update in self.updates(document) {
            state.admit(&update, &Limits::SNAPSHOT).expect("the log is sound");
        }
        !self.is_whole && !state.state_vector().covers(seen)
    }

    pub fn document(&self, document: DocumentId) -> Stored {
        let owners = self.owners.range((document, 0)..=(document, u64::MAX));
        let mut tail = self.written(document);
        let folded = if document == STREAM { tail.len() / 2 } else { 0 };
        let begin: Vec<_> = tail.drain(..folded).collect();
        Stored {
            snapshot: (folded > 0).then(|| fold(begin)),
            tail,
            owners: owners.map(|((_, client), device)| (*client, *device)).collect(),
        }
    }

    /// Returns the workspace's records.
    pub fn records(&self) -> Records {
        records(self.written(STREAM))
    }

    fn written(&self, document: DocumentId) -> Vec<(PersonId, Bytes)> {
        let drafts = self.log.iter().map(|entry| &entry.draft).filter(|draft| draft.document == document);
        drafts.map(|draft| (draft.author.person, draft.bytes.clone())).collect()
    }

    /// Reads one page: first snapshots of what is far behind, then the log's tail.
    pub fn page(&self, plan: &Plan) -> Page {
        let (backfill, head) = (plan.backfill, plan.head);
        let unread = self.log.get(plan.since as usize..).unwrap_or_default();
        let mut page =
            Page { backfill, snapshots: vec![], stretches: vec![], through: plan.since, more: true, head };
        let mut behind: BTreeMap<DocumentId, usize> = BTreeMap::new();
        for entry in unread.iter().filter(|_| backfill.is_none()) {
            *behind.entry(entry.draft.document).or_default() += 1;
        }
        let is_held = |document: &DocumentId| plan.held.iter().any(|(held, _)| held == document);
        let far = behind.iter().find(|(document, count)| **count > FAR_BEHIND && !is_held(document));
        if let Some((&document, _)) = far {
            let bytes = if document == STREAM {
                fold(self.written(document))
            } else {
                let updates = self.updates(document);
                merge(updates.iter().map(AsRef::as_ref)).expect("the log is sound").into()
            };
            page.snapshots.push(Snapshot { document, through: self.head(), at: 0, bytes });
            return page;
        }
        let mut size = 0;
        for entry in unread.iter().take(PAGE) {
            size += entry.draft.bytes.len();
            if size > PAGE_BYTES && size > entry.draft.bytes.len() {
                break;
            }
            page.through = entry.seq;
            let held =
                |(held, through): &(DocumentId, Seq)| *held == entry.draft.document && *through >= entry.seq;
            let is_wanted = backfill.is_none_or(|document| document == entry.draft.document)
                && !plan.held.iter().any(held);
            match (page.stretches.last_mut(), is_wanted) {
                (Some(Stretch::Run(run)), true) => run.push(entry.clone()),
                (Some(Stretch::Skip(_, count)), false) => *count += 1,
                (_, true) => page.stretches.push(Stretch::Run(vec![entry.clone()])),
                (_, false) => page.stretches.push(Stretch::Skip(entry.seq, 1)),
            }
        }
        page.more = page.through < self.head();
        page
    }
}

fn records(tail: Vec<(PersonId, Bytes)>) -> Records {
    let stored = Stored { snapshot: None, tail, owners: vec![] };
    let (records, is_all) = stored.records().expect("the log is sound");
    assert!(is_all, "the room takes only what it knows");
    records
}

fn fold(records_of: Vec<(PersonId, Bytes)>) -> Bytes {
    records(records_of).fold().into()
}
