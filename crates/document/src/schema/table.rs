//! The kinds themselves. A new one is a line here, a fresh `schema.json` and a higher [`VERSION`](super::VERSION).
//!
//! Whatever is words is text in the tree, which merges, and never an attribute, of which the last one written stays: the
//! title of a toggle, the caption of a figure, a formula. Attributes hold what a person chooses, not what they write.

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
    kind("callout", BLOCK, Content::BLOCKS, &[text("kind", "note")]),
    kind("toggle", BLOCK, Content { first: Some("toggleTitle"), rest: &["block"], some: false }, &[]),
    kind("toggleTitle", &[], Content::INLINE, &[]),
    verbatim("mathBlock", &[]),
    kind("footnote", BLOCK, Content::BLOCKS, &[null("label")]),
    kind("footnoteReference", INLINE, Content::NOTHING, &[null("label")]),
    kind("mention", INLINE, Content::NOTHING, &[text("kind", "document"), null("id"), null("label")]),
    kind("contents", BLOCK, Content::NOTHING, &[]),
    kind("figure", BLOCK, Content::INLINE, &[null("file"), null("alt"), null("width")]),
    kind("attachment", BLOCK, Content::NOTHING, &[null("file"), null("name")]),
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
    MarkKind { name: "highlight", attributes: &[null("color")] },
    MarkKind { name: "subscript", attributes: &[] },
    MarkKind { name: "superscript", attributes: &[] },
    MarkKind { name: "math", attributes: &[] },
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
