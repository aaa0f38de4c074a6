//! The tree as it is shown: one row for each document that has a place, or has words and none.
//!
//! What is shown is what the log says with this device's drafts on it, so a row can always be worked out again from the
//! log. `children` and `lost` are conclusions from other rows; [`crate::tree`] keeps them true.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sheaf_document::ids::DocumentId;
use sheaf_protocol::record::Parent;

use super::agreed::Agreed;
use super::document::document_at;
use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE place (
    document BLOB    NOT NULL PRIMARY KEY, -- the document
    parent   BLOB    NOT NULL,             -- what it stands under; empty at the top
    position BLOB    NOT NULL,             -- its order among those that stand there too
    icon     TEXT    NOT NULL,             -- the sign beside its title
    trashed  INTEGER NOT NULL,             -- whether it is in the trash
    lost     INTEGER NOT NULL,             -- 0 it stands there; 1 its parent has no place or stands under it; 2 it has no place
    children INTEGER NOT NULL              -- how many stand right below it and are not in the trash
) STRICT, WITHOUT ROWID;
CREATE INDEX place_level ON place (parent, lost, position, document, trashed);
CREATE INDEX place_trashed ON place (document) WHERE trashed = 1;
CREATE INDEX place_lost ON place (document) WHERE lost <> 0;
CREATE INDEX place_astray ON place (document) WHERE lost = 1;
INSERT INTO place (document, parent, position, icon, trashed, lost, children)
    SELECT document, x'', x'', '', 0, 2, 0 FROM document;";

/// It stands where its row says.
pub(crate) const STANDS: u8 = 0;
/// Its parent has no place, or stands under it.
pub(crate) const ASTRAY: u8 = 1;
/// It has words and no place.
pub(crate) const HOMELESS: u8 = 2;

/// A place that is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) parent: Parent,
    pub(crate) order: Vec<u8>,
    pub(crate) icon: String,
    pub(crate) trashed: bool,
    pub(crate) lost: u8,
    /// Read only: what [`put`] makes of it is its own to know.
    pub(crate) children: u64,
}

impl Shown {
    /// A document that has words and no place.
    pub(crate) fn homeless() -> Self {
        Self { lost: HOMELESS, ..Self::default() }
    }

    /// What it stands under; `None` for one that has no place.
    pub(crate) fn standing(&self) -> Option<Parent> {
        (self.lost != HOMELESS).then_some(self.parent)
    }

    /// The row whose children count this one.
    fn counted_by(&self) -> Parent {
        self.parent.filter(|_| self.lost == STANDS && !self.trashed)
    }
}

impl From<Agreed> for Shown {
    fn from(agreed: Agreed) -> Self {
        let Agreed { parent, order, icon, trashed, .. } = agreed;
        Self { parent, order, icon, trashed, lost: STANDS, children: 0 }
    }
}

pub(crate) fn get(connection: &Connection, document: DocumentId) -> Result<Option<Shown>> {
    let mut statement = connection.prepare_cached(
        "SELECT parent, position, icon, trashed, lost, children FROM place WHERE document = ?1",
    )?;
    let found = statement.query_row([document.as_bytes()], |row| {
        Ok(Shown {
            parent: parent_at(row, 0)?,
            order: row.get(1)?,
            icon: row.get(2)?,
            trashed: row.get(3)?,
            lost: row.get(4)?,
            children: row.get(5)?,
        })
    });
    Ok(found.optional()?)
}

/// Returns what a document stands under, as the rules ask it; `None` for one that has no place.
pub(crate) fn standing(connection: &Connection, document: DocumentId) -> Result<Option<Parent>> {
    let mut statement =
        connection.prepare_cached("SELECT parent FROM place WHERE document = ?1 AND lost <> 2")?;
    Ok(statement.query_row([document.as_bytes()], |row| parent_at(row, 0)).optional()?)
}

/// Puts one place, or none, where another was, and counts it where it stands.
pub(crate) fn put(
    connection: &Connection,
    document: DocumentId,
    before: Option<&Shown>,
    after: Option<&Shown>,
) -> Result<()> {
    match (before, after) {
        (None, None) => return Ok(()),
        (_, None) => {
            connection
                .prepare_cached("DELETE FROM place WHERE document = ?1")?
                .execute([document.as_bytes()])?;
        }
        (_, Some(place)) => {
            let mut statement = connection.prepare_cached(match before {
                Some(_) => {
                    "UPDATE place SET parent = ?2, position = ?3, icon = ?4, trashed = ?5, lost = ?6
                     WHERE document = ?1"
                }
                None => {
                    "INSERT INTO place (document, parent, position, icon, trashed, lost, children)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6,
                         (SELECT count(*) FROM place WHERE parent = ?1 AND trashed = 0 AND lost = 0))"
                }
            })?;
            let Shown { parent, order, icon, trashed, lost, .. } = place;
            statement.execute(params![document.as_bytes(), bytes_of(parent), order, icon, trashed, lost])?;
        }
    }
    let (old, new) = (before.and_then(Shown::counted_by), after.and_then(Shown::counted_by));
    if old != new {
        let mut count =
            connection.prepare_cached("UPDATE place SET children = children + ?2 WHERE document = ?1")?;
        for (parent, by) in [(old, -1), (new, 1)] {
            if let Some(parent) = parent {
                count.execute(params![parent.as_bytes(), by])?;
            }
        }
    }
    Ok(())
}

/// A document has words: until a record says where it stands, it is one that has no place.
pub(crate) fn begin(connection: &Connection, document: DocumentId) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO place (document, parent, position, icon, trashed, lost, children)
         VALUES (?1, x'', x'', '', 0, 2, 0) ON CONFLICT (document) DO NOTHING",
    )?;
    statement.execute([document.as_bytes()])?;
    Ok(())
}

/// Returns what says it stands under a document, at most so many.
pub(crate) fn below(connection: &Connection, parent: DocumentId, most: usize) -> Result<Vec<DocumentId>> {
    let mut statement = connection.prepare_cached("SELECT document FROM place WHERE parent = ?1 LIMIT ?2")?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![parent.as_bytes(), most], |row| document_at(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the places whose parents have none, or stand under them.
pub(crate) fn astray(connection: &Connection) -> Result<Vec<DocumentId>> {
    let mut statement = connection.prepare_cached("SELECT document FROM place WHERE lost = 1")?;
    let rows = statement.query_map([], |row| document_at(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reads what a document stands under from a column.
pub(crate) fn parent_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Parent> {
    match row.get_ref(column)?.as_blob()? {
        [] => Ok(None),
        _ => document_at(row, column).map(Some),
    }
}

/// Returns what such a column holds.
pub(crate) fn bytes_of(parent: &Parent) -> &[u8] {
    parent.as_ref().map_or(&[], |parent| parent.as_bytes())
}
