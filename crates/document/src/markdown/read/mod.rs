//! From Markdown to blocks: comrak's syntax tree, walked once.
//!
//! What the tree cannot say becomes `source` with its original lines, as small as can be: a paragraph rather than the
//! list around it. Comrak drops link definitions from its tree, so lines that no node covers are kept as well.

mod inline;
mod lines;
mod toggle;

use comrak::nodes::{ListType, NodeList, NodeTable, NodeValue, TableAlignment};
use comrak::{Arena, Options, parse_document};

use serde_json::json;

use super::{DEEPEST, address, seal};
use crate::tree::{Element, Node, Span};
use lines::Lines;
use toggle::Toggles;

type Syntax<'a> = comrak::nodes::Node<'a>;

/// Reads Markdown into blocks, before they are brought into normal form.
pub(super) fn blocks(markdown: &str) -> Vec<Node> {
    let text =
        markdown.strip_prefix('\u{feff}').unwrap_or(markdown).replace("\r\n", "\n").replace('\r', "\n");
    let arena = Arena::new();
    let root = parse_document(&arena, &text, &dialect());
    Reader { lines: Lines::of(&text) }.children(root, 0)
}

fn dialect() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.strikethrough = true;
    options.extension.highlight = true;
    options.extension.alerts = true;
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    options.extension.front_matter_delimiter = Some("---".to_owned());
    options.parse.leave_footnote_definitions = true;
    options.parse.escaped_char_spans = true; // tells `\[^` from `[^`
    options
}

struct Reader<'t> {
    lines: Lines<'t>,
}

impl Reader<'_> {
    fn children(&self, parent: Syntax<'_>, depth: usize) -> Vec<Node> {
        let mut out = Toggles::default();
        // An alert's first line is its kind.
        let headed = matches!(parent.data().value, NodeValue::Alert(_));
        let mut line = parent.data().sourcepos.start.line + usize::from(headed);
        for child in parent.children() {
            let at = child.data().sourcepos;
            out.extend(self.definitions(parent, line, at.start.line));
            if !out.takes(child, depth) {
                self.block(child, depth + out.open(), &mut out);
            }
            line = line.max(last_line(child) + 1);
        }
        let end = match parent.data().value {
            NodeValue::Document => self.lines.count(),
            _ => parent.data().sourcepos.end.line,
        };
        out.extend(self.definitions(parent, line, end + 1));
        out.end()
    }

    /// Returns the link definitions among the lines that no node covers, a block for each paragraph of them.
    ///
    /// Where they stood last in a quote or an item, comrak ends that before them, so quote marks may be left.
    fn definitions(&self, parent: Syntax<'_>, from: usize, to: usize) -> Vec<Node> {
        let lines = (from..to).map(|line| self.lines.inside(parent, line));
        let lines: Vec<String> =
            lines.map(|line| line.trim_start_matches([' ', '\t', '>']).to_owned()).collect();
        lines
            .split(|line| line.trim().is_empty())
            .map(|paragraph| paragraph.join("\n"))
            .filter(|paragraph| paragraph.starts_with('['))
            .map(|paragraph| source(&paragraph))
            .collect()
    }

    fn block(&self, node: Syntax<'_>, depth: usize, out: &mut Toggles) {
        let data = node.data();
        match &data.value {
            NodeValue::Paragraph => out.push(self.paragraph(node)),
            NodeValue::Heading(heading) => out.push(match inline::spans(node) {
                Some(spans) => {
                    Element::new("heading").with("level", u64::from(heading.level)).containing(spans).into()
                }
                None => source(&self.lines.leaf(node)),
            }),
            NodeValue::ThematicBreak => out.push(Element::new("horizontalRule").into()),
            NodeValue::CodeBlock(code) => out.push(code_block(&code.info, &code.literal)),
            NodeValue::HtmlBlock(html) => out.push(source(html.literal.trim_start())),
            NodeValue::FrontMatter(text) => out.push(verbatim("front-matter", text)),
            NodeValue::BlockQuote if depth < DEEPEST => {
                let children = at_least_a_paragraph(self.children(node, depth + 1));
                out.push(Element::new("blockquote").containing(children).into());
            }
            NodeValue::Alert(alert) if depth < DEEPEST => {
                let title = alert.title.as_deref().map(bold_line);
                let children = title.into_iter().chain(self.children(node, depth + 1)).collect();
                let kind = format!("{:?}", alert.alert_type).to_lowercase();
                out.push(
                    Element::new("callout")
                        .with("kind", kind)
                        .containing(at_least_a_paragraph(children))
                        .into(),
                );
            }
            NodeValue::FootnoteDefinition(note) if depth < DEEPEST && address::is_label(&note.name) => {
                let children = at_least_a_paragraph(self.children(node, depth + 1));
                out.push(
                    Element::new("footnote").with("label", note.name.as_str()).containing(children).into(),
                );
            }
            NodeValue::List(list) if depth < DEEPEST => match self.list(node, list, depth) {
                Some(lists) => out.extend(lists),
                None => out.push(source(&self.lines.whole(node))),
            },
            NodeValue::Table(table) => out.push(match self::table(node, table) {
                Some(table) => table.into(),
                None => source(&self.lines.leaf(node)),
            }),
            _ => out.push(source(&self.lines.whole(node))),
        }
    }

    fn paragraph(&self, node: Syntax<'_>) -> Node {
        let lines = self.lines.leaf(node);
        if lines == "&nbsp;" {
            return Element::new("paragraph").into();
        }
        if lines::begins_with_definition(&lines) {
            return source(&lines);
        }
        inline::leaf(node).map_or_else(|| source(&lines), Node::from)
    }

    /// Returns one list for each stretch of items of one kind, or nothing for numbered tasks, which the tree has not.
    fn list(&self, node: Syntax<'_>, list: &NodeList, depth: usize) -> Option<Vec<Node>> {
        let mut lists: Vec<Element> = Vec::new();
        for item in node.children() {
            let (kind, child) = match (&item.data().value, list.list_type) {
                (NodeValue::Item(_), ListType::Bullet) => ("bulletList", Element::new("listItem")),
                (NodeValue::Item(_), ListType::Ordered) => ("orderedList", Element::new("listItem")),
                (NodeValue::TaskItem(task), ListType::Bullet) => {
                    ("taskList", Element::new("taskItem").with("checked", task.symbol.is_some()))
                }
                _ => return None,
            };
            let mut children = self.children(item, depth + 1);
            if let Some(next) = item.next_sibling() {
                children.extend(self.definitions(
                    item,
                    last_line(item) + 1,
                    next.data().sourcepos.start.line,
                ));
            }
            let child = child.containing(beginning_with_a_paragraph(children));
            match lists.last_mut() {
                Some(last) if last.name == kind => last.children.push(child.into()),
                _ => lists.push(Element::new(kind).containing([child.into()])),
            }
        }
        if let (ListType::Ordered, Some(first)) = (list.list_type, lists.first_mut()) {
            first.attributes.insert("start".to_owned(), list.start.into());
        }
        Some(lists.into_iter().map(Node::from).collect())
    }
}

/// A list may end before its last item does, as comrak counts.
fn last_line(node: Syntax<'_>) -> usize {
    let inner = std::iter::successors(Some(node), |node| node.last_child());
    inner.map(|node| node.data().sourcepos.end.line).max().unwrap_or_default()
}

fn table(node: Syntax<'_>, table: &NodeTable) -> Option<Element> {
    let mut out = Element::new("table");
    for row in node.children() {
        let name = match row.data().value {
            NodeValue::TableRow(true) => "tableHeader",
            _ => "tableCell",
        };
        let mut cells = Element::new("tableRow");
        for (cell, alignment) in row.children().zip(&table.alignments) {
            let mut element = Element::new(name).containing([inline::leaf(cell)?.into()]);
            if let Some(align) = align(*alignment) {
                element = element.with("align", align);
            }
            cells.children.push(element.into());
        }
        out.children.push(cells.into());
    }
    Some(out)
}

fn align(alignment: TableAlignment) -> Option<&'static str> {
    match alignment {
        TableAlignment::None => None,
        TableAlignment::Left => Some("left"),
        TableAlignment::Center => Some("center"),
        TableAlignment::Right => Some("right"),
    }
}

fn code_block(info: &str, literal: &str) -> Node {
    if info == seal::INFO
        && let Some(node) = seal::unseal(literal)
    {
        return node;
    }
    let text = literal.strip_suffix('\n').unwrap_or(literal);
    if info == "math" {
        return Element::new("mathBlock").containing([Node::text(text)]).into();
    }
    Element::new("codeBlock").with("language", info).containing([Node::text(text)]).into()
}

fn source(lines: &str) -> Node {
    verbatim("markdown", lines)
}

fn verbatim(format: &str, lines: &str) -> Node {
    let lines = lines.trim_end_matches('\n');
    Element::new("source").with("format", format).containing([Node::text(lines)]).into()
}

/// What stands beside an alert's kind is a line of its own in the tree.
fn bold_line(title: &str) -> Node {
    let marks = [("bold".to_owned(), json!({}))].into();
    Element::new("paragraph").containing([Node::Text(Span { text: title.to_owned(), marks })]).into()
}

fn at_least_a_paragraph(children: Vec<Node>) -> Vec<Node> {
    if children.is_empty() { vec![Element::new("paragraph").into()] } else { children }
}

/// The schema wants a paragraph at the head of an item; Markdown does not.
fn beginning_with_a_paragraph(mut children: Vec<Node>) -> Vec<Node> {
    if !matches!(children.first(), Some(Node::Element(first)) if first.name == "paragraph") {
        children.insert(0, Element::new("paragraph").into());
    }
    children
}
