//! The inside of a paragraph: nested emphasis laid flat into runs with marks.
//!
//! The few HTML tags that mean a mark are marks (the writer uses them where asterisks cannot say it); `<br>` is a
//! hard break. Anything that the tree lacks (other HTML, displayed formulas or images among words, addresses that
//! could run code) answers nothing, and the caller keeps the lines.

use std::collections::BTreeMap;

use comrak::arena_tree::NodeEdge;
use comrak::nodes::{NodeLink, NodeValue};
use serde_json::{Value, json};

use super::super::{address, href};
use super::Syntax;
use crate::tree::{Element, Node, Span};

/// The line that stands for a table of contents.
const CONTENTS: &str = "[TOC]";

/// More marks around one character than this are no person's work.
const MOST_MARKS: usize = 64;

/// Returns the block that a paragraph's or cell's text is: the one thing that it is nothing else than, or a `paragraph`.
pub(super) fn leaf(parent: Syntax<'_>) -> Option<Element> {
    let mut children = parent.children();
    if let (Some(only), None) = (children.next(), children.next())
        && let Some(block) = lone(only)
    {
        return block;
    }
    Some(Element::new("paragraph").containing(spans(parent)?))
}

/// Returns what a line that holds nothing but this node is, where that is a block of its own; inside, nothing where the
/// tree cannot say it.
fn lone(only: Syntax<'_>) -> Option<Option<Element>> {
    match &only.data().value {
        NodeValue::Image(image) => Some(href::is_safe(&image.url).then(|| match address::file(&image.url) {
            Some(file) => figure(file, image, only),
            None => self::image(image, only),
        })),
        NodeValue::Link(link) => {
            let file = address::file(&link.url).filter(|_| link.title.is_empty())?;
            let name = plain(only)?;
            Some(Some(Element::new("attachment").with("file", file).with("name", name)))
        }
        NodeValue::Math(math) if math.display_math => {
            let lines = math.literal.strip_prefix('\n').unwrap_or(&math.literal);
            let lines = lines.strip_suffix('\n').unwrap_or(lines);
            Some(Some(Element::new("mathBlock").containing([Node::text(lines)])))
        }
        NodeValue::Text(text) if text == CONTENTS => Some(Some(Element::new("contents"))),
        _ => None,
    }
}

/// Returns the runs, breaks and atoms inside a node, or nothing where the tree cannot say them.
pub(super) fn spans(parent: Syntax<'_>) -> Option<Vec<Node>> {
    let mut flat = Flat::default();
    let mut within: Option<Syntax<'_>> = None;
    for edge in parent.traverse() {
        match edge {
            NodeEdge::End(node) if within.is_some_and(|atom| atom.same_node(node)) => within = None,
            _ if within.is_some() => {}
            NodeEdge::Start(node) if !node.same_node(parent) => match mention(node) {
                Some(mention) => {
                    within = Some(node);
                    flat.out.push(mention.into());
                }
                None => flat.enter(&node.data().value)?,
            },
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
    tags: Vec<(String, &'static str, Value)>,
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
            NodeValue::Text(text) => self.text_with_notes(text),
            NodeValue::Code(code) => self.text(&code.literal, Some("code")),
            NodeValue::Math(math) if !math.display_math => self.text(&math.literal, Some("math")),
            NodeValue::FootnoteReference(note) => self.note(&note.name),
            NodeValue::Escaped => {}
            NodeValue::SoftBreak if matches!(self.out.last(), Some(Node::Element(_))) => {} // after `<br>`
            NodeValue::SoftBreak => self.text(" ", None),
            NodeValue::LineBreak => self.out.push(Element::new("hardBreak").into()),
            NodeValue::HtmlInline(html) => return self.tag(html),
            _ => return None,
        }
        Some(())
    }

    /// Appends text in which `[^label]` refers to a footnote, whether that is known here or not.
    fn text_with_notes(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, label, after)) = address::note(rest) {
            if !before.is_empty() {
                self.text(before, None);
            }
            self.note(label);
            rest = after;
        }
        if !rest.is_empty() {
            self.text(rest, None);
        }
    }

    fn note(&mut self, label: &str) {
        self.out.push(Element::new("footnoteReference").with("label", label).into());
    }

    /// Appends text under the open marks.
    fn text(&mut self, text: &str, extra: Option<&'static str>) {
        let nested = self.marks.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let tagged = self.tags.iter().map(|(_, name, value)| ((*name).to_owned(), value.clone()));
        let extra = extra.map(|name| (name.to_owned(), json!({})));
        let marks: BTreeMap<String, Value> = nested.chain(tagged).chain(extra).collect();
        self.out.push(Node::Text(Span { text: text.to_owned(), marks }));
    }

    fn tag(&mut self, html: &str) -> Option<()> {
        let tag = html.strip_prefix('<')?.strip_suffix('>')?;
        if let Some(closed) = tag.strip_prefix('/') {
            return self.tags.pop().filter(|(open, ..)| open == closed).map(|_| ());
        }
        let (name, value) = match address::colour(tag) {
            Some(colour) => ("mark", json!({ "color": colour })),
            None => (tag, json!({})),
        };
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
            "mark" => "highlight",
            "sub" => "subscript",
            "sup" => "superscript",
            _ => return None,
        };
        self.tags.push((name.to_owned(), mark, value));
        (self.tags.len() <= MOST_MARKS).then_some(())
    }
}

fn mark(value: &NodeValue) -> Option<(&'static str, Value)> {
    match value {
        NodeValue::Strong => Some(("bold", json!({}))),
        NodeValue::Emph => Some(("italic", json!({}))),
        NodeValue::Strikethrough => Some(("strike", json!({}))),
        NodeValue::Highlight => Some(("highlight", json!({}))),
        NodeValue::Link(link) => Some(("link", json!({ "href": link.url, "title": link.title }))),
        _ => None,
    }
}

/// Returns the mention that a link is: its address names a document or a person, and its words are bare.
fn mention(node: Syntax<'_>) -> Option<Element> {
    let NodeValue::Link(link) = &node.data().value else { return None };
    let (kind, id) = address::mentioned(&link.url).filter(|_| link.title.is_empty())?;
    let words = plain(node)?;
    let label = if kind == "person" { words.strip_prefix('@')? } else { &words };
    Some(Element::new("mention").with("kind", kind).with("id", id).with("label", label))
}

/// Returns the words in a node that holds nothing but unmarked words.
fn plain(node: Syntax<'_>) -> Option<String> {
    let mut words = String::new();
    for inner in node.descendants().filter(|inner| !inner.same_node(node)) {
        match &inner.data().value {
            NodeValue::Text(text) => words.push_str(text),
            NodeValue::SoftBreak => words.push(' '),
            NodeValue::Escaped => {}
            _ => return None,
        }
    }
    Some(words)
}

fn image(link: &NodeLink, node: Syntax<'_>) -> Element {
    Element::new("image")
        .with("src", link.url.as_str())
        .with("alt", description(node))
        .with("title", link.title.as_str())
}

/// A picture of the workspace's own: its caption is the title, and its width stands behind the description, as `view|320`.
fn figure(file: &str, link: &NodeLink, node: Syntax<'_>) -> Element {
    let alt = description(node);
    let sized = alt.rsplit_once('|').and_then(|(alt, width)| Some((alt, address::width(width)?)));
    let figure = Element::new("figure").with("file", file).containing([Node::text(link.title.as_str())]);
    match sized {
        Some((alt, width)) => figure.with("alt", alt).with("width", width),
        None => figure.with("alt", alt),
    }
}

/// Returns the words between an image's brackets.
fn description(node: Syntax<'_>) -> String {
    let mut alt = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            NodeValue::Text(text) => alt.push_str(text),
            NodeValue::Code(code) => alt.push_str(&code.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => alt.push(' '),
            _ => {}
        }
    }
    alt
}
