//! What the editor knows passes the gate; what it would destroy is named.

use serde_json::json;

use super::*;
use crate::update::{DocState, Limits};
use crate::vectors;

fn holding(updates: &[Vec<u8>]) -> Document {
    let mut document = Document::new(1);
    let mut state = DocState::new([7; 16]);
    for update in updates {
        document.apply(&state.admit(update, &Limits::BULK).unwrap()).unwrap();
    }
    document
}

fn opened(name: &str) -> Inventory {
    inspect(&holding(&vectors::all().into_iter().find(|vector| vector.name == name).unwrap().updates))
}

fn doc(children: impl IntoIterator<Item = Element>) -> Element {
    Element::new("doc").containing(children.into_iter().map(Node::from))
}

fn paragraph(text: &str) -> Element {
    Element::new("paragraph").containing([Node::text(text)])
}

fn complaints(root: &Element) -> Vec<String> {
    of_tree(root).unknown().iter().map(Unknown::to_string).collect()
}

#[test]
fn whatever_the_editor_wrote_it_may_open() {
    for name in ["blocks", "marks", "tables", "our own kinds", "undo in the editor", "two editors"] {
        assert_eq!(opened(name).unknown(), [], "{name}");
    }
    assert_eq!(inspect(&Document::new(1)).unknown(), [], "a document nobody has written in");
}

#[test]
fn the_inventory_names_what_is_there() {
    let inventory = opened("blocks");
    assert!(inventory.nodes.contains("taskItem"));
    assert!(inventory.nestings.contains(&("taskItem".to_owned(), "paragraph".to_owned())));
    assert!(inventory.attributes.contains(&("codeBlock".to_owned(), "language".to_owned())));
    assert!(opened("marks").marks.contains("link"));
}

#[test]
fn what_it_would_destroy_is_named_each_once() {
    let words: Vec<String> = opened("beyond the schema").unknown().iter().map(Unknown::to_string).collect();
    assert_eq!(
        words,
        [
            "a block of the kind “embed”",
            "a block of the kind “hologram”",
            "text marked as “sparkle”",
            "“mood” on “paragraph”",
            "“listItem” inside “heading”",
            "“text” inside “listItem”",
        ]
    );
}

#[test]
fn a_mark_with_a_hash_is_known_by_its_name() {
    assert_eq!(
        opened("overlapping marks").unknown(),
        [Unknown::Mark("remark".to_owned())],
        "once, though stored under two hashes"
    );
    let mut bold = paragraph("x");
    if let Some(Node::Text(span)) = bold.children.first_mut() {
        span.marks.insert("bold--AbCd+/01".to_owned(), json!({}));
    }
    assert_eq!(complaints(&doc([bold])), Vec::<String>::new());
}

#[test]
fn nestings_are_judged_as_prosemirror_judges_them() {
    let item =
        |children: Vec<Element>| Element::new("listItem").containing(children.into_iter().map(Node::from));
    let list = |item: Element| Element::new("bulletList").containing([item.into()]);
    assert_eq!(
        complaints(&doc([list(item(vec![paragraph("a"), list(item(vec![paragraph("b")]))]))])),
        Vec::<String>::new()
    );
    assert_eq!(
        complaints(&doc([Element::new("bulletList")])),
        ["a “bulletList” without what it must contain"]
    );
    assert_eq!(complaints(&doc([list(item(vec![]))])), ["a “listItem” without what it must contain"]);
    let quote_first = item(vec![Element::new("blockquote").containing([paragraph("q").into()])]);
    assert_eq!(
        complaints(&doc([list(quote_first)])),
        ["a “listItem” without what it must contain"],
        "a paragraph comes first"
    );
    assert_eq!(complaints(&Element::new("doc").containing([Node::text("bare")])), ["“text” inside “doc”"]);
    let mut code = Element::new("codeBlock").containing([Node::text("x")]);
    if let Some(Node::Text(span)) = code.children.first_mut() {
        span.marks.insert("bold".to_owned(), json!({}));
    }
    assert_eq!(complaints(&doc([code])), ["marked text inside “codeBlock”"]);
}

#[test]
fn the_gate_foresees_what_the_binding_does() {
    let documents = vectors::opened();
    for vector in &documents {
        let document = holding(&vector.updates);
        let unknown = inspect(&document).unknown();
        assert_eq!(unknown.is_empty(), vector.kept, "{}: {unknown:?} in {:?}", vector.name, document.tree());
    }
    let kept = documents.iter().filter(|vector| vector.kept).count();
    assert!(
        (50..documents.len() - 50).contains(&kept),
        "both answers must be common for this to mean anything: {kept}"
    );
}
