//! Lists: markers, numbers, boxes, and when lines may stand close together.

use super::{Style, Writer, indent, is_empty_paragraph, is_sayable, join, whole};
use crate::tree::{Element, Node};

/// The most digits that Markdown reads as a list's number give this.
const LAST_NUMBER: usize = 999_999_999;

/// Which lists would run together if written one after the other with the same marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Bullets,
    Numbers,
}

pub(super) fn family(node: &Node) -> Option<Family> {
    let Node::Element(element) = node else { return None };
    match element.name.as_str() {
        "bulletList" | "taskList" => Some(Family::Bullets),
        "orderedList" => Some(Family::Numbers),
        _ => None,
    }
}

impl Writer {
    pub(super) fn list(self, list: &Element, twin: bool) -> Option<String> {
        let child = if list.name == "taskList" { "taskItem" } else { "listItem" };
        let start = whole(list, "start")?.unwrap_or(1);
        let tight = list.children.iter().all(is_close);
        let mut text = String::new();
        for (place, item) in list.children.iter().enumerate() {
            let Node::Element(item) = item else { return None };
            if item.name != child || !is_sayable(item) {
                return None;
            }
            let marker = match (list.name.as_str(), twin) {
                ("orderedList", false) => format!("{}. ", start.saturating_add(place).min(LAST_NUMBER)),
                ("orderedList", true) => format!("{}) ", start.saturating_add(place).min(LAST_NUMBER)),
                (_, false) => "- ".to_owned(),
                (_, true) => "* ".to_owned(),
            };
            let blank = " ".repeat(marker.len());
            let checkbox = match (child, item.attributes.get("checked")) {
                ("taskItem", None) => "[ ] ",
                ("taskItem", Some(checked)) => {
                    ["[ ] ", "[x] "].into_iter().nth(usize::from(checked.as_bool()?))?
                }
                _ => "",
            };
            if place > 0 {
                text.push_str(if tight { "\n" } else { "\n\n" });
            }
            text.push_str(&indent(&self.item(item, tight)?, &format!("{marker}{checkbox}"), &blank));
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// An empty first paragraph, which the schema wants, is left out where what follows can stand beside the marker.
    fn item(self, item: &Element, tight: bool) -> Option<String> {
        let inner = Self { depth: self.depth + 1, ..self };
        let children = item.children.as_slice();
        let bare = self.style == Style::Light && item.name == "listItem";
        let children = match children {
            [] => return None,
            [Node::Element(only)] if bare && is_empty_paragraph(only) => return Some(String::new()),
            [Node::Element(first), rest @ ..] if bare && is_empty_paragraph(first) && stands_first(rest) => {
                rest
            }
            _ => children,
        };
        let text = match children {
            [paragraph, list] if tight => {
                format!("{}\n{}", inner.block(paragraph, false), inner.block(list, false))
            }
            _ => join(children, |block, twin| inner.block(block, twin)),
        };
        Some(text.strip_suffix('\n').unwrap_or(&text).to_owned())
    }
}

fn stands_first(rest: &[Node]) -> bool {
    matches!(rest.first(), Some(Node::Element(next)) if !matches!(next.name.as_str(), "paragraph" | "horizontalRule"))
}

/// Says whether an item is one paragraph, or one with a list that can follow it without a blank line.
fn is_close(item: &Node) -> bool {
    let Node::Element(item) = item else { return false };
    match item.children.as_slice() {
        [Node::Element(only)] => only.name == "paragraph",
        [Node::Element(first), Node::Element(list)] => {
            first.name == "paragraph" && !first.children.is_empty() && interrupts_a_paragraph(list)
        }
        _ => false,
    }
}

/// Only lists that begin with 1 and with words may follow a paragraph's line directly.
fn interrupts_a_paragraph(list: &Element) -> bool {
    let Some(Node::Element(item)) = list.children.first() else { return false };
    let has_words = matches!(item.children.first(), Some(Node::Element(first)) if !first.children.is_empty());
    family(&Node::Element(Element::new(list.name.clone()))).is_some()
        && has_words
        && !list.attributes.contains_key("start")
}
