//! Reads a Yjs XML fragment as a plain [tree](crate::tree).
//!
//! Nothing is dropped that a reader could miss: content which is neither element nor characters (embeds, shared types
//! inside text) appears as an element `embed`, a name that no schema knows.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use yrs::any::Number;
use yrs::types::ToJson;
use yrs::types::text::YChange;
use yrs::{Any, Out, ReadTxn, Text, Xml, XmlElementRef, XmlFragment, XmlFragmentRef, XmlOut, XmlTextRef};

use crate::tree::{Element, Node, Span};

/// The name of what stands for embedded content.
pub(super) const EMBED: &str = "embed";

/// Up to here (2^53) a float says whole numbers exactly.
const WHOLE: f64 = 9_007_199_254_740_992.0;

/// Returns the fragment's blocks under an element named `doc`.
pub(super) fn tree<T: ReadTxn>(txn: &T, fragment: &XmlFragmentRef) -> Element {
    let mut doc = Element::new("doc");
    fragment.children(txn).for_each(|child| node(txn, child, &mut doc.children));
    doc
}

/// Appends a child. The validator bounds how deep types nest, so this may call itself.
pub(super) fn node<T: ReadTxn>(txn: &T, node: XmlOut, into: &mut Vec<Node>) {
    match node {
        XmlOut::Element(found) => into.push(Node::Element(element(txn, &found))),
        XmlOut::Text(found) => runs(txn, &found, into),
        XmlOut::Fragment(found) => found.children(txn).for_each(|child| self::node(txn, child, into)),
    }
}

pub(super) fn element<T: ReadTxn>(txn: &T, found: &XmlElementRef) -> Element {
    let mut element = Element::new(found.tag().as_ref());
    element.attributes =
        found.attributes(txn).map(|(key, value)| (key.to_owned(), json(&value.to_json(txn)))).collect();
    found.children(txn).for_each(|child| node(txn, child, &mut element.children));
    element
}

/// Appends a text's runs; a run under the same marks as the one before continues it, also across two texts.
fn runs<T: ReadTxn>(txn: &T, text: &XmlTextRef, into: &mut Vec<Node>) {
    for run in text.diff(txn, YChange::identity) {
        let Out::Any(Any::String(characters)) = &run.insert else {
            into.push(Element::new(EMBED).with("value", json(&run.insert.to_json(txn))).into());
            continue;
        };
        let marks: BTreeMap<String, Value> = run
            .attributes
            .iter()
            .flat_map(|marks| marks.iter())
            .map(|(name, attributes)| (name.to_string(), json(attributes)))
            .collect();
        match into.last_mut() {
            Some(Node::Text(last)) if last.marks == marks => last.text.push_str(characters),
            _ => into.push(Node::Text(Span { text: characters.to_string(), marks })),
        }
    }
}

/// Returns a value as JSON can say it: bytes as a list of numbers, what JSON lacks as null.
pub(super) fn json(any: &Any) -> Value {
    match any {
        Any::Null | Any::Undefined => Value::Null,
        Any::Bool(flag) => (*flag).into(),
        Any::Number(Number::Int(int)) => (*int).into(),
        // Whole numbers read as such, however they were stored.
        Any::Number(Number::Float(float)) if float.fract() == 0.0 && float.abs() <= WHOLE => {
            (*float as i64).into()
        }
        Any::Number(Number::Float(float)) => (*float).into(),
        Any::String(text) => text.as_ref().into(),
        Any::Buffer(bytes) => bytes.iter().copied().collect(),
        Any::Array(items) => items.iter().map(json).collect(),
        Any::Map(fields) => {
            Value::Object(fields.iter().map(|(key, value)| (key.clone(), json(value))).collect::<Map<_, _>>())
        }
    }
}
