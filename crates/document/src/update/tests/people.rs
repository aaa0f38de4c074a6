//! People who write offline and meet at a log, made from a seed: Imke, Tomás and Ada on yrs.
//!
//! They cut no character in two: whoever integrates such a cut writes replacements from then on, so that two honest
//! updates differ in what they say of one clock. The golden vectors have that case.

use serde_json::json;

pub use crate::chance::Chance;
use crate::peer::{Peer, standing};
use yrs::types::Attrs;
use yrs::updates::decoder::Decode;
use yrs::{
    Any, Doc, GetString, Map, MapRef, OffsetKind, Options, ReadTxn, StateVector, Text, TextRef, Transact,
    Update, Xml, XmlElementPrelim, XmlFragment, XmlFragmentRef, XmlTextPrelim,
};

/// A document as a reader on yrs holds it.
pub struct Reader {
    pub doc: Doc,
    pub title: TextRef,
    pub body: XmlFragmentRef,
    pub meta: MapRef,
}

impl Reader {
    pub fn new(client: u64, skip_gc: bool) -> Self {
        let options = Options {
            client_id: yrs::block::ClientID::new(client),
            offset_kind: OffsetKind::Utf16,
            skip_gc,
            cleanup_formatting: false,
            ..Options::default()
        };
        let doc = Doc::with_options(options);
        let body = doc.get_or_insert_xml_fragment("default");
        let title = doc.get_or_insert_text("title");
        let meta = doc.get_or_insert_map("meta");
        Self { doc, title, body, meta }
    }

    pub fn take(&self, update: &[u8]) {
        let update = Update::decode_v1(update).expect("what was admitted can be read");
        self.doc.transact_mut().apply_update(update).expect("what was admitted applies");
    }

    /// Everything a reader can see.
    pub fn seen(&self) -> (String, String, String) {
        let txn = self.doc.transact();
        let mut meta: Vec<String> =
            self.meta.iter(&txn).map(|(key, value)| format!("{key}={value:?}")).collect();
        meta.sort();
        (self.title.get_string(&txn), self.body.get_string(&txn), meta.join(","))
    }

    pub fn clocks(&self) -> super::super::StateVector {
        self.doc.transact().state_vector().iter().map(|(client, next)| (client.get(), *next)).collect()
    }

    pub fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// Holds real Yjs, which takes the same updates, against this reader: it throws at none, leaves none waiting, and has
    /// the same clocks. Returns whether it also reads the same and has the same deleted: a hostile writer can make that
    /// depend on the library, by neighbours that no list has in this order, and by half a character.
    pub fn agrees_with_yjs(&self, yjs: &mut Peer, log: &[Vec<u8>], when: &str) -> bool {
        let theirs = yjs.load(log);
        let txn = self.doc.transact();
        let (clocks, deleted) = standing(&txn);
        assert_eq!(clocks, theirs["stateVector"], "{when}: yrs, and Yjs");
        deleted == theirs["deleteSet"] && json!(self.title.get_string(&txn)) == theirs["title"]
    }

    pub fn write(&self, chance: &mut Chance) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        let (title, blocks) = (self.title.len(&txn), self.body.len(&txn));
        match chance.below(10) {
            0..=3 => self.title.insert(&mut txn, chance.below(title as usize + 1) as u32, "é—z"),
            4 if title > 3 => self.title.remove_range(&mut txn, chance.below(title as usize - 2) as u32, 2),
            5 if title > 3 => {
                let bold = Attrs::from([("bold".into(), Any::Bool(chance.below(2) == 0))]);
                self.title.format(&mut txn, chance.below(title as usize - 2) as u32, 2, bold);
            }
            6 if blocks > 1 => self.body.remove_range(&mut txn, chance.below(blocks as usize) as u32, 1),
            7 => drop(self.meta.insert(&mut txn, ["a", "b"][chance.below(2)], chance.below(9) as i64)),
            8 => drop(self.meta.remove(&mut txn, ["a", "b"][chance.below(2)])),
            _ => {
                let at = chance.below(blocks as usize + 1) as u32;
                let block = self.body.insert(&mut txn, at, XmlElementPrelim::empty("paragraph"));
                block.insert_attribute(&mut txn, "align", "left");
                block.insert_attribute(&mut txn, "align", "right");
                block.push_back(&mut txn, XmlTextPrelim::new("words"));
            }
        }
        txn.commit();
        txn.encode_update_v1()
    }
}

/// Returns a log in causal order: what each wrote while away, pushed when they came back.
pub fn log(seed: u64, steps: usize) -> Vec<Vec<u8>> {
    let chance = &mut Chance::new(seed);
    let people = [7, 300, 90_000].map(|client| Reader::new(client, false));
    let mut outboxes = [const { Vec::new() }; 3];
    let mut read = [0; 3];
    let mut log: Vec<Vec<u8>> = Vec::new();
    for step in 0..steps + 3 {
        let who = if step < steps { chance.below(3) } else { step - steps };
        if step < steps && chance.below(4) > 0 {
            outboxes[who].push(people[who].write(chance));
            continue;
        }
        log[read[who]..].iter().for_each(|update| people[who].take(update));
        log.append(&mut outboxes[who]);
        read[who] = log.len();
        // Now and then somebody sends all they have once more, deleted things collected.
        if chance.below(6) == 0 {
            log.push(people[who].state());
        }
    }
    log
}
