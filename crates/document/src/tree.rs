//! A document as a plain tree: what Markdown reads into and writes from, and what a Yjs XML fragment holds.
//!
//! The shape is ProseMirror's as Tiptap stores it: elements with attributes, and runs of text with marks.

use std::collections::BTreeMap;

use serde_json::Value;

/// An element: a block or an inline leaf, by the name that the schema gives it (`paragraph`, `heading`, …).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Element {
    /// The node's name.
    pub name: String,
    /// Its attributes; an attribute at its default may be absent.
    pub attributes: BTreeMap<String, Value>,
    /// What it contains, in order.
    pub children: Vec<Node>,
}

/// A child of an element.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A nested element.
    Element(Element),
    /// A run of text whose characters all carry the same marks; never empty.
    Text(Span),
}

/// A run of text under one set of marks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Span {
    /// The characters.
    pub text: String,
    /// The marks by name, each with its attributes (an empty object where it has none).
    pub marks: BTreeMap<String, Value>,
}

impl Element {
    /// Returns an element without attributes or children.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Returns the element with one more attribute.
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.attributes.insert(key.into(), value.into());
        self
    }

    /// Returns the element with these children after those it has.
    pub fn containing(mut self, children: impl IntoIterator<Item = Node>) -> Self {
        self.children.extend(children);
        self
    }
}

impl Node {
    /// Returns a run of text without marks.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Span { text: text.into(), marks: BTreeMap::new() })
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}
