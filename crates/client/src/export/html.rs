//! A document as one page of HTML, with its pictures in it: for reading and for other programs, without a script.
//!
//! Everything that is words is escaped; what is shown as a link leads to the web, to a mail, or to a file of the same export.
//! Formulas stand as LaTeX: what draws them is not ours to put into somebody's page.

use std::collections::BTreeMap;

use serde_json::Value;
use sheaf_document::ids::ContentHash;
use sheaf_document::tree::{Element, Node, Span};

use super::attachments::file;
use crate::folder::{Atlas, paths};

const STYLE: &str = "\
body{font:16px/1.6 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;color:#1d1d1b}\
pre,code{font-family:ui-monospace,monospace;font-size:.9em}pre{background:#f5f4f0;padding:.8rem 1rem;overflow:auto}\
blockquote,aside{margin:1rem 0;padding:0 1rem;border-left:3px solid #c9c5b8}table{border-collapse:collapse}\
td,th{border:1px solid #c9c5b8;padding:.3rem .6rem;vertical-align:top}td>:first-child,th>:first-child{margin-top:0}\
td>:last-child,th>:last-child{margin-bottom:0}img{max-width:100%}figure{margin:1rem 0}figcaption{color:#66635a}\
ul.tasks{list-style:none;padding-left:1.2rem}ul.tasks>li>p:first-of-type{display:inline}";

/// The signs that may stand beside each other in a link's address: its scheme says that it can run nothing.
const SCHEMES: [&str; 3] = ["http://", "https://", "mailto:"];

/// A page to be written.
pub struct Page<'a> {
    /// Where everything lies.
    pub atlas: &'a Atlas,
    /// Where the page will lie.
    pub from: &'a str,
    /// The pictures that go into it, as addresses that hold their bytes.
    pub pictures: &'a BTreeMap<ContentHash, String>,
}

impl Page<'_> {
    /// Writes a document.
    pub fn write(&self, title: &str, blocks: &[Node]) -> String {
        let (name, mut out) = (escaped(title), String::new());
        out.push_str("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n");
        out.push_str("<meta name=\"viewport\" content=\"width=device-width\">\n");
        out.push_str(&format!(
            "<title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{name}</h1>\n"
        ));
        self.blocks(blocks, &mut out);
        out.push_str("</body>\n</html>\n");
        out
    }

    fn blocks(&self, blocks: &[Node], out: &mut String) {
        for block in blocks {
            match block {
                Node::Element(element) => self.block(element, out),
                Node::Text(span) => out.push_str(&self.span(span)),
            }
        }
    }

    fn block(&self, element: &Element, out: &mut String) {
        let children = element.children.as_slice();
        match element.name.as_str() {
            "paragraph" => self.line("<p>", children, "</p>", out),
            "heading" => {
                let level = number(element, "level").unwrap_or(1).clamp(1, 6);
                self.line(&format!("<h{level}>"), children, &format!("</h{level}>"), out);
            }
            "blockquote" => self.around("<blockquote>", children, "</blockquote>", out),
            "bulletList" => self.around("<ul>", children, "</ul>", out),
            "orderedList" => match number(element, "start").filter(|start| *start != 1) {
                Some(start) => self.around(&format!("<ol start=\"{start}\">"), children, "</ol>", out),
                None => self.around("<ol>", children, "</ol>", out),
            },
            "taskList" => self.around("<ul class=\"tasks\">", children, "</ul>", out),
            "listItem" => self.around("<li>", children, "</li>", out),
            "taskItem" => {
                let done = element.attributes.get("checked").and_then(Value::as_bool).unwrap_or_default();
                let checked = if done { " checked" } else { "" };
                let begin = format!("<li><input type=\"checkbox\" disabled{checked}> ");
                self.around(&begin, children, "</li>", out);
            }
            "codeBlock" => {
                let class = word(element, "language").map_or_else(String::new, |language| {
                    format!(" class=\"language-{}\"", escaped(language))
                });
                self.verbatim(&format!("<pre><code{class}>"), children, "</code></pre>", out);
            }
            "source" => {
                let format = escaped(word(element, "format").unwrap_or("markdown"));
                self.verbatim(
                    &format!("<pre class=\"source\" data-format=\"{format}\">"),
                    children,
                    "</pre>",
                    out,
                );
            }
            "mathBlock" => self.verbatim("<pre class=\"math\">", children, "</pre>", out),
            "horizontalRule" => out.push_str("<hr>\n"),
            "table" => self.around("<table>", children, "</table>", out),
            "tableRow" => self.around("<tr>", children, "</tr>", out),
            "tableHeader" => self.around(&cell("th", element), children, "</th>", out),
            "tableCell" => self.around(&cell("td", element), children, "</td>", out),
            "callout" => {
                let kind = escaped(word(element, "kind").unwrap_or("note"));
                self.around(
                    &format!("<aside class=\"callout\" data-kind=\"{kind}\">"),
                    children,
                    "</aside>",
                    out,
                );
            }
            "toggle" => self.around("<details open>", children, "</details>", out),
            "toggleTitle" => self.line("<summary>", children, "</summary>", out),
            "footnote" => {
                let label = escaped(word(element, "label").unwrap_or_default());
                let begin = format!("<aside class=\"footnote\" id=\"fn-{label}\" data-label=\"{label}\">");
                self.around(&begin, children, "</aside>", out);
            }
            "image" => out
                .push_str(&format!("<p>{}</p>\n", image(word(element, "src").unwrap_or_default(), element))),
            "figure" => self.figure(element, out),
            "attachment" => {
                let name = word(element, "name").unwrap_or_default();
                out.push_str(&format!("<p class=\"attachment\">{}</p>\n", self.to_file(element, name)));
            }
            // What draws itself from the headings is nothing without them, and they are there.
            "contents" => {}
            // A kind of a later version keeps its words.
            _ => self.around("<div>", children, "</div>", out),
        }
    }

    fn around(&self, begin: &str, children: &[Node], end: &str, out: &mut String) {
        out.push_str(begin);
        out.push('\n');
        self.blocks(children, out);
        out.push_str(end);
        out.push('\n');
    }

    fn line(&self, begin: &str, children: &[Node], end: &str, out: &mut String) {
        out.push_str(begin);
        self.words(children, out);
        out.push_str(end);
        out.push('\n');
    }

    /// A line end right behind `<pre>` is none to a reader of HTML, so it gets one of its own.
    fn verbatim(&self, begin: &str, children: &[Node], end: &str, out: &mut String) {
        out.push_str(begin);
        if begin.starts_with("<pre") && !begin.contains("<code") {
            out.push('\n');
        }
        for child in children {
            if let Node::Text(span) = child {
                out.push_str(&escaped(&span.text));
            }
        }
        out.push_str(end);
        out.push('\n');
    }

    fn words(&self, children: &[Node], out: &mut String) {
        for child in children {
            match child {
                Node::Text(span) => out.push_str(&self.span(span)),
                Node::Element(atom) => match atom.name.as_str() {
                    "hardBreak" => out.push_str("<br>"),
                    "mention" => out.push_str(&self.mention(atom)),
                    "footnoteReference" => {
                        let label = escaped(word(atom, "label").unwrap_or_default());
                        out.push_str(&format!(
                            "<sup><a href=\"#fn-{label}\" class=\"footnote\">{label}</a></sup>"
                        ));
                    }
                    _ => self.words(&atom.children, out),
                },
            }
        }
    }

    fn span(&self, span: &Span) -> String {
        let mut text = escaped(&span.text);
        // From the inside out.
        for (mark, tag) in [
            ("code", "code"),
            ("subscript", "sub"),
            ("superscript", "sup"),
            ("highlight", "mark"),
            ("underline", "u"),
            ("strike", "s"),
            ("italic", "em"),
            ("bold", "strong"),
        ] {
            if span.marks.contains_key(mark) {
                text = format!("<{tag}>{text}</{tag}>");
            }
        }
        if span.marks.contains_key("math") {
            text = format!("<code class=\"math\">{text}</code>");
        }
        let href = span.marks.get("link").and_then(|link| link.get("href")).and_then(Value::as_str);
        match href.filter(|href| may_lead(href)) {
            Some(href) => format!("<a href=\"{}\">{text}</a>", escaped(href)),
            None => text,
        }
    }

    fn mention(&self, mention: &Element) -> String {
        let label = escaped(word(mention, "label").unwrap_or_default());
        let path = word(mention, "id").and_then(|id| self.atlas.path_of(id.parse().ok()?));
        match path {
            Some(path) => format!("<a href=\"{}\">{label}</a>", escaped(&paths::relative(self.from, path))),
            None if word(mention, "kind") == Some("person") => {
                format!("<span class=\"mention\">@{label}</span>")
            }
            None => format!("<span class=\"mention\">{label}</span>"),
        }
    }

    fn figure(&self, figure: &Element, out: &mut String) {
        out.push_str("<figure>");
        match file(figure).and_then(|hash| self.pictures.get(&hash)) {
            Some(address) => out.push_str(&image(address, figure)),
            None => out.push_str(&self.to_file(figure, word(figure, "alt").unwrap_or_default())),
        }
        if !figure.children.is_empty() {
            out.push_str("<figcaption>");
            self.words(&figure.children, out);
            out.push_str("</figcaption>");
        }
        out.push_str("</figure>\n");
    }

    fn to_file(&self, element: &Element, name: &str) -> String {
        match file(element).and_then(|hash| self.atlas.path_of_file(hash)) {
            Some(path) => {
                let name = if name.is_empty() { paths::name(path) } else { name };
                format!("<a href=\"{}\">{}</a>", escaped(&paths::relative(self.from, path)), escaped(name))
            }
            None => escaped(name),
        }
    }
}

/// Says whether a link may lead there from a page that anybody may open.
fn may_lead(href: &str) -> bool {
    let lower = href.trim().to_lowercase();
    let is_path =
        !lower.split(['/', '?', '#']).next().unwrap_or_default().contains(':') && !lower.starts_with("//");
    is_path || SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
}

fn image(address: &str, element: &Element) -> String {
    let is_ours = address.starts_with("data:image/");
    if !is_ours && !may_lead(address) {
        return String::new();
    }
    let attribute = |key: &str| {
        let value = match element.attributes.get(key) {
            Some(Value::String(text)) if !text.is_empty() => escaped(text),
            Some(Value::Number(number)) => number.to_string(),
            _ => return String::new(),
        };
        format!(" {key}=\"{value}\"")
    };
    let alt = escaped(word(element, "alt").unwrap_or_default());
    let (title, width) = (attribute("title"), attribute("width"));
    format!("<img src=\"{}\" alt=\"{alt}\"{title}{width}>", escaped(address))
}

fn cell(tag: &str, element: &Element) -> String {
    let mut begin = format!("<{tag}");
    for key in ["colspan", "rowspan"] {
        if let Some(many) = number(element, key).filter(|many| *many > 1) {
            begin.push_str(&format!(" {key}=\"{many}\""));
        }
    }
    if let Some(align @ ("left" | "center" | "right")) = word(element, "align") {
        begin.push_str(&format!(" style=\"text-align:{align}\""));
    }
    begin.push('>');
    begin
}

fn word<'e>(element: &'e Element, key: &str) -> Option<&'e str> {
    element.attributes.get(key).and_then(Value::as_str)
}

fn number(element: &Element, key: &str) -> Option<u64> {
    element.attributes.get(key).and_then(Value::as_f64).map(|number| number as u64)
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            letter => out.push(letter),
        }
    }
    out
}
