//! Tables `documents`, `snapshots` and `client_owners`: what the rules need of a document, and its cached folding.

use bytes::Bytes;
use rusqlite::{OptionalExtension, params};
use sheaf_document::ids::{DeviceId, DocumentId, WorkspaceId};
use sheaf_protocol::entry::{Kind, Millis, Seq};

use super::Sqlite;
use super::log::{line, seq};
use crate::error::Result;
use crate::room;
use crate::storage::Stale;

/// A document as the disk holds it: its snapshot, if there is one, and the updates since.
#[derive(Debug, Default)]
pub struct Stored {
    /// The folded beginning.
    pub snapshot: Option<Bytes>,
    /// The updates after it, in the log's order.
    pub tail: Vec<Bytes>,
    /// The last number that is in either.
    pub through: Seq,
    /// Which device owns each client id.
    pub owners: Vec<(u64, DeviceId)>,
}

impl From<Stored> for room::Stored {
    fn from(stored: Stored) -> Self {
        Self { updates: stored.snapshot.into_iter().chain(stored.tail).collect(), owners: stored.owners }
    }
}

impl Sqlite {
    /// Returns everything of one document, for a room or the relay itself; empty when the log has nothing of it.
    pub fn document(&mut self, workspace: WorkspaceId, document: DocumentId) -> Result<Stored> {
        // One read transaction, so that snapshot, tail and owners are of the same moment.
        let workspace_number = self.workspace_number(workspace)?;
        let transaction = self.connection.transaction()?;
        let number: Option<i64> = transaction
            .prepare_cached("SELECT number FROM documents WHERE workspace = ?1 AND document = ?2")?
            .query_row(params![workspace_number, document.as_bytes()], |row| row.get(0))
            .optional()?;
        let Some(number) = number else { return Ok(Stored::default()) };
        let snapshot: Option<(i64, Vec<u8>)> = transaction
            .prepare_cached("SELECT through, bytes FROM snapshots WHERE document = ?1")?
            .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (folded, snapshot) = snapshot.map_or((0, None), |(line, bytes)| (line, Some(Bytes::from(bytes))));
        let mut through = seq(folded);
        let mut tail = Vec::new();
        let mut statement = transaction.prepare_cached(
            "SELECT line, bytes FROM log WHERE document = ?1 AND line > ?2 AND kind = ?3 ORDER BY line",
        )?;
        let mut rows = statement.query(params![number, folded, Kind::UPDATE.0])?;
        while let Some(row) = rows.next()? {
            through = seq(row.get(0)?);
            tail.push(Bytes::from(row.get::<_, Vec<u8>>(1)?));
        }
        drop(rows);
        drop(statement);
        let mut statement =
            transaction.prepare_cached("SELECT client, device FROM client_owners WHERE document = ?1")?;
        let owners = statement
            .query_map([number], |row| Ok((row.get(0)?, DeviceId::from_bytes(row.get(1)?))))?
            .collect::<Result<_, _>>()?;
        Ok(Stored { snapshot, tail, through, owners })
    }

    /// Keeps a newer snapshot of a document; an older one than the kept is ignored.
    pub fn put_snapshot(&mut self, of: Stale, through: Seq, bytes: &[u8], now: Millis) -> Result<()> {
        let workspace = self.workspace_number(of.workspace)?;
        self.connection.execute(
            "INSERT INTO snapshots (document, through, made_at, bytes)
             SELECT number, ?3, ?4, ?5 FROM documents WHERE workspace = ?1 AND document = ?2
             ON CONFLICT (document) DO UPDATE SET through = excluded.through, made_at = excluded.made_at,
                                                  bytes = excluded.bytes
             WHERE excluded.through > snapshots.through",
            params![workspace, of.document.as_bytes(), line(workspace, through), now, bytes],
        )?;
        Ok(())
    }

    /// Returns the documents whose tail has more than `entries` updates.
    pub fn long_tails(&self, entries: usize) -> Result<Vec<Stale>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT w.workspace, d.document FROM documents d
             JOIN workspaces w ON w.number = d.workspace
             LEFT JOIN snapshots s ON s.document = d.number
             WHERE (SELECT count(*) FROM (SELECT 1 FROM log l WHERE l.document = d.number
                                          AND l.line > coalesce(s.through, 0) LIMIT ?1 + 1)) > ?1",
        )?;
        let rows = statement.query_map([entries], |row| {
            Ok(Stale {
                workspace: WorkspaceId::from_bytes(row.get(0)?),
                document: DocumentId::from_bytes(row.get(1)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
