//! Invitation links: `https://relay.example.org/join#SECRET`.
//!
//! The secret stands in the fragment, which no browser sends and no proxy logs; the database has its hash only.

use std::path::Path;

use sheaf_document::ids::{Epoch, WorkspaceId};
use sheaf_protocol::entry::Millis;
use sheaf_protocol::rest::{InvitationLink, RelayAddress};
use sheaf_protocol::secret::Secret;

use crate::accounts::secrets;
use crate::clock;
use crate::error::{Error, Result};
use crate::folder::{self, Folder};
use crate::storage::sqlite::{Sqlite, Workspace};
use crate::storage::{NewInvitation, Role};

/// How long a link is good for.
pub const LIFETIME_MS: Millis = 7 * 24 * 60 * 60 * 1000;

/// Makes an invitation: what to keep, and the link to hand on.
pub fn fresh(relay: &RelayAddress, role: Role, now: Millis) -> Result<(NewInvitation, Secret)> {
    let secret = secrets::fresh()?;
    let invitation = NewInvitation { secret: secret.hash(), role, expires_at: now + LIFETIME_MS };
    Ok((invitation, InvitationLink { relay: relay.clone(), secret }.to_text()))
}

/// Sees to it that a relay has a workspace and, as long as nobody owns it, a link that makes an owner.
pub(crate) fn prepare(
    folder: &Folder,
    database: &mut Sqlite,
    relay: &RelayAddress,
) -> Result<Option<Secret>> {
    let now = clock::now();
    let (workspace, epoch) = (WorkspaceId::fresh(now, clock::chance()?), Epoch::fresh(now, clock::chance()?));
    let public_url = relay.to_string();
    database.create_workspace(workspace, epoch, &public_url, now)?;
    let Workspace { workspace, public_url: before, .. } = only(database)?;
    if before != public_url {
        database.set_public_url(workspace, &public_url)?;
    }
    if database.has_owner(workspace)? {
        forget_owner_invitation(folder);
        return Ok(None);
    }
    let file = folder.owner_invitation();
    if let Some(secret) = kept(&file)
        && database.invitation_is_open(secret.hash(), now)?
    {
        let link = InvitationLink { relay: relay.clone(), secret }.to_text();
        write(&file, &link)?;
        return Ok(Some(link));
    }
    let (invitation, link) = fresh(relay, Role::Owner, now)?;
    database.invite_by_operator(workspace, &invitation, now)?;
    write(&file, &link)?;
    Ok(Some(link))
}

/// Makes a link for the operator, also while the relay runs.
pub fn by_operator(data: &Path, role: Role) -> Result<Secret> {
    let folder = Folder::existing(data)?;
    let mut database = Sqlite::open_beside(&folder.database())?;
    let workspace = only(&database)?;
    let relay =
        RelayAddress::parse(&workspace.public_url).map_err(|_| Error::Stored("workspaces.public_url"))?;
    let now = clock::now();
    let (invitation, link) = fresh(&relay, role, now)?;
    database.invite_by_operator(workspace.workspace, &invitation, now)?;
    Ok(link)
}

/// Removes the owner's link once there is an owner.
pub(crate) fn forget_owner_invitation(folder: &Folder) {
    match std::fs::remove_file(folder.owner_invitation()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, "cannot remove the used invitation file");
        }
        _ => {}
    }
}

fn only(database: &Sqlite) -> Result<Workspace> {
    database.workspaces()?.into_iter().next().ok_or(Error::Stored("workspaces"))
}

fn write(file: &Path, link: &Secret) -> Result<()> {
    folder::write_private(file, format!("{}\n", link.expose()).as_bytes())
}

fn kept(file: &Path) -> Option<Secret> {
    let text = std::fs::read_to_string(file).ok()?;
    InvitationLink::parse(&text).ok().map(|link| link.secret)
}
