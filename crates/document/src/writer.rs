//! Writes Yjs updates (encoding v1) struct by struct, in the order and shape in which Yjs itself writes them.
//!
//! Reading and merging are `yrs`'s and `update`'s work; this writes new content of one client, whose places in the
//! document the caller knows. It is what makes [`append`](crate::Document::append) come out byte for byte as the
//! editor would write it, and [`Typist`](crate::typist::Typist) fast. It checks nothing: wrong places give an update
//! that the validator refuses.

use serde_json::Value;

/// The name of one unit of content: who made it, and as which of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Id {
    pub client: u64,
    pub clock: u32,
}

/// Where a struct goes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    /// First in a root that is empty.
    Root(&'a str),
    /// First in a type that is empty.
    Inside(Id),
    /// The value under a key that has none yet.
    Key(Id, &'a str),
    /// After one thing, before another; at least one of them is there.
    Between(Option<Id>, Option<Id>),
}

/// An update in the making.
#[derive(Debug)]
pub(crate) struct Writer {
    client: u64,
    first: u32,
    next: u32,
    count: u32,
    structs: Vec<u8>,
    deleted: Vec<(u32, u32)>,
}

const STRING: u8 = 4;
const FORMAT: u8 = 6;
const TYPE: u8 = 7;
const ANY: u8 = 8;
const XML_ELEMENT: u8 = 3;
const XML_TEXT: u8 = 6;

impl Writer {
    /// Begins an update by this client, whose next clock is `next`.
    pub fn new(client: u64, next: u32) -> Self {
        Self { client, first: next, next, count: 0, structs: Vec::new(), deleted: Vec::new() }
    }

    /// Writes an empty element.
    pub fn element(&mut self, at: Place<'_>, name: &str) -> Id {
        let id = self.begin(at, TYPE, 1);
        self.structs.push(XML_ELEMENT);
        string(&mut self.structs, name);
        id
    }

    /// Writes an empty text.
    pub fn text(&mut self, at: Place<'_>) -> Id {
        let id = self.begin(at, TYPE, 1);
        self.structs.push(XML_TEXT);
        id
    }

    /// Writes characters, at least one; returns the id of the last.
    pub fn characters(&mut self, at: Place<'_>, text: &str) -> Id {
        let units = units(text);
        let id = self.begin(at, STRING, units);
        string(&mut self.structs, text);
        Id { clock: id.clock + units.saturating_sub(1), ..id }
    }

    /// Writes the point from which a mark has this value (JSON).
    pub fn format(&mut self, at: Place<'_>, mark: &str, json: &str) -> Id {
        let id = self.begin(at, FORMAT, 1);
        string(&mut self.structs, mark);
        string(&mut self.structs, json);
        id
    }

    /// Writes one value.
    pub fn value(&mut self, at: Place<'_>, value: &Value) -> Id {
        let id = self.begin(at, ANY, 1);
        self.structs.push(1);
        any(&mut self.structs, value);
        id
    }

    /// Deletes this many of the client's own units from a clock on; ranges are added in rising order and do not meet.
    pub fn delete(&mut self, from: u32, count: u32) {
        self.deleted.push((from, count));
    }

    /// Returns the update.
    pub fn finish(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.structs.len() + 24 + 8 * self.deleted.len());
        if self.count == 0 {
            out.push(0);
        } else {
            out.push(1);
            varint(&mut out, u64::from(self.count));
            varint(&mut out, self.client);
            varint(&mut out, u64::from(self.first));
            out.extend_from_slice(&self.structs);
        }
        if self.deleted.is_empty() {
            out.push(0);
        } else {
            out.push(1);
            varint(&mut out, self.client);
            varint(&mut out, self.deleted.len() as u64);
            for (clock, count) in self.deleted {
                varint(&mut out, u64::from(clock));
                varint(&mut out, u64::from(count));
            }
        }
        out
    }

    fn begin(&mut self, at: Place<'_>, content: u8, units: u32) -> Id {
        let out = &mut self.structs;
        match at {
            Place::Root(name) => {
                out.extend([content, 1]);
                string(out, name);
            }
            Place::Inside(parent) => {
                out.extend([content, 0]);
                id(out, parent);
            }
            Place::Key(parent, key) => {
                out.extend([content | 0x20, 0]);
                id(out, parent);
                string(out, key);
            }
            Place::Between(left, right) => {
                out.push(
                    content | if left.is_some() { 0x80 } else { 0 } | if right.is_some() { 0x40 } else { 0 },
                );
                left.into_iter().chain(right).for_each(|side| id(out, side));
            }
        }
        let made = Id { client: self.client, clock: self.next };
        self.next += units;
        self.count += 1;
        made
    }
}

/// Returns a text's length as Yjs counts it: UTF-16 units.
pub(crate) fn units(text: &str) -> u32 {
    text.chars().map(|letter| letter.len_utf16() as u32).sum()
}

fn id(out: &mut Vec<u8>, id: Id) {
    varint(out, id.client);
    varint(out, u64::from(id.clock));
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn string(out: &mut Vec<u8>, text: &str) {
    varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Writes a value as lib0's `writeAny` does.
fn any(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(126),
        Value::Bool(true) => out.push(120),
        Value::Bool(false) => out.push(121),
        Value::Number(number) => self::number(out, number.as_f64().unwrap_or_default()),
        Value::String(text) => {
            out.push(119);
            string(out, text);
        }
        Value::Array(items) => {
            out.push(117);
            varint(out, items.len() as u64);
            items.iter().for_each(|item| any(out, item));
        }
        Value::Object(fields) => {
            out.push(118);
            varint(out, fields.len() as u64);
            for (key, value) in fields {
                string(out, key);
                any(out, value);
            }
        }
    }
}

/// JavaScript has one kind of number; lib0 picks the shortest form that gives it back.
fn number(out: &mut Vec<u8>, number: f64) {
    if number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX) {
        out.push(125);
        let size = number.abs() as u64;
        let sign = if number < 0.0 { 0x40 } else { 0 };
        out.push((size & 0x3f) as u8 | sign | if size > 0x3f { 0x80 } else { 0 });
        if size > 0x3f {
            varint(out, size >> 6);
        }
    } else if f64::from(number as f32) == number {
        out.push(124);
        out.extend_from_slice(&(number as f32).to_be_bytes());
    } else {
        out.push(123);
        out.extend_from_slice(&number.to_be_bytes());
    }
}
