//! One row for each document: its number in other tables, and what a list of documents shows.
//!
//! `generation` rises with every change and `indexed` follows it, so a change made while somebody was indexing is
//! never taken for indexed. `ground` rises when a document stops being its old rows plus new ones at the end; a
//! snapshot that was being made meanwhile is then not kept.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Millis;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record;

use super::{place, replica};
use crate::error::Result;
use crate::reading::{DocumentRow, Stale};

pub(crate) const CREATE: &str = "
CREATE TABLE document (
    id         INTEGER PRIMARY KEY,        -- what other rows say
    document   BLOB NOT NULL UNIQUE,       -- the document
    title      TEXT NOT NULL DEFAULT '',   -- its title, as last read from its text
    changed_at INTEGER NOT NULL DEFAULT 0, -- when it last changed, ms since 1970: by the relay's clock once that has all of it
    entries    INTEGER NOT NULL DEFAULT 0, -- how many rows of the log are in it
    waiting    INTEGER NOT NULL DEFAULT 0, -- how many of them are in the outbox
    generation INTEGER NOT NULL DEFAULT 0, -- rises with every change
    indexed    INTEGER NOT NULL DEFAULT 0, -- the generation that search has read
    ground     INTEGER NOT NULL DEFAULT 0  -- rises when more changes than rows at the end
) STRICT;";

/// What search has not read is found without looking at the rest.
pub(crate) const STALE: &str =
    "CREATE INDEX document_stale ON document (changed_at DESC, document) WHERE generation > indexed;";

/// How a document changes with one transaction.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Change {
    /// More rows of the log in it.
    pub(crate) entries: i64,
    /// More rows of it in the outbox.
    pub(crate) waiting: i64,
    /// When.
    pub(crate) at: Millis,
    /// Whether a relay has said when.
    pub(crate) dated: bool,
    /// Whether more changed than rows at the end.
    pub(crate) ground: bool,
}

impl Change {
    /// Takes in one more row at the end.
    pub(crate) fn grow(&mut self, at: Millis) {
        self.entries += 1;
        self.at = self.at.max(at);
    }

    /// Whether its text is another one now; an acknowledgement alone changes no text.
    fn is_news(&self) -> bool {
        self.entries != 0 || self.ground
    }
}

/// Returns the number of a document that is here.
pub(crate) fn find(connection: &Connection, document: DocumentId) -> Result<Option<i64>> {
    let mut known = connection.prepare_cached("SELECT id FROM document WHERE document = ?1")?;
    Ok(known.query_row([document.as_bytes()], |row| row.get(0)).optional()?)
}

/// Returns the document of this number.
pub(crate) fn named(connection: &Connection, id: i64) -> Result<DocumentId> {
    let mut statement = connection.prepare_cached("SELECT document FROM document WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| document_at(row, 0))?)
}

/// Returns the number of a document, giving one to a new document.
pub(crate) fn intern(connection: &Connection, document: DocumentId) -> Result<i64> {
    if let Some(id) = find(connection, document)? {
        return Ok(id);
    }
    connection.execute("INSERT INTO document (document) VALUES (?1)", [document.as_bytes()])?;
    let id = connection.last_insert_rowid();
    if document != stream(connection)? {
        place::begin(connection, document)?;
    }
    Ok(id)
}

/// Returns the document under which the log keeps records: it is none to people.
pub(crate) fn stream(connection: &Connection) -> Result<DocumentId> {
    Ok(record::stream(replica::identity(connection)?.workspace))
}

/// Returns the title of a document; empty for one that is not here.
pub(crate) fn title(connection: &Connection, document: DocumentId) -> Result<String> {
    let mut known = connection.prepare_cached("SELECT title FROM document WHERE document = ?1")?;
    Ok(known.query_row([document.as_bytes()], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// Writes down how a document has changed; search has not seen its news.
pub(crate) fn change(connection: &Connection, id: i64, change: Change) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "UPDATE document SET entries = entries + ?2, waiting = waiting + ?3,
             changed_at = CASE WHEN ?7 AND waiting + ?3 = 0 THEN ?4 ELSE max(changed_at, ?4) END,
             ground = ground + ?5, generation = generation + ?6
         WHERE id = ?1",
    )?;
    let Change { entries, waiting, at, dated, ground } = change;
    statement.execute(params![id, entries, waiting, at, ground, change.is_news(), dated])?;
    Ok(())
}

/// Returns how often the ground under a document's rows has changed.
pub(crate) fn ground(connection: &Connection, id: i64) -> Result<i64> {
    let mut statement = connection.prepare_cached("SELECT ground FROM document WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| row.get(0))?)
}

pub(crate) fn put_title(connection: &Connection, document: DocumentId, title: &str) -> Result<()> {
    connection
        .prepare_cached("UPDATE document SET title = ?2 WHERE document = ?1")?
        .execute(params![document.as_bytes(), title])?;
    Ok(())
}

/// Returns every document, the one that changed last first; of those that changed together, the youngest.
pub(crate) fn all(connection: &Connection) -> Result<Vec<DocumentRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT document.document, title, changed_at, generation > indexed, entries, waiting, fork.code
         FROM document LEFT JOIN fork ON fork.document = document.id WHERE document.document <> ?1
         ORDER BY changed_at DESC, document.document DESC",
    )?;
    let rows = statement.query_map([stream(connection)?.as_bytes()], |row| {
        Ok(DocumentRow {
            id: document_at(row, 0)?,
            title: row.get(1)?,
            updated_at: row.get(2)?,
            stale: row.get(3)?,
            entries: row.get(4)?,
            unacknowledged: row.get(5)?,
            stuck: row.get::<_, Option<u16>>(6)?.map(Code),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns documents that search has not read since they changed, the one that changed last first.
pub(crate) fn stale(connection: &Connection, limit: usize) -> Result<Vec<Stale>> {
    let mut statement = connection.prepare_cached(
        "SELECT document, generation FROM document INDEXED BY document_stale WHERE generation > indexed AND document <> ?1
         ORDER BY changed_at DESC, document LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![stream(connection)?.as_bytes(), limit], |row| {
        Ok(Stale { document: document_at(row, 0)?, generation: row.get(1)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Writes down which generation search has read; what came after it stays stale.
pub(crate) fn indexed(connection: &Connection, stale: Stale) -> Result<()> {
    connection
        .prepare_cached("UPDATE document SET indexed = max(indexed, ?2) WHERE document = ?1")?
        .execute(params![stale.document.as_bytes(), stale.generation])?;
    Ok(())
}

/// Reads a document's id from a column.
pub(crate) fn document_at(row: &Row<'_>, column: usize) -> rusqlite::Result<DocumentId> {
    Ok(DocumentId::from_bytes(row.get(column)?))
}
