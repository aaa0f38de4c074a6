//! The inside of a paragraph: runs with marks, nested so that each mark opens and closes as seldom as it can.

mod escape;
mod link;

use serde_json::Value;

use super::super::{address, seal};
use super::{Style, is_sayable, ours};
use crate::tree::{Node, Span};
use escape::Escape;
pub(super) use escape::escape_entities;
pub(super) use link::image;

/// Where the text stands, which decides what a hard break looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Paragraph,
    Heading,
    Cell,
}

/// From the outside in. Code and formulas are innermost and not among them, as nothing is read inside them.
const MARKS: [&str; 8] =
    ["link", "bold", "italic", "strike", "underline", "highlight", "subscript", "superscript"];

/// The characters that marks are written with.
const SIGNS: [char; 3] = ['*', '~', '='];

/// Writes runs, hard breaks and atoms, or nothing where Markdown has no words for one of them.
pub(super) fn write(children: &[Node], style: Style, place: Place) -> Option<String> {
    let mut items = Vec::with_capacity(children.len());
    let mut dollars = 0;
    for child in children {
        items.push(match child {
            Node::Text(span) if span.marks.iter().all(is_sayable_mark) && !span.text.contains('\0') => {
                dollars += span.text.matches('$').count() + 2 * usize::from(span.marks.contains_key("math"));
                Item::Text(span)
            }
            Node::Element(element) if element.name == "hardBreak" && is_sayable(element) => Item::Break,
            Node::Element(element) => Item::Atom(ours::atom(element, style)?),
            Node::Text(_) => return None,
        });
    }
    let escape = Escape { style, dollars: dollars > 1 };
    let mut pen = Pen { out: String::new(), style, place, escape, opened: 0, active: Vec::new() };
    pen.run(&items, None);
    pen.keep_last_space();
    if place == Place::Heading && pen.out.ends_with('#') && !pen.out.ends_with("\\#") {
        pen.out.insert(pen.out.len() - 1, '\\');
    }
    Some(pen.out)
}

fn is_sayable_mark((name, value): (&String, &Value)) -> bool {
    let Some(value) = value.as_object() else { return false };
    match name.as_str() {
        "link" => {
            value.get("href").is_some_and(Value::is_string)
                && value
                    .iter()
                    .all(|(key, value)| matches!(key.as_str(), "href" | "title") && value.is_string())
        }
        "code" | "math" => value.is_empty(),
        "highlight" => {
            value.iter().all(|(key, value)| key == "color" && value.as_str().is_some_and(address::is_colour))
        }
        _ => MARKS.contains(&name.as_str()) && value.is_empty(),
    }
}

enum Item<'a> {
    Text(&'a Span),
    Break,
    /// Something whole among the words, as it is written. It carries no marks; those around it pass over it.
    Atom(String),
}

impl<'a> Item<'a> {
    fn mark(&self, name: &str) -> Option<&'a Value> {
        match self {
            Item::Text(span) => span.marks.get(name),
            Item::Break | Item::Atom(_) => None,
        }
    }

    fn text(&self) -> &str {
        match self {
            Item::Text(span) => &span.text,
            Item::Break => "\n",
            Item::Atom(written) => written,
        }
    }

    /// Says whether a mark that is open may stay so here. No link goes through an atom, which may be one itself.
    fn lets_pass(&self, name: &str) -> bool {
        matches!(self, Item::Break) || (matches!(self, Item::Atom(_)) && name != "link")
    }
}

struct Pen {
    out: String,
    style: Style,
    place: Place,
    escape: Escape,
    /// Where the innermost mark's inside begins.
    opened: usize,
    active: Vec<&'static str>,
}

impl Pen {
    /// Writes items; `after` is the character that will follow the last.
    fn run(&mut self, items: &[Item<'_>], after: Option<char>) {
        let mut rest = items;
        while let Some(item) = rest.first() {
            let (len, mark) = self.widest(rest);
            let (these, others) = rest.split_at(len.min(rest.len()));
            let next = match others.first() {
                Some(item) if self.unsaid(item) > 0 => Some('<'),
                Some(item) => item.text().chars().next(),
                None => after,
            };
            match (item, mark) {
                (Item::Break, _) => self.hard_break(next.is_none()),
                (Item::Atom(written), _) => self.out.push_str(written),
                (Item::Text(_), Some((name, value))) => self.marked(name, value, these, next),
                (Item::Text(span), None) => self.innermost(span, next),
            }
            rest = others;
        }
    }

    /// Returns the mark not yet open that reaches farthest from the first item, and how many items it covers.
    fn widest<'a>(&self, items: &[Item<'a>]) -> (usize, Option<(&'static str, &'a Value)>) {
        let mut best = (1, None);
        for name in MARKS.into_iter().filter(|name| !self.active.contains(name)) {
            let Some(value) = items.first().and_then(|item| item.mark(name)) else { continue };
            let same = |item: &Item<'_>| item.lets_pass(name) || item.mark(name) == Some(value);
            let reach = items.iter().take_while(|item| same(item)).count();
            let covers = items
                .iter()
                .take(reach)
                .rposition(|item| matches!(item, Item::Text(_)))
                .map_or(1, |at| at + 1);
            if best.1.is_none() || covers > best.0 {
                best = (covers, Some((name, value)));
            }
        }
        best
    }

    fn unsaid(&self, item: &Item<'_>) -> usize {
        let Item::Text(span) = item else { return 0 };
        span.marks.keys().filter(|name| !self.active.contains(&name.as_str())).count()
    }

    fn marked(&mut self, name: &'static str, value: &Value, items: &[Item<'_>], after: Option<char>) {
        if name == "link" {
            return self.link(value, items);
        }
        let (sign, tag) = match name {
            "bold" => (Some("**"), "strong"),
            "italic" => (Some("*"), "em"),
            "strike" => (Some("~~"), "del"),
            "highlight" => (Some("=="), "mark"),
            "subscript" => (None, "sub"),
            "superscript" => (None, "sup"),
            _ => (None, "u"),
        };
        let colour = value.get("color").and_then(Value::as_str);
        let (open, close) = match sign.filter(|_| colour.is_none()) {
            Some(sign) if self.style == Style::Light && self.signs_work(items, after) => {
                (sign.to_owned(), sign.to_owned())
            }
            _ => {
                let colour = colour.map(|colour| format!(" data-color=\"{colour}\"")).unwrap_or_default();
                (format!("<{tag}{colour}>"), format!("</{tag}>"))
            }
        };
        self.out.push_str(&open);
        self.inside(name, items, close.chars().next());
        self.out.push_str(&close);
    }

    /// Says whether asterisks here would open and close: CommonMark's rule of flanking runs, on the safe side.
    fn signs_work(&self, items: &[Item<'_>], after: Option<char>) -> bool {
        let nested = self.out.len() == self.opened;
        if !nested && self.out.ends_with(SIGNS) {
            return false;
        }
        let before = self.out.trim_end_matches(SIGNS).chars().last();
        let edge = |item: Option<&Item<'_>>, last: bool| {
            let item = item?;
            if self.unsaid(item) > 1 {
                return Some('*');
            }
            if last { item.text().chars().last() } else { item.text().chars().next() }
        };
        works_beside(before, edge(items.first(), false)) && works_beside(after, edge(items.last(), true))
    }

    fn inside(&mut self, name: &'static str, items: &[Item<'_>], after: Option<char>) {
        let around = std::mem::replace(&mut self.opened, self.out.len());
        self.active.push(name);
        self.run(items, after);
        self.active.pop();
        self.opened = around;
    }

    fn innermost(&mut self, span: &Span, next: Option<char>) {
        let text = &span.text;
        match (span.marks.contains_key("code"), span.marks.contains_key("math")) {
            (false, false) => self.text(text),
            (true, false) => self.code(text),
            (false, true) => self.formula(text, next),
            (true, true) => {
                self.out.push_str("<code>");
                self.formula(text, None);
                self.out.push_str("</code>");
            }
        }
    }

    /// Writes a formula between dollars, or where those would be read as themselves, between dollars and backticks.
    fn formula(&mut self, text: &str, next: Option<char>) {
        let bare = !text.contains('$')
            && !text.starts_with(|c: char| c.is_whitespace() || c == '`')
            && !text.ends_with(|c: char| c.is_whitespace() || c == '\\')
            && next.is_none_or(|c| !c.is_ascii_digit() && c != '$')
            && !self.out.ends_with('$');
        let tick = if bare { "" } else { "`" };
        self.out.push_str(&format!("${tick}{text}{tick}$"));
    }

    fn code(&mut self, text: &str) {
        if self.style == Style::Strict || text.contains(['\n', '\r']) {
            self.out.push_str("<code>");
            self.text(text);
            self.out.push_str("</code>");
            return;
        }
        let longest = seal::fence(text);
        let sign = if text.contains("``") {
            longest.as_str()
        } else if text.contains('`') {
            "``"
        } else {
            "`"
        };
        let blank = text.chars().all(|c| c == ' ');
        let pad = text.starts_with('`')
            || text.ends_with('`')
            || (text.starts_with(' ') && text.ends_with(' ') && !blank);
        let pad = if pad { " " } else { "" };
        self.out.push_str(&format!("{sign}{pad}{text}{pad}{sign}"));
    }

    fn text(&mut self, text: &str) {
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            self.escape.push(&mut self.out, c, rest.as_str());
        }
    }

    fn hard_break(&mut self, last: bool) {
        self.keep_last_space();
        let newline =
            self.place == Place::Paragraph && self.style == Style::Light && !last && !self.out.is_empty();
        self.out.push_str(if newline { "\\\n" } else { "<br>" });
    }

    /// Spaces at a line's end mean nothing in Markdown, so one that is meant is written by its number.
    fn keep_last_space(&mut self) {
        if let Some(c) = self.out.chars().last().filter(|c| c.is_whitespace() && *c != '\n') {
            self.out.truncate(self.out.len() - c.len_utf8());
            escape::push_number(&mut self.out, c);
        }
    }
}

fn works_beside(outer: Option<char>, inner: Option<char>) -> bool {
    let Some(inner) = inner else { return false };
    let is_free = |c: char| !c.is_alphanumeric();
    !inner.is_whitespace() && (inner.is_alphanumeric() || outer.is_none_or(is_free))
}
