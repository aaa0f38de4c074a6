//! The golden vectors of `tests/yjs`: updates that real Yjs and Tiptap wrote, and what they must add up to.
//!
//! `npm run vectors` in `tests/yjs` makes them again. They are read here as they lie in the repository; nothing in
//! this file knows how an update is built.

#![allow(dead_code, reason = "each test binary reads its part")]

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};

/// One document's story: updates in causal order and what a reader of them all holds.
#[derive(Debug, Deserialize)]
pub struct Vector {
    /// Short, unique; assertions print it.
    pub name: String,
    /// Whether the writers (and the reader below) collected deleted text.
    pub gc: bool,
    /// Updates (v1) in an order that never leaves one waiting for another.
    #[serde(deserialize_with = "many_base64")]
    pub updates: Vec<Vec<u8>>,
    /// What Yjs says about the document that took them one by one.
    pub expect: Expect,
}

/// What Yjs itself holds after the updates.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expect {
    /// The root `title`.
    pub title: String,
    /// Plain text, one line for each text block.
    pub text: String,
    /// The blocks under `default`: `{name, attributes, children}` and `{text, marks}`; an embed is an element `embed`.
    pub tree: serde_json::Value,
    /// Next clock of each client.
    pub state_vector: BTreeMap<u64, u32>,
    /// Deleted ranges (clock, length) of each client, joined and sorted.
    pub delete_set: BTreeMap<u64, Vec<(u32, u32)>>,
    /// The whole document as Yjs encodes it.
    #[serde(deserialize_with = "one_base64")]
    pub state: Vec<u8>,
    /// `Y.mergeUpdates` of the updates: client, clock, length and kind of content of each struct, unjoined.
    pub structs: Vec<(u64, u32, u32, String)>,
}

/// Returns every vector in the repository.
pub fn all() -> Vec<Vector> {
    let files = [
        include_str!("../../../../tests/yjs/vectors/editor.json"),
        include_str!("../../../../tests/yjs/vectors/types.json"),
        include_str!("../../../../tests/yjs/vectors/sessions.json"),
    ];
    files
        .iter()
        .flat_map(|file| serde_json::from_str::<Vec<Vector>>(file).expect("vectors are valid JSON"))
        .collect()
}

fn one_base64<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn many_base64<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Vec<u8>>, D::Error> {
    let texts = Vec::<String>::deserialize(from)?;
    texts.iter().map(|text| STANDARD.decode(text).map_err(serde::de::Error::custom)).collect()
}

/// What our own writers must give byte for byte.
#[derive(Debug, Deserialize)]
pub struct Writing {
    /// Blocks that the editor's binding wrote.
    pub appended: Vec<Appended>,
    /// Text that Yjs typed.
    pub typed: Typed,
}

/// Blocks written at the end of a document in one update.
#[derive(Debug, Deserialize)]
pub struct Appended {
    /// Short, unique.
    pub name: String,
    /// Who wrote.
    pub client: u64,
    /// What the document held.
    #[serde(deserialize_with = "many_base64")]
    pub before: Vec<Vec<u8>>,
    /// The blocks, as in [`Expect::tree`].
    pub tree: serde_json::Value,
    /// The binding's update.
    #[serde(deserialize_with = "one_base64")]
    pub update: Vec<u8>,
}

/// Positional edits and what Yjs made of each.
#[derive(Debug, Deserialize)]
pub struct Typed {
    /// Who typed.
    pub client: u64,
    /// Where, how many UTF-16 units go, what comes.
    pub edits: Vec<(usize, usize, String)>,
    /// The block first, then one update an edit.
    #[serde(deserialize_with = "many_base64")]
    pub updates: Vec<Vec<u8>>,
    /// The text at the end.
    pub text: String,
}

/// Returns the vectors for writers.
pub fn writing() -> Writing {
    serde_json::from_str(include_str!("../../../../tests/yjs/vectors/writing.json"))
        .expect("vectors are valid JSON")
}

/// A document, and whether the editor's binding opens it without changing it.
#[derive(Debug, Deserialize)]
pub struct Opened {
    /// Short, unique.
    pub name: String,
    /// What the document holds.
    #[serde(deserialize_with = "many_base64")]
    pub updates: Vec<Vec<u8>>,
    /// Whether it was still the same after an editor had opened it.
    pub kept: bool,
}

/// Returns documents that real editors opened, whole and broken ones.
pub fn opened() -> Vec<Opened> {
    serde_json::from_str(include_str!("../../../../tests/yjs/vectors/gate.json"))
        .expect("vectors are valid JSON")
}
