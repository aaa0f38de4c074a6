//! Tables: one header row, the same columns everywhere, one line of text in each cell; any other table is sealed.

use serde_json::Value;

use super::inline::{self, Place};
use super::{Style, is_sayable, ours};
use crate::tree::{Element, Node};

pub(super) fn write(table: &Element, style: Style) -> Option<String> {
    let mut lines = Vec::new();
    for (number, row) in table.children.iter().enumerate() {
        let row = child(row, "tableRow")?;
        let name = if number == 0 { "tableHeader" } else { "tableCell" };
        let cells: Option<Vec<&Element>> = row.children.iter().map(|cell| child(cell, name)).collect();
        let cells = cells.filter(|cells| !cells.is_empty())?;
        let texts: Option<Vec<String>> = cells.iter().map(|cell| text(cell, style)).collect();
        lines.push(format!("| {} |", texts?.join(" | ")));
        if number == 0 {
            let rules: Option<Vec<&str>> = cells.iter().map(|cell| rule(cell)).collect();
            lines.push(format!("| {} |", rules?.join(" | ")));
        }
    }
    Some(lines.join("\n")).filter(|text| !text.is_empty())
}

fn child<'a>(node: &'a Node, name: &str) -> Option<&'a Element> {
    match node {
        Node::Element(element) if element.name == name && is_sayable(element) => Some(element),
        _ => None,
    }
}

/// Pipes are escaped last, also within code, as tables are cut into cells before anything else is read.
fn text(cell: &Element, style: Style) -> Option<String> {
    let [Node::Element(only)] = cell.children.as_slice() else { return None };
    let text = match only.name.as_str() {
        "paragraph" if only.attributes.is_empty() => inline::write(&only.children, style, Place::Cell)?,
        "image" if is_sayable(only) => inline::image(only, style),
        "figure" if is_sayable(only) => ours::figure(only, style)?,
        "attachment" if is_sayable(only) => ours::attachment(only, style)?,
        _ => return None,
    };
    Some(text.replace('|', "\\|"))
}

fn rule(cell: &Element) -> Option<&'static str> {
    match cell.attributes.get("align").map(Value::as_str) {
        None => Some("---"),
        Some(Some("left")) => Some(":--"),
        Some(Some("center")) => Some(":-:"),
        Some(Some("right")) => Some("--:"),
        Some(_) => None,
    }
}
