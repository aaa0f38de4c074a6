//! Documents whose edits the relay will not take, until a person settles them.

use rusqlite::{Connection, params};
use sheaf_protocol::problem::Code;

use super::document::document_at;
use crate::error::Result;
use crate::forks::Fork;

pub(crate) const CREATE: &str = "
CREATE TABLE fork (
    document INTEGER PRIMARY KEY REFERENCES document (id), -- the document
    entry    INTEGER NOT NULL REFERENCES log (id),         -- the row that was refused
    code     INTEGER NOT NULL,                             -- why
    detail   TEXT NOT NULL                                 -- what exactly, for a log
) STRICT;";

pub(crate) fn put(
    connection: &Connection,
    document: i64,
    entry: i64,
    code: Code,
    detail: &str,
) -> Result<()> {
    connection.execute(
        "INSERT INTO fork (document, entry, code, detail) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (document) DO UPDATE SET entry = excluded.entry, code = excluded.code, detail = excluded.detail",
        params![document, entry, code.0, detail],
    )?;
    Ok(())
}

/// Forgets the fork of a document; says whether there was one.
pub(crate) fn remove(connection: &Connection, document: i64) -> Result<bool> {
    Ok(connection.execute("DELETE FROM fork WHERE document = ?1", [document])? > 0)
}

/// Forgets forks whose refused row waits no more: it turned out to be durable.
pub(crate) fn forget_overruled(connection: &Connection) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM fork WHERE (SELECT state FROM log WHERE log.id = fork.entry) <> 0")?
        .execute([])?;
    Ok(())
}

/// Returns how many there are.
pub(crate) fn count(connection: &Connection) -> Result<u64> {
    Ok(connection.query_row("SELECT count(*) FROM fork", [], |row| row.get(0))?)
}

pub(crate) fn all(connection: &Connection) -> Result<Vec<Fork>> {
    let mut statement = connection.prepare_cached(
        "SELECT document.document, log.counter, fork.code, fork.detail, document.waiting
         FROM fork JOIN document ON document.id = fork.document JOIN log ON log.id = fork.entry
         ORDER BY document.changed_at DESC, document.document",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Fork {
            document: document_at(row, 0)?,
            counter: row.get(1)?,
            code: Code(row.get(2)?),
            detail: row.get(3)?,
            entries: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
