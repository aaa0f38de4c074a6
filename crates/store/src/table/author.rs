//! Who wrote, on what, in which copy: said once, so that a keystroke's row carries one small number for 48 bytes.

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_protocol::entry::Author;

use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE author (
    id      INTEGER PRIMARY KEY, -- what log rows say
    replica BLOB NOT NULL,       -- the copy
    person  BLOB NOT NULL,       -- the person
    device  BLOB NOT NULL,       -- the device
    UNIQUE (replica, person, device)
) STRICT;";

/// Returns the number of an author, giving one to a new author.
pub(crate) fn intern(connection: &Connection, author: Author) -> Result<i64> {
    let values = params![author.replica.as_bytes(), author.person.as_bytes(), author.device.as_bytes()];
    let mut known = connection
        .prepare_cached("SELECT id FROM author WHERE replica = ?1 AND person = ?2 AND device = ?3")?;
    if let Some(id) = known.query_row(values, |row| row.get(0)).optional()? {
        return Ok(id);
    }
    connection.execute("INSERT INTO author (replica, person, device) VALUES (?1, ?2, ?3)", values)?;
    Ok(connection.last_insert_rowid())
}
