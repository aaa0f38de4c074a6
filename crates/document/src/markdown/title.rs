//! A whole document as one Markdown file: its title is the first heading.
//!
//! Front matter stays before the title. A document without a title that begins with a level-1 heading is written
//! with an empty one before it, so that its heading stays a heading.

use crate::tree::{Element, Node};

/// A Markdown file taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// The document's title: the text of a first level-1 heading that is not empty.
    pub title: Option<String>,
    /// Everything else.
    pub blocks: Vec<Node>,
}

/// Reads a file. Its first block, if that is a level-1 heading without links, becomes the title (as plain text).
pub fn read_document(markdown: &str) -> Parsed {
    let mut blocks = super::read(markdown);
    let at = front_matter(&blocks);
    let Some(title) = blocks.get(at).and_then(title_text) else { return Parsed { title: None, blocks } };
    blocks.remove(at);
    Parsed { title: Some(title).filter(|title| !title.is_empty()), blocks }
}

/// Writes a file that [`read_document`] takes apart into the same title and blocks.
pub fn write_document(title: Option<&str>, blocks: &[Node]) -> String {
    let title = title.unwrap_or_default();
    let at = front_matter(blocks);
    let mut all = blocks.to_vec();
    if !title.is_empty() || blocks.get(at).and_then(title_text).is_some() {
        all.insert(at, Element::new("heading").with("level", 1).containing([Node::text(title)]).into());
    }
    super::write(&all)
}

fn front_matter(blocks: &[Node]) -> usize {
    let is_front_matter = |node: &Node| match node {
        Node::Element(element) => {
            element.name == "source"
                && element.attributes.get("format").is_some_and(|it| it == "front-matter")
        }
        Node::Text(_) => false,
    };
    usize::from(blocks.first().is_some_and(is_front_matter))
}

fn title_text(node: &Node) -> Option<String> {
    let Node::Element(heading) = node else { return None };
    if heading.name != "heading"
        || heading.attributes.get("level").is_some_and(|level| level.as_f64() != Some(1.0))
    {
        return None;
    }
    let words = heading.children.iter().map(|child| match child {
        Node::Text(span) if !span.marks.contains_key("link") => Some(span.text.as_str()),
        _ => None,
    });
    words.collect()
}
