//! `POST /api/v1/invitations`: a member asks somebody in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use sheaf_protocol::rest::{Invitation, Invite};

use super::bearer::{SignedIn, Tried};
use super::body::Body;
use super::{App, Refused};
use crate::storage::Role;
use crate::{clock, invitation};

/// Makes a link for one more member.
pub(super) async fn invite(
    State(app): State<Arc<App>>,
    _tried: Tried,
    SignedIn(bearer): SignedIn,
    Body(Invite {}): Body<Invite>,
) -> Result<Json<Invitation>, Refused> {
    let now = clock::now();
    let (invitation, link) = invitation::fresh(&app.address, Role::Member, now)?;
    let scope = bearer.scope;
    app.writer.call(move |database| database.invite(scope, &invitation, now)).await?;
    Ok(Json(Invitation { link, expires_at: invitation.expires_at }))
}
