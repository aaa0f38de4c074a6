//! Writes nodes and attributes into a document that is being edited, in the shape in which the editor stores them.

use std::sync::Arc;

use serde_json::Value;
use yrs::types::Attrs;
use yrs::{
    Any, Text as _, TransactionMut, Xml as _, XmlElementPrelim, XmlElementRef, XmlFragment, XmlTextPrelim,
    XmlTextRef,
};

use crate::document::compose;
use crate::schema;
use crate::tree::{Element, Node, Span};
use crate::writer::units;

/// Writes children, the first at `at`; neighbouring runs share one text.
pub(super) fn nodes(txn: &mut TransactionMut<'_>, parent: &impl XmlFragment, mut at: u32, nodes: &[Node]) {
    for group in compose::groups(nodes) {
        match group {
            [Node::Element(one)] => element(txn, parent, at, one),
            runs => {
                let text = parent.insert(txn, at, XmlTextPrelim::new(""));
                spans(txn, &text, 0, runs);
            }
        }
        at += 1;
    }
}

fn element(txn: &mut TransactionMut<'_>, parent: &impl XmlFragment, at: u32, element: &Element) {
    let handle = parent.insert(txn, at, XmlElementPrelim::empty(element.name.as_str()));
    nodes(txn, &handle, 0, &element.children);
    let known = schema::node(&element.name).map_or(&[][..], |kind| kind.attributes);
    for (key, value) in compose::complete(known, |key| element.attributes.get(key), element.attributes.iter())
    {
        if !value.is_null() {
            handle.insert_attribute(txn, key, any(&value));
        }
    }
}

/// Writes runs into a text from `at` on, in UTF-16 units; what else is among them is left out.
pub(super) fn spans(txn: &mut TransactionMut<'_>, text: &XmlTextRef, mut at: u32, runs: &[Node]) {
    for run in runs {
        let Node::Text(span) = run else { continue };
        text.insert_with_attributes(txn, at, &span.text, marks(span));
        at += units(&span.text);
    }
}

/// Sets an attribute, or puts it at its default.
pub(super) fn attribute(
    txn: &mut TransactionMut<'_>,
    handle: &XmlElementRef,
    key: &str,
    value: Option<&Value>,
) {
    let default = || {
        let kind = schema::node(handle.tag())?;
        Some(Value::from(kind.attributes.iter().find(|attribute| attribute.name == key)?.default))
    };
    match value.cloned().or_else(default) {
        None | Some(Value::Null) => handle.remove_attribute(txn, &key),
        Some(value) => {
            handle.insert_attribute(txn, key, any(&value));
        }
    }
}

fn marks(span: &Span) -> Attrs {
    span.marks.iter().map(|(name, value)| (Arc::from(name.as_str()), mark(name, value))).collect()
}

/// Returns a mark's attributes with those that are at their defaults, as the editor stores them.
pub(super) fn mark(name: &str, value: &Value) -> Any {
    Any::from_json(&compose::attributes(name, value)).unwrap_or(Any::Null)
}

fn any(value: &Value) -> Any {
    Any::from_json(&value.to_string()).unwrap_or(Any::Null)
}
