//! Documents folded on this device: a cache of foldings and log, for opening a long document at once. Emptying this
//! table changes nothing that can be read.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE snapshot (
    document INTEGER PRIMARY KEY REFERENCES document (id), -- the document
    through  INTEGER NOT NULL,                             -- the last row of the log that is in it
    bytes    BLOB NOT NULL                                 -- one Yjs update, v1, nothing collected
) STRICT;";

/// Keeps a snapshot, unless one that reaches as far is here; says whether it was kept.
pub(crate) fn put(connection: &Connection, document: i64, through: i64, bytes: &[u8]) -> Result<bool> {
    let kept = connection.execute(
        "INSERT INTO snapshot (document, through, bytes) VALUES (?1, ?2, ?3)
         ON CONFLICT (document) DO UPDATE SET through = excluded.through, bytes = excluded.bytes
         WHERE excluded.through > through",
        params![document, through, bytes],
    )?;
    Ok(kept > 0)
}

/// Returns the last row in a document's snapshot, and its bytes.
pub(crate) fn of(connection: &Connection, document: i64) -> Result<Option<(i64, Vec<u8>)>> {
    let mut statement =
        connection.prepare_cached("SELECT through, bytes FROM snapshot WHERE document = ?1")?;
    Ok(statement.query_row([document], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Forgets a document's snapshot, because the ground under it has changed.
pub(crate) fn forget(connection: &Connection, document: i64) -> Result<()> {
    connection.execute("DELETE FROM snapshot WHERE document = ?1", [document])?;
    Ok(())
}
