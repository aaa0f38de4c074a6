//! The one form of a tree that reading gives and comparing needs.
//!
//! Four rules and no more: neighbouring runs with equal marks are one run; empty runs are none; an attribute at its
//! schema's default is absent; a whole number is an integer. Nothing that a reader of the document could see is touched.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::schema::{self, Attribute};
use crate::tree::{Element, Node};

/// Returns the blocks in the form that [`read`](super::read) gives.
pub fn normal(nodes: Vec<Node>) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Element(element) => out.push(Node::Element(normal_element(element))),
            Node::Text(mut span) => {
                span.marks = span.marks.into_iter().map(normal_mark).collect();
                match out.last_mut() {
                    _ if span.text.is_empty() => {}
                    Some(Node::Text(last)) if last.marks == span.marks => last.text.push_str(&span.text),
                    _ => out.push(Node::Text(span)),
                }
            }
        }
    }
    out
}

fn normal_element(element: Element) -> Element {
    let Element { name, attributes, children } = element;
    let kind = schema::node(&name).map(|kind| kind.attributes);
    let attributes: BTreeMap<_, _> = attributes
        .into_iter()
        .map(|(key, value)| (key, whole(value)))
        .filter(|(key, value)| !is_default(kind, key, value))
        .collect();
    Element { name, attributes, children: normal(children) }
}

fn normal_mark((name, value): (String, Value)) -> (String, Value) {
    let Value::Object(members) = value else { return (name, Value::Object(Map::new())) };
    let kind = schema::mark(&name).map(|kind| kind.attributes);
    let members = members.into_iter().filter(|(key, value)| !is_default(kind, key, value)).collect();
    (name, Value::Object(members))
}

/// An empty word where nothing is the default means nothing too: Markdown does not tell `""` from no title.
fn is_default(kind: Option<&[Attribute]>, key: &str, value: &Value) -> bool {
    let known = kind.and_then(|attributes| attributes.iter().find(|attribute| attribute.name == key));
    let default = known.map_or(Value::Null, |attribute| attribute.default.into());
    let is_empty_word =
        matches!(key, "alt" | "title" | "language" | "label" | "name") && value.as_str() == Some("");
    *value == default || value.is_null() || (known.is_some() && is_empty_word)
}

/// JavaScript has one kind of number: `2.0` from there is the `2` that is meant.
fn whole(value: Value) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 && number.abs() < EXACT => {
            json!(number as i64)
        }
        _ => value,
    }
}
