//! Brings into the index what changed, some documents in one transaction.

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::DocumentId;
use sheaf_document::search::folded;
use sheaf_protocol::entry::Millis;

use super::index::Index;
use super::marks::Marks;
use crate::error::{Result, StoreError};
use crate::store::Store;
use crate::table::document::Changed;
use crate::table::log;

/// Ids of one minute: when more documents changed in it, they borrow from the next one.
const IDS_OF_A_MINUTE: i64 = 1 << 12;
const MINUTE: i64 = 60 * 1000;

/// What there is to find in a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its headings, a line each.
    pub headings: String,
    /// Its text, headings and all.
    pub text: String,
    /// The documents that it links to.
    pub links: Vec<DocumentId>,
}

impl Index {
    /// Returns how many documents changed that are not in here as they are.
    ///
    /// # Errors
    /// When a disk fails.
    pub fn left(&self, store: &Store) -> Result<u64> {
        Marks::read(&self.connection)?.left(store)
    }

    /// Brings in some documents that changed, at most so many: the newest ones first where there are many. Returns how many
    /// that were; 0 when all of them are in. What `read` cannot say of a document is taken for nothing.
    ///
    /// # Errors
    /// When a disk fails, or `read` does; then nothing was brought in.
    pub fn refresh<E: From<StoreError>>(
        &mut self,
        store: &Store,
        most: usize,
        mut read: impl FnMut(DocumentId) -> std::result::Result<Option<Page>, E>,
    ) -> std::result::Result<usize, E> {
        if self.left(store)? == 0 {
            return Ok(0);
        }
        self.write(|transaction| {
            // Another process may have been here meanwhile.
            let (changed, marks) = Marks::read(transaction)?.next(store, most.max(1))?;
            for document in &changed {
                let page = read(document.document)?.unwrap_or_default();
                put(transaction, store, document, &page)?;
            }
            marks.write(transaction)?;
            Ok(changed.len())
        })
    }
}

/// Puts a document where its older state was.
fn put(connection: &Connection, store: &Store, changed: &Changed, page: &Page) -> Result<()> {
    let document = changed.document.as_bytes();
    let mut known = connection.prepare_cached("SELECT id FROM page WHERE document = ?1")?;
    if let Some(old) = known.query_row([document], |row| row.get::<_, i64>(0)).optional()? {
        for delete in [
            "DELETE FROM head WHERE rowid = ?1",
            "DELETE FROM word WHERE rowid = ?1",
            "DELETE FROM page WHERE id = ?1",
        ] {
            connection.prepare_cached(delete)?.execute([old])?;
        }
    }
    let id = free_id(connection, changed.at)?;
    let Page { title, headings, text, links } = page;
    let called = folded(title);
    connection
        .prepare_cached(
            "INSERT INTO page (id, document, at, called, title, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![id, document, changed.at, called, title, text])?;
    connection
        .prepare_cached("INSERT INTO head (rowid, title, headings) VALUES (?1, ?2, ?3)")?
        .execute(params![id, called, folded(headings)])?;
    let writers = writers(connection, store, changed)?;
    let links: Vec<_> = links.iter().map(|link| token(link.as_bytes())).collect();
    connection
        .prepare_cached("INSERT INTO word (rowid, text, writer, link) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, format!("{called} {}", folded(text)), writers, links.join(" ")])?;
    Ok(())
}

/// Returns the next free id of a document that changed then.
fn free_id(connection: &Connection, at: Millis) -> Result<i64> {
    let first = first_id(i64::try_from(at).unwrap_or(i64::MAX));
    let mut statement = connection.prepare_cached("SELECT max(id) FROM page WHERE id >= ?1 AND id < ?2")?;
    let mut from = first;
    loop {
        let last: Option<i64> = statement.query_row([from, from + IDS_OF_A_MINUTE], |row| row.get(0))?;
        match last {
            None => return Ok(from),
            Some(last) if last + 1 < from + IDS_OF_A_MINUTE => return Ok(last + 1),
            Some(_) => from += IDS_OF_A_MINUTE,
        }
    }
}

/// Returns the least id of what changed then or later.
pub(super) fn first_id(at: i64) -> i64 {
    // A clock may say anything.
    at.div_euclid(MINUTE).clamp(0, i64::MAX / IDS_OF_A_MINUTE / 2) * IDS_OF_A_MINUTE
}

/// Returns everyone who wrote in a document, as tokens. Only the rows that are new are looked at.
fn writers(connection: &Connection, store: &Store, changed: &Changed) -> Result<String> {
    let document = changed.document.as_bytes();
    let mut seen =
        connection.prepare_cached("SELECT coalesce(max(row), 0) FROM writer WHERE document = ?1")?;
    let seen: i64 = seen.query_row([document], |row| row.get(0))?;
    let new = store.read(|connection| log::writers(connection, changed.id, seen))?;
    let mut add = connection.prepare_cached(
        "INSERT INTO writer (document, person, row) VALUES (?1, ?2, ?3)
         ON CONFLICT (document, person) DO UPDATE SET row = excluded.row",
    )?;
    for (person, row) in new {
        add.execute(params![document, person.as_bytes(), row])?;
    }
    let mut all = connection.prepare_cached("SELECT person FROM writer WHERE document = ?1")?;
    let all = all.query_map([document], |row| Ok(token(&row.get(0)?)))?;
    Ok(all.collect::<rusqlite::Result<Vec<_>>>()?.join(" "))
}

/// Returns the token of a person or a document.
pub(super) fn token(id: &[u8; 16]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}
