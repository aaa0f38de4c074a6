//! Bringing a device's own workspace to a relay.
//!
//! A relay that nobody used yet takes the workspace over under the ids that it has here. Then publishing is nothing but
//! syncing: everything that was ever written here is in the outbox, goes out in order, and whatever interrupts it goes
//! on where it was. A relay with a team on it keeps its own workspace; there the documents are brought along, under
//! their ids, their files before them, and then their places in the tree. That is planned in the team's workspace, so it too goes on at the next start, and what has arrived is known
//! by its bytes; the device's own workspace stays as it was.

use bytes::Bytes;
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::record::{FavouriteWrite, Order, PlaceWrite};
use sheaf_protocol::rest::{Claim, Session};
use sheaf_store::{FileRow, PlaceRow};

use crate::account::{Account, Enrolment, Insist};
use crate::clock::Clock;
use crate::error::{ReplicaError, Result};
use crate::files::Shelf;
use crate::keychain::Vault;
use crate::profile::Profile;
use crate::reader::Reader;
use crate::replica::{Edit, Replica};
use crate::team::{self, TeamError};

/// As many changes are brought along in one transaction; in between others may write.
const AT_ONCE: usize = 1_000;
/// A document that is to be brought along, and what made it, if that can be read.
type Brought = (DocumentId, Result<Vec<Bytes>>);

/// What another workspace holds.
struct Written {
    documents: Vec<Brought>,
    tree: Vec<PlaceRow>,
    files: Vec<FileRow>,
}

/// The workspace that is to be brought along.
const FROM: &str = "publish.from";

/// Joins a relay with everything that this workspace holds. Where the session names this workspace, it only has to be
/// connected; where it names another, that one is the profile's next, and [`go_on`] brings the documents there.
///
/// # Errors
/// As [`TeamError`] says; the workspace is as it was.
pub async fn begin(
    alone: &Replica,
    profile: &Profile,
    link: &str,
    insist: Insist,
    who: Enrolment,
    vault: Vault,
    clock: &Clock,
) -> std::result::Result<(Account, Session), TeamError> {
    let claim = claim(alone);
    let (account, session) = Account::join_with(claim, link, insist, who, vault, profile.folder()).await?;
    if !team::settle_in(alone, &account, &session, insist).await? {
        let team = team::settle(profile, &account, &session, insist, clock).await?;
        plan(&team, claim.workspace).await?;
        team.stop().await;
        profile.remember(session.workspace, clock)?;
    }
    Ok((account, session))
}

/// Returns what a workspace that was written here alone asks an empty relay to take over.
pub fn claim(alone: &Replica) -> Claim {
    let here = alone.identity();
    Claim { workspace: here.workspace, person: here.author.person }
}

/// Plans, in the team's workspace, to bring the documents of another one of this profile along: [`go_on`] does.
///
/// # Errors
/// When the disk fails; then nothing is planned.
pub async fn plan(team: &Replica, from: WorkspaceId) -> Result<()> {
    team.put_setting(FROM, Some(from.to_string())).await
}

/// Brings along what was planned and is not there yet, one document at a time. One that cannot be brought keeps no other
/// from it.
///
/// # Errors
/// When the source cannot be read, a document does not come over, or the disk fails; then the rest is done at the next
/// call.
pub async fn go_on(team: &Replica, profile: &Profile) -> Result<()> {
    let Some(from) = team.setting(FROM).await?.and_then(|from| from.parse().ok()) else { return Ok(()) };
    let mut all = Ok(());
    let Written { documents, tree, files } = written_in(profile.clone(), from).await?;
    let shelf = Shelf::of(profile, from);
    for row in files.into_iter().filter(|row| row.is_held) {
        if let Err(error) = team.bring_file(&shelf, row.file).await {
            tracing::warn!(%error, "a file was not brought to the team");
            all = Err(error);
        }
    }
    for (document, updates) in documents {
        let brought = match updates {
            Ok(updates) => bring(team, document, &updates).await,
            Err(error) => Err(error),
        };
        if let Err(error) = brought {
            tracing::warn!(%document, %error, "a document was not brought to the team");
            all = Err(error);
        }
    }
    stand(team, tree).await?;
    all?;
    team.put_setting(FROM, None).await
}

/// Puts what came along where it stood, as far as it stands nowhere yet.
async fn stand(team: &Replica, tree: Vec<PlaceRow>) -> Result<()> {
    for rows in tree.chunks(AT_ONCE) {
        let places = rows.iter().filter_map(|row| {
            let order = Order::from_bytes(&row.order)?;
            let (icon, trashed) = (Some(row.icon.clone()), Some(row.trashed));
            Some(PlaceWrite { icon, trashed, ..PlaceWrite::at(row.id, row.parent, order) })
        });
        let kept = rows.iter().filter(|row| row.favourite);
        let kept = kept.map(|row| FavouriteWrite { document: row.id, on: true });
        team.bring(places.collect(), kept.collect()).await?;
    }
    Ok(())
}

async fn bring(team: &Replica, document: DocumentId, updates: &[Bytes]) -> Result<()> {
    for some in updates.chunks(AT_ONCE) {
        let edit =
            |bytes: &Bytes| Edit { document, bytes: bytes.clone(), origin: Origin::IMPORTED, by: None };
        team.commit_all(some.iter().map(edit).collect()).await?;
    }
    Ok(())
}

async fn written_in(profile: Profile, workspace: WorkspaceId) -> Result<Written> {
    let read = tokio::task::spawn_blocking(move || {
        let reader = Reader::open(&profile, workspace)?;
        let rows = reader.documents()?;
        let documents = rows.iter().map(|row| (row.id, reader.updates(row.id))).collect();
        Ok(Written { documents, tree: reader.tree()?, files: reader.files()? })
    });
    read.await.map_err(|_| ReplicaError::Stopped)?
}
