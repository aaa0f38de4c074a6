//! From paths to ids: what a file says, as its document says it.

use std::collections::BTreeSet;

use serde_json::Value;
use sheaf_document::ids::ContentHash;
use sheaf_document::tree::{Element, Node, Span};
use sheaf_protocol::rest::Hex;

use super::{Atlas, Target, paths, wiki};

/// One file on its way in.
pub(super) struct Inward<'a> {
    atlas: &'a Atlas,
    from: &'a str,
    /// The files that it shows.
    pub wanted: BTreeSet<String>,
    /// What it refers to beside that, where nothing is known to lie.
    pub unknown: BTreeSet<String>,
}

impl<'a> Inward<'a> {
    pub fn of(atlas: &'a Atlas, from: &'a str) -> Self {
        Self { atlas, from, wanted: BTreeSet::new(), unknown: BTreeSet::new() }
    }

    /// Turns blocks; a paragraph may become several.
    pub fn blocks(&mut self, blocks: Vec<Node>) -> Vec<Node> {
        let mut out = Vec::with_capacity(blocks.len());
        for block in blocks {
            match block {
                Node::Element(element) => self.block(element, &mut out),
                text @ Node::Text(_) => out.push(text),
            }
        }
        out
    }

    fn block(&mut self, mut element: Element, out: &mut Vec<Node>) {
        match element.name.as_str() {
            "codeBlock" | "source" | "mathBlock" => {}
            "image" => return out.push(self.image(element).into()),
            "figure" | "attachment" => self.told_by_path(&mut element),
            "paragraph" => return self.paragraph(element, out),
            "tableCell" | "tableHeader" => {
                element.children = self.cell(element.children);
            }
            "listItem" | "taskItem" => {
                element.children = self.blocks(element.children);
                let is_headed = matches!(element.children.first(), Some(Node::Element(first)) if first.name == "paragraph");
                if !is_headed {
                    element.children.insert(0, Element::new("paragraph").into());
                }
            }
            _ if element.children.iter().any(|child| matches!(child, Node::Text(_))) => {
                element.children = self.words(element.children);
            }
            _ => element.children = self.blocks(element.children),
        }
        out.push(element.into());
    }

    /// A cell's one paragraph stays one.
    fn cell(&mut self, children: Vec<Node>) -> Vec<Node> {
        let mut out = Vec::with_capacity(children.len());
        for child in children {
            match child {
                Node::Element(mut paragraph) if paragraph.name == "paragraph" => {
                    paragraph.children = self.words(paragraph.children);
                    out.push(paragraph.into());
                }
                Node::Element(other) => self.block(other, &mut out),
                text @ Node::Text(_) => out.push(text),
            }
        }
        out
    }

    fn paragraph(&mut self, mut paragraph: Element, out: &mut Vec<Node>) {
        if let Some(attachment) = self.attachment(&paragraph) {
            return out.push(attachment.into());
        }
        let mut line = Vec::new();
        let mut is_split = false;
        for child in paragraph.children {
            let Node::Text(span) = child else {
                line.push(child);
                continue;
            };
            let (mut rest, mut from) = (span.text.as_str(), 0);
            while let Some(link) = wiki::first(rest, from).filter(|_| may_hold_links(&span)) {
                let shown = if link.shows { self.shown(link.target, link.words) } else { None };
                let Some(shown) = shown else {
                    from = rest.len() - link.after.len();
                    continue;
                };
                let before = Span { text: link.before.to_owned(), marks: span.marks.clone() };
                line.push(Node::Text(before));
                self.end_line(&mut line, out);
                out.push(shown.into());
                (is_split, rest, from) = (true, link.after, 0);
            }
            line.push(Node::Text(Span { text: rest.to_owned(), marks: span.marks.clone() }));
        }
        if is_split {
            return self.end_line(&mut line, out);
        }
        paragraph.children = self.words(line);
        out.push(paragraph.into());
    }

    /// Makes a paragraph of what stands before or behind a picture, if that is anything.
    fn end_line(&mut self, line: &mut Vec<Node>, out: &mut Vec<Node>) {
        let mut words = std::mem::take(line);
        if let Some(Node::Text(first)) = words.first_mut() {
            first.text = first.text.trim_start().to_owned();
        }
        if let Some(Node::Text(last)) = words.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        words.retain(|node| !matches!(node, Node::Text(span) if span.text.is_empty()));
        if !words.is_empty() {
            let words = self.words(words);
            out.push(Element::new("paragraph").containing(words).into());
        }
    }

    /// Turns the links in a line.
    fn words(&self, children: Vec<Node>) -> Vec<Node> {
        let mut out = Vec::with_capacity(children.len());
        for (at, child) in children.iter().enumerate() {
            let Node::Text(span) = child else {
                out.push(child.clone());
                continue;
            };
            let same_link = |other: Option<&Node>| match other {
                Some(Node::Text(other)) => other.marks.get("link") == span.marks.get("link"),
                _ => false,
            };
            let is_whole = !same_link(children.get(at + 1))
                && !same_link(at.checked_sub(1).and_then(|at| children.get(at)));
            match address(span).filter(|_| is_whole).and_then(|href| self.atlas.follow(self.from, href)) {
                Some(Target::Document(document)) => out.push(mention(&document.to_string(), &span.text)),
                _ if may_hold_links(span) => self.wiki_links(span, &mut out),
                _ => out.push(child.clone()),
            }
        }
        out
    }

    fn wiki_links(&self, span: &Span, out: &mut Vec<Node>) {
        let with = |text: &str| Node::Text(Span { text: text.to_owned(), marks: span.marks.clone() });
        let (mut rest, mut from) = (span.text.as_str(), 0);
        while let Some(link) = wiki::first(rest, from) {
            match self.atlas.meant(self.from, link.target) {
                Some(Target::Document(document)) if !link.shows => {
                    out.push(with(link.before));
                    let called = link.words.unwrap_or_else(|| paths::name(link.target));
                    out.push(mention(&document.to_string(), called));
                    (rest, from) = (link.after, 0);
                }
                _ => from = rest.len() - link.after.len(),
            }
        }
        out.push(with(rest));
    }

    /// A picture that is a file of the folder.
    fn image(&mut self, image: Element) -> Element {
        let word = |key: &str| image.attributes.get(key).and_then(Value::as_str).unwrap_or_default();
        match self.file(word("src")) {
            Some(hash) => figure(hash, word("alt")).containing([Node::text(word("title"))]),
            None => image,
        }
    }

    /// A file that is shown by a wiki link.
    fn shown(&mut self, target: &str, words: Option<&str>) -> Option<Element> {
        let Some(found) = self.atlas.meant(self.from, target) else {
            self.unknown.insert(paths::join(paths::folder(self.from), target));
            return None;
        };
        let Target::File(path, hash) = found else { return None };
        self.wanted.insert(path.clone());
        let alt = match words {
            Some(words) if width(words).is_some() => format!("|{words}"),
            words => words.unwrap_or_default().to_owned(),
        };
        Some(if is_picture(path) {
            figure((*hash)?, &alt)
        } else {
            Element::new("attachment").with("file", hex((*hash)?)).with("name", paths::name(path))
        })
    }

    /// A link to a file of the folder on a line of its own.
    fn attachment(&mut self, paragraph: &Element) -> Option<Element> {
        let [Node::Text(only)] = paragraph.children.as_slice() else { return None };
        let hash = self.file(address(only)?)?;
        Some(Element::new("attachment").with("file", hex(hash)).with("name", only.text.as_str()))
    }

    /// What could not be said in Markdown's own words names its file by its path.
    fn told_by_path(&mut self, element: &mut Element) {
        let path = element.attributes.get("file").and_then(Value::as_str).unwrap_or_default();
        if let Some(hash) = self.file(path) {
            element.attributes.insert("file".to_owned(), hex(hash).into());
        }
    }

    /// Returns the file that an address leads to, once the workspace has it.
    fn file(&mut self, address: &str) -> Option<ContentHash> {
        let Some(found) = self.atlas.follow(self.from, address) else {
            self.unknown.extend(paths::resolve(self.from, address));
            return None;
        };
        let Target::File(path, hash) = found else { return None };
        self.wanted.insert(path.clone());
        *hash
    }
}

fn mention(id: &str, label: &str) -> Node {
    Element::new("mention").with("kind", "document").with("id", id).with("label", label).into()
}

/// Returns the address of a text that is a link and nothing else.
fn address(span: &Span) -> Option<&str> {
    let link = span.marks.get("link").filter(|_| span.marks.len() == 1)?;
    let is_bare = link.as_object()?.keys().all(|key| key == "href");
    link.get("href").and_then(Value::as_str).filter(|_| is_bare)
}

/// Says whether brackets in a text may be a link: it is none already, and no code.
fn may_hold_links(span: &Span) -> bool {
    !["link", "code", "math"].iter().any(|mark| span.marks.contains_key(*mark))
}

/// A picture's width stands behind its description, as `view|320`.
fn figure(hash: ContentHash, alt: &str) -> Element {
    let figure = Element::new("figure").with("file", hex(hash));
    match alt.rsplit_once('|').and_then(|(alt, sign)| Some((alt, width(sign)?))) {
        Some((alt, width)) => figure.with("alt", alt).with("width", width),
        None => figure.with("alt", alt),
    }
}

/// Returns a width in pixels: up to five digits, the first no zero.
pub(super) fn width(text: &str) -> Option<u64> {
    let digits = text.len() <= 5 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    matches!(ending.as_str(), "png" | "jpg" | "jpeg" | "gif" | "webp" | "svg" | "bmp" | "avif")
}

fn hex(hash: ContentHash) -> String {
    Hex::from(hash).to_string()
}
