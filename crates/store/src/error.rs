//! What can go wrong with a replica's disk. Each variant is something that a caller treats differently, and each
//! sentence says what is safe and what to do next. In every case the failed call changed nothing.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use sheaf_protocol::record::Refused;

/// Why a replica could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no replica at this path.
    #[error("there is no workspace at {}", .0.display())]
    NotFound(PathBuf),
    /// A new replica would have taken the place of something.
    #[error("there is something at {} already; it was left as it is", .0.display())]
    Exists(PathBuf),
    /// Another process writes to this replica.
    #[error("this workspace is open in another Sheaf; nothing is lost, close that one or read beside it")]
    Locked,
    /// The file is damaged, or no database at all.
    #[error(
        "the workspace's file is damaged ({0}); it was left as it is: keep it together with the files beside it, \
         then restore a backup or join the relay again"
    )]
    Corrupt(String),
    /// The file is a database of another program.
    #[error("this file belongs to another program; it was left as it is")]
    Foreign,
    /// A later Sheaf wrote the file.
    #[error(
        "a newer Sheaf wrote this workspace (format {found}, this one knows {known}); it was left as it is: update Sheaf"
    )]
    Newer {
        /// The file's format.
        found: u32,
        /// The newest format that this build knows.
        known: u32,
    },
    /// The disk, the quota or the file is full.
    #[error("the disk is full; what was saved before is safe, this change is not: make room and try again")]
    Full,
    /// The file lies where locks and syncs cannot be trusted.
    #[error(
        "a workspace cannot live on a network drive ({0}), which may lose what was saved: move it to a local disk"
    )]
    Network(String),
    /// A key was given to a build that cannot encrypt.
    #[error("this build of Sheaf cannot open encrypted workspaces; nothing was opened")]
    NoCipher,
    /// A record that breaks a rule: the relay would refuse it.
    #[error("this is not possible here ({0})")]
    Rule(#[from] Refused),
    /// A write was asked of a store that was opened for reading.
    #[error("this workspace was opened for reading only")]
    ReadOnly,
    /// The operating system failed. After one of these, close the store and open it again before going on: what a
    /// failed sync has left on the disk is known only to a fresh reader.
    #[error(
        "the disk did not answer as it should; what was saved before is safe, this change is not: try again"
    )]
    Io(#[source] io::Error),
    /// SQLite refused for a reason that nobody can act on.
    #[error("the database refused; nothing was changed")]
    Sqlite(#[source] rusqlite::Error),
}

/// What this crate's functions return.
pub(crate) type Result<T> = std::result::Result<T, StoreError>;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType};
        match error.sqlite_error().map(|it| (it.code, it.extended_code)) {
            // The index of the write-ahead log is a file too: what it cannot grow by is room.
            Some((ErrorCode::DiskFull, _) | (_, rusqlite::ffi::SQLITE_IOERR_SHMSIZE)) => Self::Full,
            Some((ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _)) => {
                Self::Corrupt(error.to_string())
            }
            Some((ErrorCode::SystemIoFailure | ErrorCode::CannotOpen, _)) => {
                Self::Io(io::Error::other(error))
            }
            Some((ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _)) => Self::Locked,
            Some((ErrorCode::ReadOnly, _)) => Self::ReadOnly,
            _ => match error {
                FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) => {
                    Self::Corrupt(error.to_string())
                }
                _ => Self::Sqlite(error),
            },
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}
