//! An update taken apart clock by clock, so that two can be compared however their structs are cut and joined.

use std::collections::BTreeMap;

use super::super::any;
use super::super::cursor::Cursor;
use super::super::delete_set::Range;
use super::super::limits::Limits;
use super::super::structs::{Content, Id, Link, Parsed, Struct};

/// One clock: where it was written, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub place: String,
    pub content: String,
}

impl Unit {
    /// Whether the writer no longer had what was here.
    pub fn emptied(&self) -> bool {
        matches!(self.content.as_str(), "Gc" | "Deleted")
    }
}

/// Takes an update apart.
pub fn units(update: &[u8]) -> BTreeMap<Id, Unit> {
    let parsed = read(update);
    let mut all = BTreeMap::new();
    for group in &parsed.groups {
        for one in &parsed.structs[group.first..group.end] {
            let texts = contents(update, one);
            for (offset, content) in (0..one.len).zip(texts) {
                let id = Id { client: group.client, clock: one.clock + offset };
                let place = match (offset, one.content) {
                    (_, Content::Gc) => String::new(),
                    (0, _) => place(update, one),
                    _ => {
                        let before = Id { client: group.client, clock: id.clock - 1 };
                        between(Some(before), one.link.right())
                    }
                };
                all.insert(id, Unit { place, content });
            }
        }
    }
    all
}

/// The deleted ranges of an update.
pub fn deletes(update: &[u8]) -> Vec<(u64, Range)> {
    let sets = read(update).deletes;
    sets.clients.iter().flat_map(|one| sets.ranges_of(one).iter().map(|range| (one.client, *range))).collect()
}

/// How many structs an update has.
pub fn count(update: &[u8]) -> usize {
    read(update).structs.len()
}

fn read(update: &[u8]) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.read(update, &Limits::SNAPSHOT).expect("the update can be read");
    parsed
}

fn place(update: &[u8], one: &Struct) -> String {
    let text = |span: super::super::structs::Span| String::from_utf8_lossy(span.of(update)).into_owned();
    match one.link {
        Link::Nowhere => String::new(),
        Link::Between { origin, right } => between(origin, right),
        Link::Root { name, key } => format!("root {} {:?}", text(name), key.map(text)),
        Link::Inside { parent, key } => format!("inside {parent:?} {:?}", key.map(text)),
    }
}

fn between(origin: Option<Id>, right: Option<Id>) -> String {
    format!("between {origin:?} and {right:?}")
}

fn contents(update: &[u8], one: &Struct) -> Vec<String> {
    let bytes = &update[one.payload_at as usize..one.end as usize];
    match one.content {
        Content::Gc | Content::Deleted => vec![format!("{:?}", one.content); one.len as usize],
        Content::String => std::str::from_utf8(bytes)
            .expect("it was read")
            .encode_utf16()
            .map(|unit| format!("unit {unit:x}"))
            .collect(),
        Content::Any => {
            let mut from = Cursor::new(bytes);
            let mut value = || {
                let start = from.at();
                any::value(&mut from).expect("it was read");
                format!("value {:?}", &bytes[start..from.at()])
            };
            (0..one.len).map(|_| value()).collect()
        }
        other => vec![format!("{other:?} {bytes:?}")],
    }
}
