//! What this replica wrote and no relay has acknowledged: the names under which rows of the log will be pushed.
//!
//! All of it bears the replica's present id, so a counter is a key; counters rise in the order of writing.

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::ContentHash;
use sheaf_protocol::entry::{Author, Counter, Draft, Kind};

use super::log;
use crate::error::Result;
use crate::outbox::Budget;

pub(crate) const CREATE: &str = "
CREATE TABLE outbox (
    counter INTEGER PRIMARY KEY,                  -- the entry's name under this replica
    entry   INTEGER NOT NULL REFERENCES log (id)  -- the row of the log
) STRICT;";

/// A row of the log that waits for an acknowledgement.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// The row of the log.
    pub(crate) entry: i64,
    /// Its document.
    pub(crate) document: i64,
    /// What its bytes are.
    pub(crate) kind: Kind,
    /// Their hash.
    pub(crate) hash: ContentHash,
}

pub(crate) fn add(connection: &Connection, counter: Counter, entry: i64) -> Result<()> {
    connection
        .prepare_cached("INSERT INTO outbox (counter, entry) VALUES (?1, ?2)")?
        .execute(params![counter, entry])?;
    Ok(())
}

/// Returns the row that waits under this name.
pub(crate) fn named(connection: &Connection, counter: Counter) -> Result<Option<Waiting>> {
    let mut statement = connection.prepare_cached(
        "SELECT log.id, log.document, log.hash, log.kind
         FROM outbox JOIN log ON log.id = outbox.entry WHERE outbox.counter = ?1",
    )?;
    let waiting = statement.query_row([counter], |row| {
        let hash = ContentHash::from_bytes(row.get(2)?);
        Ok(Waiting { entry: row.get(0)?, document: row.get(1)?, kind: Kind(row.get(3)?), hash })
    });
    Ok(waiting.optional()?)
}

/// Returns the row that waits under this name, if it holds these bytes.
pub(crate) fn find(c: &Connection, counter: Counter, hash: ContentHash) -> Result<Option<Waiting>> {
    Ok(named(c, counter)?.filter(|waiting| waiting.hash == hash))
}

pub(crate) fn remove(connection: &Connection, counter: Counter) -> Result<()> {
    connection.prepare_cached("DELETE FROM outbox WHERE counter = ?1")?.execute([counter])?;
    Ok(())
}

/// Takes a row of the log out of the outbox that waits there.
pub(crate) fn let_go(connection: &Connection, entry: i64) -> Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM outbox WHERE counter = (SELECT counter FROM log WHERE id = ?1) AND entry = ?1",
        )?
        .execute([entry])?;
    Ok(())
}

/// Empties the outbox and returns its rows of the log, in order: they are about to be named anew.
pub(crate) fn take_all(connection: &Connection) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached("SELECT entry FROM outbox ORDER BY counter")?;
    let rows = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    connection.execute("DELETE FROM outbox", [])?;
    Ok(rows)
}

/// Takes everything of one document out of the outbox; returns how much that was.
pub(crate) fn set_aside(connection: &Connection, document: i64) -> Result<i64> {
    let removed = connection.execute(
        "DELETE FROM outbox WHERE entry IN (SELECT id FROM log WHERE document = ?1 AND state = ?2)",
        params![document, log::WAITING],
    )?;
    Ok(i64::try_from(removed).unwrap_or(i64::MAX))
}

/// Returns how many rows wait.
pub(crate) fn count(connection: &Connection) -> Result<u64> {
    Ok(connection.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0))?)
}

/// Returns the highest counter in the outbox, 0 when it is empty.
pub(crate) fn last_counter(connection: &Connection) -> Result<Counter> {
    let mut statement = connection.prepare_cached("SELECT coalesce(max(counter), 0) FROM outbox")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// Returns what waits after a counter, in order, without the documents that are stuck, the records that were refused and
/// those whose files the relay has not got yet;
/// the first row always, more as long as the budget lasts.
pub(crate) fn after(c: &Connection, counter: Counter, author: Author, budget: Budget) -> Result<Vec<Draft>> {
    let mut statement = c.prepare_cached(&format!(
        "SELECT {} FROM outbox JOIN log ON log.id = outbox.entry JOIN document ON document.id = log.document
         WHERE outbox.counter > ?1 AND NOT EXISTS (SELECT 1 FROM fork WHERE fork.document = log.document)
             AND NOT EXISTS (SELECT 1 FROM refusal WHERE refusal.entry = log.id)
             AND NOT EXISTS (SELECT 1 FROM upload WHERE upload.entry = log.id)
         ORDER BY outbox.counter",
        log::DRAFT
    ))?;
    let rows = statement.query([counter])?;
    budget.fill(rows, |row| log::draft(row, author), |draft| draft.bytes.len())
}
