//! Files: what blobs are, as the log says it or a draft of this device does, and which of them this device holds.
//!
//! Of what is said of one hash the first word holds, so a row changes only when an earlier word comes. That is the lowest
//! number; numbers of an earlier life of the log become 0, and a draft has none.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sheaf_document::ids::{ContentHash, PersonId};
use sheaf_protocol::entry::Seq;
use sheaf_protocol::record::{Dimensions, FileWrite};

use super::agreed::Said;
use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE file (
    hash    BLOB    NOT NULL PRIMARY KEY, -- BLAKE3 of its bytes
    size    INTEGER NOT NULL,             -- how many they are
    media   TEXT    NOT NULL,             -- what they are, as a media type; said, not known
    name    TEXT    NOT NULL,             -- what the person who added it called it
    width   INTEGER,                      -- of a picture, in pixels
    height  INTEGER,                      -- the same
    person  BLOB    NOT NULL,             -- who added it
    said_by INTEGER                       -- the number of the entry that said so; NULL where only a draft does
) STRICT, WITHOUT ROWID;
CREATE INDEX file_size ON file (size);
CREATE TABLE held (
    hash BLOB NOT NULL PRIMARY KEY        -- a file whose bytes are on this device, whole
) STRICT, WITHOUT ROWID;";

/// A file, as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// What is said of it.
    pub file: FileWrite,
    /// Who added it.
    pub person: PersonId,
    /// Whether the relay's log says so; else it is a draft of this device.
    pub is_agreed: bool,
    /// Whether its bytes are here, as far as was noted.
    pub is_held: bool,
    /// Whether they wait here to be brought to the relay.
    pub is_waiting: bool,
}

/// Takes what the entry of this number says.
pub(crate) fn say(c: &Connection, number: Seq, by: PersonId, write: &FileWrite) -> Result<Said> {
    let mut known = c.prepare_cached("SELECT said_by FROM file WHERE hash = ?1")?;
    let before: Option<Option<Seq>> =
        known.query_row([write.hash.as_bytes()], |row| row.get(0)).optional()?;
    let is_first = before.flatten().is_none_or(|before| number < before);
    if is_first {
        put(c, by, write, Some(number))?;
    }
    Ok(Said { changed: is_first, overtaken: false })
}

/// Shows a draft, where nothing else is known of the file.
pub(crate) fn show(connection: &Connection, by: PersonId, write: &FileWrite) -> Result<()> {
    if get(connection, write.hash)?.is_none() {
        put(connection, by, write, None)?;
    }
    Ok(())
}

/// Shows only what the log says.
pub(crate) fn reset(connection: &Connection, hash: ContentHash) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM file WHERE hash = ?1 AND said_by IS NULL")?
        .execute([hash.as_bytes()])?;
    Ok(())
}

fn put(connection: &Connection, by: PersonId, write: &FileWrite, number: Option<Seq>) -> Result<()> {
    let FileWrite { hash, size, media, name, dimensions } = write;
    let (width, height) = dimensions.map(|it| (it.width, it.height)).unzip();
    // No file is longer than a database can count.
    let size = i64::try_from(*size).unwrap_or(i64::MAX);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO file (hash, size, media, name, width, height, person, said_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![hash.as_bytes(), size, media, name, width, height, by.as_bytes(), number])?;
    Ok(())
}

const ROW: &str = "SELECT hash, size, media, name, width, height, person, said_by IS NOT NULL,
    EXISTS (SELECT 1 FROM held WHERE held.hash = file.hash),
    EXISTS (SELECT 1 FROM upload WHERE upload.hash = file.hash) FROM file";

fn row_at(row: &Row<'_>) -> rusqlite::Result<FileRow> {
    let dimensions = row.get::<_, Option<u32>>(4)?.zip(row.get(5)?);
    let file = FileWrite {
        hash: ContentHash::from_bytes(row.get(0)?),
        size: row.get(1)?,
        media: row.get(2)?,
        name: row.get(3)?,
        dimensions: dimensions.map(|(width, height)| Dimensions { width, height }),
    };
    Ok(FileRow {
        file,
        person: PersonId::from_bytes(row.get(6)?),
        is_agreed: row.get(7)?,
        is_held: row.get(8)?,
        is_waiting: row.get(9)?,
    })
}

/// Returns what is known of a file.
pub(crate) fn get(connection: &Connection, hash: ContentHash) -> Result<Option<FileRow>> {
    let mut statement = connection.prepare_cached(&format!("{ROW} WHERE hash = ?1"))?;
    Ok(statement.query_row([hash.as_bytes()], row_at).optional()?)
}

/// Returns every file, in the order of their names.
pub(crate) fn all(connection: &Connection) -> Result<Vec<FileRow>> {
    let mut statement = connection.prepare_cached(&format!("{ROW} ORDER BY name, hash"))?;
    let rows = statement.query_map([], row_at)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns files of at most `most` bytes that are not here, the small ones first.
pub(crate) fn lacking(c: &Connection, most: u64, limit: usize) -> Result<Vec<(ContentHash, u64)>> {
    let mut statement = c.prepare_cached(
        "SELECT hash, size FROM file INDEXED BY file_size
         WHERE size <= ?1 AND said_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held WHERE held.hash = file.hash)
         ORDER BY size LIMIT ?2",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement
        .query_map(params![most, limit], |row| Ok((ContentHash::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the files that an earlier life of the log said and that are here; whether the present one says them too has to
/// be asked.
pub(crate) fn unsaid(connection: &Connection) -> Result<Vec<FileWrite>> {
    let mut statement = connection.prepare_cached(&format!(
        "{ROW} WHERE said_by = 0 AND EXISTS (SELECT 1 FROM held WHERE held.hash = file.hash) ORDER BY hash"
    ))?;
    let rows = statement.query_map([], |row| row_at(row).map(|row| row.file))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The log began a new life: what an earlier one said came first.
pub(crate) fn forget_numbers(connection: &Connection) -> Result<()> {
    connection.execute("UPDATE file SET said_by = said_by * 0", [])?;
    Ok(())
}

/// Notes whether a file's bytes are on this device.
pub(crate) fn hold(connection: &Connection, hash: ContentHash, is_held: bool) -> Result<()> {
    let change = if is_held {
        "INSERT OR IGNORE INTO held (hash) VALUES (?1)"
    } else {
        "DELETE FROM held WHERE hash = ?1"
    };
    connection.prepare_cached(change)?.execute([hash.as_bytes()])?;
    Ok(())
}
