//! The relay's SQLite database: one writing connection, any number of reading ones.
//!
//! The writing connection belongs to the writer thread ([`crate::writer`]); readers run beside it on their own
//! connections and see whole transactions only (WAL). `synchronous=FULL`: a commit returns once it is on the disk.
//! The methods: `workspace` (setting up), `log` (append, names), `pages` (catching up), `documents` (what the rules need, snapshots),
//! `people`, `sessions`, `invitations`.

mod documents;
mod invitations;
mod log;
mod pages;
mod people;
mod sessions;
#[cfg(test)]
mod tests;
mod workspace;

pub use people::NewAccount;
pub use workspace::Workspace;

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Error, Result};

/// Forward-only: a file once released is never edited, a change is a new file at the end.
const MIGRATIONS: [&str; 1] = [include_str!("schema_1.sql")];
const VERSION: i64 = MIGRATIONS.len() as i64;
/// Bytes of write-ahead log that are laid out in advance: the thousand pages between two checkpoints, and some more.
const LAID_OUT: usize = 1_200 * 4_096;
/// Pages that the connection keeps in memory, as SQLite takes it: so many KiB, negative.
const CACHE: i64 = -8_192;
/// "SHRL" in the file's header: tells a relay's database from any other.
const APPLICATION_ID: i64 = 0x5348_524c;

/// One connection to the database.
pub struct Sqlite {
    connection: Connection,
    numbers: log::Numbers,
}

impl From<Connection> for Sqlite {
    fn from(connection: Connection) -> Self {
        Self { connection, numbers: log::Numbers::default() }
    }
}

impl Sqlite {
    /// Opens the database for writing and brings it up to date; makes it where it is missing.
    pub fn open(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let mut connection = connect(path, flags)?;
        let made_here = version(&connection, path)?;
        connection.execute_batch("PRAGMA journal_mode = WAL;").map_err(|error| told(path, error))?;
        migrate(&mut connection, made_here)?;
        Ok(connection.into())
    }

    /// Opens the database beside a running relay; it must exist and have this program's schema.
    pub fn open_beside(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let connection = connect(path, flags)?;
        match version(&connection, path)? {
            VERSION => Ok(connection.into()),
            _ => Err(Error::Stored("the schema version: start the relay once to bring it up to date")),
        }
    }

    /// Opens a connection that cannot write.
    pub fn open_reader(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_EXRESCODE;
        Ok(connect(path, flags)?.into())
    }

    /// Makes the write-ahead log as long as it will get. Commits then write over blocks that belong to the file already;
    /// while a file grows, each sync waits for the file system's own journal too, which takes as long again.
    ///
    /// A transaction that outgrows the cache is begun and taken back: what it wrote stays behind as length.
    pub fn lay_out_log(&mut self) -> Result<()> {
        let filler = format!(
            "CREATE TABLE filler (bytes BLOB NOT NULL) STRICT;
             INSERT INTO filler (bytes) VALUES (zeroblob({LAID_OUT}));"
        );
        self.connection.pragma_update(None, "cache_size", 16)?;
        let done = self.write().and_then(|taken_back| Ok(taken_back.execute_batch(&filler)?));
        self.connection.pragma_update(None, "cache_size", CACHE)?;
        done
    }

    /// Moves what the write-ahead log holds into the database file; what a stopping relay does last.
    pub fn checkpoint(&self) -> Result<()> {
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    /// Begins a transaction that holds the write lock from its start, so that it cannot fail half-way for want of it.
    fn write(&mut self) -> Result<Transaction<'_>> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags).map_err(|error| told(path, error))?;
    connection
        .execute_batch(
            "PRAGMA busy_timeout = 5000;
             PRAGMA synchronous = FULL;
             PRAGMA fullfsync = ON;
             PRAGMA foreign_keys = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA cell_size_check = ON;
             PRAGMA mmap_size = 0;
             PRAGMA temp_store = MEMORY;
             PRAGMA journal_size_limit = 67108864;",
        )
        .map_err(|error| told(path, error))?;
    // A kept statement keeps its plan; otherwise each commit would wait for some to be planned anew.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "cache_size", CACHE)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Returns the schema version of a relay's database, 0 for a fresh file.
fn version(connection: &Connection, path: &Path) -> Result<i64> {
    let (found, application, tables): (i64, i64, i64) = connection
        .query_row(
            "SELECT (SELECT user_version FROM pragma_user_version), (SELECT application_id FROM pragma_application_id),
                    (SELECT count(*) FROM sqlite_schema)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .map_err(|error| told(path, error))?;
    let ours = application == APPLICATION_ID || (application == 0 && found == 0 && tables == 0);
    if !ours {
        return Err(Error::DatabaseCorrupt {
            path: path.to_owned(),
            detail: "it belongs to another program".into(),
        });
    }
    if found > VERSION { Err(Error::DatabaseNewer { found, known: VERSION }) } else { Ok(found) }
}

fn migrate(connection: &mut Connection, from: i64) -> Result<()> {
    for (number, script) in (1..).zip(MIGRATIONS).filter(|(number, _)| *number > from) {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        step.execute_batch(script)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", number)?;
        step.commit()?;
    }
    Ok(())
}

/// Tells a damaged file from other failures.
fn told(path: &Path, error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::DatabaseCorrupt { path: path.to_owned(), detail: error.to_string() }
        }
        _ => Error::Database(error),
    }
}
