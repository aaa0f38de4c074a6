//! Who is in the workspace and what they are called: what the log says, and what is shown with this device's drafts on it.

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::PersonId;
use sheaf_protocol::entry::Seq;

use super::agreed::Said;
use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE member (
    person  BLOB NOT NULL PRIMARY KEY,  -- who
    name    TEXT NOT NULL,              -- what others call them; empty where only a refused draft said so
    agreed  TEXT NOT NULL DEFAULT '',   -- the name that the log says
    said_by INTEGER                     -- the number of the entry that said so; NULL when none did
) STRICT, WITHOUT ROWID;";

/// Takes what the entry of this number says.
pub(crate) fn say(connection: &Connection, number: Seq, person: PersonId, name: &str) -> Result<Said> {
    let mut said = Said::default();
    let mut known = connection.prepare_cached("SELECT said_by FROM member WHERE person = ?1")?;
    let before: Option<Option<Seq>> = known.query_row([person.as_bytes()], |row| row.get(0)).optional()?;
    if said.is_last(number, before.flatten()) {
        connection
            .prepare_cached(
                "INSERT INTO member (person, name, agreed, said_by) VALUES (?1, '', ?2, ?3)
                 ON CONFLICT (person) DO UPDATE SET agreed = excluded.agreed, said_by = excluded.said_by",
            )?
            .execute(params![person.as_bytes(), name, number])?;
    }
    Ok(said)
}

/// Shows again what the log says.
pub(crate) fn reset(connection: &Connection, person: PersonId) -> Result<()> {
    connection
        .prepare_cached("UPDATE member SET name = agreed WHERE person = ?1")?
        .execute([person.as_bytes()])?;
    Ok(())
}

/// Shows a draft.
pub(crate) fn show(connection: &Connection, person: PersonId, name: &str) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO member (person, name) VALUES (?1, ?2)
             ON CONFLICT (person) DO UPDATE SET name = excluded.name",
        )?
        .execute(params![person.as_bytes(), name])?;
    Ok(())
}

/// Returns everyone, in the order of their names.
pub(crate) fn all(connection: &Connection) -> Result<Vec<(PersonId, String)>> {
    let mut statement = connection
        .prepare_cached("SELECT person, name FROM member WHERE name <> '' ORDER BY name, person")?;
    let rows = statement.query_map([], |row| Ok((PersonId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the name that an earlier life of the log said, if the present one has not said any since.
pub(crate) fn unsaid(connection: &Connection, person: PersonId) -> Result<Option<String>> {
    let mut statement =
        connection.prepare_cached("SELECT agreed FROM member WHERE person = ?1 AND said_by = 0")?;
    Ok(statement.query_row([person.as_bytes()], |row| row.get(0)).optional()?)
}

/// The log began a new life: whatever it says from now on is later.
pub(crate) fn forget_numbers(connection: &Connection) -> Result<()> {
    connection.execute("UPDATE member SET said_by = said_by * 0", [])?;
    Ok(())
}
