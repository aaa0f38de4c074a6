//! The blocks of a page, gathered as its elements come.

use dom_query::NodeRef;
use sheaf_document::tree::{Element, Node, Span};

use super::inline::{self, Line, Marks};
use super::{DEEPEST, NESTED, Reader, attribute, is, paragraph};

/// Elements that are nobody's words.
const SKIPPED: &[&str] = &[
    "script", "style", "head", "template", "noscript", "iframe", "object", "embed", "svg", "canvas",
    "button", "select", "textarea", "input", "audio", "video", "map",
];

/// Elements that stand on lines of their own, and mean nothing beside that.
const LINES: &[&str] = &[
    "html",
    "body",
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "nav",
    "center",
    "form",
    "fieldset",
    "address",
    "figure",
    "figcaption",
    "dl",
    "dt",
    "dd",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "td",
    "th",
    "caption",
    "legend",
    "hgroup",
    "aside",
    "summary",
];

/// Blocks that are being gathered.
#[derive(Default)]
pub struct Blocks {
    out: Vec<Node>,
    line: Line,
    marks: Marks,
    /// How many containers of ours stand around it.
    nested: usize,
}

impl Blocks {
    fn within(outer: &Self) -> Self {
        Self { nested: outer.nested + 1, ..Self::default() }
    }

    /// Gathers everything in an element.
    pub fn all(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>, depth: usize) {
        if depth > DEEPEST {
            return self.line.text(&node.text(), &self.marks);
        }
        for child in node.children_it(false) {
            match child.node_name() {
                Some(name) => self.element(reader, &child, &name, depth + 1),
                None if child.is_text() => self.line.text(&child.text(), &self.marks),
                None => {}
            }
        }
    }

    /// Returns the blocks.
    pub fn end(mut self) -> Vec<Node> {
        self.end_line();
        self.out
    }

    fn element(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>, name: &str, depth: usize) {
        if SKIPPED.contains(&name) {
            return;
        }
        if let Some(atom) = inline::atom(node, name) {
            return self.line.push(atom);
        }
        if let Some(marks) = inline::marks(node, name, &self.marks) {
            let around = std::mem::replace(&mut self.marks, marks);
            self.all(reader, node, depth);
            self.marks = around;
            return;
        }
        match name {
            "img" => self.picture(reader, node),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(reader, node, name, depth),
            "hr" => self.push(Element::new("horizontalRule")),
            "pre" => self.verbatim(node),
            "ul" | "ol" | "menu" | "dir" if self.nested < NESTED => self.list(reader, node, name, depth),
            "li" if self.nested < NESTED => {
                let item = self.item(reader, node, depth);
                self.listed("bulletList", item);
            }
            "blockquote" if self.nested < NESTED => {
                self.container(reader, node, Element::new("blockquote"), depth)
            }
            "aside" if self.nested < NESTED && node.has_class("callout") => {
                let kind = attribute(node, "data-kind").unwrap_or_else(|| "note".to_owned());
                self.container(reader, node, Element::new("callout").with("kind", kind), depth);
            }
            "aside" if self.nested < NESTED && node.has_class("footnote") => {
                let label = attribute(node, "data-label").unwrap_or_default();
                self.container(reader, node, Element::new("footnote").with("label", label), depth);
            }
            "details" if self.nested < NESTED => self.toggle(reader, node, depth),
            "table" if self.nested < NESTED => self.table(reader, node, depth),
            "figure" => self.figure(reader, node, depth),
            name if LINES.contains(&name) => {
                self.end_line();
                self.all(reader, node, depth);
                self.end_line();
            }
            _ => self.all(reader, node, depth),
        }
    }

    fn end_line(&mut self) {
        let words = self.line.take();
        if !words.is_empty() {
            self.out.push(paragraph().containing(words).into());
        }
    }

    fn push(&mut self, block: Element) {
        self.end_line();
        self.out.push(block.into());
    }

    fn picture(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>) {
        let alt = attribute(node, "alt").unwrap_or_default();
        match attribute(node, "src").and_then(|src| reader.picture(&src)) {
            Some(src) => {
                let title = attribute(node, "title").unwrap_or_default();
                let alt = match attribute(node, "width").filter(|width| width.parse::<u16>().is_ok()) {
                    Some(width) if !src.contains(':') => format!("{alt}|{width}"),
                    _ => alt,
                };
                self.push(Element::new("image").with("src", src).with("alt", alt).with("title", title));
            }
            None => self.line.text(&alt, &self.marks),
        }
    }

    /// A figure with one picture gives it its caption.
    fn figure(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>, depth: usize) {
        self.end_line();
        let before = self.out.len();
        self.all(reader, node, depth);
        self.end_line();
        let caption = match self.out.get(before..) {
            Some([Node::Element(image), Node::Element(line)])
                if image.name == "image" && line.name == "paragraph" =>
            {
                let words = line.children.iter().map(|child| match child {
                    Node::Text(span) if span.marks.is_empty() => Some(span.text.as_str()),
                    _ => None,
                });
                words.collect::<Option<String>>()
            }
            _ => None,
        };
        if let Some(caption) = caption {
            self.out.truncate(before + 1);
            if let Some(Node::Element(image)) = self.out.last_mut() {
                image.attributes.insert("title".to_owned(), caption.into());
            }
        }
    }

    fn heading(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>, name: &str, depth: usize) {
        let level = name.trim_start_matches('h').parse::<u64>().unwrap_or(1);
        let mut inside = Self { nested: self.nested, ..Self::default() };
        inside.all(reader, node, depth);
        let mut pictures = Vec::new();
        let mut words = Vec::new();
        for block in inside.end() {
            match block {
                Node::Element(line) if line.name == "paragraph" => words.extend(line.children),
                other => pictures.push(other),
            }
        }
        if !words.is_empty() {
            self.push(Element::new("heading").with("level", level).containing(words));
        }
        self.end_line();
        self.out.extend(pictures);
    }

    fn verbatim(&mut self, node: &NodeRef<'_>) {
        let text = node.text();
        let text = text.strip_suffix('\n').unwrap_or(&text).replace('\r', "");
        let code = node.children_it(false).find(|child| is(child, "code"));
        let class = code
            .and_then(|code| attribute(&code, "class"))
            .or_else(|| attribute(node, "class"))
            .unwrap_or_default();
        let language = class
            .split_ascii_whitespace()
            .find_map(|name| name.strip_prefix("language-"))
            .unwrap_or_default();
        let block = if node.has_class("math") {
            Element::new("mathBlock")
        } else if node.has_class("source") {
            let format = attribute(node, "data-format").unwrap_or_else(|| "markdown".to_owned());
            Element::new("source").with("format", format)
        } else {
            Element::new("codeBlock").with("language", language)
        };
        let words = if text.is_empty() { Vec::new() } else { vec![Node::text(text)] };
        self.push(block.containing(words));
    }

    fn container(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>, block: Element, depth: usize) {
        let inside = self.inside(reader, node, depth);
        self.push(block.containing(inside));
    }

    /// Returns the blocks in an element: one at least.
    fn inside(&self, reader: &mut Reader<'_>, node: &NodeRef<'_>, depth: usize) -> Vec<Node> {
        let mut inside = Self::within(self);
        inside.all(reader, node, depth);
        let blocks = inside.end();
        if blocks.is_empty() { vec![paragraph().into()] } else { blocks }
    }

    fn list(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>, name: &str, depth: usize) {
        self.end_line();
        let kind = if name == "ol" { "orderedList" } else { "bulletList" };
        let start = attribute(node, "start").and_then(|start| start.parse::<u32>().ok()).unwrap_or(1);
        let before = self.out.len();
        for child in node.children_it(false) {
            let Some(child_name) = child.node_name() else { continue };
            if &*child_name == "li" {
                let item = self.item(reader, &child, depth + 1);
                self.listed_after(before, kind, item);
            } else {
                // A list right within a list belongs to the item before it.
                let blocks = self.inside(reader, &child, depth + 1);
                let is_list = matches!(&*child_name, "ul" | "ol");
                let mut below = Self::within(self);
                if is_list && depth < DEEPEST {
                    below.list(reader, &child, &child_name, depth + 1);
                }
                let blocks = if is_list { below.end() } else { blocks };
                match self.out.get_mut(before..).and_then(<[Node]>::last_mut) {
                    Some(Node::Element(list)) => match list.children.last_mut() {
                        Some(Node::Element(item)) => item.children.extend(blocks),
                        _ => self.out.extend(blocks),
                    },
                    _ => self.out.extend(blocks),
                }
            }
        }
        if let Some(Node::Element(list)) = self.out.get_mut(before)
            && list.name == "orderedList"
            && start != 1
        {
            list.attributes.insert("start".to_owned(), start.into());
        }
    }

    /// Returns an item, which begins with a paragraph, and whether it is a task, done or not.
    fn item(&self, reader: &mut Reader<'_>, node: &NodeRef<'_>, depth: usize) -> (Option<bool>, Vec<Node>) {
        let mut first =
            node.children_it(false).find(|child| child.is_element() || !child.text().trim().is_empty());
        // Some put it into the first paragraph, or into a label.
        while let Some(inner) =
            first.as_ref().filter(|it| is(it, "p") || is(it, "label")).and_then(NodeRef::first_child)
        {
            first = Some(inner);
        }
        let boxed =
            first.filter(|it| is(it, "input") && attribute(it, "type").as_deref() == Some("checkbox"));
        let mut blocks = self.inside(reader, node, depth);
        if !matches!(blocks.first(), Some(Node::Element(first)) if first.name == "paragraph") {
            blocks.insert(0, paragraph().into());
        }
        (boxed.map(|it| it.has_attr("checked")), blocks)
    }

    fn listed(&mut self, kind: &str, item: (Option<bool>, Vec<Node>)) {
        self.end_line();
        let last = self.out.len().saturating_sub(1);
        self.listed_after(last, kind, item);
    }

    /// Appends an item to the list of its kind that stands last, if that stands at or behind a place.
    fn listed_after(&mut self, place: usize, kind: &str, (task, blocks): (Option<bool>, Vec<Node>)) {
        let (kind, item) = match task {
            Some(done) => ("taskList", Element::new("taskItem").with("checked", done)),
            None => (kind, Element::new("listItem")),
        };
        let item = Node::Element(item.containing(blocks));
        match self.out.get_mut(place..).and_then(<[Node]>::last_mut) {
            Some(Node::Element(list)) if list.name == kind => list.children.push(item),
            _ => self.out.push(Element::new(kind).containing([item]).into()),
        }
    }

    fn toggle(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>, depth: usize) {
        let (mut title, mut inside) = (Vec::new(), Self::within(self));
        for child in node.children_it(false) {
            match child.node_name() {
                Some(name) if &*name == "summary" && title.is_empty() => {
                    let mut line = Self { nested: NESTED, ..Self::default() };
                    line.all(reader, &child, depth + 1);
                    title = line.end().into_iter().flat_map(words_of).collect();
                }
                Some(name) => inside.element(reader, &child, &name, depth + 1),
                None if child.is_text() => inside.line.text(&child.text(), &Marks::new()),
                None => {}
            }
        }
        let title = Element::new("toggleTitle").containing(title);
        self.push(Element::new("toggle").containing([title.into()]).containing(inside.end()));
    }

    fn table(&mut self, reader: &mut Reader<'_>, node: &NodeRef<'_>, depth: usize) {
        let mut rows = Vec::new();
        let mut waiting: Vec<NodeRef<'_>> = node.children_it(true).collect();
        while let Some(part) = waiting.pop() {
            match part.node_name().as_deref() {
                Some("thead" | "tbody" | "tfoot") => waiting.extend(part.children_it(true)),
                Some("caption") => {
                    self.end_line();
                    self.all(reader, &part, depth + 1);
                }
                Some("tr") => {
                    let cells = part.children_it(false).filter(|cell| is(cell, "td") || is(cell, "th"));
                    let cells: Vec<Node> =
                        cells.map(|cell| self.cell(reader, &cell, depth + 2).into()).collect();
                    if !cells.is_empty() {
                        rows.push(Element::new("tableRow").containing(cells).into());
                    }
                }
                _ => {}
            }
        }
        self.end_line();
        if !rows.is_empty() {
            self.push(Element::new("table").containing(rows));
        }
    }

    fn cell(&self, reader: &mut Reader<'_>, node: &NodeRef<'_>, depth: usize) -> Element {
        let mut cell = Element::new(if is(node, "th") { "tableHeader" } else { "tableCell" });
        for key in ["colspan", "rowspan"] {
            let many = attribute(node, key).and_then(|many| many.parse::<u64>().ok());
            if let Some(many) = many.filter(|many| (2..=100).contains(many)) {
                cell = cell.with(key, many);
            }
        }
        let style = attribute(node, "style").unwrap_or_default().to_lowercase().replace(' ', "");
        let align = style.split(';').find_map(|rule| rule.strip_prefix("text-align:")).map(str::to_owned);
        let align = align.or_else(|| attribute(node, "align").map(|align| align.to_lowercase()));
        if let Some(align @ ("left" | "center" | "right")) = align.as_deref() {
            cell = cell.with("align", align);
        }
        cell.containing(self.inside(reader, node, depth))
    }
}

/// Returns the words of a block, on one line.
fn words_of(block: Node) -> Vec<Node> {
    match block {
        Node::Element(line) if line.name == "paragraph" => line.children,
        Node::Element(other) => {
            let root = Element::new("doc").containing([other.into()]);
            let text = sheaf_document::text::plain(&root).replace('\n', " ");
            if text.is_empty() { Vec::new() } else { vec![Node::Text(Span { text, ..Span::default() })] }
        }
        text @ Node::Text(_) => vec![text],
    }
}
