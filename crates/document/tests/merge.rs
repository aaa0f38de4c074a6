//! A paper of 260,000 keystrokes, folded into one update: nothing is lost, nothing is left unjoined that could be joined.
//!
//! How long that takes is a figure of the benches; this says that it is right.

#![expect(clippy::indexing_slicing, reason = "a panic in a test is the report")]

#[path = "support/chance.rs"]
mod chance;

use sheaf_document::Document;
use sheaf_document::typist::Typist;
use sheaf_document::update::{DocState, Limits, merge};

use chance::Chance;

const KEYS: usize = 260_000;
const CLIENT: u64 = 7;

#[test]
fn a_paper_of_260_000_keystrokes_folds_into_one_update_that_says_the_same() {
    let chance = &mut Chance::new(1);
    let (mut typist, first) = Typist::begin(CLIENT);
    let (mut text, mut updates) = (Vec::<u8>::new(), vec![first]);
    let (mut caret, mut run) = (0, 0);
    while updates.len() < KEYS {
        if run == 0 {
            (caret, run) = (chance.below(text.len() + 1), 1 + chance.below(60));
        }
        run -= 1;
        if caret > 0 && chance.below(10) < 3 {
            caret -= 1;
            text.remove(caret);
            updates.push(typist.edit(caret, 1, ""));
        } else {
            let letter = b'a' + chance.below(26) as u8;
            text.insert(caret, letter);
            updates.push(typist.edit(caret, 0, char::from(letter).encode_utf8(&mut [0; 4])));
            caret += 1;
        }
    }
    let folded = merge(updates.iter().map(Vec::as_slice)).expect("a log has no holes");

    let (mut one_by_one, mut at_once) = (DocState::new([1; 16]), DocState::new([1; 16]));
    for update in &updates {
        one_by_one.admit(update, &Limits::BULK).expect("each is a keystroke");
    }
    let admitted = at_once.admit(&folded, &Limits::SNAPSHOT).expect("our own merge passes the rules");
    let structs = admitted.summary().structs;
    let mut page = Document::new(1);
    page.apply(&admitted).expect("it was admitted");
    assert_eq!(page.text().into_bytes(), text, "it reads as it was typed");
    assert_eq!(at_once.state_vector(), one_by_one.state_vector(), "every keystroke is in it, by its clock");
    assert!(
        structs * 10 < updates.len(),
        "runs are joined: {structs} structs of {} keystrokes",
        updates.len()
    );
    let again = merge([folded.as_slice(), &updates[KEYS / 2]]).expect("a log has no holes");
    assert!(again == folded, "a keystroke that is in it already adds nothing");
}
