//! From ids to paths: what a document says, as its file says it.

use serde_json::{Value, json};
use sheaf_document::ids::ContentHash;
use sheaf_document::tree::{Element, Node, Span};
use sheaf_protocol::rest::Hex;

use super::inward::width;
use super::{Atlas, paths};

/// One document on its way out.
pub(super) struct Outward<'a> {
    atlas: &'a Atlas,
    from: &'a str,
}

impl<'a> Outward<'a> {
    pub fn of(atlas: &'a Atlas, from: &'a str) -> Self {
        Self { atlas, from }
    }

    pub fn blocks(&self, blocks: &[Node]) -> Vec<Node> {
        blocks.iter().map(|block| self.node(block)).collect()
    }

    fn node(&self, node: &Node) -> Node {
        let Node::Element(element) = node else { return node.clone() };
        let turned = match element.name.as_str() {
            "mention" => self.link(element),
            "figure" => self.picture(element),
            "attachment" => self.attachment(element),
            _ => None,
        };
        turned.unwrap_or_else(|| {
            let children = self.blocks(&element.children);
            Node::Element(Element { children, ..element.clone() })
        })
    }

    fn link(&self, mention: &Element) -> Option<Node> {
        let is_document = word(mention, "kind").is_none_or(|kind| kind == "document");
        let document = word(mention, "id").filter(|_| is_document)?.parse().ok()?;
        let path = self.atlas.path_of(document)?;
        let name = paths::name(path);
        let called = word(mention, "label").filter(|label| !label.is_empty());
        let called = called.unwrap_or_else(|| paths::without_ending(name, super::ENDING).unwrap_or(name));
        Some(self.linked(called, path))
    }

    /// A picture with a plain caption is one that every tool shows; any other names its file by the path.
    fn picture(&self, figure: &Element) -> Option<Node> {
        let address = self.address(figure)?;
        let alt = word(figure, "alt").unwrap_or_default();
        let is_misread = alt.rsplit_once('|').is_some_and(|(_, sign)| width(sign).is_some());
        let alt = match figure.attributes.get("width") {
            None | Some(Value::Null) if !is_misread => Some(alt.to_owned()),
            Some(wide) => wide
                .as_u64()
                .filter(|wide| width(&wide.to_string()).is_some())
                .map(|wide| format!("{alt}|{wide}")),
            None => None,
        };
        let (Some(alt), Some(caption)) = (alt, caption(figure)) else {
            return Some(figure.clone().with("file", address).into());
        };
        Some(Element::new("image").with("src", address).with("alt", alt).with("title", caption).into())
    }

    fn attachment(&self, attachment: &Element) -> Option<Node> {
        let path = self.atlas.path_of_file(hash(attachment)?)?;
        let name =
            word(attachment, "name").filter(|name| !name.is_empty()).unwrap_or_else(|| paths::name(path));
        Some(Element::new("paragraph").containing([self.linked(name, path)]).into())
    }

    fn linked(&self, words: &str, path: &str) -> Node {
        let address = paths::relative(self.from, path);
        let marks = [("link".to_owned(), json!({ "href": address }))].into();
        Node::Text(Span { text: words.to_owned(), marks })
    }

    fn address(&self, element: &Element) -> Option<String> {
        Some(paths::relative(self.from, self.atlas.path_of_file(hash(element)?)?))
    }
}

/// Returns a caption that is nothing but words.
fn caption(figure: &Element) -> Option<String> {
    let words = figure.children.iter().map(|child| match child {
        Node::Text(span) if span.marks.is_empty() => Some(span.text.as_str()),
        _ => None,
    });
    words.collect()
}

fn hash(element: &Element) -> Option<ContentHash> {
    word(element, "file")?.parse::<Hex<32>>().ok().map(ContentHash::from)
}

fn word<'e>(element: &'e Element, key: &str) -> Option<&'e str> {
    element.attributes.get(key).and_then(Value::as_str)
}
