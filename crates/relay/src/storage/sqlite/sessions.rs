//! Tables `sessions` and `rotations`: one family of refresh secrets per device.
//!
//! The rotation is idempotent because the device makes its next secret itself and sends only its hash: a lost answer
//! costs nothing, the repeated request finds what the first one did. A spent secret that comes back with *another*
//! next one is either a race of moments or a copy in other hands, and time tells which.

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::{ContentHash, DeviceId, PersonId, WorkspaceId};
use sheaf_protocol::entry::Millis;

use super::Sqlite;
use crate::error::{Error, Result};
use crate::storage::{Rotated, Rotation, Scope, Session};

/// How long a repeated request gets the same answer.
const REPEATABLE_MS: Millis = 24 * 60 * 60 * 1000;
/// How long a differing request counts as a race and not as theft.
const RACE_MS: Millis = 60 * 1000;
/// How long spent secrets are remembered.
const REMEMBERED_MS: Millis = 30 * 24 * 60 * 60 * 1000;

impl Sqlite {
    /// Says whether this is the hash of a device's refresh secret, spent or not.
    pub fn knows_secret(&self, secret: ContentHash) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sessions WHERE current = ?1)
                       OR EXISTS (SELECT 1 FROM rotations WHERE spent = ?1)";
        Ok(self.connection.prepare_cached(sql)?.query_row([secret.as_bytes()], |row| row.get(0))?)
    }

    /// Replaces a device's refresh secret by the next one.
    pub fn rotate(&mut self, rotation: &Rotation, now: Millis) -> Result<Rotated> {
        let transaction = self.write()?;
        let outcome = match earlier(&transaction, rotation)? {
            Some(earlier) => repeat(&transaction, rotation, &earlier, now)?,
            None => advance(&transaction, rotation, now)?,
        };
        transaction.commit()?;
        Ok(outcome)
    }

    /// Signs a device out. Idempotent.
    pub fn end_session(&mut self, scope: Scope, device: DeviceId, now: Millis) -> Result<()> {
        self.connection.execute(
            "UPDATE sessions SET ended_at = ?3
             WHERE device = ?1 AND ended_at IS NULL
               AND device IN (SELECT device FROM devices WHERE person = ?2)",
            params![device.as_bytes(), scope.person.as_bytes(), now],
        )?;
        Ok(())
    }

    /// Returns the session of a device that is signed in.
    pub fn session(&self, scope: Scope, device: DeviceId) -> Result<Option<Session>> {
        Ok(session_of(&self.connection, device)?.filter(|session| session.account.scope == scope))
    }
}

struct Earlier {
    device: DeviceId,
    id: [u8; 16],
    next: [u8; 32],
    at: Millis,
}

fn earlier(connection: &Connection, rotation: &Rotation) -> Result<Option<Earlier>> {
    let found = connection
        .prepare_cached("SELECT device, rotation, next, at FROM rotations WHERE spent = ?1")?
        .query_row([rotation.spent.as_bytes()], |row| {
            let device = DeviceId::from_bytes(row.get(0)?);
            Ok(Earlier { device, id: row.get(1)?, next: row.get(2)?, at: row.get(3)? })
        })
        .optional()?;
    Ok(found)
}

fn repeat(connection: &Connection, rotation: &Rotation, earlier: &Earlier, now: Millis) -> Result<Rotated> {
    let age = now.saturating_sub(earlier.at);
    let same = earlier.id == rotation.id && earlier.next == *rotation.next.as_bytes();
    if same {
        return match session_of(connection, earlier.device)? {
            Some(session) if age <= REPEATABLE_MS => Ok(Rotated::Done(session)),
            // The device holds the next secret and can go on with it; nobody else was seen.
            Some(_) => Ok(Rotated::Unknown),
            None => Ok(Rotated::Ended),
        };
    }
    if age <= RACE_MS {
        return Ok(Rotated::Lost);
    }
    connection.execute(
        "UPDATE sessions SET ended_at = ?2 WHERE device = ?1 AND ended_at IS NULL",
        params![earlier.device.as_bytes(), now],
    )?;
    Ok(Rotated::Reused(earlier.device))
}

fn advance(connection: &Connection, rotation: &Rotation, now: Millis) -> Result<Rotated> {
    let found: Option<(DeviceId, bool)> = connection
        .prepare_cached("SELECT device, ended_at IS NOT NULL FROM sessions WHERE current = ?1")?
        .query_row([rotation.spent.as_bytes()], |row| Ok((DeviceId::from_bytes(row.get(0)?), row.get(1)?)))
        .optional()?;
    let device = match found {
        None => return Ok(Rotated::Unknown),
        Some((_, true)) => return Ok(Rotated::Ended),
        Some((device, false)) => device,
    };
    connection.execute(
        "INSERT INTO rotations (spent, device, rotation, next, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![rotation.spent.as_bytes(), device.as_bytes(), rotation.id, rotation.next.as_bytes(), now],
    )?;
    connection.execute(
        "UPDATE sessions SET current = ?2 WHERE device = ?1",
        params![device.as_bytes(), rotation.next.as_bytes()],
    )?;
    connection
        .execute("UPDATE devices SET seen_at = ?2 WHERE device = ?1", params![device.as_bytes(), now])?;
    connection.execute(
        "DELETE FROM rotations WHERE device = ?1 AND at < ?2",
        params![device.as_bytes(), now.saturating_sub(REMEMBERED_MS)],
    )?;
    let session = session_of(connection, device)?.ok_or(Error::Stored("sessions"))?;
    Ok(Rotated::Done(session))
}

fn session_of(connection: &Connection, device: DeviceId) -> Result<Option<Session>> {
    let scope = connection
        .prepare_cached(
            "SELECT w.workspace, p.person FROM sessions s
             JOIN devices d ON d.device = s.device
             JOIN people p ON p.person = d.person
             JOIN workspaces w ON w.number = p.workspace
             WHERE s.device = ?1 AND s.ended_at IS NULL",
        )?
        .query_row([device.as_bytes()], |row| {
            Ok(Scope {
                workspace: WorkspaceId::from_bytes(row.get(0)?),
                person: PersonId::from_bytes(row.get(1)?),
            })
        })
        .optional()?;
    let Some(scope) = scope else { return Ok(None) };
    Ok(super::people::find(connection, scope)?.map(|account| Session { account, device }))
}
