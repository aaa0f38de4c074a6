//! The original lines of a node, freed of the quote marks and indentation of what stands around it.

use comrak::nodes::NodeValue;

use super::Syntax;

/// A text by its lines, which syntax positions count from one.
pub(super) struct Lines<'t>(Vec<&'t str>);

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self(text.split('\n').collect())
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Returns all lines of a node; indentation within them is kept.
    pub(super) fn whole(&self, node: Syntax<'_>) -> String {
        self.of_node(node, |line| line)
    }

    /// Returns the lines of a node without containers in it, where indentation of later lines means nothing.
    pub(super) fn leaf(&self, node: Syntax<'_>) -> String {
        self.of_node(node, |line| line.trim_start_matches([' ', '\t']).to_owned())
    }

    fn of_node(&self, node: Syntax<'_>, later: impl Fn(String) -> String) -> String {
        let at = node.data().sourcepos;
        let first = self.line(at.start.line);
        let mut text =
            first.get(at.start.column.saturating_sub(1)..).unwrap_or(first).trim_start().to_owned();
        let Some(parent) = node.parent() else { return text };
        for line in at.start.line + 1..=at.end.line {
            text.push('\n');
            text.push_str(&later(self.inside(parent, line)));
        }
        text.truncate(text.trim_end().len());
        text
    }

    /// Returns a line as it stands inside a container.
    pub(super) fn inside(&self, container: Syntax<'_>, line: usize) -> String {
        let mut around: Vec<_> = container.ancestors().collect();
        around.reverse();
        around
            .into_iter()
            .fold(self.line(line).to_owned(), |rest, container| without_prefix(rest, container, line))
    }

    fn line(&self, number: usize) -> &'t str {
        number.checked_sub(1).and_then(|at| self.0.get(at)).copied().unwrap_or_default()
    }
}

/// A line that lacks the prefix continues its paragraph lazily, and is left as it is.
fn without_prefix(line: String, container: Syntax<'_>, number: usize) -> String {
    let data = container.data();
    let (width, begins) = match &data.value {
        NodeValue::BlockQuote | NodeValue::Alert(_) => {
            let Some(rest) = line.trim_start_matches(' ').strip_prefix('>') else { return line };
            return rest.strip_prefix(' ').unwrap_or(rest).to_owned();
        }
        NodeValue::FootnoteDefinition(_) if data.sourcepos.start.line == number => {
            let rest = line.split_once("]:").map(|(_, rest)| rest.trim_start_matches([' ', '\t']).to_owned());
            return rest.unwrap_or(line);
        }
        NodeValue::FootnoteDefinition(_) => (4, false),
        NodeValue::Item(item) => (item.marker_offset + item.padding, data.sourcepos.start.line == number),
        NodeValue::TaskItem(_) => (2, data.sourcepos.start.line == number),
        _ => return line,
    };
    let prefix = line.chars().take(width).take_while(|c| begins || matches!(c, ' ' | '\t'));
    let bytes = prefix.map(char::len_utf8).sum();
    line.get(bytes..).unwrap_or_default().to_owned()
}

/// Says whether a paragraph begins with `[label]:`: comrak takes such lines out of the paragraph's text.
pub(super) fn begins_with_definition(lines: &str) -> bool {
    let mut chars = lines.chars();
    if chars.next() != Some('[') {
        return false;
    }
    while let Some(c) = chars.next() {
        match c {
            '\\' => _ = chars.next(),
            ']' => return chars.next() == Some(':'),
            _ => {}
        }
    }
    false
}
