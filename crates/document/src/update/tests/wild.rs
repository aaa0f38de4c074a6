//! Updates that look right: made from a model of lists and maps, with a wrong turn now and then.
//!
//! Spoiled bytes mostly break syntax. Here forward references between clients, inverted neighbours, straddles, repeats,
//! nested types and deletions all occur, most updates pass, and yrs must survive every one of those that do: same clocks
//! as ours, readable, writable, its own encoding admitted again, and the log has a snapshot. Real Yjs takes them too,
//! throws at none, parks none, and holds what yrs holds.

use std::collections::BTreeSet;

use super::craft::{self, numbered, text};
use super::people::{Chance, Reader};
use super::{Limits, state};
use crate::chance::setting;
use crate::peer::Peer;

const UPDATES: usize = 30;
const CLIENTS: u64 = 5;

/// What a list or a map's entry takes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Takes {
    Characters,
    Values,
    Elements,
}

/// One list or one map's entry: how its first struct says where it is, and the ids in it.
#[derive(Debug, Clone)]
struct Place {
    head: Vec<u8>,
    key: bool,
    takes: Takes,
    ids: Vec<(u64, u64)>,
}

#[derive(Debug, Clone)]
struct Model {
    places: Vec<Place>,
    next: [u64; CLIENTS as usize],
    /// Which client has begun which place.
    begun: BTreeSet<(u64, usize)>,
}

impl Model {
    fn new() -> Self {
        let root = |name: &str| [vec![1], text(name)].concat();
        let place = |head, key, takes| Place { head, key, takes, ids: Vec::new() };
        let places = vec![
            place(root("title"), false, Takes::Characters),
            place(root("default"), false, Takes::Elements),
            place([root("meta"), text("a")].concat(), true, Takes::Values),
            place([root("meta"), text("b")].concat(), true, Takes::Values),
        ];
        Self { places, next: [0; CLIENTS as usize], begun: BTreeSet::new() }
    }

    /// The places inside a new shared type.
    fn open(&mut self, (client, clock): (u64, u64), kind: u8) {
        let head = numbered(&[0, client, clock]);
        let entry = [head.clone(), text("k")].concat();
        let list = match kind {
            0 => Some(Takes::Values),
            2 | 6 => Some(Takes::Characters),
            3 | 4 => Some(Takes::Elements),
            _ => None,
        };
        let ids = Vec::new;
        self.places.extend(list.map(|takes| Place { head, key: false, takes, ids: ids() }));
        if matches!(kind, 1 | 2 | 3 | 6) {
            self.places.push(Place { head: entry, key: true, takes: Takes::Values, ids: ids() });
        }
    }

    /// An update of up to three clients; what it adds is in the model when this returns.
    fn update(&mut self, chance: &mut Chance) -> Vec<u8> {
        let mut writers: Vec<u64> = (0..CLIENTS).collect();
        chance.shuffle(&mut writers);
        writers.truncate(1 + chance.below(3));
        let mut groups: Vec<(u64, u64, Vec<Vec<u8>>)> = Vec::new();
        for client in writers {
            let next = &mut self.next[client as usize];
            let start =
                if chance.below(12) == 0 { next.saturating_sub(chance.below(4) as u64) } else { *next };
            *next = start;
            groups.push((client, start, Vec::new()));
        }
        for _ in 0..1 + chance.below(7) {
            let group = chance.below(groups.len());
            let one = self.one(chance, groups[group].0);
            groups[group].2.push(one);
        }
        groups.retain(|(_, _, structs)| !structs.is_empty());
        let groups: Vec<_> =
            groups.iter().map(|(client, start, structs)| (*client, *start, &structs[..])).collect();
        let mut deletes = Vec::new();
        for client in 0..CLIENTS {
            let next = self.next[client as usize];
            if next > 0 && chance.below(4) == 0 {
                let start = chance.below(next as usize) as u64;
                deletes.push((client, start, 1 + chance.below((next - start) as usize) as u64));
            }
        }
        craft::many(&groups, &deletes)
    }

    fn one(&mut self, chance: &mut Chance, client: u64) -> Vec<u8> {
        let clock = self.next[client as usize];
        let at = chance.below(self.places.len());
        let place = self.places[at].clone();
        let (kind, content, len) = content(chance, place.takes, place.key);
        if kind == 0 || chance.below(40) == 0 {
            let len = 1 + chance.below(3) as u64;
            self.next[client as usize] += len;
            return craft::gc(len);
        }
        self.next[client as usize] += len;
        self.places[at].ids.extend((clock..clock + len).map(|clock| (client, clock)));
        if kind == 7 {
            self.open((client, clock), content[0]);
        }
        let mut some = |none: usize| {
            let wrong = chance.below(40) == 0;
            let from = if wrong { &self.places[chance.below(self.places.len())].ids } else { &place.ids };
            (chance.below(none) > 0).then(|| from.get(chance.below(from.len())).copied()).flatten()
        };
        let (mut origin, right) = if place.key { (some(9), None) } else { (some(4), some(3)) };
        let nowhere = origin.is_none() && right.is_none();
        if nowhere && !self.begun.insert((client, at)) && chance.below(20) > 0 {
            origin = place.ids.last().copied();
        }
        if origin.is_none() && right.is_none() {
            return [vec![kind | if place.key { 0x20 } else { 0 }], place.head, content].concat();
        }
        craft::between(kind, origin, right, &content)
    }
}

/// Content for a place: kind, bytes and length. Kind 0 is a collected range.
fn content(chance: &mut Chance, takes: Takes, key: bool) -> (u8, Vec<u8>, u64) {
    if chance.below(15) == 0 {
        let len = 1 + chance.below(3) as u64;
        return (1, craft::deleted(len), len);
    }
    let shared = |chance: &mut Chance, kinds: &[u8]| {
        let kind = kinds[chance.below(kinds.len())];
        let name = if kind == 3 { text("p") } else { Vec::new() };
        (7, [vec![kind], name].concat(), 1)
    };
    match (takes, chance.below(12)) {
        (_, 0) => (0, Vec::new(), 1),
        (Takes::Elements, _) => shared(chance, &[3, 3, 6]),
        (_, 1 | 2) => shared(chance, &[0, 1, 2, 3, 4, 6]),
        (Takes::Characters, 3) => (6, [text("bold"), text("true")].concat(), 1),
        (Takes::Characters, 4) => (6, [text("bold"), text("null")].concat(), 1),
        (Takes::Characters, 5) => (5, text("{\"embed\":1}"), 1),
        (Takes::Characters, 6) => (4, text("é😀"), 3),
        (Takes::Characters, _) => (4, text("abc"), 3),
        (Takes::Values, 3) => (3, text("bytes"), 1),
        (Takes::Values, _) => {
            let len = if key && chance.below(30) > 0 { 1 } else { 1 + chance.below(3) as u64 };
            let (kind, bytes) = craft::numbers(len);
            (kind, bytes, len)
        }
    }
}

#[test]
fn what_passes_never_hurts_yrs() {
    let first = setting("SHEAF_SEED").unwrap_or(1);
    let documents = setting("SHEAF_ROUNDS").unwrap_or(1_500);
    let (mut inputs, mut accepted, mut differ) = (0, 0, 0);
    let mut yjs = Peer::start();
    for seed in first..first + documents {
        // Shown only when an assertion below fails.
        println!("SHEAF_SEED={seed} SHEAF_ROUNDS=1");
        let chance = &mut Chance::new(seed);
        let (mut model, mut rules) = (Model::new(), state());
        let reader = Reader::new(1 << 40, chance.below(5) == 0);
        let mut log: Vec<Vec<u8>> = Vec::new();
        for _ in 0..UPDATES {
            let mut tried = model.clone();
            let update = match chance.below(10) {
                0 if !log.is_empty() => log[chance.below(log.len())].clone(),
                1 => reader.write(chance),
                _ => tried.update(chance),
            };
            inputs += 1;
            if rules.admit(&update, &Limits::BULK).is_err() {
                continue;
            }
            accepted += 1;
            model = tried;
            reader.take(&update);
            assert_eq!(reader.clocks(), rules.state_vector(), "seed {seed}: yrs took what we took");
            log.push(update);
        }
        let _all = reader.seen();
        super::admitted(&[reader.state()]);
        let updates = log.iter().map(Vec::as_slice);
        let snapshot = super::super::snapshot(updates, [7; 16], &Limits::SNAPSHOT)
            .expect("an admitted log has a snapshot");
        let again = Reader::new(1 << 41, true);
        again.take(&snapshot);
        assert_eq!(again.clocks(), rules.state_vector(), "seed {seed}: the snapshot says it all");
        differ += u64::from(!reader.agrees_with_yjs(&mut yjs, &log, &format!("seed {seed}")));
    }
    println!("{accepted} of {inputs} accepted; {differ} of {documents} documents read differently in Yjs");
    assert!(
        differ * 50 <= documents.max(50),
        "yrs and Yjs read nearly all of it alike: {differ} of {documents} differ"
    );
    assert!(accepted > inputs / 2, "most of what looks right is right: {accepted} of {inputs}");
}
