//! The one row that says whose copy of which workspace this file is, and how much of the relay's log it holds.

use rusqlite::{Connection, params};
use sheaf_document::ids::{DeviceId, Epoch, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Seq};

use crate::error::Result;
use crate::store::{Identity, Position};

pub(crate) const CREATE: &str = "
CREATE TABLE replica (
    id        INTEGER PRIMARY KEY CHECK (id = 1), -- there is one row
    workspace BLOB NOT NULL,                      -- the workspace
    person    BLOB NOT NULL,                      -- who writes here
    device    BLOB NOT NULL,                      -- on which device
    replica   BLOB NOT NULL,                      -- in which copy
    epoch     BLOB,                               -- the relay's log that the cursor belongs to; NULL before any
    cursor    INTEGER NOT NULL DEFAULT 0          -- the last number of that log that is stored here
) STRICT;";

/// What is known of the tree as a whole.
pub(crate) const TREE: &str = "
ALTER TABLE replica ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;       -- whether all that a relay's log held has been here once
ALTER TABLE replica ADD COLUMN drafts_hold INTEGER NOT NULL DEFAULT 0; -- whether each record that waits holds against the rules
UPDATE replica SET whole = 1 WHERE epoch IS NOT NULL;";

/// Writes the row of a new file.
pub(crate) fn found(connection: &Connection, identity: Identity) -> Result<()> {
    let Identity { workspace, author: Author { person, device, replica } } = identity;
    connection.execute(
        "INSERT INTO replica (id, workspace, person, device, replica) VALUES (1, ?1, ?2, ?3, ?4)",
        params![workspace.as_bytes(), person.as_bytes(), device.as_bytes(), replica.as_bytes()],
    )?;
    Ok(())
}

pub(crate) fn identity(connection: &Connection) -> Result<Identity> {
    let mut statement =
        connection.prepare_cached("SELECT workspace, person, device, replica FROM replica WHERE id = 1")?;
    let identity = statement.query_row([], |row| {
        Ok(Identity {
            workspace: WorkspaceId::from_bytes(row.get(0)?),
            author: Author {
                person: PersonId::from_bytes(row.get(1)?),
                device: DeviceId::from_bytes(row.get(2)?),
                replica: ReplicaId::from_bytes(row.get(3)?),
            },
        })
    })?;
    Ok(identity)
}

/// Changes who writes here.
pub(crate) fn sign_as(connection: &Connection, author: Author) -> Result<()> {
    connection.execute(
        "UPDATE replica SET person = ?1, device = ?2, replica = ?3 WHERE id = 1",
        params![author.person.as_bytes(), author.device.as_bytes(), author.replica.as_bytes()],
    )?;
    Ok(())
}

pub(crate) fn position(connection: &Connection) -> Result<Position> {
    let mut statement = connection.prepare_cached("SELECT epoch, cursor FROM replica WHERE id = 1")?;
    let position = statement.query_row([], |row| {
        let epoch: Option<[u8; 16]> = row.get(0)?;
        Ok(Position { epoch: epoch.map(Epoch::from_bytes), cursor: row.get(1)? })
    })?;
    Ok(position)
}

/// Moves the cursor; backwards too, when a relay's log began a new life.
pub(crate) fn move_to(connection: &Connection, epoch: Epoch, cursor: Seq) -> Result<()> {
    let mut statement =
        connection.prepare_cached("UPDATE replica SET epoch = ?1, cursor = ?2 WHERE id = 1")?;
    statement.execute(params![epoch.as_bytes(), cursor])?;
    Ok(())
}

/// Says whether all that there is of the workspace has been here once; of one that met no relay nothing is elsewhere.
pub(crate) fn is_whole(connection: &Connection) -> Result<bool> {
    let mut statement =
        connection.prepare_cached("SELECT whole = 1 OR epoch IS NULL FROM replica WHERE id = 1")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

pub(crate) fn be_whole(connection: &Connection) -> Result<()> {
    connection.execute("UPDATE replica SET whole = 1 WHERE id = 1", [])?;
    Ok(())
}

/// Says whether every record that waits is known to hold against the rules.
pub(crate) fn drafts_hold(connection: &Connection) -> Result<bool> {
    let mut statement = connection.prepare_cached("SELECT drafts_hold FROM replica WHERE id = 1")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

pub(crate) fn note_drafts(connection: &Connection, hold: bool) -> Result<()> {
    connection.prepare_cached("UPDATE replica SET drafts_hold = ?1 WHERE id = 1")?.execute([hold])?;
    Ok(())
}
