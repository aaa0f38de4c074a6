//! Stories of a document: what is written is read back, in the shape that editors store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::*;
use crate::tree::Span;
use crate::update::{DocState, Limits};
use crate::vectors;

fn as_json(node: &Node) -> Value {
    match node {
        Node::Text(span) => json!({ "text": span.text, "marks": span.marks }),
        Node::Element(element) => json!({
            "name": element.name,
            "attributes": element.attributes,
            "children": element.children.iter().map(as_json).collect::<Vec<_>>(),
        }),
    }
}

fn from_json(node: &Value) -> Node {
    if let Some(text) = node.get("text") {
        let marks = serde_json::from_value(node["marks"].clone()).unwrap();
        return Node::Text(Span { text: text.as_str().unwrap().to_owned(), marks });
    }
    Node::Element(Element {
        name: node["name"].as_str().unwrap().to_owned(),
        attributes: serde_json::from_value(node["attributes"].clone()).unwrap(),
        children: many_from_json(&node["children"]),
    })
}

fn many_from_json(nodes: &Value) -> Vec<Node> {
    nodes.as_array().unwrap().iter().map(from_json).collect()
}

fn with<'a>(client: u64, updates: impl IntoIterator<Item = &'a Vec<u8>>) -> Document {
    let mut document = Document::new(client);
    let mut state = DocState::new([7; 16]);
    for update in updates {
        document.apply(&state.admit(update, &Limits::BULK).expect("it is sound")).expect("and yrs agrees");
    }
    document
}

#[test]
fn documents_read_as_yjs_reads_them() {
    for vector in vectors::all() {
        let document = with(1, &vector.updates);
        let tree: Vec<_> = document.tree().children.iter().map(as_json).collect();
        assert_eq!(Value::from(tree), vector.expect.tree, "{}: tree", vector.name);
        assert_eq!(document.text(), vector.expect.text, "{}: text", vector.name);
        assert_eq!(document.title(), vector.expect.title, "{}: title", vector.name);
        let clocks = vector.expect.state_vector.into_iter().collect();
        assert_eq!(document.state_vector(), clocks, "{}: nothing is pending", vector.name);
    }
}

#[test]
fn appended_blocks_are_byte_for_byte_what_the_editor_writes() {
    for vector in vectors::writing().appended {
        let mut document = with(vector.client, &vector.before);
        let update = document.append(&many_from_json(&vector.tree));
        assert_eq!(update, vector.update, "{}", vector.name);
    }
}

#[test]
fn defaults_need_not_be_given() {
    let mut short = Document::new(1);
    let mut long = Document::new(1);
    let item = |item: Element| item.containing([Element::new("paragraph").into()]);
    let link = |marks: Value| {
        let marks = serde_json::from_value(marks).unwrap();
        Element::new("paragraph").containing([Node::Text(Span { text: "x".to_owned(), marks })])
    };
    let full = json!({ "href": "a", "target": "_blank", "rel": "noopener noreferrer nofollow", "class": null, "title": null });
    assert_eq!(
        short.append(&[
            item(Element::new("taskItem")).into(),
            link(json!({ "link": { "href": "a" } })).into()
        ]),
        long.append(&[
            item(Element::new("taskItem").with("checked", false)).into(),
            link(json!({ "link": full })).into()
        ]),
        "an attribute at its default is stored either way, as the editor stores it"
    );
}

#[test]
fn a_tree_comes_back_as_it_was_appended() {
    for vector in vectors::all().iter().filter(|vector| !vector.name.starts_with("session")) {
        // What is no JSON (embeds, bytes) comes back as its description; the rest exactly.
        let blocks = many_from_json(&vector.expect.tree);
        let mut document = Document::new(5);
        document.append(&blocks);
        let mut again = Document::new(6);
        again.append(&document.tree().children);
        assert_eq!(document.tree(), again.tree(), "{}", vector.name);
        assert_eq!(document.text(), vector.expect.text, "{}", vector.name);
    }
}

#[test]
fn the_title_changes_where_it_differs_so_that_two_people_can_change_it() {
    let mut imke = Document::new(1);
    let first = imke.set_title("Plan for 😀 spring");
    let mut ada = with(2, [&first]);
    let hers = ada.set_title("A plan for 😀 spring");
    let his = imke.set_title("Plan for 😃 spring 2027");
    imke.take(&hers).unwrap();
    ada.take(&his).unwrap();
    assert_eq!(imke.title(), "A plan for 😃 spring 2027", "both changes, each in its place");
    assert_eq!(imke.title(), ada.title());
    assert_eq!(
        imke.set_title("A plan for 😃 spring 2027"),
        [0, 0],
        "nothing to change gives an update that says nothing"
    );
}

#[test]
fn the_outline_lists_headings_wherever_they_stand() {
    let document = with(3, &vectors::all().iter().find(|vector| vector.name == "blocks").unwrap().updates);
    let outline = document.outline();
    let levels: Vec<u8> = outline.iter().map(|heading| heading.level).collect();
    assert_eq!(levels, [1, 2, 3, 4, 5, 6]);
    assert_eq!(outline[0].text, "Minutes");
}

#[test]
fn whoever_watches_hears_of_changes_only() {
    let heard = Arc::new(AtomicUsize::new(0));
    let mut document = Document::new(1);
    let counter = heard.clone();
    document.observe(move || {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    let update = document.append(&[Element::new("paragraph").containing([Node::text("hello")]).into()]);
    assert_eq!(heard.load(Ordering::Relaxed), 1, "an edit of our own is a change");
    document.take(&update).unwrap();
    assert_eq!(heard.load(Ordering::Relaxed), 1, "an update that is known already changes nothing");
    document.splice(0, 1, "H").unwrap();
    assert_eq!(heard.load(Ordering::Relaxed), 2);
    assert_eq!(document.text(), "Hello");
}

#[test]
fn a_splice_beyond_the_end_is_nothing() {
    let mut document = Document::new(1);
    assert!(document.splice(0, 0, "x").is_none(), "there is no text yet");
    document.append(&[Element::new("paragraph").containing([Node::text("ab")]).into()]);
    assert!(document.splice(3, 0, "x").is_none());
    assert!(document.splice(1, 9, "!").is_some(), "deleting stops at the end");
    assert_eq!(document.text(), "a!");
}

#[test]
fn whatever_a_document_writes_is_admitted() {
    let mut ada = Document::new(1 << 40);
    let mut updates = vec![ada.set_title("A title 😀")];
    for vector in vectors::writing().appended {
        updates.push(ada.append(&many_from_json(&vector.tree)));
    }
    updates.push(ada.set_title("Another"));
    updates.push(ada.set_title("Another"));
    updates.extend(ada.splice(2, 3, "spliced 😀"));
    let reader = with(2, &updates);
    assert_eq!(reader.tree(), ada.tree(), "who takes the updates has the document");
    assert_eq!(reader.title(), "Another");
    assert_eq!(reader.state_vector(), ada.state_vector());
}

#[test]
fn blocks_appended_apart_meet_in_one_order() {
    let base = with(1, []).append(&[Element::new("paragraph").containing([Node::text("first")]).into()]);
    let mut imke = with(2, [&base]);
    let mut tomas = with(3, [&base]);
    let hers = imke.append(&[Element::new("paragraph").containing([Node::text("Imke's")]).into()]);
    let his = tomas.append(&[Element::new("paragraph").containing([Node::text("Tomás's")]).into()]);
    assert_eq!(
        with(4, [&base, &hers, &his]).text(),
        with(5, [&base, &his, &hers]).text(),
        "whoever comes first"
    );
    assert_eq!(with(6, [&base, &hers, &his]).text(), "first\nImke's\nTomás's");
}

#[test]
fn documents_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Document>();
}
