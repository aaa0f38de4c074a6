//! Small settings of this copy, by name: the relay's address, the workspace's title. Never a secret.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY, -- its name, chosen by the floors above
    value TEXT NOT NULL              -- its value
) STRICT, WITHOUT ROWID;";

pub(crate) fn get(connection: &Connection, key: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn put(connection: &Connection, key: &str, value: Option<&str>) -> Result<()> {
    match value {
        Some(value) => connection.execute(
            "INSERT INTO setting (key, value) VALUES (?1, ?2)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            params![key, value],
        )?,
        None => connection.execute("DELETE FROM setting WHERE key = ?1", [key])?,
    };
    Ok(())
}
