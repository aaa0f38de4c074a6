//! Pages of a catch-up: snapshots of documents and records that are far behind, then the log's tail.
//!
//! A page is read from its plan alone. What a snapshot covers is skipped without being read: with snapshots held, the
//! tail is found document by document through the index, not by walking the whole log.

use std::collections::BTreeMap;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_protocol::entry::{Author, Draft, Entry, Flags, Kind, Millis, Origin, Seal, Seq};
use sheaf_protocol::frame::{Page, Snapshot, Stretch};
use sheaf_protocol::{limits, record};

use super::Sqlite;
use super::log::{line, seq};
use crate::error::Result;
use crate::room::Plan;
use crate::storage::Scope;

/// Bytes of entries or snapshots in a page; one longer piece goes alone.
const PAGE: usize = 1024 * 1024;
/// Entries in a page.
const ENTRIES: usize = 8_192;
/// A reader that lacks so many entries of a document gets its snapshot instead …
const FAR: usize = 64;
/// … unless it is longer than they are, as that of a large tree in which little was moved; an entry takes about so many
/// bytes on its way.
const ENTRY: usize = 128;

impl Sqlite {
    /// Reads the next page of a person's plan, as far as the log goes by now.
    pub fn page(&mut self, scope: Scope, plan: &Plan) -> Result<Page> {
        let number = self.number_for(scope)?;
        // One read transaction, so that snapshots and tail are of the same moment. Its temporary table goes with it.
        let transaction = self.connection.transaction()?;
        let stream = record::stream(scope.workspace);
        let page = Reading { connection: &transaction, workspace: number, stream }.page(plan);
        transaction.rollback()?;
        page
    }
}

struct Reading<'a> {
    connection: &'a Connection,
    workspace: i64,
    stream: DocumentId,
}

impl Reading<'_> {
    fn page(&self, plan: &Plan) -> Result<Page> {
        let mut page = Page {
            backfill: plan.backfill,
            snapshots: Vec::new(),
            stretches: Vec::new(),
            through: plan.since,
            more: true,
            head: plan.head,
        };
        let lines = if let Some(document) = plan.backfill {
            self.of_document(document, plan.since)?
        } else {
            let mut held = BTreeMap::new();
            for (document, through) in &plan.held {
                held.extend(self.document(*document)?.map(|number| (number, line(self.workspace, *through))));
            }
            if self.snapshots(plan, &mut held, &mut page.snapshots)? {
                // More snapshots wait; the tail comes after the last of them.
                return Ok(page);
            }
            self.tail(plan.since, &held)?
        };
        let end = self.fill(&lines, &mut page)?;
        if !page.more {
            cover(&mut page, end.max(plan.since));
        }
        Ok(page)
    }

    /// Adds snapshots and notes them as held; returns whether some did not fit.
    fn snapshots(&self, plan: &Plan, held: &mut BTreeMap<i64, i64>, to: &mut Vec<Snapshot>) -> Result<bool> {
        let since = line(self.workspace, plan.since);
        let mut statement = self.connection.prepare_cached(
            "SELECT s.document, d.document, s.through, length(s.bytes)
             FROM snapshots s JOIN documents d ON d.number = s.document
             WHERE s.through > ?1 AND d.workspace = ?2 AND length(s.bytes) <= ?3 ORDER BY s.document",
        )?;
        let mut due = statement
            .query_map(params![since, self.workspace, limits::UPDATE], |row| {
                Ok((row.get(0)?, DocumentId::from_bytes(row.get(1)?), row.get(2)?, row.get(3)?))
            })?
            .collect::<Result<Vec<(i64, DocumentId, i64, usize)>, _>>()?;
        // The tree comes behind what somebody reads, and before what they may only find in it.
        let others = |document: &DocumentId| usize::MAX - usize::from(*document == self.stream);
        let rank = |document: &DocumentId| plan.first.iter().position(|first| first == document);
        due.sort_by_key(|(_, document, _, _)| rank(document).unwrap_or_else(|| others(document)));
        let mut bytes = 0;
        for (number, document, through, size) in due {
            if held.contains_key(&number) || !self.is_far_behind(number, since, through, size)? {
                continue;
            }
            if bytes > 0 && bytes + size > PAGE {
                return Ok(true);
            }
            bytes += size;
            held.insert(number, through);
            let (folded, at): (Vec<u8>, Millis) = self
                .connection
                .prepare_cached(
                    "SELECT s.bytes, l.at FROM snapshots s JOIN log l ON l.line = s.through WHERE s.document = ?1",
                )?
                .query_row([number], |row| Ok((row.get(0)?, row.get(1)?)))?;
            to.push(Snapshot { document, through: seq(through), at, bytes: folded.into() });
        }
        Ok(false)
    }

    fn is_far_behind(&self, document: i64, since: i64, through: i64, size: usize) -> Result<bool> {
        let far = FAR.max(size / ENTRY);
        let behind: usize = self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM log WHERE document = ?1 AND line > ?2 AND line <= ?3 LIMIT ?4)",
            )?
            .query_row(params![document, since, through, far], |row| row.get(0))?;
        Ok(behind >= far)
    }

    /// Returns the next lines after `since` that are not in what the reader holds.
    fn tail(&self, since: Seq, held: &BTreeMap<i64, i64>) -> Result<Vec<i64>> {
        let (from, to) = (line(self.workspace, since), line(self.workspace + 1, 0));
        if held.is_empty() {
            let sql = "SELECT line FROM log WHERE line > ?1 AND line < ?2 ORDER BY line LIMIT ?3";
            return self.lines(sql, params![from, to, ENTRIES]);
        }
        self.connection.execute_batch(
            "CREATE TEMP TABLE held (document INTEGER PRIMARY KEY, through INTEGER NOT NULL)",
        )?;
        let mut insert = self.connection.prepare("INSERT INTO held VALUES (?1, ?2)")?;
        for (document, through) in held {
            insert.execute(params![document, through])?;
        }
        let sql = "SELECT l.line FROM documents d LEFT JOIN held h ON h.document = d.number
                   CROSS JOIN log l ON l.document = d.number AND l.line > max(?1, coalesce(h.through, 0))
                   WHERE d.workspace = ?2 ORDER BY l.line LIMIT ?3";
        self.lines(sql, params![from, self.workspace, ENTRIES])
    }

    fn of_document(&self, document: DocumentId, since: Seq) -> Result<Vec<i64>> {
        let Some(number) = self.document(document)? else { return Ok(Vec::new()) };
        let sql = "SELECT line FROM log WHERE document = ?1 AND line > ?2 ORDER BY line LIMIT ?3";
        self.lines(sql, params![number, line(self.workspace, since), ENTRIES])
    }

    fn lines(&self, sql: &str, values: impl rusqlite::Params) -> Result<Vec<i64>> {
        let mut statement = self.connection.prepare(sql)?;
        let lines = statement.query_map(values, |row| row.get(0))?;
        Ok(lines.collect::<Result<_, _>>()?)
    }

    fn document(&self, document: DocumentId) -> Result<Option<i64>> {
        Ok(self
            .connection
            .prepare_cached("SELECT number FROM documents WHERE workspace = ?1 AND document = ?2")?
            .query_row(params![self.workspace, document.as_bytes()], |row| row.get(0))
            .optional()?)
    }

    /// Reads entries into the page until it is full, and returns the log's head.
    fn fill(&self, lines: &[i64], page: &mut Page) -> Result<Seq> {
        let mut bytes = page.snapshots.iter().map(|snapshot| snapshot.bytes.len()).sum::<usize>();
        let mut statement = self.connection.prepare_cached(
            "SELECT l.line, e.epoch, l.kind, d.document, r.person, r.device, r.replica, l.counter, l.hash, l.at,
                    l.origin, l.flags, l.key_id, l.seal, l.bytes
             FROM log l JOIN epochs e ON e.number = l.epoch
             JOIN documents d ON d.number = l.document
             JOIN replicas r ON r.number = l.replica WHERE l.line = ?1",
        )?;
        page.more = lines.len() == ENTRIES;
        for line in lines {
            let next = statement.query_row([line], entry)?;
            let size = next.draft.bytes.len() + limits::ENTRY_OVERHEAD;
            if bytes > 0 && bytes + size > PAGE {
                page.more = true;
                break;
            }
            bytes += size;
            append(page, next);
        }
        let head: Option<i64> = self
            .connection
            .prepare_cached("SELECT max(line) FROM log WHERE line > ?1 AND line < ?2")?
            .query_row([line(self.workspace, 0), line(self.workspace + 1, 0)], |row| row.get(0))?;
        Ok(head.map_or(0, seq))
    }
}

/// Appends an entry and, before it, what is skipped on the way to it.
fn append(page: &mut Page, entry: Entry) {
    cover(page, entry.seq.saturating_sub(1));
    page.through = entry.seq;
    match page.stretches.last_mut() {
        Some(Stretch::Run(run)) => run.push(entry),
        _ => page.stretches.push(Stretch::Run(vec![entry])),
    }
}

/// Skips to a number.
fn cover(page: &mut Page, through: Seq) {
    let skipped = through.saturating_sub(page.through);
    if skipped > 0 {
        page.stretches.push(Stretch::Skip(page.through + 1, skipped));
        page.through = through;
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let author = Author {
        person: PersonId::from_bytes(row.get(4)?),
        device: DeviceId::from_bytes(row.get(5)?),
        replica: ReplicaId::from_bytes(row.get(6)?),
    };
    Ok(Entry {
        epoch: Epoch::from_bytes(row.get(1)?),
        seq: seq(row.get(0)?),
        at: row.get(9)?,
        seal: Seal(row.get(13)?),
        draft: Draft {
            kind: Kind(row.get(2)?),
            document: DocumentId::from_bytes(row.get(3)?),
            author,
            counter: row.get(7)?,
            hash: ContentHash::from_bytes(row.get(8)?),
            origin: Origin(row.get(10)?),
            flags: Flags(row.get(11)?),
            key_id: row.get(12)?,
            bytes: Bytes::from(row.get::<_, Vec<u8>>(14)?),
        },
    })
}
