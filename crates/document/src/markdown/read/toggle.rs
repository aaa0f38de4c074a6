//! Toggles: `<details>`, its summary and `</details>` on lines of their own, with Markdown between.
//!
//! To Markdown these are two pieces of HTML with blocks between them. Blocks are gathered as they come; where the
//! end is missing, the beginning was nothing but HTML.

use comrak::nodes::NodeValue;
use comrak::{Arena, parse_document};

use super::{DEEPEST, Syntax, dialect, inline, source};
use crate::tree::{Element, Node};

/// The blocks of one container, as they are read.
#[derive(Default)]
pub(super) struct Toggles {
    out: Vec<Node>,
    open: Vec<Open>,
}

/// A toggle whose end has not come.
struct Open {
    /// The lines that began it.
    lines: String,
    title: Vec<Node>,
    /// How many blocks stood before it.
    before: usize,
}

impl Toggles {
    /// Returns how many toggles are open.
    pub(super) fn open(&self) -> usize {
        self.open.len()
    }

    pub(super) fn push(&mut self, block: Node) {
        self.out.push(block);
    }

    pub(super) fn extend(&mut self, blocks: impl IntoIterator<Item = Node>) {
        self.out.extend(blocks);
    }

    /// Takes a node that begins or ends a toggle; says whether it was one.
    pub(super) fn takes(&mut self, node: Syntax<'_>, depth: usize) -> bool {
        let NodeValue::HtmlBlock(html) = &node.data().value else { return false };
        let lines = html.literal.trim();
        if lines == "</details>" {
            let Some(open) = self.open.pop() else { return false };
            let title = Element::new("toggleTitle").containing(open.title).into();
            let inside = self.out.split_off(open.before);
            self.out.push(Element::new("toggle").containing([title]).containing(inside).into());
            return true;
        }
        let Some(title) = summary(lines).filter(|_| depth + self.open() < DEEPEST).and_then(title) else {
            return false;
        };
        self.open.push(Open { lines: lines.to_owned(), title, before: self.out.len() });
        true
    }

    /// Returns the blocks; what was begun and not ended is a source block before what followed it.
    pub(super) fn end(mut self) -> Vec<Node> {
        for open in self.open.into_iter().rev() {
            self.out.insert(open.before, source(&open.lines));
        }
        self.out
    }
}

fn summary(lines: &str) -> Option<&str> {
    let inner = lines.strip_prefix("<details>").or_else(|| lines.strip_prefix("<details open>"))?;
    inner.trim_start().strip_prefix("<summary>")?.strip_suffix("</summary>")
}

/// Reads a summary: in HTML only tags and entities mean anything, so every other sign is escaped, and the rest is a
/// paragraph of Markdown.
fn title(html: &str) -> Option<Vec<Node>> {
    let mut markdown = String::with_capacity(html.len());
    let mut in_tag = false;
    for c in html.trim().chars() {
        in_tag = (in_tag || c == '<') && c != '>';
        match c {
            '\n' => markdown.push(' '),
            '<' | '>' | '&' | ';' => markdown.push(c),
            // A number that stands for a character keeps its sign: `&#42;`.
            '#' if markdown.ends_with('&') => markdown.push(c),
            _ if c.is_ascii_punctuation() && !in_tag => markdown.extend(['\\', c]),
            _ => markdown.push(c),
        }
    }
    if markdown.is_empty() {
        return Some(Vec::new());
    }
    let arena = Arena::new();
    let root = parse_document(&arena, &markdown, &dialect());
    let mut blocks = root.children();
    match (blocks.next(), blocks.next()) {
        (Some(only), None) if matches!(only.data().value, NodeValue::Paragraph) => inline::spans(only),
        _ => None,
    }
}
