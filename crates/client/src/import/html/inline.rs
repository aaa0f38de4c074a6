//! The words in a line, with the marks that they stand under.

use std::collections::BTreeMap;

use dom_query::NodeRef;
use serde_json::{Value, json};
use sheaf_document::tree::{Element, Node, Span};

use super::{attribute, is, may_lead};

/// The marks that are open, by name.
pub type Marks = BTreeMap<String, Value>;

/// A line that is being gathered.
#[derive(Default)]
pub struct Line {
    nodes: Vec<Node>,
    /// White space was seen under these marks, and stands before the next word if one comes.
    space: Option<Marks>,
}

impl Line {
    /// Appends text as a browser shows it.
    pub fn text(&mut self, text: &str, marks: &Marks) {
        let mut out = String::new();
        for letter in text.chars() {
            if letter.is_ascii_whitespace() {
                self.space.get_or_insert_with(|| marks.clone());
                continue;
            }
            match self.space.take() {
                Some(_) if !out.is_empty() => out.push(' '),
                Some(around) => self.blank(around),
                None => {}
            }
            out.push(letter);
        }
        if !out.is_empty() {
            self.nodes.push(Node::Text(Span { text: out, marks: marks.clone() }));
        }
    }

    /// Appends an atom.
    pub fn push(&mut self, atom: Element) {
        if let Some(around) = self.space.take().filter(|_| atom.name != "hardBreak") {
            self.blank(around);
        }
        self.nodes.push(atom.into());
    }

    /// Appends a space, unless nothing stands before it.
    fn blank(&mut self, marks: Marks) {
        if !self.is_at_start() {
            self.nodes.push(Node::Text(Span { text: " ".to_owned(), marks }));
        }
    }

    /// Returns what was gathered, and begins anew. A break at the end of a line breaks nothing.
    pub fn take(&mut self) -> Vec<Node> {
        self.space = None;
        let mut nodes = std::mem::take(&mut self.nodes);
        while matches!(nodes.last(), Some(Node::Element(last)) if last.name == "hardBreak") {
            nodes.pop();
        }
        nodes
    }

    /// Says whether nothing stands in the line yet.
    fn is_at_start(&self) -> bool {
        self.nodes.last().is_none_or(|last| matches!(last, Node::Element(last) if last.name == "hardBreak"))
    }
}

/// Returns the marks within an element: those around it, and its own.
pub fn marks(node: &NodeRef<'_>, name: &str, around: &Marks) -> Option<Marks> {
    let mark = match name {
        "b" | "strong" => "bold",
        "i" | "em" | "cite" | "dfn" | "var" => "italic",
        "u" | "ins" => "underline",
        "s" | "del" | "strike" => "strike",
        "mark" => "highlight",
        "sub" => "subscript",
        "sup" => "superscript",
        "code" | "math" if node.has_class("math") => "math",
        "code" | "kbd" | "samp" | "tt" => "code",
        "a" => return link(node, around),
        _ => return None,
    };
    let mut marks = around.clone();
    marks.insert(mark.to_owned(), json!({}));
    Some(marks)
}

fn link(node: &NodeRef<'_>, around: &Marks) -> Option<Marks> {
    let href = attribute(node, "href").filter(|href| !href.trim().is_empty() && may_lead(href))?;
    let mut marks = around.clone();
    marks.insert("link".to_owned(), json!({ "href": href.trim() }));
    Some(marks)
}

/// Returns the atom that an element is, if it is one: a break, or a footnote's sign.
pub fn atom(node: &NodeRef<'_>, name: &str) -> Option<Element> {
    match name {
        "br" => Some(Element::new("hardBreak")),
        "sup" => {
            let sign = node.children_it(false).find(|child| is(child, "a") && child.has_class("footnote"))?;
            let label = sign.text().trim().to_owned();
            (!label.is_empty()).then(|| Element::new("footnoteReference").with("label", label))
        }
        _ => None,
    }
}
