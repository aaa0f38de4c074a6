//! Bringing a device's own workspace to a team: its documents move into the team's, under the ids that they have.
//!
//! The plan is a note in the team's workspace, so an interrupted move goes on at the next start; what has arrived already
//! is known by its bytes and not written twice. The device's workspace stays as it was.

use bytes::Bytes;
use sheaf_document::ids::WorkspaceId;
use sheaf_protocol::entry::Origin;

use crate::error::{ReplicaError, Result};
use crate::profile::Profile;
use crate::reader::Reader;
use crate::replica::{Edit, Replica};

/// The workspace that is to be brought along.
const FROM: &str = "publish.from";

/// Notes that everything of a workspace on this device is to be brought into this one.
///
/// # Errors
/// When the disk fails.
pub async fn plan(team: &Replica, from: WorkspaceId) -> Result<()> {
    team.put_setting(FROM, Some(from.to_string())).await
}

/// Does what was planned and is not done yet, one document at a time.
///
/// # Errors
/// When the disk fails; then the rest is done at the next call.
pub async fn go_on(team: &Replica, profile: &Profile) -> Result<()> {
    let Some(from) = team.setting(FROM).await?.and_then(|from| from.parse().ok()) else { return Ok(()) };
    let profile = profile.clone();
    let read = tokio::task::spawn_blocking(move || -> Result<_> {
        let reader = Reader::open(&profile, from)?;
        let rows = reader.documents()?;
        rows.iter().map(|row| Ok((row.id, reader.updates(row.id)?))).collect::<Result<Vec<_>>>()
    });
    for (document, updates) in read.await.map_err(|_| ReplicaError::Stopped)?? {
        let edit = |bytes: Bytes| Edit { document, bytes, origin: Origin::IMPORTED, by: None };
        team.commit_all(updates.into_iter().map(edit).collect()).await?;
    }
    team.put_setting(FROM, None).await
}
