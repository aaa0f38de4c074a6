//! Every example of the CommonMark and GFM specifications, read and written; their texts stay in npm packages.

use std::path::Path;
use std::process::Command;

use serde::Deserialize;
use sheaf_document::markdown::{normal, read, write};
use sheaf_document::tree::Node;
use sheaf_document::{Document, gate};

#[derive(Deserialize)]
struct Example {
    name: String,
    markdown: String,
    html: String,
}

fn examples() -> Vec<Example> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/yjs");
    assert!(
        folder.join("node_modules/commonmark-spec").exists(),
        "the examples are not installed: run `cargo xtask test`, which sets everything up, or `npm ci` in tests/yjs"
    );
    let run = Command::new("node").arg("examples.mjs").current_dir(folder).output();
    let run = run.expect("Node.js 20 or later is needed");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let examples: Vec<Example> = serde_json::from_slice(&run.stdout).expect("the script prints JSON");
    assert!(
        examples.len() > 1_300,
        "652 of CommonMark and 677 of GFM, but there are only {}",
        examples.len()
    );
    examples
}

#[test]
fn every_example_settles_at_once() {
    for Example { name, markdown, .. } in examples() {
        let blocks = read(&markdown);
        let written = write(&blocks);
        assert_eq!(read(&written), blocks, "{name}: {markdown:?} became {written:?}");
        assert!(!written.contains("```sheaf"), "{name}: what came from Markdown has a form there: {written}");
    }
}

#[test]
fn no_visible_text_is_lost() {
    let mut compared = 0;
    for Example { name, markdown, html } in examples() {
        let blocks = read(&markdown);
        if holds_source(&blocks) {
            continue; // a source block holds the lines themselves
        }
        compared += 1;
        let mut text = String::new();
        collect(&blocks, &mut text);
        assert_eq!(letters(&text), letters(&visible(&html)), "{name}: {markdown:?}");
    }
    assert!(compared > 1_000, "most examples need no source block, but only {compared} were compared");
}

#[test]
fn the_editor_knows_all_that_is_read() {
    for Example { name, markdown, .. } in examples() {
        let blocks = read(&markdown);
        if blocks.is_empty() {
            continue;
        }
        let mut document = Document::new(7);
        document.append(&blocks);
        assert_eq!(gate::inspect(&document).unknown(), [], "{name}: {markdown:?} must open for editing");
        assert_eq!(normal(document.tree().children), blocks, "{name}: what is appended is what was read");
    }
}

fn holds_source(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Element(element) => element.name == "source" || holds_source(&element.children),
        Node::Text(_) => false,
    })
}

fn collect(nodes: &[Node], text: &mut String) {
    for node in nodes {
        match node {
            Node::Element(element) => collect(&element.children, text),
            Node::Text(span) => text.push_str(&span.text),
        }
    }
}

/// Returns what a browser would show of simple HTML.
fn visible(html: &str) -> String {
    let outside: String =
        html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
    outside.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Layout aside: only characters that are not white space.
fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
