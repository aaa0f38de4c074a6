//! What is known of every document, so that only those are read that changed.

use std::collections::BTreeMap;

use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::markdown::{Parsed, normal};
use sheaf_document::tree::Node;
use sheaf_protocol::entry::Millis;
use sheaf_protocol::record::Parent;
use sheaf_store::Level;

use super::ledger::Ledger;
use super::plan::{Documents, Row, Standing};
use crate::error::Result;
use crate::folder::page::is_empty;
use crate::folder::{Atlas, ENDING, Page, paths};
use crate::reader::Reader;

/// What is known of a document.
#[derive(Debug, Clone)]
pub(super) struct Card {
    version: (u64, Millis),
    title: String,
    is_changed: bool,
    is_empty: bool,
    /// Whether what its file says depends on where others lie.
    refers: bool,
}

/// What is known of all of them.
#[derive(Debug, Default)]
pub(super) struct Cards(BTreeMap<DocumentId, Card>);

impl Cards {
    /// Reads the tree below what is mirrored, and every document that changed.
    pub(super) fn read(
        &mut self,
        reader: &Reader,
        under: Parent,
        ledger: &Ledger,
        atlas: &Atlas,
    ) -> Result<Documents> {
        let (versions, mut documents) = (reader.versions()?, Documents::new());
        let mut left = vec![under];
        while let Some(parent) = left.pop() {
            for place in reader.level(Level::Under(parent))? {
                if place.children > 0 {
                    left.push(Some(place.id));
                }
                // One whose text is still on its way is waited for.
                let Some(version) = versions.get(&place.id) else { continue };
                let row = ledger.rows().get(&place.id);
                if self.0.get(&place.id).is_none_or(|card| card.version != *version) {
                    match reader.document(place.id) {
                        Ok(document) => {
                            let card = Card::of(&document, *version, row, ledger, atlas);
                            self.0.insert(place.id, card);
                        }
                        Err(error) => {
                            tracing::warn!(document.id = %place.id, %error, "a mirrored document cannot be read; its file stays");
                        }
                    }
                }
                let parent = parent.filter(|_| parent != under);
                let standing = match (self.0.get(&place.id), row) {
                    (Some(Card { title, is_changed, is_empty, .. }), _) => Standing {
                        parent,
                        title: title.clone(),
                        is_changed: *is_changed,
                        is_empty: *is_empty,
                    },
                    // What cannot be read is as it was.
                    (None, Some(row)) => {
                        Standing { parent, title: row.title.clone(), is_changed: false, is_empty: false }
                    }
                    (None, None) => continue,
                };
                documents.insert(place.id, standing);
            }
        }
        self.0.retain(|document, _| documents.contains_key(document));
        Ok(documents)
    }

    /// A document and its file agree.
    pub(super) fn settle(&mut self, document: DocumentId) {
        if let Some(card) = self.0.get_mut(&document) {
            card.is_changed = false;
        }
    }

    /// What was known of a document is so no more.
    pub(super) fn forget(&mut self, document: DocumentId) {
        self.0.remove(&document);
    }

    /// Files lie elsewhere: whatever refers to others is looked at again.
    pub(super) fn paths_changed(&mut self) {
        self.0.retain(|_, card| !card.refers);
    }
}

impl Card {
    fn of(
        document: &Document,
        version: (u64, Millis),
        row: Option<&Row>,
        ledger: &Ledger,
        atlas: &Atlas,
    ) -> Self {
        let (title, blocks) = (document.title(), normal(document.tree().children));
        let is_changed = row.is_none_or(|row| !is_said(&title, &blocks, row, ledger, atlas));
        let is_empty = is_empty(&blocks);
        Self { version, is_changed, is_empty, refers: refers(&blocks), title }
    }
}

/// Returns the name of a file without its ending.
pub(super) fn stem(path: &str) -> &str {
    let name = paths::name(path);
    paths::without_ending(name, ENDING).unwrap_or(name)
}

/// Returns what a file at a path says, as its document would.
pub(super) fn parsed(text: &str, path: &str, atlas: &Atlas) -> Parsed {
    let page = Page::read(text, stem(path));
    Parsed { title: Some(page.title), blocks: normal(atlas.inward(path, page.blocks)) }
}

/// Says whether a text, at a path, is what a document says.
pub(super) fn is_same(title: &str, blocks: &[Node], file: &Parsed) -> bool {
    let are_empty = is_empty(blocks) && is_empty(&file.blocks);
    file.title.as_deref() == Some(title) && (are_empty || file.blocks == blocks)
}

fn is_said(title: &str, blocks: &[Node], row: &Row, ledger: &Ledger, atlas: &Atlas) -> bool {
    match row.hash {
        None => title == row.title && is_empty(blocks),
        Some(hash) => {
            ledger.base(hash).is_some_and(|text| is_same(title, blocks, &parsed(&text, &row.path, atlas)))
        }
    }
}

fn refers(blocks: &[Node]) -> bool {
    blocks.iter().any(|block| match block {
        Node::Element(element) => {
            matches!(element.name.as_str(), "mention" | "figure" | "attachment") || refers(&element.children)
        }
        // What leads to a file today may be a document tomorrow.
        Node::Text(span) => span.marks.contains_key("link"),
    })
}
