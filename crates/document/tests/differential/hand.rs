//! One hand, two libraries: the same edits under the same client id are the same bytes.
//!
//! A schedule compares what replicas hold in the end, each after edits of its own. Here every single edit is made twice, by
//! yrs and by Yjs, and what the two write must be equal once our own merge has joined what can be joined. Marks are
//! left out: where among deleted letters one stands, and when one that marks nothing is taken away, each library decides for
//! itself; that all read the same in the end is what the schedules say.

use serde_json::Value;
use sheaf_document::update::{DocState, Limits};

use crate::luck::Luck;
use crate::page::Page;
use crate::peer::Peer;
use crate::{merged, seeds};

const EDITS: usize = 120;
const CLIENT: u64 = 70_000;

#[test]
fn one_hand_writes_the_same_in_yrs_and_in_yjs() {
    let mut peer = Peer::start();
    for seed in seeds(100) {
        let mut luck = Luck::new(seed);
        let (mut page, mut state) = (Page::new(CLIENT, true), DocState::new([7; 16]));
        peer.open(&[(CLIENT, true)]);
        let mut made: Vec<Value> = Vec::new();
        for _ in 0..EDITS {
            let edit = page.edit(&mut luck, false);
            peer.perform(0, &edit);
            made.push(edit);
            let ours = page.flush(false, &page.state_vector());
            let theirs = peer.flush(0, "rows", &[]);
            assert_eq!(ours.len(), theirs.len(), "seed {seed}: both write, or neither: {made:#?}");
            for (ours, theirs) in ours.iter().zip(&theirs) {
                state.admit(ours, &Limits::BULK).expect("yrs is honest");
                let [ours, theirs] = [ours, theirs].map(|update| merged(std::slice::from_ref(update)));
                assert_eq!(ours, theirs, "seed {seed}: yrs, and Yjs, after {made:#?}");
            }
        }
        let (ours, theirs) = (page.reading(), peer.ask(serde_json::json!({ "do": "read", "replica": 0 })));
        for part in ["title", "tree", "meta", "stateVector", "deleteSet"] {
            assert_eq!(ours[part], theirs[part], "seed {seed}: {part}");
        }
    }
}
