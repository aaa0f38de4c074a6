//! A document's plain text: what search indexes and the command line counts.
//!
//! One line for each text block (paragraph, heading, code, source), empty ones too; a hard break is a line break, a mention
//! is the name that it was written with. Marks, other attributes and blocks without text (rules, images) leave nothing.

use serde_json::Value;

use crate::schema;
use crate::tree::{Element, Node};

/// Returns the text of everything under this element.
pub fn plain(element: &Element) -> String {
    let mut lines = Vec::new();
    blocks(element, &mut lines);
    lines.join("\n")
}

/// Returns the characters under an element on one line, hard breaks as line breaks.
pub(crate) fn inline(element: &Element) -> String {
    let mut line = String::new();
    characters(element, &mut line);
    line
}

fn blocks(element: &Element, lines: &mut Vec<String>) {
    let known = schema::node(&element.name).is_some_and(|kind| kind.content.is_inline());
    // An unknown block that holds characters is a line, too: what somebody wrote must be found.
    if known || element.children.iter().any(|child| matches!(child, Node::Text(_))) {
        lines.push(inline(element));
        return;
    }
    for child in &element.children {
        if let Node::Element(child) = child {
            blocks(child, lines);
        }
    }
}

fn characters(element: &Element, line: &mut String) {
    for child in &element.children {
        match child {
            Node::Text(span) => line.push_str(&span.text),
            Node::Element(child) if child.name == "hardBreak" => line.push('\n'),
            Node::Element(child) if child.name == "mention" => {
                line.push_str(child.attributes.get("label").and_then(Value::as_str).unwrap_or_default());
            }
            Node::Element(child) => characters(child, line),
        }
    }
}
