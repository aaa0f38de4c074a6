//! What a typist writes is what Yjs would have written, and yrs reads the same text.

use crate::document::Document;
use crate::typist::Typist;
use crate::update::{DocState, Limits};
use crate::vectors;

/// The text that somebody reads who takes these updates one by one through the validator.
fn text(updates: &[Vec<u8>]) -> String {
    let mut reader = Document::new(1);
    let mut state = DocState::new([7; 16]);
    for update in updates {
        reader.apply(&state.admit(update, &Limits::BULK).expect("it is sound")).expect("and yrs agrees");
    }
    reader.text()
}

#[test]
fn the_typist_writes_byte_for_byte_what_yjs_writes() {
    let typed = vectors::writing().typed;
    let (mut typist, first) = Typist::begin(typed.client);
    let mut updates = vec![first];
    for (at, delete, insert) in &typed.edits {
        updates.push(typist.edit(*at, *delete, insert));
    }
    for (step, (ours, theirs)) in updates.iter().zip(&typed.updates).enumerate() {
        assert_eq!(ours, theirs, "update {step}");
    }
    assert_eq!(updates.len(), typed.updates.len());
    assert_eq!(typist.len(), typed.text.encode_utf16().count());
}

#[test]
fn who_takes_the_updates_has_the_text() {
    let typed = vectors::writing().typed;
    let (mut typist, first) = Typist::begin(typed.client);
    let mut updates = vec![first];
    updates.extend(typed.edits.iter().map(|(at, delete, insert)| typist.edit(*at, *delete, insert)));
    assert_eq!(text(&updates), typed.text);
    assert!(!typist.is_empty());
}

#[test]
fn beyond_the_end_is_the_end() {
    let (mut typist, first) = Typist::begin(4);
    let updates = [first, typist.edit(7, 3, "ab😀"), typist.edit(1, 100, "\n"), typist.edit(0, 0, "")];
    assert_eq!(text(&updates), "a\n");
    assert_eq!(updates[3], [0, 0], "nothing done, nothing said");
}
