//! Yjs in Node and yrs in this process edit one document at random, drift apart, exchange, and must agree; and one hand's
//! edits, made in both under one client id, must come out as the same bytes ([`hand`]).
//!
//! A schedule has two replicas of each kind and one log, as a workspace has: whoever exchanges takes what is new in
//! the log and then adds what it wrote, row by row, merged or as a diff. Every update, and every whole state that yrs
//! encodes or our own merge makes, must pass the validator. `SHEAF_SCHEDULES` runs more schedules,
//! `SHEAF_SEED` replays one; a failure prints its seed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic in a test is the report")]

mod hand;
mod luck;
mod page;
#[path = "../support/peer.rs"]
mod peer;
/// The product's own reader, on documents that this test holds itself.
#[path = "../../src/document/read.rs"]
mod read;

use std::collections::BTreeMap;

use serde_json::Value;
use sheaf_document::tree;
use sheaf_document::update::{self, DocState, Limits, StateVector};
use yrs::updates::encoder::Encode;

use luck::Luck;
use page::Page;
use peer::Peer;

const STEPS: usize = 60;

#[test]
fn yjs_and_yrs_agree_after_every_exchange() {
    let mut peer = Peer::start();
    for seed in seeds(300) {
        Schedule::new(seed, &mut peer).run();
    }
}

/// Returns so many seeds, or as many as were asked for, or the one to be replayed; names each as its turn comes.
#[expect(clippy::print_stdout, reason = "shown only when an assertion fails, and then it has to be")]
fn seeds(many: u64) -> impl Iterator<Item = u64> {
    let seeds = match number("SHEAF_SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..1 + number("SHEAF_SCHEDULES").unwrap_or(many),
    };
    seeds.inspect(|seed| println!("replay with SHEAF_SEED={seed}"))
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable)
        .ok()
        .map(|text| text.parse().unwrap_or_else(|_| panic!("{variable} is not a number: {text}")))
}

/// Replicas 0 and 1 are yrs, 2 and 3 are Yjs.
struct Schedule<'a> {
    luck: Luck,
    peer: &'a mut Peer,
    pages: Vec<Page>,
    log: Vec<Vec<u8>>,
    /// Takes the log alone and collects nothing: what the relay knows.
    relay: Page,
    state: DocState,
    seen: [usize; 4],
}

impl<'a> Schedule<'a> {
    fn new(seed: u64, peer: &'a mut Peer) -> Self {
        let mut luck = Luck::new(seed);
        // Client ids decide every tie, so their order must not follow the kind of replica.
        let mut clients = [3_u64, 70_000, 1 << 33, (1 << 53) - 1];
        for at in (1..4).rev() {
            clients.swap(at, luck.below(at + 1));
        }
        let gc: [bool; 4] = std::array::from_fn(|_| !luck.once(4));
        let pages = (0..2).map(|at| Page::new(clients[at], gc[at])).collect();
        peer.open(&[(clients[2], gc[2]), (clients[3], gc[3])]);
        Self {
            luck,
            peer,
            pages,
            log: Vec::new(),
            relay: Page::new(1, false),
            state: DocState::new([7; 16]),
            seen: [0; 4],
        }
    }

    fn run(mut self) {
        for _ in 0..STEPS {
            match self.luck.below(4) {
                at @ 0..2 => drop(self.pages[at].edit(&mut self.luck, true)),
                at => {
                    let seed = self.luck.next() as u32;
                    self.peer.ask(serde_json::json!({ "do": "edit", "replica": at - 2, "seed": seed }));
                }
            }
            if self.luck.once(8) {
                let at = self.luck.below(4);
                self.exchange(at);
            }
            if self.luck.once(20) {
                self.settle();
                self.compare();
            }
        }
        self.settle();
        self.compare();
    }

    /// Takes what is new in the log, then adds to it.
    fn exchange(&mut self, at: usize) {
        let new = &self.log[self.seen[at]..];
        let known = self.relay.state_vector();
        let way = self.luck.pick(&["rows", "rows", "merged", "diff"]);
        let written = if at < 2 {
            self.pages[at].take(new);
            let rows = self.pages[at].flush(way == "diff", &known);
            if way == "merged" && !rows.is_empty() { vec![merged(&rows)] } else { rows }
        } else {
            self.peer.take(at - 2, new);
            self.peer.flush(at - 2, way, &known.encode_v1())
        };
        for update in &written {
            let admitted = self.state.admit(update, &Limits::BULK);
            assert!(admitted.is_ok(), "replica {at} wrote what the validator refuses: {admitted:?}");
        }
        self.relay.take(&written);
        self.log.extend(written);
        self.seen[at] = self.log.len();
    }

    /// Exchanges until nobody has anything to say: Yjs tidies marks after a merge, which is an edit of its own.
    fn settle(&mut self) {
        for _ in 0..20 {
            let before = self.log.len();
            (0..4).for_each(|at| self.exchange(at));
            if self.log.len() == before {
                return;
            }
        }
        panic!("after 20 rounds somebody still has something to say");
    }

    /// A newcomer who gets the log as our own merge, and one who has its beginning and gets what our diff leaves.
    fn latecomers(&mut self) -> [(String, Value); 2] {
        let snapshot = merged(&self.log);
        let admitted = DocState::new([7; 16]).admit(&snapshot, &Limits::SNAPSHOT).map(|_| ());
        assert_eq!(admitted, Ok(()), "the merged log");
        let mut late = Page::new(2, true);
        late.take(&self.log[..self.luck.below(self.log.len() + 1)]);
        let have = StateVector::decode(&late.state_vector().encode_v1()).expect("yrs wrote it");
        late.take(&[update::diff(&snapshot, &have).expect("it was admitted")]);
        [
            ("Yjs from our merge".to_owned(), self.peer.load(&[snapshot])),
            ("yrs from the beginning and our diff".to_owned(), late.reading()),
        ]
    }

    fn compare(&mut self) {
        let relay = self.relay.reading();
        let mut everybody: Vec<(String, Value)> =
            self.pages.iter().enumerate().map(|(at, page)| (format!("yrs {at}"), page.reading())).collect();
        for at in 0..2 {
            let reading = self.peer.ask(serde_json::json!({ "do": "read", "replica": at }));
            everybody.push((format!("Yjs {at}"), reading));
        }
        let state = self.pages[0].state();
        let admitted = DocState::new([7; 16]).admit(&state, &Limits::SNAPSHOT).map(|_| ());
        assert_eq!(admitted, Ok(()), "the whole state of yrs 0");
        let loaded = self.peer.load(&[state]);
        assert_eq!(living(&loaded), living(&everybody[2].1), "structs of yrs 0 and of Yjs 0");
        everybody.push(("Yjs from the state of yrs 0".to_owned(), loaded));
        everybody.extend(self.latecomers());
        for (who, reading) in everybody {
            for part in ["title", "tree", "meta", "stateVector", "deleteSet"] {
                assert_eq!(relay[part], reading[part], "{part}: the log alone, and {who}");
            }
        }
    }
}

/// What our own merge makes of updates: one that the validator admits.
fn merged(updates: &[Vec<u8>]) -> Vec<u8> {
    update::merge(updates.iter().map(Vec::as_slice)).expect("every one of them was admitted")
}

/// What lives at each clock of each client, however structs are cut. Of what was deleted some keep the content, some do
/// not: the delete sets are compared by themselves.
fn living(reading: &Value) -> BTreeMap<(u64, u64), String> {
    let mut living = BTreeMap::new();
    for found in reading["structs"].as_array().expect("a list") {
        let (client, clock, len) =
            (found[0].as_u64().unwrap(), found[1].as_u64().unwrap(), found[2].as_u64().unwrap());
        for clock in clock..clock + len {
            living.insert((client, clock), found[3].as_str().unwrap().to_owned());
        }
    }
    for (client, ranges) in reading["deleteSet"].as_object().expect("clients") {
        for range in ranges.as_array().expect("ranges") {
            let (clock, len) = (range[0].as_u64().unwrap(), range[1].as_u64().unwrap());
            (clock..clock + len).for_each(|clock| drop(living.remove(&(client.parse().unwrap(), clock))));
        }
    }
    living
}
