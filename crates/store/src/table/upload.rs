//! Files that wait to be brought to the relay, and the drafts that wait for them.

use rusqlite::{Connection, params};
use sheaf_document::ids::ContentHash;

use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE upload (
    hash  BLOB    NOT NULL PRIMARY KEY,       -- the file
    entry INTEGER REFERENCES log (id)         -- the draft that goes out once the relay has it; NULL where none waits
) STRICT, WITHOUT ROWID;
CREATE INDEX upload_entry ON upload (entry);";

/// Notes that a file is to be brought, and perhaps that a draft waits for that.
pub(crate) fn put(connection: &Connection, hash: ContentHash, entry: Option<i64>) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO upload (hash, entry) VALUES (?1, ?2)
             ON CONFLICT (hash) DO UPDATE SET entry = coalesce(excluded.entry, entry)",
        )?
        .execute(params![hash.as_bytes(), entry])?;
    Ok(())
}

/// Forgets that a file is to be brought.
pub(crate) fn remove(connection: &Connection, hash: ContentHash) -> Result<()> {
    connection.prepare_cached("DELETE FROM upload WHERE hash = ?1")?.execute([hash.as_bytes()])?;
    Ok(())
}

/// The relay may have lost files: every one that is known and here is to be brought, unless it has that.
pub(crate) fn put_all(connection: &Connection) -> Result<()> {
    connection.execute(
        "INSERT OR IGNORE INTO upload (hash, entry) SELECT hash, NULL FROM held WHERE hash IN (SELECT hash FROM file)",
        [],
    )?;
    Ok(())
}

/// Returns what is to be brought and is here, the small ones first, each with its size.
pub(crate) fn first(connection: &Connection, limit: usize) -> Result<Vec<(ContentHash, u64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT upload.hash, file.size
         FROM upload JOIN file ON file.hash = upload.hash JOIN held ON held.hash = upload.hash
         ORDER BY file.size, upload.hash LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| Ok((ContentHash::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
