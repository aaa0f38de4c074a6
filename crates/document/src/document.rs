//! One document, held in memory: a Yjs document read as title, tree, outline and plain text.
//!
//! [`Document`] is the only door to yrs. What comes in has been admitted by the [validator](crate::update); what goes
//! out of its writers is an update (encoding v1) for the caller to store and send. It neither keeps history nor
//! encodes its own state: updates are the truth, and yrs collects what was deleted.

mod compose;
mod mend;
mod read;
mod reconcile;
#[cfg(test)]
mod tests;

use std::fmt;

use yrs::updates::decoder::Decode;
use yrs::{
    BranchID, Doc, GetString, OffsetKind, Options, ReadTxn, Text, TextRef, Transact, TransactionMut, Update,
    XmlFragment, XmlFragmentRef,
};

use crate::outline::{self, Heading};
use crate::text;
use crate::tree::{Element, Node};
use crate::update::{Admitted, StateVector};
use crate::writer::{Id, Place, Writer, units};

/// The root that holds the blocks, under the name that stock Tiptap clients use.
pub const BODY: &str = "default";
/// The root that holds the title, shared text like any other.
pub const TITLE: &str = "title";
/// The root that is reserved for facts about the document.
pub const META: &str = "meta";

/// Says that yrs would not take an update, although the validator admitted it.
#[derive(Debug, thiserror::Error)]
#[error("the update cannot be applied: {0}")]
pub struct ApplyError(String);

/// A document in memory.
pub struct Document {
    doc: Doc,
    body: XmlFragmentRef,
    title: TextRef,
    watchers: Vec<Box<dyn Fn() + Send + Sync>>,
}

impl Document {
    /// Returns an empty document. Whatever it writes carries this client id (below 2^53), which nobody else may ever
    /// have used in this document: random, and never restored from disk.
    pub fn new(client_id: u64) -> Self {
        let doc = Doc::with_options(Options {
            client_id: yrs::block::ClientID::new(client_id),
            // Positions as in the editor, and no edits that nobody made: yrs's own defaults differ.
            offset_kind: OffsetKind::Utf16,
            skip_gc: false,
            cleanup_formatting: false,
            ..Options::default()
        });
        // A root must have its kind before the first update mentions it.
        let body = doc.get_or_insert_xml_fragment(BODY);
        let title = doc.get_or_insert_text(TITLE);
        doc.get_or_insert_map(META);
        Self { doc, body, title, watchers: Vec::new() }
    }

    /// Takes an update from anywhere. After an error the document may hold a part of it: build it anew.
    ///
    /// # Errors
    /// When yrs refuses what the validator admitted, which is a defect in one of them.
    pub fn apply(&mut self, update: &Admitted<'_>) -> Result<(), ApplyError> {
        self.take(update.bytes())
    }

    /// Calls `on_change` after every update and edit that changed something, for as long as the document lives.
    pub fn observe(&mut self, on_change: impl Fn() + Send + Sync + 'static) {
        self.watchers.push(Box::new(on_change));
    }

    /// Returns the title.
    pub fn title(&self) -> String {
        self.title.get_string(&self.doc.transact())
    }

    /// Returns the blocks as a tree under an element named `doc`, marks under the names they are stored by.
    pub fn tree(&self) -> Element {
        read::tree(&self.doc.transact(), &self.body)
    }

    /// Returns the plain text: one line for each text block. The title is not in it.
    pub fn text(&self) -> String {
        text::plain(&self.tree())
    }

    /// Returns the headings in order.
    pub fn outline(&self) -> Vec<Heading> {
        outline::headings(&self.tree())
    }

    /// Returns the next clock of every client that wrote here.
    pub fn state_vector(&self) -> StateVector {
        self.doc.transact().state_vector().iter().map(|(client, clock)| (client.get(), *clock)).collect()
    }

    /// Sets the title, touching only the letters that differ; returns the update (an empty one where none do).
    pub fn set_title(&mut self, title: &str) -> Vec<u8> {
        let old = self.title();
        let start = shared(old.chars(), title.chars());
        let (old, new) = (after(&old, start), after(title, start));
        let end = shared(old.chars().rev(), new.chars().rev());
        let (delete, insert) = (before(old, end), before(new, end));
        let at = units(title) - units(new);
        let field = self.title.clone();
        self.edit(|txn| {
            field.remove_range(txn, at, units(delete));
            field.insert(txn, at, insert);
        })
    }

    /// Adds blocks at the end and returns the update, byte for byte as the editor would write it: attributes at their
    /// defaults are filled in by the [schema](crate::schema), empty ones left out.
    pub fn append(&mut self, blocks: &[Node]) -> Vec<u8> {
        let last = {
            let txn = self.doc.transact();
            let count = self.body.len(&txn);
            count.checked_sub(1).and_then(|at| self.body.get(&txn, at)).map(|child| child.id())
        };
        let mut writer = Writer::new(self.doc.client_id().get(), self.next_clock());
        let place = match last {
            Some(BranchID::Nested(id)) => {
                Place::Between(Some(Id { client: id.client.get(), clock: id.clock }), None)
            }
            _ => Place::Root(BODY),
        };
        compose::children(&mut writer, place, blocks);
        self.written(writer.finish())
    }

    /// Edits the text of the first block that has one as an editing trace does: deletes UTF-16 units from `at` on,
    /// then inserts there. Returns the update, or nothing when there is no text or `at` lies beyond its end.
    pub fn splice(&mut self, at: u32, delete: u32, insert: &str) -> Option<Vec<u8>> {
        let field = {
            let txn = self.doc.transact();
            self.body.successors(&txn).find_map(yrs::XmlOut::into_xml_text)?
        };
        let len = field.len(&self.doc.transact());
        let delete = delete.min(len.checked_sub(at)?);
        Some(self.edit(|txn| {
            field.remove_range(txn, at, delete);
            field.insert(txn, at, insert);
        }))
    }

    fn take(&mut self, update: &[u8]) -> Result<(), ApplyError> {
        let update = Update::decode_v1(update).map_err(|error| ApplyError(error.to_string()))?;
        let changed = {
            let mut txn = self.doc.transact_mut();
            txn.apply_update(update).map_err(|error| ApplyError(error.to_string()))?;
            txn.has_changes()
        };
        self.tell(changed);
        Ok(())
    }

    fn edit(&mut self, change: impl FnOnce(&mut TransactionMut<'_>)) -> Vec<u8> {
        let (update, changed) = {
            let mut txn = self.doc.transact_mut();
            change(&mut txn);
            txn.commit();
            (txn.encode_update_v1(), txn.has_changes())
        };
        self.tell(changed);
        update
    }

    fn written(&mut self, update: Vec<u8>) -> Vec<u8> {
        let taken = self.take(&update);
        debug_assert!(taken.is_ok(), "our own writer wrote what yrs refuses: {taken:?}");
        update
    }

    fn next_clock(&self) -> u32 {
        self.doc.transact().state_vector().get(&self.doc.client_id())
    }

    fn tell(&self, changed: bool) {
        if changed {
            self.watchers.iter().for_each(|watcher| watcher());
        }
    }
}

impl fmt::Debug for Document {
    /// Says who it is, never what is in it: logs carry no content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("client", &self.doc.client_id().get()).finish_non_exhaustive()
    }
}

/// How many letters the two have in common from their start.
fn shared(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(a, b)| a == b).count()
}

fn after(text: &str, letters: usize) -> &str {
    let at = text.char_indices().nth(letters).map_or(text.len(), |(at, _)| at);
    text.get(at..).unwrap_or_default()
}

fn before(text: &str, letters_kept_off: usize) -> &str {
    let count = text.chars().count() - letters_kept_off;
    let at = text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    text.get(..at).unwrap_or_default()
}
