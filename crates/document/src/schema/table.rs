//! The kinds themselves. A new one is a line here, a fresh `schema.json` and a higher [`VERSION`](super::VERSION).

use super::{Attribute, Content, Default, MarkKind, NodeKind};

/// Every kind of node, `doc` first.
pub const NODES: &[NodeKind] = &[
    kind("doc", &[], Content::BLOCKS, &[]),
    kind("text", INLINE, Content::NOTHING, &[]),
    kind("paragraph", BLOCK, Content::INLINE, &[]),
    kind("heading", BLOCK, Content::INLINE, &[number("level", 1)]),
    kind("hardBreak", INLINE, Content::NOTHING, &[]),
    kind("blockquote", BLOCK, Content::BLOCKS, &[]),
    verbatim("codeBlock", &[null("language")]),
    kind("horizontalRule", BLOCK, Content::NOTHING, &[]),
    kind("bulletList", LIST, Content::some(&["listItem"]), &[]),
    kind("orderedList", LIST, Content::some(&["listItem"]), &[number("start", 1), null("type")]),
    kind("listItem", &[], Content::ITEM, &[]),
    kind("taskList", LIST, Content::some(&["taskItem"]), &[]),
    kind("taskItem", &[], Content::ITEM, &[Attribute { name: "checked", default: Default::Flag(false) }]),
    kind("table", BLOCK, Content::some(&["tableRow"]), &[]),
    kind("tableRow", &[], Content::any(&["tableCell", "tableHeader"]), &[]),
    kind("tableCell", &[], Content::BLOCKS, CELL),
    kind("tableHeader", &[], Content::BLOCKS, CELL),
    kind(
        "image",
        BLOCK,
        Content::NOTHING,
        &[null("src"), null("alt"), null("title"), null("width"), null("height")],
    ),
    verbatim("source", &[text("format", "markdown")]),
];

/// Every kind of mark, in the order in which the editor nests them.
pub const MARKS: &[MarkKind] = &[
    MarkKind {
        name: "link",
        attributes: &[
            null("href"),
            text("target", "_blank"),
            text("rel", "noopener noreferrer nofollow"),
            null("class"),
            null("title"),
        ],
    },
    MarkKind { name: "bold", attributes: &[] },
    MarkKind { name: "code", attributes: &[] },
    MarkKind { name: "italic", attributes: &[] },
    MarkKind { name: "strike", attributes: &[] },
    MarkKind { name: "underline", attributes: &[] },
];

const BLOCK: &[&str] = &["block"];
const LIST: &[&str] = &["block", "list"];
const INLINE: &[&str] = &["inline"];

const fn null(name: &'static str) -> Attribute {
    Attribute { name, default: Default::Null }
}

const fn number(name: &'static str, default: u32) -> Attribute {
    Attribute { name, default: Default::Number(default) }
}

const fn text(name: &'static str, default: &'static str) -> Attribute {
    Attribute { name, default: Default::Text(default) }
}

const CELL: &[Attribute] = &[number("colspan", 1), number("rowspan", 1), null("colwidth"), null("align")];

const fn kind(
    name: &'static str,
    groups: &'static [&'static str],
    content: Content,
    attributes: &'static [Attribute],
) -> NodeKind {
    NodeKind { name, groups, content, marks: true, attributes }
}

const fn verbatim(name: &'static str, attributes: &'static [Attribute]) -> NodeKind {
    NodeKind { name, groups: BLOCK, content: Content::TEXT, marks: false, attributes }
}
