//! A database that was brought back from a backup begins another life of its log.
//!
//! The numbers that were given after the backup are given again, to other entries. Under a new epoch replicas see that
//! their cursors mean something else; they bring back what the backup does not hold, proven by its seal, and go on.

use std::path::Path;

use sheaf_document::ids::Epoch;
use sheaf_protocol::entry::Seq;

use crate::clock;
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::storage::sqlite::Sqlite;

/// Begins a new epoch in this data folder and returns the last number that the restored log holds.
///
/// # Errors
/// When there is no relay in the folder, when it runs, or when the disk fails.
pub fn begin_new_life(data: &Path) -> Result<Seq> {
    let folder = Folder::existing(data)?;
    let _lock = folder.lock()?;
    let mut database = Sqlite::open(&folder.database())?;
    let workspace = database.workspaces()?.into_iter().next().ok_or(Error::Stored("workspaces"))?;
    database.begin_epoch(workspace.workspace, Epoch::fresh(clock::now(), clock::chance()?))?;
    Ok(workspace.head)
}
