//! Tables `workspaces` and `epochs`: which log this database holds and which of its lives is the present one.

use rusqlite::{OptionalExtension, params};
use sheaf_document::ids::{Epoch, WorkspaceId};
use sheaf_protocol::entry::{Millis, Seq};

use super::Sqlite;
use super::log::{line, seq};
use crate::error::{Error, Result};
use crate::storage::Scope;

/// A workspace and the state of its log.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// Its id.
    pub workspace: WorkspaceId,
    /// The log's present life.
    pub epoch: Epoch,
    /// Earlier lives, newest first, each with the last number that the log holds from it.
    pub lineage: Vec<(Epoch, Seq)>,
    /// The last number in the log.
    pub head: Seq,
    /// What invitation links begin with.
    pub public_url: String,
}

impl Sqlite {
    /// Makes the workspace of a fresh relay; changes nothing where there is one.
    pub fn create_workspace(
        &mut self,
        workspace: WorkspaceId,
        epoch: Epoch,
        public_url: &str,
        now: Millis,
    ) -> Result<bool> {
        let transaction = self.write()?;
        if transaction.query_row("SELECT count(*) FROM workspaces", [], |row| row.get::<_, i64>(0))? > 0 {
            return Ok(false);
        }
        transaction.execute(
            "INSERT INTO workspaces (number, workspace, public_url, created_at) VALUES (1, ?1, ?2, ?3)",
            params![workspace.as_bytes(), public_url, now],
        )?;
        transaction.execute(
            "INSERT INTO epochs (workspace, epoch, first_seq) VALUES (1, ?1, 1)",
            params![epoch.as_bytes()],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// Remembers where replicas find this relay, for links made by other processes.
    pub fn set_public_url(&mut self, workspace: WorkspaceId, public_url: &str) -> Result<()> {
        self.connection.execute(
            "UPDATE workspaces SET public_url = ?2 WHERE workspace = ?1",
            params![workspace.as_bytes(), public_url],
        )?;
        Ok(())
    }

    /// Begins another life of a workspace's log after its present head.
    pub fn begin_epoch(&mut self, workspace: WorkspaceId, epoch: Epoch) -> Result<()> {
        let number = self.workspace_number(workspace)?;
        let head = self.head(number)?;
        self.connection.execute(
            "INSERT INTO epochs (workspace, epoch, first_seq) VALUES (?1, ?2, ?3)",
            params![number, epoch.as_bytes(), head + 1],
        )?;
        Ok(())
    }

    /// Returns every workspace with the state of its log.
    pub fn workspaces(&self) -> Result<Vec<Workspace>> {
        let mut statement = self
            .connection
            .prepare("SELECT number, workspace, public_url FROM workspaces ORDER BY number")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.map(|row| {
            let (number, workspace, public_url): (i64, [u8; 16], String) = row?;
            self.state(number, WorkspaceId::from_bytes(workspace), public_url)
        })
        .collect()
    }

    fn state(&self, number: i64, workspace: WorkspaceId, public_url: String) -> Result<Workspace> {
        let head = self.head(number)?;
        let mut statement = self.connection.prepare(
            "SELECT epoch, first_seq FROM epochs WHERE workspace = ?1 ORDER BY number DESC LIMIT 65",
        )?;
        let lives = statement
            .query_map([number], |row| Ok((Epoch::from_bytes(row.get(0)?), row.get::<_, Seq>(1)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        let (epoch, _) = *lives.first().ok_or(Error::Stored("epochs"))?;
        // A life ends where the next one begins, so each earlier life pairs with its successor's first number.
        let lineage = lives.windows(2).filter_map(|pair| match pair {
            [(_, began), (earlier, _)] => Some((*earlier, began.saturating_sub(1))),
            _ => None,
        });
        Ok(Workspace { workspace, epoch, lineage: lineage.collect(), head, public_url })
    }

    /// Returns the last number in a workspace's log.
    fn head(&self, number: i64) -> Result<Seq> {
        let last = self.connection.query_row(
            "SELECT max(line) FROM log WHERE line BETWEEN ?1 AND ?2",
            params![line(number, 0), line(number + 1, 0) - 1],
            |row| row.get::<_, Option<i64>>(0),
        )?;
        Ok(last.map_or(0, seq))
    }

    /// Returns the short number of the workspace that a person is in.
    pub(super) fn number_for(&self, scope: Scope) -> Result<i64> {
        self.connection
            .prepare_cached(
                "SELECT w.number FROM workspaces w JOIN people p ON p.workspace = w.number
                 WHERE w.workspace = ?1 AND p.person = ?2",
            )?
            .query_row([scope.workspace.as_bytes(), scope.person.as_bytes()], |row| row.get(0))
            .optional()?
            .ok_or(Error::Stored("people"))
    }

    /// Returns the short number of a workspace.
    pub(super) fn workspace_number(&self, workspace: WorkspaceId) -> Result<i64> {
        self.connection
            .prepare_cached("SELECT number FROM workspaces WHERE workspace = ?1")?
            .query_row([workspace.as_bytes()], |row| row.get(0))
            .optional()?
            .ok_or(Error::Stored("workspaces"))
    }
}
