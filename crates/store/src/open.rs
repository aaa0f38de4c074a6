//! The one way to a replica's file: lock, look, connect, migrate.
//!
//! A file is looked at through a connection that cannot write before anything may change it, so a file that is
//! damaged, foreign or from a later version stays as it was. A new file is made under another name and moved into
//! place whole, so an existing one is never half a workspace. What is *not* done on opening is reading the whole
//! file to find damage in its middle: that takes seconds on a large one. Damage found later is [`StoreError::Corrupt`]
//! from the call that met it, and [`Store::check`] looks everywhere.

use std::fs;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use sheaf_protocol::secret::Secret;

use crate::error::{Result, StoreError};
use crate::filesystem::refuse_network;
use crate::lock::{WriteLock, beside};
use crate::migrations::{self, NEWEST};
use crate::store::{Identity, Store};
use crate::table::replica;

/// What a workspace's file is encrypted under.
pub type Key = Secret;

/// How to open a replica.
#[derive(Debug, Default)]
pub struct Options {
    /// The key of an encrypted file. A build without a cipher refuses one; it never ignores it.
    pub key: Option<Key>,
    /// What the store will be used for.
    pub access: Access,
}

/// What a store is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// Reading and writing; one process at a time.
    Write,
    /// Reading, also while another process writes.
    #[default]
    Read,
}

/// How long a call waits for another process to leave a moment in which SQLite needs the file for itself.
const BUSY: Duration = Duration::from_secs(5);

/// How every SQLite database begins, and the least that one takes (sqlite.org, "Database File Format", 1.2 and 1.3).
const MAGIC: &[u8] = b"SQLite format 3\0";
const SMALLEST: u64 = 512;

/// Set on every connection.
const PRAGMAS: &str = include_str!("pragmas.sql");

impl Store {
    /// Opens the replica at a path.
    ///
    /// A file that an earlier Sheaf wrote is brought up to date first, also for somebody who only reads.
    ///
    /// # Errors
    /// Every [`StoreError`] about files; on any of them the file is as it was.
    pub fn open(path: &Path, options: Options) -> Result<Self> {
        if options.key.is_some() {
            return Err(StoreError::NoCipher);
        }
        let path = path.canonicalize().map_err(|error| match error.kind() {
            ErrorKind::NotFound => StoreError::NotFound(path.to_owned()),
            _ => error.into(),
        })?;
        refuse_network(&path)?;
        match options.access {
            Access::Read => {
                let (reading, taken) = connect_reading(&path)?;
                if taken < NEWEST {
                    // What this build reads is not there yet; taking the steps is a write, by whoever comes first.
                    let _lock = WriteLock::take(&path)?;
                    connect_writing(&path, taken)?;
                }
                Self::reading(reading)
            }
            Access::Write => {
                let lock = WriteLock::take(&path)?;
                let (reading, taken) = connect_reading(&path)?;
                drop(reading);
                Self::writing(connect_writing(&path, taken)?, lock)
            }
        }
    }

    /// Makes a new replica at a path, in a folder that exists, and opens it for writing.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when something is there already; otherwise as [`Store::open`].
    pub fn create(path: &Path, key: Option<Key>, identity: Identity) -> Result<Self> {
        if key.is_some() {
            return Err(StoreError::NoCipher);
        }
        let path = in_real_folder(path)?;
        refuse_network(&path)?;
        let lock = WriteLock::take(&path)?;
        if path.try_exists()? {
            return Err(StoreError::Exists(path));
        }
        let unborn = beside(&path, ".new");
        for ending in ["", "-wal", "-shm"] {
            // Left by a creation that was interrupted; nothing was ever called saved in it.
            if let Err(error) = fs::remove_file(beside(&unborn, ending))
                && error.kind() != ErrorKind::NotFound
            {
                return Err(error.into());
            }
        }
        create_private(&unborn)?;
        let mut connection = connect_writing(&unborn, 0)?;
        let transaction = connection.transaction()?;
        replica::found(&transaction, identity)?;
        transaction.commit()?;
        connection.close().map_err(|(_, error)| error)?;
        fs::rename(&unborn, &path)?;
        sync_folder(path.parent().unwrap_or(Path::new(".")))?;
        Self::writing(connect_writing(&path, NEWEST)?, lock)
    }
}

/// Opens a file without a right to write and finds out what it is.
fn connect_reading(path: &Path) -> Result<(Connection, u32)> {
    let mut start = Vec::new();
    fs::File::open(path)?.take(SMALLEST).read_to_end(&mut start)?;
    if start.len() as u64 != SMALLEST || !start.starts_with(MAGIC) {
        // SQLite takes a file that is nearly empty for a new database, and then removes the write-ahead log beside it.
        return Err(StoreError::Corrupt("it does not begin as a database does".to_owned()));
    }
    let connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_ONLY))?;
    prepare(&connection)?;
    let taken = migrations::examine(&connection)?;
    Ok((connection, taken))
}

fn connect_writing(path: &Path, taken: u32) -> Result<Connection> {
    let mut connection = Connection::open_with_flags(path, flags(OpenFlags::SQLITE_OPEN_READ_WRITE))?;
    prepare(&connection)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Network(format!("journal mode {mode}")));
    }
    if taken < NEWEST {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        migrations::migrate(&transaction, taken)?;
        transaction.commit()?;
    }
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<()> {
    connection.busy_timeout(BUSY)?;
    connection.execute_batch(PRAGMAS)?;
    // A kept statement keeps its plan. Otherwise SQLite plans one anew for each value where a partial index might serve
    // some of them, and every acknowledgement waits for that.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Makes new names in a folder survive a power cut, on systems where a folder can be synced.
///
/// # Errors
/// When the folder cannot be read, or the disk fails.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes an empty file that only its owner may read, where files have owners; SQLite gives the files beside it the same
/// rights.
pub(crate) fn create_private(path: &Path) -> Result<()> {
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// A store is used by one thread at a time, so SQLite need not lock around every call.
fn flags(access: OpenFlags) -> OpenFlags {
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Returns the path with every link in its folder followed, so that one file has one lock.
fn in_real_folder(path: &Path) -> Result<PathBuf> {
    let missing = || StoreError::NotFound(path.to_owned());
    let name = path.file_name().ok_or_else(missing)?;
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().map_err(|error| match error.kind() {
        ErrorKind::NotFound => missing(),
        _ => error.into(),
    })?;
    Ok(folder.join(name))
}
