//! From blocks to Markdown, each in the form that its style asks for.
//!
//! The writer is free to be wrong about a rare case: [`super::write`] reads every proposal back. It only has to know
//! what it has no words for, and seals that in place, so that one unknown node does not seal the list around it.

mod inline;
mod list;
mod ours;
mod table;

use super::{DEEPEST, seal};
use crate::tree::{Element, Node};
use inline::Place;

/// How much a proposal dares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As a person would write it: asterisks, few escapes, empty paragraphs left out at the head of an item.
    Light,
    /// As no parser could mistake it: tags for marks, every punctuation character escaped.
    Strict,
}

/// Every node that Markdown has words for, with the attributes that it can say.
const SAYABLE: &[(&str, &[&str])] = &[
    ("paragraph", &[]),
    ("heading", &["level"]),
    ("bulletList", &[]),
    ("orderedList", &["start"]),
    ("taskList", &[]),
    ("listItem", &[]),
    ("taskItem", &["checked"]),
    ("blockquote", &[]),
    ("codeBlock", &["language"]),
    ("horizontalRule", &[]),
    ("hardBreak", &[]),
    ("image", &["src", "alt", "title"]),
    ("table", &[]),
    ("tableRow", &[]),
    ("tableHeader", &["align"]),
    ("tableCell", &["align"]),
    ("source", &["format"]),
    ("callout", &["kind"]),
    ("toggle", &[]),
    ("toggleTitle", &[]),
    ("mathBlock", &[]),
    ("footnote", &["label"]),
    ("footnoteReference", &["label"]),
    ("mention", &["kind", "id", "label"]),
    ("contents", &[]),
    ("figure", &["file", "alt", "width"]),
    ("attachment", &["file", "name"]),
];

/// Writes blocks one after the other with blank lines between. `write` is told whether a list needs the other marker
/// because its neighbour is a list too, which would swallow it.
pub(super) fn join(blocks: &[Node], mut write: impl FnMut(&Node, bool) -> String) -> String {
    let mut text = String::new();
    let mut neighbour = (None, false);
    for block in blocks {
        let family = list::family(block);
        let twin = family.is_some() && family == neighbour.0 && !neighbour.1;
        neighbour = (family, twin);
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&write(block, twin));
        text.push('\n');
    }
    text
}

/// Writes one block, without a line end after it.
pub(super) fn block(node: &Node, style: Style, twin: bool) -> String {
    Writer { style, depth: 0 }.block(node, twin)
}

#[derive(Clone, Copy)]
struct Writer {
    style: Style,
    depth: usize,
}

impl Writer {
    fn block(self, node: &Node, twin: bool) -> String {
        let said = match node {
            Node::Element(element) if is_sayable(element) && !self.is_too_deep(node, element) => {
                self.say(element, twin)
            }
            _ => None,
        };
        said.unwrap_or_else(|| seal::seal(node))
    }

    fn say(self, element: &Element, twin: bool) -> Option<String> {
        let children = &element.children;
        match element.name.as_str() {
            "paragraph" if children.is_empty() => Some("&nbsp;".to_owned()),
            "paragraph" => inline::write(children, self.style, Place::Paragraph),
            "heading" => {
                let level = whole(element, "level")?.unwrap_or(1);
                let text = inline::write(children, self.style, Place::Heading)?;
                (1..=6)
                    .contains(&level)
                    .then(|| format!("{} {text}", "#".repeat(level)).trim_end().to_owned())
            }
            "bulletList" | "orderedList" | "taskList" => self.list(element, twin),
            "blockquote" => self.quote(children),
            "codeBlock" => code_block(element),
            "horizontalRule" => Some("***".to_owned()), // `---` at the top of a file begins front matter
            "image" => Some(inline::image(element, self.style)),
            "table" => table::write(element, self.style),
            "source" => text_of(element).filter(|text| !text.is_empty()),
            "callout" => self.callout(element),
            "toggle" => self.toggle(children),
            "mathBlock" => self.formula(element),
            "footnote" => self.footnote(element),
            "contents" => Some("[TOC]".to_owned()),
            "figure" => ours::figure(element, self.style),
            "attachment" => ours::attachment(element, self.style),
            _ => None,
        }
    }

    fn is_too_deep(self, node: &Node, element: &Element) -> bool {
        let nests = matches!(element.name.as_str(), "blockquote" | "callout" | "toggle" | "footnote");
        self.depth >= DEEPEST && (nests || list::family(node).is_some())
    }

    fn quote(self, children: &[Node]) -> Option<String> {
        Some(indent(&self.within(children)?, "> ", "> "))
    }

    /// Writes what a block contains. One empty paragraph, which the schema wants, is nothing.
    fn within(self, children: &[Node]) -> Option<String> {
        let inner = Self { depth: self.depth + 1, ..self };
        let mut text = match children {
            [] => return None,
            [Node::Element(only)] if is_empty_paragraph(only) => String::new(),
            _ => join(children, |block, twin| inner.block(block, twin)),
        };
        text.truncate(text.strip_suffix('\n').unwrap_or(&text).len());
        Some(text)
    }
}

fn code_block(element: &Element) -> Option<String> {
    let text = text_of(element)?;
    let info = match element.attributes.get("language") {
        Some(language) => inline::escape_entities(language.as_str()?),
        None => String::new(),
    };
    let fence = seal::fence(&text);
    let fence = if info.contains('`') { "~".repeat(tildes(&text)) } else { fence };
    let end = if text.is_empty() { "" } else { "\n" };
    Some(format!("{fence}{info}\n{text}{end}{fence}"))
}

fn tildes(text: &str) -> usize {
    text.split(|c| c != '~').map(str::len).max().unwrap_or(0).max(2) + 1
}

/// Puts a prefix before every line; no line ends in a space that the text did not have.
fn indent(text: &str, first: &str, later: &str) -> String {
    let mut out = String::with_capacity(text.len() + first.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let prefix = if number == 0 { first } else { later };
        out.push_str(if line.is_empty() { prefix.trim_end() } else { prefix });
        out.push_str(line);
    }
    out
}

fn is_sayable(element: &Element) -> bool {
    let known = SAYABLE.iter().find(|(name, _)| *name == element.name);
    known.is_some_and(|(_, keys)| element.attributes.keys().all(|key| keys.contains(&key.as_str())))
}

fn is_empty_paragraph(element: &Element) -> bool {
    element.name == "paragraph" && element.children.is_empty() && element.attributes.is_empty()
}

/// Returns a whole number, or nothing where the attribute is something else; an absent one is `Some(None)`.
fn whole(element: &Element, key: &str) -> Option<Option<usize>> {
    let Some(value) = element.attributes.get(key) else { return Some(None) };
    value.as_u64().and_then(|number| usize::try_from(number).ok()).map(Some)
}

/// Returns the text of an element that holds nothing but unmarked text.
fn text_of(element: &Element) -> Option<String> {
    let words = element.children.iter().map(|child| match child {
        Node::Text(span) if span.marks.is_empty() => Some(span.text.as_str()),
        _ => None,
    });
    words.collect()
}
