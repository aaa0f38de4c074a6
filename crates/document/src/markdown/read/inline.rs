//! The inside of a paragraph: nested emphasis laid flat into runs with marks.
//!
//! The few HTML tags that mean a mark are marks (the writer uses them where asterisks cannot say it); `<br>` is a
//! hard break. Anything else that the tree lacks (other HTML, maths, footnotes, images among words, addresses that
//! could run code, code under other marks) answers nothing, and the caller keeps the lines.

use std::collections::BTreeMap;

use comrak::arena_tree::NodeEdge;
use comrak::nodes::{NodeLink, NodeValue};
use serde_json::{Value, json};

use super::super::href;
use super::Syntax;
use crate::tree::{Element, Node, Span};

/// More marks around one character than this are no person's work.
const MOST_MARKS: usize = 64;

/// Returns the block that a paragraph's or cell's text is: an `image` where it is nothing else, or a `paragraph`.
pub(super) fn leaf(parent: Syntax<'_>) -> Option<Element> {
    let mut children = parent.children();
    if let (Some(only), None) = (children.next(), children.next())
        && let NodeValue::Image(image) = &only.data().value
    {
        return href::is_safe(&image.url).then(|| self::image(image, only));
    }
    Some(Element::new("paragraph").containing(spans(parent)?))
}

/// Returns the runs and breaks inside a node, or nothing where the tree cannot say them.
pub(super) fn spans(parent: Syntax<'_>) -> Option<Vec<Node>> {
    let mut flat = Flat::default();
    for edge in parent.traverse() {
        match edge {
            NodeEdge::Start(node) if !node.same_node(parent) => flat.enter(&node.data().value)?,
            NodeEdge::End(node) if mark(&node.data().value).is_some() => _ = flat.marks.pop(),
            _ => {}
        }
    }
    flat.tags.is_empty().then_some(flat.out)
}

#[derive(Default)]
struct Flat {
    out: Vec<Node>,
    marks: Vec<(&'static str, Value)>,
    tags: Vec<(String, &'static str)>,
}

impl Flat {
    fn enter(&mut self, value: &NodeValue) -> Option<()> {
        if let Some(mark) = mark(value) {
            self.marks.push(mark);
            return (self.marks.len() <= MOST_MARKS
                && !matches!(value, NodeValue::Link(link) if !href::is_safe(&link.url)))
            .then_some(());
        }
        match value {
            NodeValue::Text(text) if text.contains("[^") => return None, // a footnote, known here or elsewhere
            NodeValue::Text(text) => return self.text(text, None),
            NodeValue::Code(code) => return self.text(&code.literal, Some("code")),
            NodeValue::Escaped => {}
            NodeValue::SoftBreak if matches!(self.out.last(), Some(Node::Element(_))) => {} // after `<br>`
            NodeValue::SoftBreak => return self.text(" ", None),
            NodeValue::LineBreak => self.out.push(Element::new("hardBreak").into()),
            NodeValue::HtmlInline(html) => return self.tag(html),
            _ => return None,
        }
        Some(())
    }

    /// Appends text under the open marks.
    fn text(&mut self, text: &str, extra: Option<&'static str>) -> Option<()> {
        let nested = self.marks.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let named =
            self.tags.iter().map(|(_, name)| *name).chain(extra).map(|name| (name.to_owned(), json!({})));
        let marks: BTreeMap<String, Value> = nested.chain(named).collect();
        self.out.push(Node::Text(Span { text: text.to_owned(), marks }));
        Some(())
    }

    fn tag(&mut self, html: &str) -> Option<()> {
        let name = html.strip_prefix('<')?.strip_suffix('>')?;
        if let Some(closed) = name.strip_prefix('/') {
            return self.tags.pop().filter(|(open, _)| open == closed).map(|_| ());
        }
        let mark = match name {
            "br" | "br/" | "br />" | "br /" => {
                self.out.push(Element::new("hardBreak").into());
                return Some(());
            }
            "b" | "strong" => "bold",
            "i" | "em" => "italic",
            "s" | "del" => "strike",
            "u" => "underline",
            "code" => "code",
            _ => return None,
        };
        self.tags.push((name.to_owned(), mark));
        (self.tags.len() <= MOST_MARKS).then_some(())
    }
}

fn mark(value: &NodeValue) -> Option<(&'static str, Value)> {
    match value {
        NodeValue::Strong => Some(("bold", json!({}))),
        NodeValue::Emph => Some(("italic", json!({}))),
        NodeValue::Strikethrough => Some(("strike", json!({}))),
        NodeValue::Link(link) => Some(("link", json!({ "href": link.url, "title": link.title }))),
        _ => None,
    }
}

fn image(link: &NodeLink, node: Syntax<'_>) -> Element {
    let mut alt = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            NodeValue::Text(text) => alt.push_str(text),
            NodeValue::Code(code) => alt.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => alt.push(' '),
            _ => {}
        }
    }
    Element::new("image").with("src", link.url.as_str()).with("alt", alt).with("title", link.title.as_str())
}
