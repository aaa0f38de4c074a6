//! Records that the relay will not take, until a person settles them.

use bytes::Bytes;
use rusqlite::{Connection, params};
use sheaf_protocol::problem::Code;

use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE refusal (
    entry  INTEGER PRIMARY KEY REFERENCES log (id), -- the row that was refused, still in the outbox
    code   INTEGER NOT NULL,                        -- why
    detail TEXT    NOT NULL                         -- what exactly, for a log
) STRICT;";

pub(crate) fn put(connection: &Connection, entry: i64, code: Code, detail: &str) -> Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO refusal (entry, code, detail) VALUES (?1, ?2, ?3)",
        params![entry, code.0, detail],
    )?;
    Ok(())
}

/// Forgets the refusal of a row; says whether there was one.
pub(crate) fn remove(connection: &Connection, entry: i64) -> Result<bool> {
    let mut statement = connection.prepare_cached("DELETE FROM refusal WHERE entry = ?1")?;
    Ok(statement.execute([entry])? > 0)
}

/// Returns how many there are.
pub(crate) fn count(connection: &Connection) -> Result<u64> {
    Ok(connection.query_row("SELECT count(*) FROM refusal", [], |row| row.get(0))?)
}

/// Returns the refused rows in the order of writing: the row, the reason, the record.
pub(crate) fn all(connection: &Connection) -> Result<Vec<(i64, Code, Bytes)>> {
    let mut statement = connection.prepare_cached(
        "SELECT log.id, refusal.code, log.bytes FROM refusal JOIN log ON log.id = refusal.entry ORDER BY log.id",
    )?;
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, Code(row.get(1)?), Bytes::from(row.get::<_, Vec<u8>>(2)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
