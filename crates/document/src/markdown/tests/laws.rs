//! The laws, for chance to try to break. Failing cases are kept by proptest beside this file and tried first.

use proptest::prelude::*;

use super::super::{normal, read, read_document, write, write_document};
use super::trees;
use crate::gate;
use crate::tree::Element;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn every_tree_comes_back(blocks in trees::blocks()) {
        let written = write(&blocks);
        prop_assert_eq!(read(&written), normal(blocks), "reading must give what was written: {}", written);
    }

    #[test]
    fn every_title_comes_back(title in "[^\\x00]{0,12}", blocks in trees::blocks()) {
        let parsed = read_document(&write_document(Some(&title), &blocks));
        prop_assert_eq!(parsed.title.unwrap_or_default(), title, "the title is the first heading");
        prop_assert_eq!(parsed.blocks, normal(blocks), "and the blocks are untouched by it");
    }

    #[test]
    fn tame_documents_need_no_sealing(blocks in trees::tame()) {
        let written = write(&blocks);
        prop_assert!(!written.contains("```sheaf"), "Markdown has words for this: {}", written);
    }

    #[test]
    fn every_text_settles_at_once(text in any_markdown()) {
        let blocks = read(&text);
        prop_assert_eq!(&read(&write(&blocks)), &blocks, "a second reading must change nothing");
        let unknown = gate::of_tree(&Element::new("doc").containing(blocks.clone())).unknown();
        prop_assert!(blocks.is_empty() || unknown.is_empty(), "the editor knows all that is read: {:?}", unknown);
    }
}

fn any_markdown() -> impl Strategy<Value = String> {
    let line = (
        prop::sample::select(vec![
            "", "", "- ", "> ", "  ", "    ", "1. ", "# ", "| a |", "|-|", "```", "\t",
        ]),
        trees::words(),
    );
    let lines = prop::collection::vec(line, 0..12)
        .prop_map(|lines| lines.into_iter().map(|(start, text)| format!("{start}{text}\n")).collect());
    prop_oneof![4 => lines, 1 => any::<String>()]
}
