//! What stands below the documents that an `in:` names, where that is little: found first, it spares asking of every document
//! that has the words where it stands.
//!
//! Titles are those of the index, as everything else that is found. Whoever stands elsewhere by now is sifted out later.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};
use sheaf_document::ids::DocumentId;
use sheaf_document::search::Term;

use super::expression;
use crate::error::Result;
use crate::table::document::document_at;
use crate::table::place;

/// With more documents of such a title, or more below them, the words are the better question to begin with.
const TITLES: usize = 64;
const DOCUMENTS: usize = 512;

/// Returns the rows of the index below documents with these words in their titles, unless there are many.
pub(super) fn below(index: &Connection, tree: &Connection, term: &Term) -> Result<Option<BTreeSet<i64>>> {
    let mut statement = index.prepare_cached(
        "SELECT page.document FROM head JOIN page ON page.id = head.rowid WHERE head MATCH ?1 LIMIT ?2",
    )?;
    let asked = (expression::title(term), TITLES + 1);
    let named = statement.query_map(asked, |row| document_at(row, 0))?;
    let named = named.collect::<rusqlite::Result<Vec<DocumentId>>>()?;
    if named.len() > TITLES {
        return Ok(None);
    }
    let (mut found, mut rows): (BTreeSet<DocumentId>, BTreeSet<i64>) = Default::default();
    let mut page = index.prepare_cached("SELECT id FROM page WHERE document = ?1")?;
    let mut next = named;
    while let Some(parent) = next.pop() {
        for document in place::below(tree, parent, DOCUMENTS + 1)? {
            // Whoever stands under themselves is met again here.
            if !found.insert(document) {
                continue;
            }
            if found.len() > DOCUMENTS {
                return Ok(None);
            }
            rows.extend(page.query_row([document.as_bytes()], |row| row.get::<_, i64>(0)).optional()?);
            next.push(document);
        }
    }
    Ok(Some(rows))
}
