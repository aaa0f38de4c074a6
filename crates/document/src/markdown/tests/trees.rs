//! Trees by chance: everything that the schema can hold, with a liking for what Markdown finds hard.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::tree::{Element, Node, Span};

/// Text with many signs that mean something to Markdown.
pub(super) fn words() -> impl Strategy<Value = String> {
    let hard = prop::sample::select(vec![
        "*",
        "**",
        "_",
        "__",
        "`",
        "``",
        "~~",
        "[",
        "](",
        ")",
        "!",
        "<",
        ">",
        "&",
        "&amp;",
        "\\",
        "|",
        "#",
        "# ",
        "- ",
        "+ ",
        "1. ",
        "2)",
        "---",
        "===",
        ":--",
        "$",
        "$$",
        "[^1]",
        "[^1]: ",
        "[a]: b",
        "http://a.b",
        "www.a.b",
        "a@b.c",
        "<b>",
        "</b>",
        "<br>",
        "<!--",
        "\n",
        "\r",
        "\t",
        " ",
        "  ",
        "\u{a0}",
        "\u{2028}",
        "\u{85}",
        "\u{feff}",
        "é",
        "e\u{301}",
        "日本",
        "🐈",
        "\u{200d}",
        "a",
        "b",
        "word",
        "&nbsp;",
        "==",
        " == ",
        "[TOC]",
        "[!note]",
        "[@Ada](",
        "<mark>",
        "<sup>",
        "<details>",
        "</details>",
        "<summary>",
        "[ ] ",
        "[x] ",
        ":",
        "://",
        "\"",
        "'",
        "{",
        "\u{1}",
    ]);
    prop_oneof![
        4 => "[a-zA-Z ,.]{1,12}",
        3 => vec(hard, 1..5).prop_map(|parts| parts.concat()),
        1 => any::<String>(),
    ]
    .prop_filter("runs are never empty", |text| !text.is_empty())
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "https://[a-z]{1,4}\\.org(/[a-z()_*&?=%]{0,6})?",
        1 => "[a-z#?/.<> \\\\\"'&;()*_|`\\n]{0,8}",
        1 => Just("mailto:ada@example.org".to_owned()),
        1 => words(),
    ]
    .prop_filter("unsafe schemes are not for links", |href| super::super::href::is_safe(href))
}

fn marks(
    address: BoxedStrategy<String>,
    title: BoxedStrategy<String>,
) -> impl Strategy<Value = BTreeMap<String, Value>> {
    let link = (address, prop::option::of(title)).prop_map(|(href, title)| match title {
        Some(title) => json!({ "href": href, "title": title }),
        None => json!({ "href": href }),
    });
    let mark = prop_oneof![
        Just(("bold", json!({}))),
        Just(("italic", json!({}))),
        Just(("strike", json!({}))),
        Just(("underline", json!({}))),
        Just(("code", json!({}))),
        Just(("math", json!({}))),
        Just(("highlight", json!({}))),
        Just(("highlight", json!({ "color": "green" }))),
        Just(("subscript", json!({}))),
        Just(("superscript", json!({}))),
        link.prop_map(|link| ("link", link)),
    ];
    prop_oneof![2 => Just(vec![]).boxed(), 3 => vec(mark, 1..4).boxed()]
        .prop_map(|marks| marks.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn inlines() -> impl Strategy<Value = Vec<Node>> {
    let runs = line(words().boxed(), marks(address().boxed(), words().boxed()));
    (runs, prop::option::of((any::<prop::sample::Index>(), atom()))).prop_map(|(mut runs, atom)| {
        if let Some((at, atom)) = atom {
            runs.insert(at.index(runs.len() + 1), atom);
        }
        runs
    })
}

fn line(
    text: BoxedStrategy<String>,
    marks: impl Strategy<Value = BTreeMap<String, Value>>,
) -> impl Strategy<Value = Vec<Node>> {
    let span = (text, marks).prop_map(|(text, marks)| Node::Text(Span { text, marks }));
    vec(prop_oneof![6 => span, 1 => Just(Element::new("hardBreak").into())], 0..6)
}

/// What stands whole among words.
fn atom() -> BoxedStrategy<Node> {
    let label = prop_oneof![3 => "[a-z0-9-]{1,4}", 1 => words()];
    let note = label.prop_map(|label| Element::new("footnoteReference").with("label", label).into());
    let kind = prop::sample::select(vec!["document", "person"]);
    let id =
        prop_oneof![3 => any::<u128>().prop_map(|id| uuid::Uuid::from_u128(id).to_string()), 1 => words()];
    let mention = (kind, id, prop::option::of(words())).prop_map(|(kind, id, label)| {
        Element::new("mention").with("kind", kind).with("id", id).with("label", label).into()
    });
    prop_oneof![note, mention].boxed()
}

/// A file's hash, or once in a while something that is none.
fn file() -> BoxedStrategy<String> {
    prop_oneof![5 => "[0-9a-f]{64}", 1 => words()].boxed()
}

fn figure() -> BoxedStrategy<Node> {
    let caption = prop_oneof![4 => words().prop_map(|text| vec![Node::text(text)]), 1 => inlines()];
    (file(), prop::option::of(words()), prop::option::of(0_u64..100_000), caption)
        .prop_map(|(file, alt, width, caption)| {
            let figure = Element::new("figure").with("file", file).with("alt", alt).with("width", width);
            figure.containing(caption).into()
        })
        .boxed()
}

fn attachment() -> BoxedStrategy<Node> {
    (file(), prop::option::of(words()))
        .prop_map(|(file, name)| Element::new("attachment").with("file", file).with("name", name).into())
        .boxed()
}

fn formula() -> BoxedStrategy<Node> {
    prop_oneof![3 => "[a-z^{} +=\\\\\n]{1,12}", 1 => words()]
        .prop_map(|text| Element::new("mathBlock").containing([Node::text(text)]).into())
        .boxed()
}

fn paragraph() -> BoxedStrategy<Node> {
    inlines().prop_map(|children| Element::new("paragraph").containing(children).into()).boxed()
}

fn plain(
    name: &'static str,
    key: &'static str,
    value: impl Strategy<Value = String> + 'static,
) -> BoxedStrategy<Node> {
    (value, prop::option::of(words()))
        .prop_map(move |(value, text)| {
            Element::new(name).with(key, value).containing(text.map(Node::text)).into()
        })
        .boxed()
}

fn image() -> BoxedStrategy<Node> {
    (address(), prop::option::of(words()), prop::option::of(words()))
        .prop_map(|(src, alt, title)| {
            Element::new("image").with("src", src).with("alt", alt).with("title", title).into()
        })
        .boxed()
}

fn table() -> BoxedStrategy<Node> {
    let cell = (inlines(), prop::sample::select(vec![None, Some("left"), Some("center"), Some("right")]));
    (1_usize..4, vec(vec(cell, 3), 1..4), any::<bool>())
        .prop_map(|(columns, rows, even)| {
            let aligns: Vec<_> = rows[0].iter().map(|(_, align)| *align).collect();
            let rows = rows.into_iter().enumerate().map(|(number, cells)| {
                let name = if number == 0 { "tableHeader" } else { "tableCell" };
                let cells =
                    cells.into_iter().take(columns).zip(aligns.clone()).map(|((children, own), align)| {
                        let paragraph = Element::new("paragraph").containing(children);
                        let align = if even { align } else { own };
                        Element::new(name).with("align", align).containing([paragraph.into()]).into()
                    });
                Element::new("tableRow").containing(cells).into()
            });
            Element::new("table").containing(rows).into()
        })
        .boxed()
}

fn leaf() -> BoxedStrategy<Node> {
    let heading = (1_u64..7, inlines()).prop_map(|(level, children)| {
        Element::new("heading").with("level", level).containing(children).into()
    });
    let language = prop_oneof!["[a-z]{0,5}", words(), Just("sheaf".to_owned()), Just("math".to_owned())];
    let lines = prop_oneof![
        words(),
        Just("<div>\nx\n</div>".to_owned()),
        Just("[a]: b".to_owned()),
        Just("[^1]: note".to_owned()),
        Just("see[^1] $x$".to_owned()),
        Just("<!-- open".to_owned()),
    ];
    let format = prop_oneof![4 => Just("markdown".to_owned()), 1 => Just("front-matter".to_owned())];
    let sources = (format, lines).prop_map(|(format, lines)| {
        Element::new("source").with("format", format).containing([Node::text(lines)]).into()
    });
    let unknown = (words(), inlines())
        .prop_map(|(kind, children)| Element::new("poll").with("kind", kind).containing(children).into());
    prop_oneof![
        6 => paragraph(),
        2 => heading,
        2 => plain("codeBlock", "language", language),
        1 => Just(Element::new("horizontalRule").into()),
        1 => image(),
        1 => table(),
        1 => sources,
        1 => unknown,
        1 => figure(),
        1 => attachment(),
        1 => formula(),
        1 => Just(Element::new("contents").into()),
    ]
    .boxed()
}

fn block() -> BoxedStrategy<Node> {
    leaf()
        .prop_recursive(4, 32, 4, |block| {
            let items = (paragraph(), vec(block.clone(), 0..3), any::<bool>());
            let list =
                (vec(items, 1..4), 0_usize..3, 0_u64..1_000_000_010).prop_map(|(items, kind, start)| {
                    let task = kind == 2;
                    let items = items.into_iter().map(|(first, rest, checked)| {
                        let item = Element::new(if task { "taskItem" } else { "listItem" });
                        let item = if task { item.with("checked", checked) } else { item };
                        item.containing([first]).containing(rest).into()
                    });
                    let list =
                        Element::new(["bulletList", "orderedList", "taskList"][kind]).containing(items);
                    let start = if start % 2 == 0 { 1 } else { start };
                    if kind == 1 { list.with("start", start).into() } else { list.into() }
                });
            let quote = vec(block.clone(), 1..4)
                .prop_map(|children| Element::new("blockquote").containing(children).into());
            prop_oneof![3 => list, 1 => quote, 1 => framed(block)]
        })
        .boxed()
}

/// Callouts, toggles and footnotes.
fn framed(block: impl Strategy<Value = Node> + Clone + 'static) -> BoxedStrategy<Node> {
    let kind = prop_oneof![3 => prop::sample::select(vec!["tip", "important", "warning", "caution"]).prop_map(str::to_owned), 1 => words()];
    let callout = (kind, vec(block.clone(), 1..4))
        .prop_map(|(kind, children)| Element::new("callout").with("kind", kind).containing(children).into());
    let toggle = (inlines(), vec(block.clone(), 0..3)).prop_map(|(title, children)| {
        let title = Element::new("toggleTitle").containing(title).into();
        Element::new("toggle").containing([title]).containing(children).into()
    });
    let label = prop_oneof![3 => "[a-z0-9-]{1,4}", 1 => words()];
    let note = (label, vec(block, 1..4)).prop_map(|(label, children)| {
        Element::new("footnote").with("label", label).containing(children).into()
    });
    prop_oneof![callout, toggle, note].boxed()
}

/// A document's blocks.
pub(super) fn blocks() -> impl Strategy<Value = Vec<Node>> {
    vec(block(), 0..5)
}

/// Paragraphs of tame words with marks, headings and lists: what must never need a sealed block.
pub(super) fn tame() -> impl Strategy<Value = Vec<Node>> {
    let text = prop_oneof![
        "[a-zA-Zé ,.:!?()'-]{1,12}",
        "[*_#>$&<|~`]{1,2}",
        "(ada@b\\.org|www\\.b\\.org|http://b\\.org)"
    ];
    let text = text.boxed();
    let address =
        "https://[a-z]{1,4}\\.org(/[a-z_()]{0,4}(\\?[a-z]=[a-z&]{0,3})?)?|mailto:ada@b\\.org|a b\\.png";
    let paragraph = move || {
        line(text.clone(), marks(address.boxed(), "[a-zA-Z '()\"]{1,9}".boxed()))
            .prop_filter("a lone break has no form", |children| {
                children.iter().any(|child| matches!(child, Node::Text(_)))
            })
            .prop_filter("a formula with a dollar or a space at its end has none either", |children| {
                children.iter().all(|child| match child {
                    Node::Text(Span { text, marks }) if marks.contains_key("math") => {
                        !text.contains(['$', '`']) && text.trim() == text
                    }
                    _ => true,
                })
            })
            .prop_map(|children| Node::from(Element::new("paragraph").containing(children)))
    };
    let item =
        vec(paragraph(), 1..3).prop_map(|children| Element::new("listItem").containing(children).into());
    let list = vec(item, 1..4).prop_map(|items| Element::new("bulletList").containing(items).into());
    vec(prop_oneof![paragraph(), list], 1..4)
}
