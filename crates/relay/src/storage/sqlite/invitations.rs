//! Table `invitations`: links that make one account each.

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::{ContentHash, PersonId, WorkspaceId};
use sheaf_protocol::entry::Millis;

use super::Sqlite;
use crate::error::Result;
use crate::storage::{NewInvitation, Role, Scope};

impl Sqlite {
    /// Keeps an invitation that a person made.
    pub fn invite(&mut self, scope: Scope, invitation: &NewInvitation, now: Millis) -> Result<()> {
        keep(&self.connection, self.number_for(scope)?, Some(scope.person), invitation, now)
    }

    /// Keeps an invitation that the operator made.
    pub fn invite_by_operator(
        &mut self,
        workspace: WorkspaceId,
        invitation: &NewInvitation,
        now: Millis,
    ) -> Result<()> {
        keep(&self.connection, self.workspace_number(workspace)?, None, invitation, now)
    }

    /// Says whether somebody can still join with this invitation.
    pub fn invitation_is_open(&self, secret: ContentHash, now: Millis) -> Result<bool> {
        Ok(open(&self.connection, secret, now)?.is_some())
    }

    /// Says whether the workspace has an owner yet.
    pub fn has_owner(&self, workspace: WorkspaceId) -> Result<bool> {
        let number = self.workspace_number(workspace)?;
        let sql = "SELECT EXISTS (SELECT 1 FROM people WHERE workspace = ?1 AND role = 'owner')";
        Ok(self.connection.query_row(sql, [number], |row| row.get(0))?)
    }
}

fn keep(
    connection: &Connection,
    workspace: i64,
    invited_by: Option<PersonId>,
    invitation: &NewInvitation,
    now: Millis,
) -> Result<()> {
    connection.execute(
        "INSERT INTO invitations (secret, workspace, role, invited_by, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            invitation.secret.as_bytes(),
            workspace,
            invitation.role.name(),
            invited_by.map(|person| *person.as_bytes()),
            now,
            invitation.expires_at
        ],
    )?;
    Ok(())
}

/// Returns workspace, its short number and the role behind an invitation that is neither used nor lapsed.
pub(super) fn open(
    connection: &Connection,
    secret: ContentHash,
    now: Millis,
) -> Result<Option<(WorkspaceId, i64, Role)>> {
    let found = connection
        .prepare_cached(
            "SELECT w.workspace, w.number, i.role FROM invitations i JOIN workspaces w ON w.number = i.workspace
             WHERE i.secret = ?1 AND i.used_by IS NULL AND i.expires_at > ?2",
        )?
        .query_row(params![secret.as_bytes(), now], |row| {
            Ok((WorkspaceId::from_bytes(row.get(0)?), row.get(1)?, row.get::<_, String>(2)?))
        })
        .optional()?;
    Ok(found
        .map(|(workspace, number, role)| (workspace, number, Role::from_name(&role).unwrap_or(Role::Member))))
}
