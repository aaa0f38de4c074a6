//! Links and images: what is shown, then the address, then perhaps a title.

use serde_json::Value;

use super::super::Style;
use super::escape::{Escape, escape_entities};
use super::{Item, Pen, Place};
use crate::tree::Element;

/// Writes an image.
pub(in super::super) fn image(image: &Element, style: Style) -> String {
    let attribute = |key| image.attributes.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut pen = Pen {
        out: "![".to_owned(),
        style,
        place: Place::Cell,
        escape: Escape { style, dollars: true },
        opened: 0,
        active: Vec::new(),
    };
    pen.text(attribute("alt"));
    pen.out.push_str("](");
    pen.address(attribute("src"), attribute("title"));
    pen.out
}

impl Pen {
    pub(super) fn link(&mut self, value: &Value, items: &[Item<'_>]) {
        let member = |key| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let (href, title) = (member("href"), member("title"));
        if let [Item::Text(span)] = items
            && self.style == Style::Light
            && self.unsaid(&Item::Text(span)) == 1
            && title.is_empty()
            && is_autolink(href, &span.text)
        {
            self.out.push_str(&format!("<{}>", span.text));
            return;
        }
        if self.out.ends_with('!') && !self.out.ends_with("\\!") {
            self.out.insert(self.out.len() - 1, '\\');
        }
        self.out.push('[');
        self.inside("link", items, Some(']'));
        self.out.push_str("](");
        self.address(href, title);
    }

    fn address(&mut self, href: &str, title: &str) {
        let plain = |c: char| c.is_alphanumeric() || "/:.-_~?#=@%+,;!$'&".contains(c);
        let escaped = escape_entities(href);
        if !href.is_empty() && href.chars().all(plain) {
            self.out.push_str(&escaped);
        } else {
            self.out.push_str(&format!("<{}>", escaped.replace('<', "\\<").replace('>', "\\>")));
        }
        if !title.is_empty() {
            self.out.push_str(&format!(" \"{}\"", escape_entities(title).replace('"', "\\\"")));
        }
        self.out.push(')');
    }
}

fn is_autolink(href: &str, text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:.-_~?#=%+@".contains(c);
    let is_mail = href.strip_prefix("mailto:") == Some(text) && text.contains('@');
    let is_web = href == text && (text.starts_with("https://") || text.starts_with("http://"));
    (is_mail || is_web) && text.chars().all(plain)
}
