//! A document's headings, in order: the table of contents.

use crate::text;
use crate::tree::{Element, Node};

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// From 1, the most important, to 6.
    pub level: u8,
    /// Its text.
    pub text: String,
}

/// Returns the headings under this element, also those inside quotes and lists.
pub fn headings(element: &Element) -> Vec<Heading> {
    let mut found = Vec::new();
    collect(element, &mut found);
    found
}

fn collect(element: &Element, found: &mut Vec<Heading>) {
    if element.name == "heading" {
        // The number is whatever a client stored; outside 1 to 6 it is shown as the nearest.
        let level = element.attributes.get("level").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
        found.push(Heading { level: level.clamp(1.0, 6.0) as u8, text: text::inline(element) });
        return;
    }
    for child in &element.children {
        if let Node::Element(child) = child {
            collect(child, found);
        }
    }
}
