//! The forms that the database file has had, in order. A released step is never edited: a change is a new step at the
//! end, which first adds (expand) and only steps later removes (contract), because a user's disk is the one thing
//! that cannot be deployed again. The file says in `user_version` how many steps it has taken.

use rusqlite::{Connection, Transaction};

use crate::error::{Result, StoreError};
use crate::table::{author, document, epoch, folded, fork, log, outbox, replica, setting, snapshot};

/// Marks a database as a workspace of Sheaf: "Shea" in ASCII.
const APPLICATION_ID: i32 = 0x5368_6561;

/// Every step, each a list of statements that stand beside the code which relies on them.
const STEPS: &[&[&str]] = &[&[
    replica::CREATE,
    setting::CREATE,
    document::CREATE,
    author::CREATE,
    epoch::CREATE,
    log::CREATE,
    outbox::CREATE,
    fork::CREATE,
    folded::CREATE,
    snapshot::CREATE,
]];

/// How many steps there are: the form that this build reads and writes.
pub(crate) const NEWEST: u32 = STEPS.len() as u32;

/// Says whether this build can read a file, without writing to it; returns how many steps it has taken.
pub(crate) fn examine(connection: &Connection) -> Result<u32> {
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign);
    }
    if found > NEWEST {
        return Err(StoreError::Newer { found, known: NEWEST });
    }
    Ok(found)
}

/// Takes the steps that a file has not taken yet.
pub(crate) fn migrate(transaction: &Transaction<'_>, taken: u32) -> Result<()> {
    for statements in STEPS.iter().skip(taken as usize) {
        for statement in *statements {
            transaction.execute_batch(statement)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", NEWEST)?;
    Ok(())
}
