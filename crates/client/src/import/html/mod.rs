//! A page of HTML as a document: what its words are, not how they looked.
//!
//! The parser is the one that browsers agree on; every text is HTML to it. What means something here (headings, lists,
//! tables, quotes, code, pictures, links) is kept, the rest is looked through to the words in it. Scripts, styles and forms
//! are nobody's words. Nothing is fetched: a picture on the web stays a picture by its address, one within the page becomes a
//! file.

mod blocks;
mod inline;
#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dom_query::{Document, NodeRef};
use sheaf_document::tree::{Element, Node};

use super::read::{Content, Part};
use crate::folder::{Page, Titled, names, paths};
use blocks::Blocks;

/// Elements within elements are looked into so far; deeper ones are words.
const DEEPEST: usize = 200;

/// As many elements may be open.
const OPEN: usize = 2_000;

/// Elements that have no end, or need none.
const ENDLESS: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "option",
    "optgroup", "rp", "rt",
];

/// Containers of ours within containers.
const NESTED: usize = 24;

/// Reads a page in a file of this name, with and without its ending.
pub fn read(html: &str, name: &str, stem: &str) -> Content {
    let page = Document::from(html);
    let root = page.root();
    let mut reader = Reader { name, parts: Vec::new() };
    let mut blocks = Blocks::default();
    blocks.all(&mut reader, &root, 0);
    let mut blocks = blocks.end();
    let head = root.descendants_it().find(|node| is(node, "title")).map(|title| squeezed(&title.text()));
    let first = heading(blocks.first());
    let title = match (first, head) {
        (Some(title), _) => {
            blocks.remove(0);
            title
        }
        (None, Some(title)) if !title.is_empty() => title,
        (None, _) => names::title(stem),
    };
    Content { page: Page { title, titled: Titled::Heading, blocks }, parts: reader.parts }
}

/// Says whether elements stand in elements deeper than any page that somebody made: looking for what each ends would take
/// the parser as long as the square of that.
pub fn is_too_deep(html: &str) -> bool {
    let (mut rest, mut depth) = (html, 0_usize);
    while let Some((_, tag)) = rest.split_once('<') {
        rest = tag;
        let (tag, is_end) = tag.strip_prefix('/').map_or((tag, false), |tag| (tag, true));
        let name: String =
            tag.chars().take(20).take_while(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
        if name.is_empty() || ENDLESS.contains(&name.as_str()) {
            continue;
        }
        if is_end {
            depth = depth.saturating_sub(1);
        } else if name == "script" || name == "style" {
            rest = rest.split_once("</").map_or("", |(_, behind)| behind);
        } else {
            depth += 1;
        }
        if depth > OPEN {
            return true;
        }
    }
    false
}

/// What is gathered while a page is read.
struct Reader<'n> {
    /// The file's name, under which its own pictures are filed.
    name: &'n str,
    parts: Vec<Part>,
}

impl Reader<'_> {
    /// Returns the address of a picture, if it is one that may be kept: on the web, in the folder, or in the page itself.
    fn picture(&mut self, src: &str) -> Option<String> {
        let src = src.trim();
        let Some(data) = src.strip_prefix("data:") else {
            return (!src.is_empty() && may_lead(src)).then(|| src.to_owned());
        };
        let (kind, bytes) = data.split_once(',')?;
        let ending = match kind.strip_suffix(";base64")? {
            "image/png" => "png",
            "image/jpeg" | "image/jpg" => "jpg",
            "image/gif" => "gif",
            "image/webp" => "webp",
            _ => return None,
        };
        let plain: String = bytes.chars().filter(|letter| !letter.is_whitespace()).collect();
        let bytes = STANDARD.decode(plain).ok()?;
        let name = format!("picture {}.{ending}", self.parts.len() + 1);
        let path = format!("{}/{name}", self.name);
        self.parts.push(Part { path: path.clone(), name, bytes });
        Some(paths::relative("", &path))
    }
}

/// Says whether a document may refer there: to the web, to a mail, or within the folder.
fn may_lead(href: &str) -> bool {
    let plain: String =
        href.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect::<String>().to_lowercase();
    let first = plain.split(['/', '?', '#']).next().unwrap_or_default();
    ["http:", "https:", "mailto:"].iter().any(|scheme| plain.starts_with(scheme))
        || !first.contains(':') && !plain.starts_with("//")
}

/// Returns the words of a heading of the first level, if that is what a block is.
fn heading(block: Option<&Node>) -> Option<String> {
    let Some(Node::Element(heading)) = block else { return None };
    let is_first =
        heading.name == "heading" && heading.attributes.get("level").is_some_and(|level| level == 1);
    let words = heading.children.iter().filter(|_| is_first).map(|child| match child {
        Node::Text(span) if !span.marks.contains_key("link") => Some(span.text.as_str()),
        _ => None,
    });
    words.collect::<Option<String>>().filter(|words| !words.is_empty())
}

fn is(node: &NodeRef<'_>, name: &str) -> bool {
    node.node_name().is_some_and(|own| &*own == name)
}

/// Returns a text as a browser shows it: each stretch of white space is one space.
fn squeezed(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn attribute(node: &NodeRef<'_>, name: &str) -> Option<String> {
    node.attr(name).map(|value| value.to_string())
}

fn paragraph() -> Element {
    Element::new("paragraph")
}
