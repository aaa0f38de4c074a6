//! What people keep at hand: what the log says, and what is shown of it with this device's drafts on it.

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::{DocumentId, PersonId};
use sheaf_protocol::entry::Seq;

use super::agreed::Said;
use super::document::document_at;
use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE favourite (
    person   BLOB    NOT NULL,           -- who
    document BLOB    NOT NULL,           -- which document
    is_on    INTEGER NOT NULL,           -- whether it is shown as one
    agreed   INTEGER NOT NULL DEFAULT 0, -- whether the log says so
    said_by  INTEGER,                    -- the number of the entry that said so; NULL when none did
    PRIMARY KEY (person, document)
) STRICT, WITHOUT ROWID;";

/// Takes what the entry of this number says.
pub(crate) fn say(
    connection: &Connection,
    number: Seq,
    person: PersonId,
    document: DocumentId,
    on: bool,
) -> Result<Said> {
    let mut said = Said::default();
    let mut known =
        connection.prepare_cached("SELECT said_by FROM favourite WHERE person = ?1 AND document = ?2")?;
    let values = params![person.as_bytes(), document.as_bytes()];
    let before: Option<Option<Seq>> = known.query_row(values, |row| row.get(0)).optional()?;
    if said.is_last(number, before.flatten()) {
        connection
            .prepare_cached(
                "INSERT INTO favourite (person, document, is_on, agreed, said_by) VALUES (?1, ?2, 0, ?3, ?4)
                 ON CONFLICT (person, document) DO UPDATE SET agreed = excluded.agreed, said_by = excluded.said_by",
            )?
            .execute(params![person.as_bytes(), document.as_bytes(), on, number])?;
    }
    Ok(said)
}

/// A folding says everything through this number, and names only what is kept at hand: takes away the rest. Returns what
/// that was.
pub(crate) fn clear(connection: &Connection, through: Seq) -> Result<Vec<(PersonId, DocumentId)>> {
    let mut statement = connection
        .prepare_cached("SELECT person, document FROM favourite WHERE agreed = 1 AND said_by <= ?1")?;
    let rows = statement
        .query_map([through], |row| Ok((PersonId::from_bytes(row.get(0)?), document_at(row, 1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    connection.execute("UPDATE favourite SET agreed = 0, said_by = NULL WHERE said_by <= ?1", [through])?;
    Ok(rows)
}

/// Shows again what the log says.
pub(crate) fn reset(connection: &Connection, person: PersonId, document: DocumentId) -> Result<()> {
    connection
        .prepare_cached("UPDATE favourite SET is_on = agreed WHERE person = ?1 AND document = ?2")?
        .execute(params![person.as_bytes(), document.as_bytes()])?;
    Ok(())
}

/// Shows a draft.
pub(crate) fn show(connection: &Connection, person: PersonId, document: DocumentId, on: bool) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO favourite (person, document, is_on) VALUES (?1, ?2, ?3)
             ON CONFLICT (person, document) DO UPDATE SET is_on = excluded.is_on",
        )?
        .execute(params![person.as_bytes(), document.as_bytes(), on])?;
    Ok(())
}

/// Returns what an earlier life of the log said of this person's, and the present one has not said since.
pub(crate) fn unsaid(connection: &Connection, person: PersonId) -> Result<Vec<(DocumentId, bool)>> {
    let mut statement = connection
        .prepare_cached("SELECT document, agreed FROM favourite WHERE person = ?1 AND said_by = 0")?;
    let rows = statement.query_map([person.as_bytes()], |row| Ok((document_at(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The log began a new life: whatever it says from now on is later.
pub(crate) fn forget_numbers(connection: &Connection) -> Result<()> {
    connection.execute("UPDATE favourite SET said_by = said_by * 0", [])?;
    Ok(())
}
