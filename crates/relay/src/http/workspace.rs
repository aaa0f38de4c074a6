//! `GET /api/v1/workspace`: what it is called, who is in it, how large a file may be.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use sheaf_protocol::rest::{Member, Workspace};

use super::bearer::SignedIn;
use super::{App, Refused};

/// Lists the workspace's people, in the order they joined.
pub(super) async fn workspace(
    State(app): State<Arc<App>>,
    SignedIn(bearer): SignedIn,
) -> Result<Json<Workspace>, Refused> {
    let scope = bearer.scope;
    let people = app.readers.call(move |database| database.people(scope)).await?;
    let people = people.into_iter().map(|account| Member {
        person: account.scope.person,
        name: account.name,
        role: account.role.into(),
    });
    Ok(Json(Workspace {
        id: scope.workspace,
        name: app.name.clone(),
        people: people.collect(),
        largest_file: Some(app.bounds.largest_file),
    }))
}
