//! What the log says of places: of every field the last word, and the number that it has.
//!
//! Acknowledgements come between others' entries in any order, so it is the number of an entry that decides, never when it
//! came. When the log begins a new life, which numbers anew what it forgot, all numbers become 0: whatever that life says
//! is later than what is here.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Seq;
use sheaf_protocol::record::{Parent, PlaceWrite};

use super::document::document_at;
use super::place::{bytes_of, parent_at};
use crate::error::Result;

pub(crate) const CREATE: &str = "
CREATE TABLE agreed (
    document      BLOB    NOT NULL PRIMARY KEY, -- the document
    parent        BLOB    NOT NULL,             -- what it stands under; empty at the top
    position      BLOB    NOT NULL,             -- its order among those that stand there too
    positioned_by INTEGER,                      -- the number of the entry that said both; NULL when none did, as below
    icon          TEXT    NOT NULL,             -- the sign beside its title
    icon_by       INTEGER,                      -- the number of the entry that said so
    trashed       INTEGER NOT NULL,             -- whether it is in the trash
    trashed_by    INTEGER,                      -- the number of the entry that said so
    schema        INTEGER NOT NULL              -- the document schema that its text needs: the highest that was said
) STRICT, WITHOUT ROWID;";

/// What the log says of a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Agreed {
    pub(crate) parent: Parent,
    pub(crate) order: Vec<u8>,
    pub(crate) positioned_by: Option<Seq>,
    pub(crate) icon: String,
    pub(crate) icon_by: Option<Seq>,
    pub(crate) trashed: bool,
    pub(crate) trashed_by: Option<Seq>,
    pub(crate) schema: u16,
}

/// What became of fields that an entry said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// Some are others now.
    pub(crate) changed: bool,
    /// Some had been said by a later entry already.
    pub(crate) overtaken: bool,
}

impl Said {
    /// Says whether the entry of this number has the last word on a field, and notes it.
    pub(crate) fn is_last(&mut self, number: Seq, before: Option<Seq>) -> bool {
        let is_last = before.is_none_or(|before| number > before);
        self.changed |= is_last;
        self.overtaken |= !is_last;
        is_last
    }
}

impl Agreed {
    fn take(&mut self, number: Seq, write: &PlaceWrite) -> Said {
        let mut said = Said::default();
        if let Some(position) = &write.position
            && said.is_last(number, self.positioned_by)
        {
            (self.parent, self.order) = (position.parent, position.order.as_bytes().to_vec());
            self.positioned_by = Some(number);
        }
        if let Some(icon) = &write.icon
            && said.is_last(number, self.icon_by)
        {
            self.icon.clone_from(icon);
            self.icon_by = Some(number);
        }
        if let Some(trashed) = write.trashed
            && said.is_last(number, self.trashed_by)
        {
            (self.trashed, self.trashed_by) = (trashed, Some(number));
        }
        if let Some(schema) = write.schema.filter(|schema| *schema > self.schema) {
            self.schema = schema;
            said.changed = true;
        }
        said
    }
}

/// Takes what the entry of this number says.
pub(crate) fn say(connection: &Connection, number: Seq, write: &PlaceWrite) -> Result<Said> {
    let mut agreed = get(connection, write.document)?.unwrap_or_default();
    let said = agreed.take(number, write);
    if said.changed {
        put(connection, write.document, &agreed)?;
    }
    Ok(said)
}

pub(crate) fn get(connection: &Connection, document: DocumentId) -> Result<Option<Agreed>> {
    let mut statement = connection.prepare_cached(
        "SELECT document, parent, position, positioned_by, icon, icon_by, trashed, trashed_by, schema
         FROM agreed WHERE document = ?1",
    )?;
    Ok(statement.query_row([document.as_bytes()], agreed_at).optional()?)
}

fn agreed_at(row: &Row<'_>) -> rusqlite::Result<Agreed> {
    Ok(Agreed {
        parent: parent_at(row, 1)?,
        order: row.get(2)?,
        positioned_by: row.get(3)?,
        icon: row.get(4)?,
        icon_by: row.get(5)?,
        trashed: row.get(6)?,
        trashed_by: row.get(7)?,
        schema: row.get(8)?,
    })
}

/// Returns the places of which an earlier life of the log said something that the present one has not said since.
pub(crate) fn unsaid(connection: &Connection) -> Result<Vec<(DocumentId, Agreed)>> {
    let mut statement = connection.prepare_cached(
        "SELECT document, parent, position, positioned_by, icon, icon_by, trashed, trashed_by, schema
         FROM agreed WHERE positioned_by = 0 OR icon_by = 0 OR trashed_by = 0 ORDER BY document",
    )?;
    let rows = statement.query_map([], |row| Ok((document_at(row, 0)?, agreed_at(row)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn put(connection: &Connection, document: DocumentId, agreed: &Agreed) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "INSERT OR REPLACE INTO agreed
             (document, parent, position, positioned_by, icon, icon_by, trashed, trashed_by, schema)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    statement.execute(params![
        document.as_bytes(),
        bytes_of(&agreed.parent),
        agreed.order,
        agreed.positioned_by,
        agreed.icon,
        agreed.icon_by,
        agreed.trashed,
        agreed.trashed_by,
        agreed.schema,
    ])?;
    Ok(())
}

/// The log began a new life: whatever it says from now on is later.
pub(crate) fn forget_numbers(connection: &Connection) -> Result<()> {
    connection.execute(
        "UPDATE agreed SET positioned_by = positioned_by * 0, icon_by = icon_by * 0, trashed_by = trashed_by * 0",
        [],
    )?;
    Ok(())
}
