//! The rows of the tree that people see: a place with its document's title, in the order of a level.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use sheaf_document::ids::{DocumentId, PersonId};
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{Order, Parent};

use super::document::document_at;
use super::place::{STANDS, bytes_of, parent_at};
use super::replica;
use crate::error::Result;
use crate::tree::{Level, PlaceRow, Spot};

/// What [`row_at`] reads; the first parameter is the person who looks.
const ROWS: &str = "
    SELECT place.document, place.parent, place.position, coalesce(document.title, ''), place.icon, place.children,
           place.trashed, place.lost, favourite.document IS NOT NULL, fork.code, coalesce(document.changed_at, 0)
    FROM place LEFT JOIN document ON document.document = place.document
         LEFT JOIN fork ON fork.document = document.id
         LEFT JOIN favourite
             ON favourite.person = ?1 AND favourite.document = place.document AND favourite.is_on = 1";

fn row_at(row: &Row<'_>) -> rusqlite::Result<PlaceRow> {
    let recovered = row.get::<_, u8>(7)? != STANDS;
    Ok(PlaceRow {
        id: document_at(row, 0)?,
        parent: parent_at(row, 1)?.filter(|_| !recovered),
        order: row.get(2)?,
        title: row.get(3)?,
        icon: row.get(4)?,
        children: row.get(5)?,
        trashed: row.get(6)?,
        recovered,
        favourite: row.get(8)?,
        refused: row.get::<_, Option<u16>>(9)?.map(Code),
        updated_at: row.get(10)?,
    })
}

/// Returns the row of a document.
pub(crate) fn row(connection: &Connection, me: PersonId, document: DocumentId) -> Result<Option<PlaceRow>> {
    let mut statement = connection.prepare_cached(&format!("{ROWS} WHERE place.document = ?2"))?;
    Ok(statement.query_row(params![me.as_bytes(), document.as_bytes()], row_at).optional()?)
}

/// Returns the way to a document: the rows of those that it stands under, from the top, and its own at the end.
pub(crate) fn path(connection: &Connection, me: PersonId, document: DocumentId) -> Result<Vec<PlaceRow>> {
    let (mut path, mut seen, mut next) = (Vec::new(), BTreeSet::new(), Some(document));
    while let Some(document) = next
        && seen.insert(document)
        && let Some(row) = row(connection, me, document)?
    {
        next = row.parent;
        path.push(row);
    }
    path.reverse();
    Ok(path)
}

/// Returns some of a level after a spot on it.
pub(crate) fn page(
    connection: &Connection,
    me: PersonId,
    level: Level,
    after: Option<&Spot>,
    limit: usize,
) -> Result<Vec<PlaceRow>> {
    let me = me.as_bytes();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    // Beyond every id, for lists that begin with the youngest.
    let (none, beyond) = ([0; 16], [0xff; 16]);
    let id = after.map(|spot| spot.id.as_bytes());
    match level {
        Level::Under(parent) => {
            let order = after.map_or(&[][..], |spot| &spot.order);
            let rows = "WHERE place.parent = ?2 AND place.trashed = 0 AND place.lost = 0
                            AND (place.position, place.document) > (?3, ?4)
                        ORDER BY place.position, place.document LIMIT ?5";
            some(connection, rows, params![me, bytes_of(&parent), order, id.unwrap_or(&none), limit])
        }
        Level::Trash => {
            let rows =
                "WHERE place.trashed = 1 AND place.document < ?2 ORDER BY place.document DESC LIMIT ?3";
            some(connection, rows, params![me, id.unwrap_or(&beyond), limit])
        }
        Level::Recovered if !replica::is_whole(connection)? => Ok(Vec::new()),
        Level::Recovered => {
            let rows = "WHERE place.lost <> 0 AND place.trashed = 0 AND place.document < ?2
                        ORDER BY place.document DESC LIMIT ?3";
            some(connection, rows, params![me, id.unwrap_or(&beyond), limit])
        }
        Level::Favourites => {
            let rows = "WHERE place.document IN (
                            SELECT document FROM favourite WHERE person = ?1 AND is_on = 1 AND document > ?2)
                            AND NOT EXISTS (
                                WITH RECURSIVE way (document) AS (
                                    SELECT place.document
                                    UNION SELECT parent FROM place AS step JOIN way USING (document) WHERE lost = 0)
                                SELECT 1 FROM place AS above JOIN way USING (document) WHERE above.trashed = 1)
                        ORDER BY place.document LIMIT ?3";
            some(connection, rows, params![me, id.unwrap_or(&none), limit])
        }
    }
}

fn some(connection: &Connection, which: &str, params: impl Params) -> Result<Vec<PlaceRow>> {
    let mut statement = connection.prepare_cached(&format!("{ROWS} {which}"))?;
    let rows = statement.query_map(params, row_at)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// An end of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    First,
    Last,
}

/// Returns the order at an end of a level, without one document. What is in the trash keeps its place among the others.
pub(crate) fn edge(
    c: &Connection,
    parent: Parent,
    edge: Edge,
    but: Option<DocumentId>,
) -> Result<Option<Order>> {
    let direction = if edge == Edge::First { "ASC" } else { "DESC" };
    let mut statement = c.prepare_cached(&format!(
        "SELECT position FROM place WHERE parent = ?1 AND lost = 0 AND document <> ?2
         ORDER BY position {direction}, document {direction} LIMIT 1"
    ))?;
    order(statement.query_row(params![bytes_of(&parent), bytes_of(&but)], |row| row.get(0)).optional()?)
}

/// Returns the order of whatever comes behind a document, without another one.
pub(crate) fn behind(
    c: &Connection,
    parent: Parent,
    position: &[u8],
    document: DocumentId,
    but: Option<DocumentId>,
) -> Result<Option<Order>> {
    let mut statement = c.prepare_cached(
        "SELECT position FROM place WHERE parent = ?1 AND lost = 0
             AND (position, document) > (?2, ?3) AND document <> ?4
         ORDER BY position, document LIMIT 1",
    )?;
    let params = params![bytes_of(&parent), position, document.as_bytes(), bytes_of(&but)];
    order(statement.query_row(params, |row| row.get(0)).optional()?)
}

fn order(found: Option<Vec<u8>>) -> Result<Option<Order>> {
    Ok(found.and_then(|bytes| Order::from_bytes(&bytes)))
}
