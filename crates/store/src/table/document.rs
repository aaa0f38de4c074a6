//! One row for each document: its number in other tables, and what a list of documents shows.
//!
//! `generation` is the number of a document's last change; it rises through the whole workspace, so that whoever has seen
//! everything up to a number finds what is new behind it. `indexed` follows it, so a change made while somebody was reading
//! is never taken for read. `ground` rises when a document stops being its old rows plus new ones at the end; a
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
    generation INTEGER NOT NULL DEFAULT 0, -- the number of its last change
    indexed    INTEGER NOT NULL DEFAULT 0, -- the generation whose title was read
    ground     INTEGER NOT NULL DEFAULT 0  -- rises when more changes than rows at the end
) STRICT;";

/// What was not read since it changed is found without looking at the rest.
pub(crate) const STALE: &str =
    "CREATE INDEX document_stale ON document (changed_at DESC, document) WHERE generation > indexed;";

/// Numbers changes through the whole workspace, where each document counted its own.
pub(crate) const NUMBER_CHANGES: &str = "
UPDATE document SET indexed = indexed >= generation;
UPDATE document SET generation = numbered.number, indexed = indexed * numbered.number
    FROM (SELECT id, row_number() OVER (ORDER BY changed_at, id) AS number FROM document) AS numbered
    WHERE numbered.id = document.id;
CREATE INDEX document_generation ON document (generation);";

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
             ground = ground + ?5,
             generation = CASE WHEN ?6 THEN (SELECT max(generation) FROM document) + 1 ELSE generation END
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

/// A document that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Changed {
    pub(crate) id: i64,
    pub(crate) document: DocumentId,
    pub(crate) generation: i64,
    pub(crate) at: Millis,
}

/// Returns the number of the last change.
pub(crate) fn newest_change(connection: &Connection) -> Result<i64> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(generation), 0) FROM document")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Returns some documents that changed after this change, in the order of their changes.
pub(crate) fn changed_after(connection: &Connection, after: i64, most: usize) -> Result<Vec<Changed>> {
    let order = "ORDER BY generation LIMIT ?4";
    changed(connection, order, after, i64::MAX, most)
}

/// Returns some documents that changed between these changes, the last of them first.
pub(crate) fn changed_between(
    connection: &Connection,
    after: i64,
    before: i64,
    most: usize,
) -> Result<Vec<Changed>> {
    changed(connection, "ORDER BY generation DESC LIMIT ?4", after, before, most)
}

fn changed(c: &Connection, order: &str, after: i64, before: i64, most: usize) -> Result<Vec<Changed>> {
    let mut statement = c.prepare_cached(&format!(
        "SELECT id, document, generation, changed_at FROM document
         WHERE generation > ?1 AND generation < ?2 AND document <> ?3 {order}"
    ))?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![after, before, stream(c)?.as_bytes(), most], |row| {
        let (id, document) = (row.get(0)?, document_at(row, 1)?);
        Ok(Changed { id, document, generation: row.get(2)?, at: row.get(3)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns how many documents changed last between these changes.
pub(crate) fn count_changed(connection: &Connection, after: i64, before: i64) -> Result<u64> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM document WHERE generation > ?1 AND generation < ?2 AND document <> ?3",
    )?;
    let stream = stream(connection)?;
    Ok(statement.query_row(params![after, before, stream.as_bytes()], |row| row.get(0))?)
}

/// Reads a document's id from a column.
pub(crate) fn document_at(row: &Row<'_>, column: usize) -> rusqlite::Result<DocumentId> {
    Ok(DocumentId::from_bytes(row.get(column)?))
}
