//! Documents as a relay sent them folded, standing for entries that are not here as rows. This is data, not a cache:
//! a folded document is replaced only by one of the same log that reaches further and so contains it, or by a row of
//! this replica's own that says what else nothing here says. Another life of the log may lack what this one had, so its
//! folding is kept beside this one.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::Seq;

use super::document::document_at;
use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE folded (
    document INTEGER NOT NULL REFERENCES document (id), -- the document
    epoch    INTEGER NOT NULL REFERENCES epoch (id),    -- the log that it was folded from
    through  INTEGER NOT NULL,                          -- every entry of the document up to this number is in it
    bytes    BLOB NOT NULL,                             -- one Yjs update, v1
    PRIMARY KEY (document, epoch)
) STRICT;";

/// Keeps a folded document, unless one that reaches as far is here; says whether it was kept.
pub(crate) fn put(c: &Connection, document: i64, epoch: i64, through: Seq, bytes: &[u8]) -> Result<bool> {
    let kept = c.execute(
        "INSERT INTO folded (document, epoch, through, bytes) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (document, epoch) DO UPDATE SET through = excluded.through, bytes = excluded.bytes
         WHERE excluded.through > through",
        params![document, epoch, through, bytes],
    )?;
    Ok(kept > 0)
}

/// Returns the foldings of a document, that of the newest log first.
pub(crate) fn of(connection: &Connection, document: i64) -> Result<Vec<Vec<u8>>> {
    let mut statement =
        connection.prepare_cached("SELECT bytes FROM folded WHERE document = ?1 ORDER BY epoch DESC")?;
    let rows = statement.query_map([document], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns how far what came folded of a document from one life of the log reaches, 0 where nothing did.
pub(crate) fn through(connection: &Connection, document: DocumentId, epoch: Epoch) -> Result<Seq> {
    let mut statement = connection.prepare_cached(
        "SELECT through FROM folded
         WHERE document = (SELECT id FROM document WHERE document = ?1) AND epoch = (SELECT id FROM epoch WHERE epoch = ?2)",
    )?;
    let through = statement.query_row([document.as_bytes(), epoch.as_bytes()], |row| row.get(0));
    Ok(through.optional()?.unwrap_or_default())
}

/// Returns how far the furthest folding from one life of the log reaches, 0 where nothing came folded.
pub(crate) fn furthest(connection: &Connection, epoch: Epoch) -> Result<Seq> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(max(through), 0) FROM folded WHERE epoch = (SELECT id FROM epoch WHERE epoch = ?1)",
    )?;
    Ok(statement.query_row([epoch.as_bytes()], |row| row.get(0))?)
}

/// Returns which documents came folded, from which lives of the log and how far.
pub(crate) fn all(connection: &Connection) -> Result<Vec<(DocumentId, Epoch, Seq)>> {
    let mut statement = connection.prepare_cached(
        "SELECT document.document, epoch.epoch, through
         FROM folded JOIN document ON document.id = folded.document JOIN epoch ON epoch.id = folded.epoch
         ORDER BY folded.document",
    )?;
    let rows = statement
        .query_map([], |row| Ok((document_at(row, 0)?, Epoch::from_bytes(row.get(1)?), row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the foldings of a document, each with the life of the log and the number that it reaches through.
pub(crate) fn with_numbers(connection: &Connection, document: i64) -> Result<Vec<(Epoch, Seq, Bytes)>> {
    let mut statement = connection.prepare_cached(
        "SELECT epoch.epoch, through, bytes FROM folded JOIN epoch ON epoch.id = folded.epoch
         WHERE document = ?1 ORDER BY folded.epoch DESC",
    )?;
    let rows = statement.query_map([document], |row| {
        Ok((Epoch::from_bytes(row.get(0)?), row.get(1)?, Bytes::from(row.get::<_, Vec<u8>>(2)?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Says whether anything of a document came folded.
pub(crate) fn has_any(connection: &Connection, document: i64) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM folded WHERE document = ?1")?.exists([document])?)
}

/// Takes away what came folded of a document from one life of the log.
pub(crate) fn remove(connection: &Connection, document: i64, epoch: Epoch) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "DELETE FROM folded WHERE document = ?1 AND epoch = (SELECT id FROM epoch WHERE epoch = ?2)",
    )?;
    statement.execute(params![document, epoch.as_bytes()])?;
    Ok(())
}
