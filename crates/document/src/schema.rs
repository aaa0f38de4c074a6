//! Every node and mark that a document may hold: the one list that the editor, Markdown and the gate agree on.
//!
//! It mirrors Tiptap 3.31.3 (StarterKit, task lists, tables, images) and adds kinds of our own: `source`, a verbatim block
//! for what the editor cannot show, and since version 2 callouts, toggles, maths, footnotes, mentions and files. `schema.json` beside the crate is this table for readers that are not Rust; a test in
//! `tests/yjs` holds it against the schema that Tiptap itself builds. Nothing here reads a document: that is the
//! [gate](crate::gate)'s work.

mod table;

pub use table::{MARKS, NODES};

use serde::{Serialize, Serializer};

/// The schema's number: stored with a document's place, and only ever rising.
pub const VERSION: u16 = 2;

/// The oldest schema whose documents this one shows: each adds kinds and takes none away.
pub const OLDEST: u16 = 1;

/// One kind of node.
#[derive(Debug, PartialEq, Serialize)]
pub struct NodeKind {
    /// Its name, as Yjs stores it.
    pub name: &'static str,
    /// The groups it belongs to, which content rules may name.
    pub groups: &'static [&'static str],
    /// What it may contain.
    pub content: Content,
    /// Whether text in it may carry marks.
    pub marks: bool,
    /// Its attributes, in the order in which the editor stores them.
    pub attributes: &'static [Attribute],
}

/// One kind of mark.
#[derive(Debug, PartialEq, Serialize)]
pub struct MarkKind {
    /// Its name.
    pub name: &'static str,
    /// Its attributes, in the order in which the editor stores them.
    pub attributes: &'static [Attribute],
}

/// An attribute and what it is where nothing is stored.
#[derive(Debug, PartialEq, Serialize)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its value when absent. The editor stores every value but null.
    pub default: Default,
}

/// The values that attributes have by default.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Default {
    /// Nothing.
    Null,
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(u32),
    /// A word.
    Text(&'static str),
}

impl From<Default> for serde_json::Value {
    fn from(default: Default) -> Self {
        match default {
            Default::Null => Self::Null,
            Default::Flag(flag) => flag.into(),
            Default::Number(number) => number.into(),
            Default::Text(text) => text.into(),
        }
    }
}

/// A content rule: perhaps one particular child first, then any number of children of some kinds. No kind wants both one
/// first and some behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Content {
    /// The kind that the first child must have.
    pub first: Option<&'static str>,
    /// Names or groups that every other child must have.
    pub rest: &'static [&'static str],
    /// Whether there must be at least one of `rest`.
    pub some: bool,
}

impl Content {
    const NOTHING: Self = Self { first: None, rest: &[], some: false };
    const TEXT: Self = Self::any(&["text"]);
    const INLINE: Self = Self::any(&["inline"]);
    const BLOCKS: Self = Self::some(&["block"]);
    const ITEM: Self = Self { first: Some("paragraph"), rest: &["block"], some: false };

    const fn any(rest: &'static [&'static str]) -> Self {
        Self { first: None, rest, some: false }
    }

    const fn some(rest: &'static [&'static str]) -> Self {
        Self { first: None, rest, some: true }
    }

    /// Whether the node holds a line of text rather than blocks.
    pub fn is_inline(&self) -> bool {
        *self == Self::TEXT || *self == Self::INLINE
    }

    /// Returns the rule as ProseMirror writes it, such as `paragraph block*`.
    pub fn expression(&self) -> String {
        let rest = match self.rest {
            [] => return String::new(),
            [one] => (*one).to_owned(),
            many => format!("({})", many.join(" | ")),
        };
        let sign = if self.some { '+' } else { '*' };
        self.first.map_or_else(|| format!("{rest}{sign}"), |first| format!("{first} {rest}{sign}"))
    }

    /// Whether the rule lets children of this kind follow the first.
    pub fn admits(&self, kind: &NodeKind) -> bool {
        self.rest.iter().any(|name| kind.name == *name || kind.groups.contains(name))
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.expression())
    }
}

/// Returns the node kind of this name.
pub fn node(name: &str) -> Option<&'static NodeKind> {
    NODES.iter().find(|kind| kind.name == name)
}

/// Returns the mark kind that a stored mark has; a mark that may overlap itself is stored as `name--hash`.
pub fn mark(stored: &str) -> Option<&'static MarkKind> {
    MARKS.iter().find(|kind| kind.name == mark_name(stored))
}

/// Returns the name of a stored mark without the eight characters of hash that y-tiptap may put behind it.
pub fn mark_name(stored: &str) -> &str {
    match stored.len().checked_sub(10).and_then(|at| stored.split_at_checked(at)) {
        Some((name, hash)) if is_hash(hash) => name,
        _ => stored,
    }
}

fn is_hash(end: &str) -> bool {
    end.strip_prefix("--")
        .is_some_and(|hash| hash.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)))
}

/// The whole table, as `schema.json` keeps it.
#[derive(Serialize)]
pub struct Table {
    version: u16,
    nodes: &'static [NodeKind],
    marks: &'static [MarkKind],
}

/// Returns the table.
pub const fn table() -> Table {
    Table { version: VERSION, nodes: NODES, marks: MARKS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schema_json_is_fresh() {
        let fresh = serde_json::to_string_pretty(&table()).unwrap() + "\n";
        assert_eq!(
            include_str!("../schema.json"),
            fresh,
            "run `cargo run -p sheaf-document --example schema > crates/document/schema.json`"
        );
    }

    #[test]
    fn a_hash_behind_a_mark_is_not_its_name() {
        assert_eq!(mark_name("remark--oW2h5mHL"), "remark", "as y-tiptap stores overlapping marks");
        assert_eq!(mark_name("bold"), "bold");
        assert_eq!(mark_name("a--b"), "a--b", "the hash has eight characters");
        assert_eq!(mark_name("ünï--12345678"), "ünï");
        assert_eq!(mark_name("--ü2345678"), "--ü2345678", "a cut inside a character is no cut");
    }

    #[test]
    fn every_rule_names_kinds_that_exist() {
        for kind in NODES {
            for name in kind.content.rest.iter().chain(&kind.content.first) {
                let found = NODES.iter().any(|other| other.name == *name || other.groups.contains(name));
                assert!(found, "{} wants {name}, which nothing is", kind.name);
            }
        }
    }
}
