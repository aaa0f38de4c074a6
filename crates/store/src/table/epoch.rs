//! The lives of relays' logs that numbered entries here: said once, so that a row carries one small number.

use rusqlite::{Connection, OptionalExtension};
use sheaf_document::ids::Epoch;

use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE epoch (
    id    INTEGER PRIMARY KEY, -- what other rows say
    epoch BLOB NOT NULL UNIQUE -- the life of a log
) STRICT;";

/// Returns the number of an epoch, giving one to a new epoch.
pub(crate) fn intern(connection: &Connection, epoch: Epoch) -> Result<i64> {
    let mut known = connection.prepare_cached("SELECT id FROM epoch WHERE epoch = ?1")?;
    if let Some(id) = known.query_row([epoch.as_bytes()], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    connection.execute("INSERT INTO epoch (epoch) VALUES (?1)", [epoch.as_bytes()])?;
    Ok(connection.last_insert_rowid())
}

/// Returns every epoch, in the order in which they were met.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Epoch>> {
    let mut statement = connection.prepare_cached("SELECT epoch FROM epoch ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok(Epoch::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
