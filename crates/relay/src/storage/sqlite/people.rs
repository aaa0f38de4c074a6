//! Tables `people` and `devices`: accounts, found by address or by id; the first of them may bring a workspace along.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sheaf_document::ids::{ContentHash, PersonId, WorkspaceId};
use sheaf_protocol::entry::Millis;
use sheaf_protocol::rest::Claim;

use super::Sqlite;
use crate::error::Result;
use crate::storage::{Account, Joined, NewDevice, Role, Scope, Session};

const ACCOUNT: &str = "SELECT w.workspace, p.person, p.name, p.email, p.role, p.password
                       FROM people p JOIN workspaces w ON w.number = p.workspace";

impl Sqlite {
    /// Returns the account with this address, however its letters are cased.
    pub fn account_by_email(&self, email: &str) -> Result<Option<Account>> {
        let sql = format!("{ACCOUNT} WHERE p.email_key = ?1");
        Ok(self.connection.prepare_cached(&sql)?.query_row([key(email)], account).optional()?)
    }

    /// Returns the account in whose name a call is made.
    pub fn account(&self, scope: Scope) -> Result<Option<Account>> {
        find(&self.connection, scope)
    }

    /// Makes an account with its first device by spending an invitation. The owner of a workspace that nobody used yet
    /// may claim that it is one of theirs.
    pub fn join(
        &mut self,
        invitation: ContentHash,
        person: PersonId,
        account: &NewAccount,
        device: &NewDevice,
        now: Millis,
    ) -> Result<Joined> {
        let transaction = self.write()?;
        let Some((workspace, number, role)) = super::invitations::open(&transaction, invitation, now)? else {
            return Ok(Joined::Invitation);
        };
        let taken: bool = transaction.query_row(
            "SELECT EXISTS (SELECT 1 FROM people WHERE email_key = ?1)",
            [key(&account.email)],
            |row| row.get(0),
        )?;
        if taken {
            return Ok(Joined::EmailTaken);
        }
        let claim = match account.claim {
            Some(claim) if role == Role::Owner => adopt(&transaction, number, claim)?,
            _ => None,
        };
        let (workspace, person) = claim.map_or((workspace, person), |claim| (claim.workspace, claim.person));
        transaction.execute(
            "INSERT INTO people (person, workspace, name, email, email_key, role, password, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                person.as_bytes(),
                number,
                account.name,
                account.email,
                key(&account.email),
                role.name(),
                account.password,
                now
            ],
        )?;
        transaction.execute(
            "UPDATE invitations SET used_by = ?2 WHERE secret = ?1",
            params![invitation.as_bytes(), person.as_bytes()],
        )?;
        if !enrol(&transaction, person, device, now)? {
            return Ok(Joined::DeviceTaken);
        }
        transaction.commit()?;
        let account = Account {
            scope: Scope { workspace, person },
            name: account.name.clone(),
            email: account.email.clone(),
            role,
            password: account.password.clone(),
        };
        Ok(Joined::Welcome(Session { account, device: device.device }))
    }

    /// Signs a person who has just proven who they are in on a device, new or known; `false` if it is somebody else's.
    pub fn enrol_device(&mut self, scope: Scope, device: &NewDevice, now: Millis) -> Result<bool> {
        let transaction = self.write()?;
        let enrolled = enrol(&transaction, scope.person, device, now)?;
        transaction.commit()?;
        Ok(enrolled)
    }

    /// Returns everyone in the workspace, in the order they joined.
    pub fn people(&self, scope: Scope) -> Result<Vec<Account>> {
        let sql = format!("{ACCOUNT} WHERE w.workspace = ?1 ORDER BY p.created_at, p.person");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map([scope.workspace.as_bytes()], account)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// What a joining person says about themselves.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What others will call them.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Argon2id, as a PHC string.
    pub password: String,
    /// The workspace that they wrote alone so far.
    pub claim: Option<Claim>,
}

/// Gives a workspace without members and entries the id that is claimed; `None` where it has any.
fn adopt(connection: &Connection, workspace: i64, claim: Claim) -> Result<Option<Claim>> {
    let adopted = connection.execute(
        "UPDATE workspaces SET workspace = ?2 WHERE number = ?1
         AND NOT EXISTS (SELECT 1 FROM people)
         AND NOT EXISTS (SELECT 1 FROM log)
         AND NOT EXISTS (SELECT 1 FROM workspaces WHERE workspace = ?2 AND number <> ?1)",
        params![workspace, claim.workspace.as_bytes()],
    )?;
    Ok((adopted > 0).then_some(claim))
}

/// A device that signs in again begins a new family of secrets; what the old family knew is forgotten with it.
fn enrol(connection: &Connection, person: PersonId, device: &NewDevice, now: Millis) -> Result<bool> {
    let enrolled = connection.execute(
        "INSERT INTO devices (device, person, name, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT (device) DO UPDATE SET name = excluded.name, seen_at = excluded.seen_at
         WHERE devices.person = excluded.person",
        params![device.device.as_bytes(), person.as_bytes(), device.name, now],
    )?;
    if enrolled == 0 {
        return Ok(false);
    }
    connection.execute("DELETE FROM rotations WHERE device = ?1", [device.device.as_bytes()])?;
    connection.execute(
        "INSERT INTO sessions (device, current) VALUES (?1, ?2)
         ON CONFLICT (device) DO UPDATE SET current = excluded.current, ended_at = NULL",
        params![device.device.as_bytes(), device.secret.as_bytes()],
    )?;
    Ok(true)
}

pub(super) fn find(connection: &Connection, scope: Scope) -> Result<Option<Account>> {
    let sql = format!("{ACCOUNT} WHERE w.workspace = ?1 AND p.person = ?2");
    let found = connection
        .prepare_cached(&sql)?
        .query_row(params![scope.workspace.as_bytes(), scope.person.as_bytes()], account)
        .optional()?;
    Ok(found)
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    let role: String = row.get(4)?;
    Ok(Account {
        scope: Scope {
            workspace: WorkspaceId::from_bytes(row.get(0)?),
            person: PersonId::from_bytes(row.get(1)?),
        },
        name: row.get(2)?,
        email: row.get(3)?,
        // The table's CHECK admits these two names only.
        role: Role::from_name(&role).unwrap_or(Role::Member),
        password: row.get(5)?,
    })
}

/// Addresses that differ in case only are one account.
fn key(email: &str) -> String {
    email.trim().to_lowercase()
}
