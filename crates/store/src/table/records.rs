//! The rows of the log that are records: those that wait here, and those that a relay numbered.

use bytes::Bytes;
use rusqlite::{Connection, params};
use sheaf_document::ids::{Epoch, PersonId};
use sheaf_protocol::entry::{Kind, Seq};

use super::log::{NUMBERED, SET_ASIDE, WAITING};
use crate::error::Result;

/// Records that wait are found without looking at the updates that do.
pub(crate) const CREATE: &str = "CREATE INDEX log_draft ON log (id) WHERE kind = 2 AND state = 0;";

/// Takes one waiting row out of its document; it stays in the log.
pub(crate) fn set_aside(connection: &Connection, id: i64) -> Result<()> {
    connection
        .execute("UPDATE log SET state = ?2 WHERE id = ?1 AND state = ?3", params![id, SET_ASIDE, WAITING])?;
    Ok(())
}

/// Returns the bytes of a row.
pub(crate) fn bytes(connection: &Connection, id: i64) -> Result<Bytes> {
    let mut statement = connection.prepare_cached("SELECT bytes FROM log WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| row.get::<_, Vec<u8>>(0))?.into())
}

/// Returns the records that wait and were not refused, in the order of writing.
pub(crate) fn drafts(connection: &Connection) -> Result<Vec<Bytes>> {
    let mut statement = connection.prepare_cached(
        "SELECT bytes FROM log INDEXED BY log_draft
         WHERE kind = 2 AND state = 0 AND NOT EXISTS (SELECT 1 FROM refusal WHERE refusal.entry = log.id)
         ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| Ok(Bytes::from(row.get::<_, Vec<u8>>(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Says whether a record waits, and was not refused, that was written before a row.
pub(crate) fn has_draft_before(connection: &Connection, id: i64) -> Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM log INDEXED BY log_draft
         WHERE kind = 2 AND state = 0 AND id < ?1
             AND NOT EXISTS (SELECT 1 FROM refusal WHERE refusal.entry = log.id)",
    )?;
    Ok(statement.exists([id])?)
}

/// A record as a log numbered it: the life, the number, whose it is.
pub(crate) type NumberedRecord = (Epoch, Seq, PersonId, Bytes);

/// Returns the numbered records of a document.
pub(crate) fn records(connection: &Connection, document: i64) -> Result<Vec<NumberedRecord>> {
    let mut statement = connection.prepare_cached(
        "SELECT epoch.epoch, seq, person, bytes
         FROM log JOIN epoch ON epoch.id = log.epoch JOIN author ON author.id = log.author
         WHERE document = ?1 AND kind = ?2 AND state = ?3 AND flags = 0",
    )?;
    let rows = statement.query_map(params![document, Kind::RECORD.0, NUMBERED], |row| {
        let (epoch, person) = (Epoch::from_bytes(row.get(0)?), PersonId::from_bytes(row.get(2)?));
        Ok((epoch, row.get(1)?, person, Bytes::from(row.get::<_, Vec<u8>>(3)?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
