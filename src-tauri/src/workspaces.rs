//! The workspaces of a profile that are not alive, and that a person may want to go to all the same: those of teams, and this
//! device's own once somebody wrote in it.
//!
//! They are read beside whoever writes them. One that cannot be read is in the list too, and says why.

use std::collections::{BTreeMap, BTreeSet};

use sheaf_client::{Profile, Reader, ReplicaError, team};
use sheaf_document::ids::WorkspaceId;

use crate::living::{made, name_of};
use crate::shapes::{Problem, ProblemCode, Sync, Workspace};

/// Lists them; `here` is the one that the window opens, `shut` says why some did not open when they were tried.
///
/// # Errors
/// When the profile's folder cannot be read.
pub fn list(
    profile: &Profile,
    here: Option<WorkspaceId>,
    alive: &BTreeSet<WorkspaceId>,
    shut: &BTreeMap<WorkspaceId, ProblemCode>,
) -> Result<Vec<Workspace>, Problem> {
    let asleep = profile.workspaces()?.into_iter().filter(|id| !alive.contains(id));
    let rows = asleep.filter_map(|id| {
        let here = here == Some(id);
        let row = look(profile, id, here).unwrap_or_else(|error| Some(unreadable(id, here, error)))?;
        Some(match shut.get(&id) {
            Some(code) => Workspace { sync: None, problem: Some(*code), ..row },
            None => row,
        })
    });
    Ok(rows.collect())
}

/// Returns the workspaces that belong to teams, as far as they can be read.
///
/// # Errors
/// When the profile's folder cannot be read.
pub fn of_teams(profile: &Profile) -> Result<Vec<WorkspaceId>, ReplicaError> {
    let belongs = |id: &WorkspaceId| {
        let relay = Reader::open(profile, *id).and_then(|reader| reader.setting(team::RELAY));
        relay
            .inspect_err(|error| tracing::warn!(%id, %error, "a workspace cannot be read"))
            .ok()
            .flatten()
            .is_some()
    };
    Ok(profile.workspaces()?.into_iter().filter(belongs).collect())
}

/// Returns the row of one that cannot be read.
pub fn unreadable(id: WorkspaceId, here: bool, error: ReplicaError) -> Workspace {
    let problem = Some(Problem::from(error).code);
    Workspace { id: id.to_string(), name: None, here, sync: None, problem }
}

/// Returns a workspace; `None` for one that nobody would miss.
fn look(profile: &Profile, id: WorkspaceId, here: bool) -> Result<Option<Workspace>, ReplicaError> {
    let reader = Reader::open(profile, id)?;
    let relay = reader.setting(team::RELAY)?;
    let name = name_of(reader.setting(team::TEAM)?, relay.as_deref());
    let is_worth_it =
        here || name.is_some() || reader.documents()?.iter().any(|row| row.updated_at > made(id));
    let sync = relay.is_none().then_some(Sync::Local);
    Ok(is_worth_it.then(|| Workspace { id: id.to_string(), name, here, sync, problem: None }))
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
            sync: name.is_none().then_some(Sync::Local),
            problem: None,
        };
        let listed = |here| list(&profile, Some(here), &BTreeSet::new(), &BTreeMap::new()).unwrap();
        assert_eq!(listed(own), [row(own, None, true)], "where the window is, it can be");

        let crew = WorkspaceId::from_bytes([9; 16]);
        profile.join(crew, PersonId::from_bytes([1; 16]), profile.device(&clock).unwrap(), &clock).unwrap();
        let team = Replica::open(&profile, crew, clock.clone()).await.unwrap();
        team.put_setting(team::RELAY, Some("https://relay.example.org/".to_owned())).await.unwrap();
        let crew_row = |here| row(crew, Some("relay.example.org"), here);
        assert_eq!(listed(crew), [crew_row(true)], "nobody misses a welcome");
        assert_eq!(of_teams(&profile).unwrap(), [crew], "only a team's is kept in step");

        let alone = Replica::open(&profile, own, clock).await.unwrap();
        alone.create("Bo's note", Vec::new(), Origin::TYPED).await.unwrap();
        let both = listed(crew);
        assert!(both.contains(&row(own, None, false)), "but what Bo wrote: {both:?}");
        assert!(both.contains(&crew_row(true)), "beside the team's: {both:?}");
        let locked = BTreeMap::from([(crew, ProblemCode::Locked)]);
        let tried = list(&profile, Some(own), &BTreeSet::from([own]), &locked).unwrap();
        let shut = Workspace { problem: Some(ProblemCode::Locked), ..crew_row(false) };
        assert_eq!(tried, [shut], "what did not open says so; what is alive speaks for itself");

        alone.stop().await;
        fs::write(profile.database(own), b"spilled coffee ".repeat(1000)).unwrap();
        let damaged = Workspace { sync: None, problem: Some(ProblemCode::Corrupt), ..row(own, None, false) };
        let both = listed(crew);
        assert!(both.contains(&damaged), "what cannot be read says why: {both:?}");
        assert!(both.contains(&crew_row(true)), "and keeps no other away: {both:?}");
        assert_eq!(of_teams(&profile).unwrap(), [crew], "nor from being kept in step");
    }
}
