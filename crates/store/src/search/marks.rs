//! Which changes of documents an index has seen.
//!
//! A document's change has a number that rises through the whole workspace, and only its last one counts. An index has seen everything up to
//! `through` and from `low` to `high`. When much is new, as in a workspace that was just joined, the newest is brought in
//! first, and the stretch between the two goes down to nothing.

use rusqlite::{Connection, params};
use sheaf_document::ids::ContentHash;

use crate::error::Result;
use crate::store::Store;
use crate::table::document::{self, Changed};
use crate::table::log;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks {
    row: i64,
    hash: ContentHash,
    through: i64,
    low: i64,
    high: i64,
}

impl Default for Marks {
    fn default() -> Self {
        Self { row: 0, hash: ContentHash::from_bytes([0; 32]), through: 0, low: 1, high: 0 }
    }
}

impl Marks {
    pub(super) fn read(connection: &Connection) -> Result<Self> {
        let mut statement = connection.prepare_cached("SELECT row, hash, through, low, high FROM mark")?;
        Ok(statement.query_row([], |row| {
            Ok(Self {
                row: row.get(0)?,
                hash: ContentHash::from_bytes(row.get(1)?),
                through: row.get(2)?,
                low: row.get(3)?,
                high: row.get(4)?,
            })
        })?)
    }

    pub(super) fn write(&self, connection: &Connection) -> Result<()> {
        connection.execute("DELETE FROM mark", [])?;
        let Self { row, hash, through, low, high } = self;
        connection.execute(
            "INSERT INTO mark (row, hash, through, low, high) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![row, hash.as_bytes(), through, low, high],
        )?;
        Ok(())
    }

    /// Says whether a workspace is the one that these marks were made of, further on at most: it is not after somebody
    /// put an older copy of its file in place.
    pub(super) fn is_of(&self, store: &Store) -> Result<bool> {
        if self.row == 0 {
            return Ok(self.high == 0);
        }
        store.read(|connection| Ok(log::hash(connection, self.row)? == Some(self.hash)))
    }

    /// Returns how many documents have changes that are not seen.
    pub(super) fn left(&self, store: &Store) -> Result<u64> {
        store.read(|connection| {
            let behind = document::count_changed(connection, self.through, self.low)?;
            Ok(behind + document::count_changed(connection, self.high, i64::MAX)?)
        })
    }

    /// Returns some changes that are not seen, and what the marks are once they are.
    pub(super) fn next(mut self, store: &Store, most: usize) -> Result<(Vec<Changed>, Self)> {
        store.read(|connection| {
            if let Some((row, hash)) = log::last(connection)? {
                (self.row, self.hash) = (row, hash);
            }
            let newest = document::newest_change(connection)?;
            if self.through == self.high && newest - self.high > most as i64 {
                // Much is new: it is gone through from its end.
                (self.low, self.high) = (newest + 1, newest);
            }
            let new = document::changed_after(connection, self.high, most)?;
            if let Some(last) = new.last() {
                self.high = last.generation;
                if self.low > self.through + 1 {
                    return Ok((new, self));
                }
                (self.through, self.low) = (self.high, self.high + 1);
                return Ok((new, self));
            }
            let behind = document::changed_between(connection, self.through, self.low, most)?;
            match behind.last().filter(|_| behind.len() == most) {
                Some(last) => self.low = last.generation,
                None => (self.through, self.low) = (self.high, self.high + 1),
            }
            Ok((behind, self))
        })
    }
}
