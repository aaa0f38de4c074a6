//! Stories of a file that Imke edits in vim while Tomás types in the document.

mod laws;

use super::*;
use crate::markdown::{read_document, write_document};
use crate::update::{DocState, Limits};

/// A document that takes these updates, each held against the rules.
fn with<'a>(client: u64, updates: impl IntoIterator<Item = &'a Vec<u8>>) -> Document {
    let mut document = Document::new(client);
    let mut state = DocState::new([7; 16]);
    for update in updates {
        document.apply(&state.admit(update, &Limits::BULK).expect("it is sound")).expect("and yrs agrees");
    }
    document
}

/// The update of a new document that holds this page.
fn begun(page: &str) -> Vec<u8> {
    Document::new(1).reconcile(&Parsed::default(), &read_document(page))
}

fn page(document: &Document) -> String {
    write_document(
        Some(&document.title()).filter(|title| !title.is_empty()).map(|it| it.as_str()),
        &document.tree().children,
    )
}

/// What becomes of a page that Imke saves in one way, where Tomás had made it another one already.
fn merged(base: &str, imkes: &str, tomases: &str) -> String {
    let begun = begun(base);
    let his = with(2, [&begun]).reconcile(&read_document(base), &read_document(tomases));
    let mut document = with(3, [&begun, &his]);
    let hers = document.reconcile(&read_document(base), &read_document(imkes));
    let all = with(4, [&begun, &his, &hers]);
    assert_eq!(all.tree(), document.tree(), "whoever takes the updates has the document");
    let again = document.reconcile(&read_document(base), &read_document(imkes));
    assert_eq!(again, [0, 0], "what was merged is not merged again");
    page(&document)
}

#[test]
fn a_new_document_is_what_the_file_says() {
    let text =
        "# Plan\n\nOne **bold** step.\n\n- [ ] a\n- [x] b\n\n| who | what |\n| --- | --- |\n| Ada | key |\n";
    assert_eq!(page(&with(2, [&begun(text)])), text);
}

#[test]
fn words_of_both_sides_meet_in_one_paragraph() {
    assert_eq!(
        merged(
            "The ferry leaves at six from the old pier.\n",
            "The ferry leaves at seven from the old pier.\n",
            "The ferry leaves at six from the old pier, every day.\n",
        ),
        "The ferry leaves at seven from the old pier, every day.\n"
    );
    assert_eq!(merged("# Plan\n\nx\n", "# The plan\n\nx\n", "# Plan 2027\n\nx\n"), "# The plan 2027\n\nx\n");
}

#[test]
fn a_colleague_who_types_meanwhile_keeps_their_place() {
    let begun = begun("Bread and milk, please.\n");
    let mut imke = with(2, [&begun]);
    let hers = imke.reconcile(
        &read_document("Bread and milk, please.\n"),
        &read_document("Bread, butter and *milk*, please.\n"),
    );
    // Tomás types on his device before either knows of the other.
    let mut tomas = with(3, [&begun]);
    let his = tomas.splice(14, 0, " (two litres)").unwrap();
    let (one, other) = (with(4, [&begun, &hers, &his]), with(5, [&begun, &his, &hers]));
    assert_eq!(page(&one), "Bread, butter and *milk* (two litres), please.\n");
    assert_eq!(one.tree(), other.tree());
}

#[test]
fn blocks_of_both_sides_stand_there() {
    let both = merged(
        "One.\n\nTwo.\n\nThree.\n",
        "One.\n\nImke's.\n\nTwo.\n\nThree.\n",
        "One.\n\nTwo.\n\nThree.\n\nTomás's.\n",
    );
    assert_eq!(both, "One.\n\nImke's.\n\nTwo.\n\nThree.\n\nTomás's.\n");
    let both = merged("- milk\n- bread\n", "- milk\n- bread\n- salt\n", "- oat milk\n- bread\n");
    assert_eq!(both, "- oat milk\n- bread\n- salt\n", "inside a list, too");
}

#[test]
fn what_both_did_alike_is_done_once() {
    assert_eq!(merged("teh end\n", "the end\n", "the end\n"), "the end\n");
    assert_eq!(merged("One.\n", "One.\n\nTwo.\n", "One.\n\nTwo.\n"), "One.\n\nTwo.\n");
    assert_eq!(merged("One.\n\nTwo.\n", "One.\n", "One.\n"), "One.\n");
}

#[test]
fn words_win_over_their_absence() {
    let changed = merged(
        "Keep this one.\n\nThe harvest begins in June.\n",
        "Keep this one.\n",
        "Keep this one.\n\nThe harvest begins in July.\n",
    );
    assert_eq!(changed, "Keep this one.\n\nThe harvest begins in July.\n", "Imke deleted what Tomás changed");
    let changed = merged(
        "Keep this one.\n\nThe harvest begins in June.\n",
        "Keep this one.\n\nThe harvest begins in July.\n",
        "Keep this one.\n",
    );
    assert_eq!(changed, "Keep this one.\n\nThe harvest begins in July.\n", "Tomás deleted what Imke changed");
    let both = merged("The first word.\n", "The second word.\n", "The third word.\n");
    assert!(both.contains("second") && both.contains("third"), "both rewrote it: {both}");
}

#[test]
fn marks_and_attributes_change_alone() {
    assert_eq!(
        merged(
            "- [ ] call Imke\n- [ ] write\n",
            "- [x] call Imke\n- [ ] write\n",
            "- [ ] call Imke today\n- [ ] write\n"
        ),
        "- [x] call Imke today\n- [ ] write\n"
    );
    assert_eq!(
        merged("A plain word here.\n", "A **plain** word here.\n", "A plain *word* here.\n"),
        "A **plain** *word* here.\n"
    );
    assert_eq!(
        merged("```rust\na\nb\n```\n", "```js\na\nb\n```\n", "```rust\na\nb\nc\n```\n"),
        "```js\na\nb\nc\n```\n"
    );
}

#[test]
fn a_line_break_cuts_the_line_where_it_stands() {
    assert_eq!(
        merged("one two three\n", "one two\\\nthree\n", "one two three four\n"),
        "one two\\\nthree four\n"
    );
    assert_eq!(merged("one\\\ntwo\n", "one two\n", "one\\\ntwo three\n"), "one two three\n");
}

#[test]
fn what_only_looks_different_changes_nothing() {
    let base = "# Plan\n\n* one\n* two\n\nA line\nand the next.\n";
    let begun = begun(base);
    let linted = "Plan\n====\n\n- one\n- two\n\nA line and the next.\n";
    let update = with(2, [&begun]).reconcile(&read_document(base), &read_document(linted));
    assert_eq!(update, [0, 0], "a linter that only rewrites is no edit");
}

#[test]
fn what_is_not_known_is_never_touched() {
    let strange = Element::new("hologram")
        .with("depth", 3)
        .containing([Element::new("paragraph").containing([Node::text("kept")]).into()]);
    let begun = Document::new(1)
        .append(&[Element::new("paragraph").containing([Node::text("words")]).into(), strange.into()]);
    let mut document = with(2, [&begun]);
    let base = read_document(&page(&document));
    document.reconcile(&base, &read_document("other words\n"));
    let left = format!("{:?}", document.tree());
    assert!(left.contains("hologram") && left.contains("kept"), "a file cannot delete it: {left}");
    assert!(left.contains("other"), "and all else is as in the file: {left}");
    let changed = page(&with(3, [&begun])).replace("kept", "lost");
    let mut document = with(4, [&begun]);
    document.reconcile(&base, &read_document(&changed));
    let left = format!("{:?}", document.tree());
    assert!(left.contains("kept") && left.contains("lost"), "what was made of it stands beside it: {left}");
}

#[test]
fn lists_that_two_people_emptied_are_no_broken_documents() {
    let lists = ["- milk\n- bread\n", "- milk\n", "- bread\n"]
        .map(|list| read_document(&format!("Start.\n\n{list}")));
    let [base, imkes, tomases] = lists;
    let mut document = with(2, [&begun("Start.\n\n- milk\n- bread\n")]);
    document.reconcile(&base, &tomases);
    document.reconcile(&base, &imkes);
    assert_eq!(page(&document), "Start.\n", "a list without items could not be opened");
}

#[test]
fn an_empty_file_leaves_a_paragraph_to_write_in() {
    let mut document = with(2, [&begun("Some words.\n")]);
    document.reconcile(&read_document("Some words.\n"), &Parsed::default());
    assert_eq!((document.text().as_str(), document.tree().children.len()), ("", 1));
    let mut document = with(3, [&Document::new(1).append(&[Element::new("paragraph").into()])]);
    document.reconcile(&Parsed::default(), &read_document("First words.\n"));
    assert_eq!(page(&document), "First words.\n", "the empty paragraph takes the words");
}

#[test]
fn a_file_of_another_text_altogether_replaces_it() {
    let lines =
        |word: &str| (0..3_000).map(|n| format!("{word} {n} {}\n\n", word.repeat(n % 7))).collect::<String>();
    let (base, file) = (lines("winter"), lines("summer"));
    let mut document = with(2, [&begun(&base)]);
    document.reconcile(&read_document(&base), &read_document(&file));
    assert_eq!(
        normal(document.tree().children),
        read_document(&file).blocks,
        "too much to compare, and right all the same"
    );
}
