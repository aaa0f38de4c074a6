//! The log: every entry that this replica has seen or made, in the order in which it came. Rows are added, named and
//! numbered; no row is ever removed, and the bytes never change but to what they were before a disk damaged them.
//!
//! Two rows may bear one name, (replica, counter), when their bytes differ: a copied profile makes such twins. Both
//! are somebody's words, so both stay.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_protocol::entry::{Author, Counter, Draft, Entry, Flags, Kind, Millis, Origin, Seal, Seq};

use crate::error::Result;
use crate::outbox::Budget;

pub(crate) const CREATE: &str = "
CREATE TABLE log (
    id       INTEGER PRIMARY KEY,                       -- the order in which this replica stored it
    state    INTEGER NOT NULL,                          -- 0 waits in the outbox, 1 numbered, 2 set aside by a person
    kind     INTEGER NOT NULL,                          -- 1 an update, 2 a record; others are kept unread
    document INTEGER NOT NULL REFERENCES document (id), -- the document
    author   INTEGER NOT NULL REFERENCES author (id),   -- person, device, replica
    counter  INTEGER NOT NULL,                          -- its name within the replica
    origin   INTEGER NOT NULL,                          -- how it came to be: typed, imported, restored, api
    flags    INTEGER NOT NULL,                          -- how the bytes are kept: compressed, encrypted
    key_id   INTEGER NOT NULL,                          -- the key that they are encrypted under, 0 for none
    at       INTEGER NOT NULL,                          -- ms since 1970: this device's clock, once numbered the relay's
    epoch    INTEGER REFERENCES epoch (id),             -- the life of the log that numbered it
    seq      INTEGER,                                   -- its number there
    seal     BLOB,                                      -- the relay's keyed hash, for bringing it back
    hash     BLOB NOT NULL,                             -- BLAKE3 of the bytes: its name to others, a checksum here
    bytes    BLOB NOT NULL,                             -- the update or record
    CHECK ((state = 1) = (epoch IS NOT NULL AND seq IS NOT NULL AND seal IS NOT NULL))
) STRICT;
CREATE INDEX log_document ON log (document);
CREATE INDEX log_name ON log (author, counter) WHERE state <> 0;
CREATE INDEX log_number ON log (epoch, seq) WHERE state = 1;";

/// Waits in the outbox.
pub(crate) const WAITING: u8 = 0;
/// Stands in a relay's log.
pub(crate) const NUMBERED: u8 = 1;
/// Was refused and taken out of its document by a person.
pub(crate) const SET_ASIDE: u8 = 2;

/// What a relay adds to a draft.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    pub(crate) epoch: i64,
    pub(crate) seq: Seq,
    pub(crate) seal: Seal,
}

/// A row to be added.
#[derive(Debug)]
pub(crate) struct NewRow<'a> {
    pub(crate) kind: Kind,
    pub(crate) document: i64,
    pub(crate) author: i64,
    pub(crate) counter: Counter,
    pub(crate) hash: ContentHash,
    pub(crate) origin: Origin,
    pub(crate) flags: Flags,
    pub(crate) key_id: u32,
    pub(crate) at: Millis,
    pub(crate) number: Option<Number>,
    pub(crate) bytes: &'a [u8],
}

/// Adds a row, waiting or numbered, and returns its id.
pub(crate) fn append(connection: &Connection, new: &NewRow<'_>) -> Result<i64> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO log (state, kind, document, author, counter, origin, flags, key_id, at, epoch, seq, seal, hash, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    let id = statement.insert(params![
        if new.number.is_some() { NUMBERED } else { WAITING },
        new.kind.0,
        new.document,
        new.author,
        new.counter,
        new.origin.0,
        new.flags.0,
        new.key_id,
        new.at,
        new.number.map(|it| it.epoch),
        new.number.map(|it| it.seq),
        new.number.map(|it| it.seal.0),
        new.hash.as_bytes(),
        new.bytes,
    ])?;
    Ok(id)
}

/// Returns the last row and its hash.
pub(crate) fn last(connection: &Connection) -> Result<Option<(i64, ContentHash)>> {
    let mut statement = connection.prepare_cached("SELECT id, hash FROM log ORDER BY id DESC LIMIT 1")?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, ContentHash::from_bytes(row.get(1)?)))).optional()?)
}

/// Returns the hash of a row.
pub(crate) fn hash(connection: &Connection, id: i64) -> Result<Option<ContentHash>> {
    let mut statement = connection.prepare_cached("SELECT hash FROM log WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| Ok(ContentHash::from_bytes(row.get(0)?))).optional()?)
}

/// Returns who wrote the rows of a document behind this one, each with their last.
pub(crate) fn writers(connection: &Connection, document: i64, after: i64) -> Result<Vec<(PersonId, i64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT author.person, max(log.id) FROM log CROSS JOIN author ON author.id = log.author
         WHERE log.document = ?1 AND log.id > ?2 AND log.state <> 2 GROUP BY author.person",
    )?;
    let rows =
        statement.query_map([document, after], |row| Ok((PersonId::from_bytes(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// A row that is in no outbox.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) id: i64,
    pub(crate) document: i64,
    pub(crate) kind: Kind,
    pub(crate) state: u8,
}

/// Returns the row with this name and these bytes that is in no outbox.
pub(crate) fn find(
    connection: &Connection,
    replica: ReplicaId,
    counter: Counter,
    hash: ContentHash,
) -> Result<Option<Found>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, document, kind, state FROM log
         WHERE author IN (SELECT id FROM author WHERE replica = ?1) AND counter = ?2 AND state <> 0 AND hash = ?3",
    )?;
    let found = statement.query_row(params![replica.as_bytes(), counter, hash.as_bytes()], |row| {
        Ok(Found { id: row.get(0)?, document: row.get(1)?, kind: Kind(row.get(2)?), state: row.get(3)? })
    });
    Ok(found.optional()?)
}

/// Writes down what a relay said about a row: its number, time and seal, and whom it takes for the author.
pub(crate) fn number(c: &Connection, id: i64, author: i64, at: Millis, number: Number) -> Result<()> {
    let mut statement = c.prepare_cached(
        "UPDATE log SET state = 1, author = ?2, at = ?3, epoch = ?4, seq = ?5, seal = ?6
         WHERE id = ?1 AND (epoch, seq, seal, author, at) IS NOT (?4, ?5, ?6, ?2, ?3)",
    )?;
    statement.execute(params![id, author, at, number.epoch, number.seq, number.seal.0])?;
    Ok(())
}

/// Gives a row the bytes that its hash names, if it has others; says whether it had.
pub(crate) fn heal(c: &Connection, id: i64, hash: ContentHash, bytes: &[u8]) -> Result<bool> {
    let mut statement = c.prepare_cached("SELECT bytes FROM log WHERE id = ?1")?;
    let is_sound =
        statement.query_row([id], |row| Ok(ContentHash::of(row.get_ref(0)?.as_blob()?) == hash))?;
    if !is_sound {
        c.prepare_cached("UPDATE log SET bytes = ?2 WHERE id = ?1")?.execute(params![id, bytes])?;
    }
    Ok(!is_sound)
}

/// Gives a row that waits another name.
pub(crate) fn rename(connection: &Connection, id: i64, author: i64, counter: Counter) -> Result<()> {
    let mut statement =
        connection.prepare_cached("UPDATE log SET author = ?2, counter = ?3 WHERE id = ?1 AND state = 0")?;
    statement.execute(params![id, author, counter])?;
    Ok(())
}

/// Gives every row that waits another author.
pub(crate) fn sign_waiting(connection: &Connection, author: i64) -> Result<()> {
    connection.execute("UPDATE log SET author = ?1 WHERE id IN (SELECT entry FROM outbox)", [author])?;
    Ok(())
}

/// Takes the waiting rows of a document out of it; they stay in the log.
pub(crate) fn set_aside(connection: &Connection, document: i64) -> Result<()> {
    connection.execute(
        "UPDATE log SET state = ?2 WHERE document = ?1 AND state = ?3",
        params![document, SET_ASIDE, WAITING],
    )?;
    Ok(())
}

/// Returns the highest counter of a replica on its device among the rows that are in no outbox, 0 without any.
pub(crate) fn last_counter(connection: &Connection, of: Author) -> Result<Counter> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(max(counter), 0) FROM log
         WHERE author IN (SELECT id FROM author WHERE replica = ?1 AND device = ?2) AND state <> 0",
    )?;
    Ok(statement.query_row([of.replica.as_bytes(), of.device.as_bytes()], |row| row.get(0))?)
}

/// Returns the updates of a document after a row, in causal order, and the last row. One buffer holds them all.
pub(crate) fn updates(connection: &Connection, document: i64, after: i64) -> Result<(Vec<Bytes>, i64)> {
    let mut statement = connection.prepare_cached(
        "SELECT id, bytes FROM log WHERE document = ?1 AND id > ?2 AND kind = ?3 AND state <> ?4 ORDER BY id",
    )?;
    let mut rows = statement.query(params![document, after, Kind::UPDATE.0, SET_ASIDE])?;
    let (mut buffer, mut lengths, mut last) = (Vec::new(), Vec::new(), after);
    while let Some(row) = rows.next()? {
        last = row.get(0)?;
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        buffer.extend_from_slice(bytes);
        lengths.push(bytes.len());
    }
    let mut buffer = Bytes::from(buffer);
    Ok((lengths.into_iter().map(|length| buffer.split_to(length)).collect(), last))
}

/// Returns the updates of a document that are in one state, in order.
pub(crate) fn in_state(connection: &Connection, document: i64, state: u8) -> Result<Vec<Bytes>> {
    let mut statement = connection.prepare_cached(
        "SELECT bytes FROM log WHERE document = ?1 AND state = ?2 AND kind = ?3 ORDER BY id",
    )?;
    let rows = statement.query_map(params![document, state, Kind::UPDATE.0], |row| {
        Ok(Bytes::from(row.get::<_, Vec<u8>>(0)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Says whether a document is made of any row.
pub(crate) fn has_any(connection: &Connection, document: i64) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM log WHERE document = ?1 AND state <> ?2")?;
    Ok(statement.exists(params![document, SET_ASIDE])?)
}

/// An update, with the life of the log that numbered it and the number; what waits has none.
pub(crate) type Numbered = (Option<(Epoch, Seq)>, Bytes);

/// Returns the updates that a document is made of, in order.
pub(crate) fn with_numbers(connection: &Connection, document: i64) -> Result<Vec<Numbered>> {
    let mut statement = connection.prepare_cached(
        "SELECT epoch.epoch, seq, bytes FROM log LEFT JOIN epoch ON epoch.id = log.epoch
         WHERE document = ?1 AND kind = ?2 AND state <> ?3 ORDER BY log.id",
    )?;
    let rows = statement.query_map(params![document, Kind::UPDATE.0, SET_ASIDE], |row| {
        let epoch: Option<[u8; 16]> = row.get(0)?;
        let number = epoch.map(Epoch::from_bytes).zip(row.get::<_, Option<Seq>>(1)?);
        Ok((number, Bytes::from(row.get::<_, Vec<u8>>(2)?)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The columns that [`draft`] reads, of `log` and `document`.
pub(crate) const DRAFT: &str = "kind, document.document, log.counter, hash, origin, flags, key_id, bytes";

/// Reads a draft from a row that begins with the columns [`DRAFT`].
pub(crate) fn draft(row: &Row<'_>, author: Author) -> rusqlite::Result<Draft> {
    Ok(Draft {
        kind: Kind(row.get(0)?),
        document: DocumentId::from_bytes(row.get(1)?),
        author,
        counter: row.get(2)?,
        hash: ContentHash::from_bytes(row.get(3)?),
        origin: Origin(row.get(4)?),
        flags: Flags(row.get(5)?),
        key_id: row.get(6)?,
        bytes: Bytes::from(row.get::<_, Vec<u8>>(7)?),
    })
}

/// Returns the highest number that a log gave, 0 without any.
pub(crate) fn last_number(connection: &Connection, epoch: Epoch) -> Result<Seq> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(max(seq), 0) FROM log WHERE epoch = (SELECT id FROM epoch WHERE epoch = ?1) AND state = 1",
    )?;
    Ok(statement.query_row([epoch.as_bytes()], |row| row.get(0))?)
}

/// What [`entry`] reads: a draft, its author, and what a relay added.
const ENTRIES: &str = "
    SELECT kind, document.document, counter, hash, origin, flags, key_id, bytes,
           person, device, replica, epoch.epoch, seq, at, seal
    FROM log JOIN document ON document.id = log.document JOIN author ON author.id = log.author
         JOIN epoch ON epoch.id = log.epoch";

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let author = Author {
        person: PersonId::from_bytes(row.get(8)?),
        device: DeviceId::from_bytes(row.get(9)?),
        replica: ReplicaId::from_bytes(row.get(10)?),
    };
    Ok(Entry {
        draft: draft(row, author)?,
        epoch: Epoch::from_bytes(row.get(11)?),
        seq: row.get(12)?,
        at: row.get(13)?,
        seal: Seal(row.get(14)?),
    })
}

/// Returns the entries that a log numbered after a number, in its order; the first always, more as long as the budget
/// lasts.
pub(crate) fn numbered_after(c: &Connection, epoch: Epoch, after: Seq, budget: Budget) -> Result<Vec<Entry>> {
    let mut statement = c.prepare_cached(&format!(
        "{ENTRIES} WHERE log.epoch = (SELECT id FROM epoch WHERE epoch = ?1) AND seq > ?2 AND state = 1 ORDER BY seq"
    ))?;
    let rows = statement.query(params![epoch.as_bytes(), after])?;
    budget.fill(rows, entry, |entry| entry.draft.bytes.len())
}

/// Returns the numbered entries of a document, in the order in which they came here.
pub(crate) fn numbered_in(connection: &Connection, document: i64) -> Result<Vec<Entry>> {
    let mut statement = connection
        .prepare_cached(&format!("{ENTRIES} WHERE log.document = ?1 AND state = 1 ORDER BY log.id"))?;
    let rows = statement.query_map([document], entry)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
