//! The lives of relays' logs that numbered entries here: said once, so that a row carries one small number.

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::{ContentHash, Epoch};

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

/// Gives a life, and with it every row that it numbered, a name that no relay knows: its own is another log's. Without
/// chance, for another replica's name for it is nobody's concern.
pub(crate) fn set_apart(connection: &Connection, epoch: Epoch) -> Result<()> {
    let known = all(connection)?.len() as u64;
    let name = ContentHash::of(&[epoch.as_bytes().as_slice(), &known.to_le_bytes()].concat());
    let (name, _) = name.as_bytes().split_at(16);
    // The life is met again behind all others.
    connection.execute("UPDATE epoch SET epoch = ?2 WHERE epoch = ?1", params![epoch.as_bytes(), name])?;
    Ok(())
}

/// Returns every epoch, in the order in which they were met.
pub(crate) fn all(connection: &Connection) -> Result<Vec<Epoch>> {
    let mut statement = connection.prepare_cached("SELECT epoch FROM epoch ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok(Epoch::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
