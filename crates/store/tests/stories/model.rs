//! Whatever happens, in whatever order: the disk agrees with a model that anybody can read.
//!
//! Updates are told apart by their text, and a snapshot is its updates one after the other, so a document reads the
//! same with and without one.

use proptest::prelude::*;
use sheaf_document::ids::{DocumentId, ReplicaId};
use sheaf_protocol::entry::{Author, Counter, Entry, Seq};
use sheaf_protocol::frame::Snapshot;
use sheaf_protocol::problem::Code;
use sheaf_store::{Acknowledged, RemoteBatch, Settle, Store, Written};

use crate::support::*;

const DOCUMENTS: [DocumentId; 2] = [MINUTES, RECIPES];

#[derive(Debug, Clone)]
enum Step {
    Write { document: usize },
    WriteTwo { document: usize },
    Receive { document: usize },
    ReceiveAgain,
    Acknowledge { which: usize },
    ReceiveOwn { which: usize },
    Stick { which: usize },
    Settle { document: usize, how: Settle },
    Fold { document: usize },
    Snapshot { document: usize },
    SnapshotLate { document: usize },
    TakeNewName,
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let document = 0..DOCUMENTS.len();
    let which = 0..4_usize;
    let step = prop_oneof![
        4 => document.clone().prop_map(|document| Step::Write { document }),
        1 => document.clone().prop_map(|document| Step::WriteTwo { document }),
        2 => document.clone().prop_map(|document| Step::Receive { document }),
        1 => Just(Step::ReceiveAgain),
        2 => which.clone().prop_map(|which| Step::Acknowledge { which }),
        2 => which.clone().prop_map(|which| Step::ReceiveOwn { which }),
        1 => which.prop_map(|which| Step::Stick { which }),
        1 => document.clone().prop_map(|document| Step::Settle { document, how: Settle::Retry }),
        1 => document.clone().prop_map(|document| Step::Settle { document, how: Settle::Discard }),
        1 => document.clone().prop_map(|document| Step::Fold { document }),
        1 => document.clone().prop_map(|document| Step::Snapshot { document }),
        1 => document.prop_map(|document| Step::SnapshotLate { document }),
        1 => Just(Step::TakeNewName),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..40)
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Waiting,
    Numbered,
    Aside,
}

#[derive(Debug, Clone)]
struct Row {
    document: usize,
    author: Author,
    counter: Counter,
    text: String,
    state: State,
}

/// What a replica holds, as lists.
#[derive(Debug)]
struct Model {
    author: Author,
    counter: Counter,
    rows: Vec<Row>,
    folded: [String; 2],
    stuck: [bool; 2],
    seq: Seq,
    received: Vec<Entry>,
    texts: usize,
    names: u8,
}

impl Model {
    fn new() -> Self {
        Self {
            author: imke(),
            counter: 0,
            rows: Vec::new(),
            folded: Default::default(),
            stuck: Default::default(),
            seq: 0,
            received: Vec::new(),
            texts: 0,
            names: 0,
        }
    }

    fn text(&mut self) -> String {
        self.texts += 1;
        format!("<{}>", self.texts)
    }

    fn write(&mut self, document: usize) -> String {
        let text = self.text();
        self.counter += 1;
        let (author, counter) = (self.author, self.counter);
        self.rows.push(Row { document, author, counter, text: text.clone(), state: State::Waiting });
        text
    }

    /// The row that an answer of the relay is about: the n-th that waits or was set aside.
    fn unnumbered(&mut self, which: usize) -> Option<&mut Row> {
        self.rows.iter_mut().filter(|it| it.state != State::Numbered).nth(which)
    }

    fn content(&self, document: usize) -> String {
        let rows = self.rows.iter().filter(|it| it.document == document && it.state != State::Aside);
        self.folded[document].clone() + &rows.map(|it| it.text.as_str()).collect::<String>()
    }

    fn of(&self, document: usize, state: State) -> Vec<&Row> {
        self.rows.iter().filter(|it| it.document == document && it.state == state).collect()
    }
}

fn play(disk: &Disk, mut store: Store, model: &mut Model, step: &Step) -> Store {
    match *step {
        Step::Write { document } => {
            let text = model.write(document);
            let written = store.commit_local(&typed(DOCUMENTS[document], 1, &text)).unwrap();
            assert_eq!(written.counter, model.counter, "names rise by one");
        }
        Step::WriteTwo { document } => {
            let (one, two) = (model.write(document), model.write(1 - document));
            let writes = [typed(DOCUMENTS[document], 1, &one), typed(DOCUMENTS[1 - document], 1, &two)];
            store.commit_local_all(&writes).unwrap();
        }
        Step::Receive { document } => {
            let text = model.text();
            model.seq += 1;
            let sent = entry(model.seq, tomas(), model.seq, DOCUMENTS[document], &text);
            let (author, counter) = (tomas(), model.seq);
            model.rows.push(Row { document, author, counter, text, state: State::Numbered });
            model.received.push(sent.clone());
            assert_eq!(store.commit_remote(&page(vec![sent])).unwrap().fresh, [0], "his words are new");
        }
        Step::ReceiveAgain => {
            let again = page(model.received.clone());
            assert_eq!(store.commit_remote(&again).unwrap(), Default::default(), "nothing is new");
        }
        Step::Acknowledge { which } => {
            model.seq += 1;
            let seq = model.seq;
            let author = model.author;
            let Some(row) = model.unnumbered(which) else { return store };
            let hash = sheaf_document::ids::ContentHash::of(row.text.as_bytes());
            let left = store.acknowledge(FIRST, &[ack(seq, Written { counter: row.counter, hash })], None);
            let mut expected = Acknowledged::default();
            match row.state {
                State::Waiting => expected.left.push(row.counter),
                // What was set aside under an earlier name is no longer what this acknowledgement names.
                _ if row.author == author => drop(expected.overruled.insert(DOCUMENTS[row.document])),
                _ => {}
            }
            assert_eq!(left.unwrap(), expected, "what waits leaves, and what was discarded is there again");
            if expected != Acknowledged::default() {
                row.state = State::Numbered;
                settle_if_overruled(&store, model);
            }
        }
        Step::ReceiveOwn { which } => {
            model.seq += 1;
            let seq = model.seq;
            let Some(row) = model.unnumbered(which) else { return store };
            row.state = State::Numbered;
            let sent = entry(seq, row.author, row.counter, DOCUMENTS[row.document], &row.text);
            model.received.push(sent.clone());
            store.commit_remote(&page(vec![sent])).unwrap();
            settle_if_overruled(&store, model);
        }
        Step::Stick { which } => {
            let Some(row) = model.unnumbered(which).cloned() else { return store };
            // A row that was set aside keeps its old name, and after a new identity another may wait under that counter.
            let waits = model.of(row.document, State::Waiting).iter().any(|it| it.counter == row.counter);
            let stuck = store.stick(DOCUMENTS[row.document], row.counter, Code::INVALID, "").unwrap();
            assert_eq!(stuck, waits, "only what waits can be stuck");
            model.stuck[row.document] |= waits;
        }
        Step::Settle { document, how } => {
            store.settle(DOCUMENTS[document], how).unwrap();
            if model.stuck[document] && how == Settle::Discard {
                for row in &mut model.rows {
                    if row.document == document && row.state == State::Waiting {
                        row.state = State::Aside;
                    }
                }
            }
            model.stuck[document] = false;
        }
        Step::Fold { document } => {
            model.seq += 1;
            model.folded[document] = model.text();
            let bytes = model.folded[document].clone().into();
            let snapshots =
                vec![Snapshot { document: DOCUMENTS[document], through: model.seq, at: model.seq, bytes }];
            let batch = RemoteBatch { entries: vec![], snapshots, cursor: Some(model.seq), epoch: FIRST };
            store.commit_remote(&batch).unwrap();
        }
        Step::Snapshot { document } => {
            let read = store.updates(DOCUMENTS[document]).unwrap();
            store.put_snapshot(DOCUMENTS[document], read.through, &read.list.concat()).unwrap();
        }
        Step::SnapshotLate { document } => {
            let read = store.updates(DOCUMENTS[document]).unwrap();
            store = play(disk, store, model, &Step::Settle { document, how: Settle::Discard });
            store = play(disk, store, model, &Step::Write { document });
            store = play(disk, store, model, &Step::Fold { document: 1 - document });
            store.put_snapshot(DOCUMENTS[document], read.through, &read.list.concat()).unwrap();
        }
        Step::TakeNewName => {
            model.names += 1;
            model.author.replica = ReplicaId::from_bytes([model.names; 16]);
            store.rename_replica(model.author.replica).unwrap();
            model.counter = 0;
            for row in model.rows.iter_mut().filter(|it| it.state == State::Waiting) {
                model.counter += 1;
                (row.author, row.counter) = (model.author, model.counter);
            }
        }
        Step::Restart => {
            drop(store);
            store = disk.write();
        }
    }
    store
}

/// A fork ends when the entry that was refused turns out to be durable; which one that was, only the store knows.
fn settle_if_overruled(store: &Store, model: &mut Model) {
    let forks = store.forks().unwrap();
    for (document, stuck) in DOCUMENTS.into_iter().zip(&mut model.stuck) {
        *stuck &= forks.iter().any(|fork| fork.document == document);
    }
}

fn assert_agrees(disk: &Disk, store: &Store, model: &Model) {
    let rows = store.documents().unwrap();
    for (index, document) in DOCUMENTS.into_iter().enumerate() {
        let content: Vec<u8> = store.updates(document).unwrap().list.concat();
        assert_eq!(text(&content), model.content(index), "the document reads as the model says");
        let aside: Vec<_> = model.of(index, State::Aside).iter().map(|it| it.text.clone()).collect();
        assert_eq!(disk.set_aside(document), aside, "what was discarded is kept");
        let Some(row) = rows.iter().find(|it| it.id == document) else { continue };
        let waiting = model.of(index, State::Waiting).len() as u64;
        let entries = waiting + model.of(index, State::Numbered).len() as u64;
        assert_eq!((row.entries, row.unacknowledged), (entries, waiting), "the list counts right");
        assert_eq!(row.stuck.is_some(), model.stuck[index], "stuck is what was refused and not settled");
    }
    let moving = model.rows.iter().filter(|it| it.state == State::Waiting && !model.stuck[it.document]);
    let expected: Vec<_> = moving.map(|it| (it.author, it.counter, it.text.clone())).collect();
    let drafts = store.outbox(0, ALL).unwrap();
    let outbox: Vec<_> = drafts.iter().map(|it| (it.author, it.counter, text(&it.bytes))).collect();
    assert_eq!(outbox, expected, "the outbox is what waits and is not stuck, in the order of writing");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_steps_leaves_what_the_model_says(steps in steps()) {
        let disk = Disk::new();
        let mut store = disk.create();
        let mut model = Model::new();
        for step in &steps {
            store = play(&disk, store, &mut model, step);
            assert_agrees(&disk, &store, &model);
        }
        store.check().unwrap();
    }
}
