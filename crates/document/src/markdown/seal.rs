//! The form for what Markdown has no words for: a fenced code block named `sheaf`.
//!
//! One line of JSON per node, in reading order, each beginning with its depth: `[0,"callout",{"kind":"tip"}]` for an
//! element, `[1,null,"text",{"bold":{}}]` for a run. Every Markdown tool carries a code block unharmed, a person can
//! still read the words in it, and a deep tree needs no deep parser.

use serde_json::{Map, Value, json};

use super::href;
use crate::tree::{Element, Node, Span};

/// The info string of a sealed block.
pub(super) const INFO: &str = "sheaf";

/// Deeper sealed trees are not believed, so that a file cannot exhaust the stack of whoever walks the tree.
const DEEPEST: usize = 96;

/// Returns the node as a fenced code block.
pub(super) fn seal(node: &Node) -> String {
    let mut lines = String::new();
    let mut ahead = vec![(0, node)];
    while let Some((depth, node)) = ahead.pop() {
        let line = match node {
            Node::Element(element) => {
                ahead.extend(element.children.iter().rev().map(|child| (depth + 1, child)));
                json!([depth, element.name, element.attributes])
            }
            Node::Text(span) => json!([depth, null, span.text, span.marks]),
        };
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    let fence = fence(&lines);
    format!("{fence}{INFO}\n{lines}{fence}")
}

/// Returns the node in a sealed block's text, or nothing where the text is not one whole, safe node.
pub(super) fn unseal(text: &str) -> Option<Node> {
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    for line in text.lines() {
        let line: Vec<Value> = serde_json::from_str(line).ok()?;
        let (depth, node) = match line.as_slice() {
            [depth, Value::String(name), Value::Object(attributes)] if harmless(attributes) => {
                let attributes = attributes.clone().into_iter().collect();
                (depth, Node::Element(Element { name: name.clone(), attributes, children: Vec::new() }))
            }
            [depth, Value::Null, Value::String(text), Value::Object(marks)]
                if marks.values().all(|mark| mark.as_object().is_some_and(harmless)) =>
            {
                (depth, Node::Text(Span { text: text.clone(), marks: marks.clone().into_iter().collect() }))
            }
            _ => return None,
        };
        let depth = usize::try_from(depth.as_u64()?).ok().filter(|depth| *depth <= DEEPEST)?;
        while open.len() > depth {
            close(&mut open, &mut root);
        }
        if root.is_some() || open.len() != depth {
            return None;
        }
        match node {
            Node::Element(element) => open.push(element),
            Node::Text(_) => place(node, &mut open, &mut root),
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut root);
    }
    root
}

/// Returns a fence of backticks longer than any run of them in the text.
pub(super) fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

fn close(open: &mut Vec<Element>, root: &mut Option<Node>) {
    if let Some(element) = open.pop() {
        place(Node::Element(element), open, root);
    }
}

fn place(node: Node, open: &mut [Element], root: &mut Option<Node>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(node),
        None => *root = Some(node),
    }
}

fn harmless(attributes: &Map<String, Value>) -> bool {
    ["href", "src"].iter().all(|key| attributes.get(*key).and_then(Value::as_str).is_none_or(href::is_safe))
}
