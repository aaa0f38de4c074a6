//! What the index knows of one document besides its words: who wrote in it, and where a link leads to it.

use rusqlite::{Connection, params};
use sheaf_document::ids::DocumentId;
use sheaf_document::search::Filters;

use super::expression;
use super::index::Index;
use super::refresh::token;
use super::sift::Sift;
use crate::error::Result;
use crate::store::Store;
use crate::table::document::document_at;
use crate::table::member;
use crate::tree::MemberRow;

/// What is known of a document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct About {
    /// Everybody who wrote in it and goes by a name, in the order of their names.
    pub writers: Vec<MemberRow>,
    /// The documents that link to it, the last changed first; none in the trash.
    pub linked_from: Vec<DocumentId>,
}

impl Index {
    /// Returns what is known of a document, with at most so many links, as it was when the documents were last brought in.
    ///
    /// # Errors
    /// When a disk fails.
    pub fn about(&self, store: &Store, document: DocumentId, most: usize) -> Result<About> {
        self.read(|index| {
            store.read(|tree| {
                Ok(About {
                    writers: writers(index, tree, document)?,
                    linked_from: linked_from(index, tree, document, most)?,
                })
            })
        })
    }
}

fn writers(index: &Connection, tree: &Connection, document: DocumentId) -> Result<Vec<MemberRow>> {
    let mut wrote = index.prepare_cached("SELECT 1 FROM writer WHERE document = ?1 AND person = ?2")?;
    let mut found = Vec::new();
    for (person, name) in member::all(tree)? {
        if wrote.exists(params![document.as_bytes(), person.as_bytes()])? {
            found.push(MemberRow { person, name });
        }
    }
    Ok(found)
}

fn linked_from(
    index: &Connection,
    tree: &Connection,
    document: DocumentId,
    most: usize,
) -> Result<Vec<DocumentId>> {
    let mut linking = index.prepare_cached(
        "SELECT page.document FROM word JOIN page ON page.id = word.rowid
         WHERE word MATCH ?1 ORDER BY word.rowid DESC",
    )?;
    let filters = Filters::default();
    let (mut sift, mut found) = (Sift::new(tree, &filters), Vec::new());
    let mut rows = linking.query([expression::links_to(&token(document.as_bytes()))])?;
    while let Some(row) = rows.next()? {
        let other = document_at(row, 0)?;
        if other != document && sift.passes(other)? {
            found.push(other);
            if found.len() >= most {
                break;
            }
        }
    }
    Ok(found)
}
