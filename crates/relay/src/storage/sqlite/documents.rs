//! Tables `documents`, `snapshots` and `client_owners`: what the rules need of a document, and its cached folding. The
//! workspace's stream of records is kept as one document more.

use bytes::Bytes;
use rusqlite::{OptionalExtension, params};
use sheaf_document::ids::{DeviceId, DocumentId, PersonId, WorkspaceId};
use sheaf_protocol::entry::{Kind, Millis, Seq};
use sheaf_protocol::record;

use super::Sqlite;
use super::log::{line, seq};
use crate::error::Result;
use crate::room::Stored;
use crate::storage::Stale;

impl Sqlite {
    /// Returns everything of one document, for a room or the relay itself, and the last number that is in it; empty and 0
    /// when the log has nothing of it.
    pub fn document(&mut self, workspace: WorkspaceId, document: DocumentId) -> Result<(Stored, Seq)> {
        let kind = if document == record::stream(workspace) { Kind::RECORD } else { Kind::UPDATE };
        // One read transaction, so that snapshot, tail and owners are of the same moment.
        let workspace_number = self.workspace_number(workspace)?;
        let transaction = self.connection.transaction()?;
        let number: Option<i64> = transaction
            .prepare_cached("SELECT number FROM documents WHERE workspace = ?1 AND document = ?2")?
            .query_row(params![workspace_number, document.as_bytes()], |row| row.get(0))
            .optional()?;
        let Some(number) = number else { return Ok(<_>::default()) };
        let snapshot: Option<(i64, Vec<u8>)> = transaction
            .prepare_cached("SELECT through, bytes FROM snapshots WHERE document = ?1")?
            .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (folded, snapshot) = snapshot.map_or((0, None), |(line, bytes)| (line, Some(Bytes::from(bytes))));
        let mut through = seq(folded);
        let mut tail = Vec::new();
        let mut statement = transaction.prepare_cached(
            "SELECT l.line, r.person, l.bytes FROM log l JOIN replicas r ON r.number = l.replica
             WHERE l.document = ?1 AND l.line > ?2 AND l.kind = ?3 ORDER BY l.line",
        )?;
        let mut rows = statement.query(params![number, folded, kind.0])?;
        while let Some(row) = rows.next()? {
            through = seq(row.get(0)?);
            tail.push((PersonId::from_bytes(row.get(1)?), Bytes::from(row.get::<_, Vec<u8>>(2)?)));
        }
        drop(rows);
        drop(statement);
        let mut statement =
            transaction.prepare_cached("SELECT client, device FROM client_owners WHERE document = ?1")?;
        let owners = statement
            .query_map([number], |row| Ok((row.get(0)?, DeviceId::from_bytes(row.get(1)?))))?
            .collect::<Result<_, _>>()?;
        Ok((Stored { snapshot, tail, owners }, through))
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

    /// Returns the documents whose tail has more than so many entries.
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
