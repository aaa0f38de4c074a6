//! Brings what changed in a Markdown file into a document that went on changing meanwhile: a three-way merge as CRDT edits.
//!
//! Three readings meet: the *base*, in which file and document last agreed, the *file* as it is now, and the document as it
//! is now. Only what differs between base and file is done, at the place that it has in the document, as small as a
//! person would have done it, so that a colleague's words in the same paragraph stay. The one rule where both sides
//! changed the same thing: **words win over their absence.** What one side deleted and the other changed stays; what both
//! wrote in one place stands there side by side; what both did alike is done once.
//!
//! It never touches what the [schema](crate::schema) does not know, and it writes nothing where nothing differs. Moved
//! blocks are deleted and inserted: Yjs knows no moving. Where the base is the document itself, the document becomes the file.

mod align;
mod blocks;
mod inline;
mod likeness;
mod steps;
#[cfg(test)]
mod tests;
mod write;

use yrs::{GetString, Text, TextRef, TransactionMut};

use super::{Document, mend};
use crate::markdown::{Parsed, normal};
use crate::tree::{Element, Node};
use crate::writer::units;
use steps::{Step, steps};

impl Document {
    /// Brings what changed between two readings of a file into this document; returns the update, an empty one where that
    /// changes nothing here.
    pub fn reconcile(&mut self, base: &Parsed, file: &Parsed) -> Vec<u8> {
        let (body, title) = (self.body.clone(), self.title.clone());
        let (before, after) = (filled(&base.blocks), filled(&file.blocks));
        self.edit(|txn| {
            words(
                txn,
                &title,
                base.title.as_deref().unwrap_or_default(),
                file.title.as_deref().unwrap_or_default(),
            );
            blocks::children(txn, &body, &before, &after);
            // Both sides may have emptied what may not be empty, each of one half.
            mend::document(txn, &body);
        })
    }
}

/// A document without words has a paragraph to write in, and a file without words says the same.
fn filled(blocks: &[Node]) -> Vec<Node> {
    let blocks = normal(blocks.to_vec());
    if blocks.is_empty() { vec![Element::new("paragraph").into()] } else { blocks }
}

/// Merges a line of shared text.
fn words(txn: &mut TransactionMut<'_>, field: &TextRef, base: &str, file: &str) {
    if base == file {
        return;
    }
    let [base, file, here]: [Vec<char>; 3] =
        [base, file, &field.get_string(txn)].map(|text| text.chars().collect());
    let before = |at: usize| here.iter().take(at).map(|letter| letter.len_utf16() as u32).sum::<u32>();
    let (to_file, to_here) = (align::letters(&base, &file), align::letters(&base, &here));
    for step in steps(&to_file, file.len(), &to_here, here.len()).into_iter().rev() {
        match step {
            Step::Gone { here: at, .. } => {
                let count = here.get(at).map_or(0, |letter| letter.len_utf16() as u32);
                field.remove_range(txn, before(at), count);
            }
            Step::New { at, beside, file: new } => {
                let (new, beside) = (file.get(new).unwrap_or_default(), here.get(beside).unwrap_or_default());
                let new: String =
                    if inline::is_there(beside, new) { String::new() } else { new.iter().collect() };
                if units(&new) > 0 {
                    field.insert(txn, before(at), &new);
                }
            }
            Step::Both { .. } | Step::Missing { .. } => {}
        }
    }
}
