//! The index's file: its form, and the one way to it.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use sheaf_document::search;

use super::marks::Marks;
use crate::error::{Result, StoreError};
use crate::lock::beside;
use crate::open::create_private;
use crate::store::Store;

/// Rises with every change of the form below.
const FORM: u32 = 2;
/// What a file says of itself when it is of this form and this tokeniser.
const VERSION: u32 = FORM << 16 | search::VERSION;
/// What the index's file is called behind the workspace's name.
const ENDING: &str = ".search";
/// How long one process waits for another's batch.
const BUSY: Duration = Duration::from_secs(5);

/// A lost transaction is made again, so none waits for the disk; a power cut leaves an older moment, whole.
const PRAGMAS: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA mmap_size = 0;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -4096; -- KiB
PRAGMA journal_size_limit = 16777216;";

/// FTS5 splits at blanks here and changes nothing: the tokens come ready. The order of ids is the order of time, so that
/// the newest rows that match come first, and the others need not be looked at.
const CREATE: &str = "
CREATE TABLE mark (
    row     INTEGER NOT NULL, -- the last row of the log when this was written
    hash    BLOB    NOT NULL, -- and its hash: a workspace without it is another one
    through INTEGER NOT NULL, -- every change up to this one is in here
    low     INTEGER NOT NULL, -- and every change from this one
    high    INTEGER NOT NULL  -- to this one
) STRICT;
CREATE TABLE page (
    id       INTEGER PRIMARY KEY,  -- by the minute of the last change, then in any order
    document BLOB    NOT NULL UNIQUE,
    at       INTEGER NOT NULL,     -- when it last changed, ms since 1970
    called   TEXT    NOT NULL,     -- its title, folded
    title    TEXT    NOT NULL,
    body     TEXT    NOT NULL      -- its text, for snippets
) STRICT;
CREATE INDEX page_called ON page (called);
CREATE TABLE writer (
    document BLOB    NOT NULL,
    person   BLOB    NOT NULL,     -- somebody who wrote in it
    row      INTEGER NOT NULL,     -- the last row of the log that was looked at; of all of a document's, the highest counts
    PRIMARY KEY (document, person)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE head USING fts5 (title, headings, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3');
CREATE VIRTUAL TABLE head_words USING fts5vocab (head, row);
CREATE VIRTUAL TABLE word USING fts5 (text, writer, link, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3');";

/// The index of a workspace. Send it to the thread that uses it; for asking on another thread, open another.
#[derive(Debug)]
pub struct Index {
    pub(super) connection: Connection,
    path: PathBuf,
    file: Option<FileId>,
}

/// What tells a file from another one that took its name, where a file that is open can be removed.
type FileId = (u64, u64);

impl Index {
    /// Opens the index beside a workspace, whoever else has it open; where there is none that fits, an empty one.
    ///
    /// # Errors
    /// When there cannot be a file beside the workspace.
    pub fn open(workspace: &Path, store: &Store) -> Result<Self> {
        let path = beside(&workspace.canonicalize()?, ENDING);
        match Self::try_open(&path, store) {
            Err(StoreError::Corrupt(_) | StoreError::Sqlite(_)) => {
                Self::remove(workspace)?;
                Self::try_open(&path, store)
            }
            opened => opened,
        }
    }

    /// Removes the index of a workspace: the next one is made anew. To be called after it was met damaged.
    ///
    /// # Errors
    /// When its file cannot be removed.
    pub fn remove(workspace: &Path) -> Result<()> {
        let path = beside(&workspace.canonicalize()?, ENDING);
        for ending in ["-wal", "-shm", ""] {
            match fs::remove_file(beside(&path, ending)) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Says whether this is the index that lies there now: another process, or another thread of this one, may have made it
    /// anew.
    pub fn is_in_place(&self) -> bool {
        file_id(&self.path) == self.file
    }

    fn try_open(path: &Path, store: &Store) -> Result<Self> {
        match create_private(path) {
            Err(StoreError::Io(error)) if error.kind() == ErrorKind::AlreadyExists => {}
            created => created?,
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.execute_batch(PRAGMAS)?;
        connection.set_prepared_statement_cache_capacity(64);
        let mut index = Self { connection, path: path.to_owned(), file: file_id(path) };
        if !index.fits(store)? {
            index.write(begin_anew)?;
        }
        Ok(index)
    }

    fn fits(&self, store: &Store) -> Result<bool> {
        let version: u32 = self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        Ok(version == VERSION && Marks::read(&self.connection)?.is_of(store)?)
    }

    /// Runs one read: everything in it sees the same moment.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let transaction = self.connection.unchecked_transaction()?;
        work(&transaction)
    }

    /// Runs one write, all or nothing; two processes take turns.
    pub(super) fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        let begin = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = begin.map_err(StoreError::from)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(done)
    }
}

#[cfg(unix)]
fn file_id(path: &Path) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn file_id(_path: &Path) -> Option<FileId> {
    None // an open file stays where it is
}

/// Empties the file and gives it the present form.
fn begin_anew(transaction: &Transaction<'_>) -> Result<()> {
    let mut tables = transaction.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
         ORDER BY sql NOT LIKE '%fts5vocab%', sql NOT LIKE 'CREATE VIRTUAL%'",
    )?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for name in names {
        // A virtual table takes its own tables with it.
        transaction.execute_batch(&format!("DROP TABLE IF EXISTS \"{}\"", name.replace('"', "\"\"")))?;
    }
    transaction.execute_batch(CREATE)?;
    Marks::default().write(transaction)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(())
}
