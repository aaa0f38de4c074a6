//! The gate: what in a document this version does not know, and a stock Tiptap editor would destroy.
//!
//! Nothing is locked for it: our own editor shows such things inert, or repairs them in view, and never touches what is stored. But
//! other clients may open the same documents, and on mere opening they delete every node that the [schema](crate::schema)
//! cannot build: unknown names, children where they may not be, text under an unknown mark. So whatever is made here of Markdown
//! must pass, and a merge leaves alone what does not. [`inspect`] lists the names and nestings of the stored tree. It judges
//! those only, never the values of attributes, nor whether a table's rows fit together: editors repair tables by adding
//! cells, and take no text. `tests/yjs/cases/gate.mjs` lets real ones open whole and broken documents; the gate must foresee every
//! outcome.

use std::collections::BTreeSet;
use std::fmt;

use crate::document::Document;
use crate::schema::{self, NodeKind};
use crate::tree::{Element, Node, Span};

/// The names in a document, and how they nest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// Names of nodes, `doc` and `text` included.
    pub nodes: BTreeSet<String>,
    /// Names of marks, without the hash that overlapping ones carry.
    pub marks: BTreeSet<String>,
    /// Attributes as (node or mark, attribute).
    pub attributes: BTreeSet<(String, String)>,
    /// Pairs of (parent, child).
    pub nestings: BTreeSet<(String, String)>,
    unknown: BTreeSet<Unknown>,
}

/// One thing that a stock editor could not keep.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// A node of this name.
    Node(String),
    /// A mark of this name.
    Mark(String),
    /// An attribute that this node or mark does not have.
    Attribute {
        /// The node or mark.
        of: String,
        /// The attribute.
        name: String,
    },
    /// A child where its parent may not have it.
    Nesting {
        /// The parent.
        parent: String,
        /// The child.
        child: String,
    },
    /// A node without the children that it must have.
    Incomplete(String),
    /// Marked text in a node whose text carries no marks.
    Marked(String),
}

/// What an element lacks to be one that a stock editor can build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lack {
    /// It is empty and must not be.
    Children,
    /// What it has may stay, behind a first child of this kind.
    Leader(&'static str),
}

/// Lists what a document contains.
pub fn inspect(document: &Document) -> Inventory {
    of_tree(&document.tree())
}

/// Lists what a tree contains; `root` is an element named `doc`.
pub fn of_tree(root: &Element) -> Inventory {
    let mut inventory = Inventory::default();
    inventory.element(root, true);
    inventory
}

impl Inventory {
    /// Returns what a stock editor could not keep, each once, sorted.
    pub fn unknown(&self) -> Vec<Unknown> {
        self.unknown.iter().cloned().collect()
    }

    /// Says whether a stock editor could keep it all, if it were not for what is missing.
    pub fn is_only_incomplete(&self) -> bool {
        !self.unknown.is_empty() && self.unknown.iter().all(|one| matches!(one, Unknown::Incomplete(_)))
    }

    fn element(&mut self, element: &Element, root: bool) {
        self.nodes.insert(element.name.clone());
        let kind = schema::node(&element.name);
        let known = kind.map(|kind| kind.attributes);
        self.attributes(&element.name, element.attributes.keys(), known);
        match kind {
            None => {
                self.unknown.insert(Unknown::Node(element.name.clone()));
            }
            // A document that nobody has written in yet is empty, and the editor knows that.
            Some(_) if root && element.children.is_empty() => {}
            Some(kind) => self.fit(kind, &element.children),
        }
        for child in &element.children {
            let name = match child {
                Node::Element(child) => &child.name,
                Node::Text(_) => "text",
            };
            self.nestings.insert((element.name.clone(), name.to_owned()));
            match child {
                Node::Element(child) => self.element(child, false),
                Node::Text(span) => self.text(kind, span),
            }
        }
    }

    fn fit(&mut self, kind: &'static NodeKind, children: &[Node]) {
        if lack(kind, children).is_some() {
            self.unknown.insert(Unknown::Incomplete(kind.name.to_owned()));
        }
        let leads = |child: &Node| kind.content.first == Some(name(child));
        let rest = children.get(usize::from(children.first().is_some_and(leads))..).unwrap_or_default();
        for child in rest.iter().map(name) {
            // Unknown children are reported by their own name.
            if schema::node(child).is_some_and(|child| !kind.content.admits(child)) {
                let (parent, child) = (kind.name.to_owned(), child.to_owned());
                self.unknown.insert(Unknown::Nesting { parent, child });
            }
        }
    }

    fn text(&mut self, parent: Option<&NodeKind>, span: &Span) {
        self.nodes.insert("text".to_owned());
        for (stored, value) in &span.marks {
            let name = schema::mark_name(stored).to_owned();
            let kind = schema::mark(stored);
            let keys = value.as_object().into_iter().flat_map(|fields| fields.keys());
            self.attributes(&name, keys, kind.map(|kind| kind.attributes));
            if kind.is_none() {
                self.unknown.insert(Unknown::Mark(name.clone()));
            }
            self.marks.insert(name);
        }
        if let Some(parent) = parent
            && !parent.marks
            && !span.marks.is_empty()
        {
            self.unknown.insert(Unknown::Marked(parent.name.to_owned()));
        }
    }

    fn attributes<'a>(
        &mut self,
        of: &str,
        names: impl Iterator<Item = &'a String>,
        known: Option<&'static [schema::Attribute]>,
    ) {
        for name in names {
            self.attributes.insert((of.to_owned(), name.clone()));
            if known.is_some_and(|known| known.iter().all(|attribute| attribute.name != name)) {
                self.unknown.insert(Unknown::Attribute { of: of.to_owned(), name: name.clone() });
            }
        }
    }
}

/// Returns what an element of this kind lacks.
pub(crate) fn lack(kind: &NodeKind, children: &[Node]) -> Option<Lack> {
    let Some(child) = children.first() else {
        return (kind.content.some || kind.content.first.is_some()).then_some(Lack::Children);
    };
    let first = kind.content.first.filter(|first| *first != name(child))?;
    // Of a kind that may follow but not lead, the leader is what is missing; of another, the child is what is wrong.
    let may_follow = schema::node(name(child)).is_some_and(|child| kind.content.admits(child));
    may_follow.then_some(Lack::Leader(first))
}

fn name(node: &Node) -> &str {
    match node {
        Node::Element(element) => &element.name,
        Node::Text(_) => "text",
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Node(name) => write!(f, "a block of the kind “{name}”"),
            Self::Mark(name) => write!(f, "text marked as “{name}”"),
            Self::Attribute { of, name } => write!(f, "“{name}” on “{of}”"),
            Self::Nesting { parent, child } => write!(f, "“{child}” inside “{parent}”"),
            Self::Incomplete(name) => write!(f, "a “{name}” without what it must contain"),
            Self::Marked(name) => write!(f, "marked text inside “{name}”"),
        }
    }
}

#[cfg(test)]
mod tests;
