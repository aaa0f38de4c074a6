//! What Sheaf's documents have beyond CommonMark, each in the form that other tools show best: alerts, folded details,
//! footnotes and formulas as GitHub has them, files and mentions as pictures and links of an address of their own.

use serde_json::Value;

use super::super::{address, seal};
use super::inline::{self, Place};
use super::{Style, Writer, indent, is_sayable, join, text_of, whole};
use crate::tree::{Element, Node, Span};

impl Writer {
    pub(super) fn callout(self, callout: &Element) -> Option<String> {
        let kind = word(callout, "kind").unwrap_or("note");
        if !matches!(kind, "note" | "tip" | "important" | "warning" | "caution") {
            return None;
        }
        let head = format!("> [!{}]", kind.to_uppercase());
        let text = self.quote(&callout.children)?;
        Some(if text == ">" { head } else { format!("{head}\n{text}") })
    }

    /// The title is HTML, where no sign but three means anything.
    pub(super) fn toggle(self, children: &[Node]) -> Option<String> {
        let (Node::Element(title), inside) = children.split_first()? else { return None };
        if title.name != "toggleTitle" || !is_sayable(title) {
            return None;
        }
        let strict = inline::write(&title.children, Style::Strict, Place::Cell)?;
        let inner = Self { depth: self.depth + 1, ..self };
        let inside = match inside {
            [] => String::new(),
            _ => format!("{}\n", join(inside, |block, twin| inner.block(block, twin))),
        };
        Some(format!("<details>\n<summary>{}</summary>\n\n{inside}</details>", without_escapes(&strict)))
    }

    pub(super) fn footnote(self, note: &Element) -> Option<String> {
        let label = word(note, "label").filter(|label| address::is_label(label))?;
        Some(indent(&self.within(&note.children)?, &format!("[^{label}]: "), "    "))
    }

    /// Between dollars, or where that would be read as something else, in a fence.
    pub(super) fn formula(self, formula: &Element) -> Option<String> {
        let text = text_of(formula)?;
        if self.style == Style::Light && !text.is_empty() {
            return Some(format!("$$\n{text}\n$$"));
        }
        let fence = seal::fence(&text);
        let end = if text.is_empty() { "" } else { "\n" };
        Some(format!("{fence}math\n{text}{end}{fence}"))
    }
}

/// Writes a picture of the workspace's own; a caption with marks has no form.
pub(super) fn figure(figure: &Element, style: Style) -> Option<String> {
    let caption = text_of(figure)?;
    let alt = word(figure, "alt").unwrap_or_default();
    let image = Element::new("image")
        .with("src", address::of_file(word(figure, "file")?)?)
        .with("title", caption)
        .with(
            "alt",
            match whole(figure, "width")? {
                Some(width) => format!("{alt}|{width}"),
                None => alt.to_owned(),
            },
        );
    Some(inline::image(&image, style))
}

/// Writes a file as a link to it.
pub(super) fn attachment(attachment: &Element, style: Style) -> Option<String> {
    let address = address::of_file(word(attachment, "file")?)?;
    link(word(attachment, "name").unwrap_or_default(), address, style)
}

/// Writes an atom among words: a mention or a footnote's number.
pub(super) fn atom(atom: &Element, style: Style) -> Option<String> {
    if !is_sayable(atom) || !atom.children.is_empty() {
        return None;
    }
    match atom.name.as_str() {
        "footnoteReference" => {
            let label = word(atom, "label").filter(|label| address::is_label(label))?;
            Some(format!("[^{label}]"))
        }
        "mention" => {
            let kind = word(atom, "kind").unwrap_or("document");
            let address = address::of_mentioned(kind, word(atom, "id")?)?;
            let label = word(atom, "label").unwrap_or_default();
            let at = if kind == "person" { "@" } else { "" };
            link(&format!("{at}{label}"), address, style)
        }
        _ => None,
    }
}

fn link(words: &str, address: String, style: Style) -> Option<String> {
    if words.is_empty() {
        return Some(format!("[]({address})"));
    }
    let marks =
        [("link".to_owned(), Value::Object([("href".to_owned(), address.into())].into_iter().collect()))];
    let span = Span { text: words.to_owned(), marks: marks.into() };
    inline::write(&[Node::Text(span)], style, Place::Cell)
}

fn word<'a>(element: &'a Element, key: &str) -> Option<&'a str> {
    element.attributes.get(key).and_then(Value::as_str)
}

/// Turns strict Markdown into HTML: backslashes go, and the three signs of HTML become entities.
fn without_escapes(strict: &str) -> String {
    let mut html = String::with_capacity(strict.len());
    let mut chars = strict.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('<') => html.push_str("&lt;"),
                Some('>') => html.push_str("&gt;"),
                Some('&') => html.push_str("&amp;"),
                Some(escaped) => html.push(escaped),
                None => {}
            },
            _ => html.push(c),
        }
    }
    html
}
