//! Writes a [tree](crate::tree) as Yjs types, in the shape and order of the editor's binding (y-tiptap 3.0.9).
//!
//! An element's children come before its attributes; neighbouring runs share one text; each run opens its marks, says
//! its characters and closes them. Attributes and marks go in the schema's order, unknown ones after them by name.

use serde_json::Value;

use crate::schema::{self, Attribute};
use crate::tree::{Element, Node, Span};
use crate::writer::{Id, Place, Writer};

/// Writes children one behind the other, the first at `place`.
pub(super) fn children(writer: &mut Writer, mut place: Place<'_>, nodes: &[Node]) {
    for group in groups(nodes) {
        let id = match group {
            [Node::Element(one)] => element(writer, place, one),
            texts => text(writer, place, texts),
        };
        place = Place::Between(Some(id), None);
    }
}

/// Returns the children as they are stored: each element by itself, neighbouring runs together.
pub(super) fn groups(nodes: &[Node]) -> impl Iterator<Item = &[Node]> {
    nodes.chunk_by(|a, b| matches!((a, b), (Node::Text(_), Node::Text(_))))
}

fn element(writer: &mut Writer, place: Place<'_>, element: &Element) -> Id {
    let id = writer.element(place, &element.name);
    children(writer, Place::Inside(id), &element.children);
    let known = schema::node(&element.name).map_or(&[][..], |kind| kind.attributes);
    for (key, value) in complete(known, |key| element.attributes.get(key), element.attributes.iter()) {
        if !value.is_null() {
            writer.value(Place::Key(id, key), &value);
        }
    }
    id
}

fn text(writer: &mut Writer, place: Place<'_>, nodes: &[Node]) -> Id {
    let id = writer.text(place);
    let mut at = Place::Inside(id);
    for node in nodes {
        let Node::Text(span) = node else { continue };
        let marks = marks(span);
        for (name, attributes) in &marks {
            at = Place::Between(Some(writer.format(at, name, attributes)), None);
        }
        at = Place::Between(Some(writer.characters(at, &span.text)), None);
        for (name, _) in &marks {
            at = Place::Between(Some(writer.format(at, name, "null")), None);
        }
    }
    id
}

/// The marks of a run in the schema's order, each with its attributes as JSON text.
fn marks(span: &Span) -> Vec<(&str, String)> {
    let rank = |stored: &str| schema::MARKS.iter().position(|kind| kind.name == schema::mark_name(stored));
    let mut marks: Vec<_> = span.marks.iter().collect();
    marks.sort_by_key(|(name, _)| rank(name).unwrap_or(usize::MAX));
    marks.into_iter().map(|(name, value)| (name.as_str(), attributes(name, value))).collect()
}

/// Returns a mark's attributes as JSON text, those at their defaults too.
pub(super) fn attributes(mark: &str, value: &Value) -> String {
    let Value::Object(given) = value else { return value.to_string() };
    let known = schema::mark(mark).map_or(&[][..], |kind| kind.attributes);
    let fields: Vec<String> = complete(known, |key| given.get(key), given.iter())
        .map(|(key, value)| format!("{}:{value}", Value::from(key)))
        .collect();
    format!("{{{}}}", fields.join(","))
}

/// Known attributes in their order, with defaults; then what the schema does not know.
pub(super) fn complete<'a>(
    known: &'static [Attribute],
    given: impl Fn(&str) -> Option<&'a Value>,
    all: impl Iterator<Item = (&'a String, &'a Value)>,
) -> impl Iterator<Item = (&'a str, Value)> {
    let filled = known.iter().map(move |attribute| {
        (attribute.name, given(attribute.name).cloned().unwrap_or_else(|| attribute.default.into()))
    });
    let unknown = all
        .filter(move |(key, _)| known.iter().all(|attribute| attribute.name != key.as_str()))
        .map(|(key, value)| (key.as_str(), value.clone()));
    filled.chain(unknown)
}
