//! Reading the outbox: what still has to reach a relay.
//!
//! The table is the queue. A replica that has never met a relay fills it too, so publishing such a workspace is
//! nothing but beginning to empty it.

use rusqlite::{Row, Rows};
use sheaf_protocol::entry::{Counter, Draft};

use crate::error::Result;
use crate::store::Store;
use crate::table::{outbox, replica};

/// How much one reading may return. The first row is returned however long it is, so that reading always gets on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Bytes of updates and records, without their headers.
    pub bytes: usize,
    /// Rows.
    pub rows: usize,
}

impl Budget {
    /// Reads rows while the budget lasts.
    pub(crate) fn fill<T>(
        self,
        mut rows: Rows<'_>,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        bytes: impl Fn(&T) -> usize,
    ) -> Result<Vec<T>> {
        let mut taken = Vec::new();
        let mut left = self.bytes;
        while let Some(row) = rows.next()? {
            let next = read(row)?;
            let size = bytes(&next);
            if !taken.is_empty() && (size > left || taken.len() >= self.rows) {
                break;
            }
            left = left.saturating_sub(size);
            taken.push(next);
        }
        Ok(taken)
    }
}

impl Store {
    /// Returns what waits for an acknowledgement after this counter, in the order of writing, without the documents
    /// that are stuck, the records that were refused, and those whose files are still to be brought.
    pub fn outbox(&self, after: Counter, budget: Budget) -> Result<Vec<Draft>> {
        self.read(|connection| {
            let author = replica::identity(connection)?.author;
            outbox::after(connection, after, author, budget)
        })
    }

    /// Returns how many entries wait for an acknowledgement, those that a person has to settle included.
    pub fn waiting(&self) -> Result<u64> {
        self.read(outbox::count)
    }
}
