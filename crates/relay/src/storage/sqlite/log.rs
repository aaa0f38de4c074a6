//! Tables `log` and `replicas`: appending groups of entries and finding them by name.
//!
//! Numbers are given here, inside the commit, by the only connection that writes: they have no gaps, and a reader can
//! never see a number before every smaller one.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Counter, Flags, Kind, Millis, Seal, Seq};

use super::Sqlite;
use crate::error::{Error, Result};
use crate::room::{Group, Line, Named};
use crate::storage::Scope;

/// Room for 2^40 entries in each workspace.
const SEQ_BITS: u32 = 40;
/// More numbers than this are not worth remembering.
const REMEMBERED: usize = 10_000;

/// Returns the line of the log under which a workspace keeps the entry with this number.
pub(super) fn line(workspace: i64, seq: Seq) -> i64 {
    (workspace << SEQ_BITS) | i64::try_from(seq).unwrap_or(i64::MAX)
}

/// Returns the number of the entry on this line.
pub(super) fn seq(line: i64) -> Seq {
    Seq::try_from(line & ((1 << SEQ_BITS) - 1)).unwrap_or_default()
}

/// The short numbers of documents and replicas, so that a group looks each up once in a process's life.
#[derive(Default)]
pub(super) struct Numbers {
    documents: BTreeMap<(i64, DocumentId), i64>,
    replicas: BTreeMap<(i64, Author), i64>,
}

impl Sqlite {
    /// Appends a group in one transaction and returns the number of its first entry; durable when this returns.
    pub fn append(&mut self, workspace: WorkspaceId, group: &Group) -> Result<Seq> {
        let number = self.workspace_number(workspace)?;
        let mut numbers = std::mem::take(&mut self.numbers);
        if numbers.documents.len() + numbers.replicas.len() > REMEMBERED {
            numbers = Numbers::default();
        }
        let transaction = self.write()?;
        let first = append(&transaction, number, &mut numbers, group)?;
        transaction.commit()?;
        // Only after the commit: numbers of rows that were rolled back would be given again to others.
        self.numbers = numbers;
        Ok(first)
    }

    /// Returns what stands under those of this replica's counters that are taken; for a room, whoever pushes.
    pub fn named(
        &self,
        workspace: WorkspaceId,
        replica: ReplicaId,
        counters: &[Counter],
    ) -> Result<Vec<Named>> {
        let number = self.workspace_number(workspace)?;
        let mut statement = self.connection.prepare_cached(
            "SELECT l.hash, l.line, l.at, l.seal FROM replicas r JOIN log l ON l.replica = r.number
             WHERE r.workspace = ?1 AND r.replica = ?2 AND l.counter = ?3 ORDER BY l.line",
        )?;
        let mut found = Vec::new();
        for counter in counters {
            let named = statement.query_map(params![number, replica.as_bytes(), counter], |row| {
                Ok(Named {
                    counter: *counter,
                    hash: ContentHash::from_bytes(row.get(0)?),
                    seq: seq(row.get(1)?),
                    at: row.get(2)?,
                    seal: Seal(row.get(3)?),
                })
            });
            for named in named? {
                found.push(named?);
            }
        }
        Ok(found)
    }

    /// Shows every entry of a workspace's log, one after the other, whoever wrote it.
    pub fn each_entry(&self, workspace: WorkspaceId, mut show: impl FnMut(Kind, Flags, &[u8])) -> Result<()> {
        let number = self.workspace_number(workspace)?;
        let mut statement = self
            .connection
            .prepare("SELECT kind, flags, bytes FROM log WHERE line BETWEEN ?1 AND ?2 ORDER BY line")?;
        let mut rows = statement.query(params![line(number, 0), line(number + 1, 0) - 1])?;
        while let Some(row) = rows.next()? {
            let bytes = row.get_ref(2)?.as_blob().map_err(|_| Error::Stored("an entry's bytes"))?;
            show(Kind(row.get(0)?), Flags(row.get(1)?), bytes);
        }
        Ok(())
    }

    /// Returns the highest counter that this replica's entries have, 0 for none.
    pub fn highest_counter(&self, scope: Scope, replica: ReplicaId) -> Result<Counter> {
        let number = self.number_for(scope)?;
        Ok(self
            .connection
            .prepare_cached(
                "SELECT coalesce(max((SELECT max(counter) FROM log WHERE replica = r.number)), 0) FROM replicas r
                 WHERE r.workspace = ?1 AND r.replica = ?2",
            )?
            .query_row(params![number, replica.as_bytes()], |row| row.get(0))?)
    }

    /// Says whether the log has entries of this replica by another device than this.
    pub fn is_replica_of_another(&self, scope: Scope, replica: ReplicaId, device: DeviceId) -> Result<bool> {
        let number = self.number_for(scope)?;
        Ok(self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM replicas WHERE workspace = ?1 AND replica = ?2 AND device <> ?3)",
            )?
            .query_row(params![number, replica.as_bytes(), device.as_bytes()], |row| row.get(0))?)
    }
}

fn append(
    transaction: &Transaction<'_>,
    workspace: i64,
    numbers: &mut Numbers,
    group: &Group,
) -> Result<Seq> {
    let epoch: i64 = transaction
        .prepare_cached("SELECT max(number) FROM epochs WHERE workspace = ?1")?
        .query_row([workspace], |row| row.get(0))?;
    let last: Option<i64> = transaction
        .prepare_cached("SELECT max(line) FROM log WHERE line BETWEEN ?1 AND ?2")?
        .query_row(params![line(workspace, 0), line(workspace + 1, 0) - 1], |row| row.get(0))?;
    let first = last.map_or(0, seq) + 1;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO log (line, epoch, kind, document, replica, counter, hash, at, origin, flags, key_id, seal, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for (number, Line { at, seal, draft }) in (first..).zip(&group.lines) {
        let document = numbers.document(transaction, workspace, draft.document, *at)?;
        let replica = numbers.replica(transaction, workspace, draft.author)?;
        insert.execute(params![
            line(workspace, number),
            epoch,
            draft.kind.0,
            document,
            replica,
            draft.counter,
            draft.hash.as_bytes(),
            at,
            draft.origin.0,
            draft.flags.0,
            draft.key_id,
            seal.0,
            draft.bytes.as_ref(),
        ])?;
    }
    let at = group.lines.first().map_or(0, |line| line.at);
    for (document, client, device) in &group.owners {
        let document = numbers.document(transaction, workspace, *document, at)?;
        transaction
            .prepare_cached("INSERT INTO client_owners (document, client, device) VALUES (?1, ?2, ?3)")?
            .execute(params![document, client, device.as_bytes()])?;
    }
    Ok(first)
}

impl Numbers {
    fn document(
        &mut self,
        transaction: &Transaction<'_>,
        workspace: i64,
        document: DocumentId,
        now: Millis,
    ) -> Result<i64> {
        if let Some(number) = self.documents.get(&(workspace, document)) {
            return Ok(*number);
        }
        transaction
            .prepare_cached(
                "INSERT INTO documents (workspace, document, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            )?
            .execute(params![workspace, document.as_bytes(), now])?;
        let number = transaction
            .prepare_cached("SELECT number FROM documents WHERE workspace = ?1 AND document = ?2")?
            .query_row(params![workspace, document.as_bytes()], |row| row.get(0))?;
        self.documents.insert((workspace, document), number);
        Ok(number)
    }

    fn replica(&mut self, transaction: &Transaction<'_>, workspace: i64, author: Author) -> Result<i64> {
        if let Some(number) = self.replicas.get(&(workspace, author)) {
            return Ok(*number);
        }
        let Author { person, device, replica } = author;
        let values = params![workspace, person.as_bytes(), device.as_bytes(), replica.as_bytes()];
        transaction
            .prepare_cached(
                "INSERT INTO replicas (workspace, person, device, replica) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(values)?;
        let number = transaction
            .prepare_cached(
                "SELECT number FROM replicas WHERE workspace = ?1 AND person = ?2 AND device = ?3 AND replica = ?4",
            )?
            .query_row(values, |row| row.get(0))
            .optional()?
            .ok_or(Error::Stored("replicas"))?;
        self.replicas.insert((workspace, author), number);
        Ok(number)
    }
}
