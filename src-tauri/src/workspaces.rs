//! The workspaces of a profile that a person may want to go to: those of teams, and this device's own once somebody wrote
//! in it.
//!
//! They are read beside whoever writes them. One that cannot be read is left out: there is nothing to see there, and if it is
//! the one that the window opens, the window says why.

use sheaf_client::{Profile, Reader, ReplicaError, team};
use sheaf_document::ids::WorkspaceId;

use crate::seat;
use crate::shapes::{Problem, Workspace};

/// Lists them, in the order in which they were made; `here` is the one that the window opens.
///
/// # Errors
/// When the profile's folder cannot be read.
pub fn list(profile: &Profile, here: WorkspaceId) -> Result<Vec<Workspace>, Problem> {
    let mut found = Vec::new();
    for id in profile.workspaces()? {
        match look(profile, id, id == here) {
            Ok(row) => found.extend(row),
            Err(error) => tracing::warn!(%id, %error, "a workspace cannot be read"),
        }
    }
    Ok(found)
}

/// Returns a workspace; `None` for one that nobody would miss.
fn look(profile: &Profile, id: WorkspaceId, here: bool) -> Result<Option<Workspace>, ReplicaError> {
    let reader = Reader::open(profile, id)?;
    let name = seat::name_of(reader.setting(team::TEAM)?, reader.setting(team::RELAY)?.as_deref());
    // The welcome is as old as its workspace; whatever is younger somebody wrote.
    let is_worth_it =
        here || name.is_some() || reader.documents()?.iter().any(|row| row.updated_at > made(id));
    Ok(is_worth_it.then(|| Workspace { id: id.to_string(), name, here }))
}

/// Returns when a workspace was made, in milliseconds since 1970: its id begins with that (RFC 9562, version 7).
fn made(id: WorkspaceId) -> u64 {
    let [a, b, c, d, e, f, ..] = *id.as_bytes();
    u64::from_be_bytes([0, 0, a, b, c, d, e, f])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use sheaf_client::{Clock, Replica};
    use sheaf_document::ids::PersonId;
    use sheaf_protocol::entry::Origin;

    use super::*;

    #[tokio::test]
    async fn what_somebody_wrote_before_they_joined_can_be_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let (profile, clock) = (Profile::open(folder.path()).unwrap(), Clock::system());
        let own = profile.begin(&clock).unwrap();
        let row = |id: WorkspaceId, name: Option<&str>, here| Workspace {
            id: id.to_string(),
            name: name.map(str::to_owned),
            here,
        };
        assert_eq!(list(&profile, own).unwrap(), [row(own, None, true)], "where the window is, it can be");

        let crew = WorkspaceId::from_bytes([9; 16]);
        profile.join(crew, PersonId::from_bytes([1; 16]), profile.device(&clock).unwrap(), &clock).unwrap();
        let team = Replica::open(&profile, crew, clock.clone()).await.unwrap();
        team.put_setting(team::RELAY, Some("https://relay.example.org/".to_owned())).await.unwrap();
        let crew_row = |here| row(crew, Some("relay.example.org"), here);
        assert_eq!(list(&profile, crew).unwrap(), [crew_row(true)], "nobody misses a welcome");

        let alone = Replica::open(&profile, own, clock).await.unwrap();
        alone.create("Bo's note", Vec::new(), Origin::TYPED).await.unwrap();
        let both = list(&profile, crew).unwrap();
        assert!(both.contains(&row(own, None, false)), "but what Bo wrote: {both:?}");
        assert!(both.contains(&crew_row(true)), "beside the team's: {both:?}");

        alone.stop().await;
        fs::write(profile.database(own), b"spilled coffee ".repeat(1000)).unwrap();
        assert_eq!(
            list(&profile, crew).unwrap(),
            [crew_row(true)],
            "what cannot be read keeps no other away"
        );
    }
}
