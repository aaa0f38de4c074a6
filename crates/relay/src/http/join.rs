//! `POST /api/v1/join`: an invitation becomes an account with its first device.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use sheaf_document::ids::PersonId;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Join, Session};

use super::bearer::Tried;
use super::body::Body;
use super::sessions::{answer, new_device};
use super::{App, Refused};
use crate::storage::sqlite::NewAccount;
use crate::storage::{Joined, Role};
use crate::{clock, invitation};

/// Makes the account.
pub(super) async fn join(
    State(app): State<Arc<App>>,
    Tried(peer): Tried,
    Body(join): Body<Join>,
) -> Result<Json<Session>, Refused> {
    join.check()?;
    // Before the costly hash: a secret of 256 bits cannot be guessed, so telling early tells nobody anything.
    let invitation = join.invitation.hash();
    if !app.readers.call(move |database| database.invitation_is_open(invitation, clock::now())).await? {
        return Err(Code::INVITATION.into());
    }
    let password = app.passwords.hash(join.password).await?;
    let account =
        NewAccount { name: join.name.trim().into(), email: join.email, password, claim: join.claim };
    let device = new_device(join.device, join.next);
    let now = clock::now();
    let person = PersonId::fresh(now, clock::chance()?);
    let joined =
        app.writer.call(move |database| database.join(invitation, person, &account, &device, now)).await?;
    match joined {
        Joined::Welcome(session) => {
            if session.account.role == Role::Owner {
                invitation::forget_owner_invitation(&app.folder);
            }
            tracing::info!(person.id = %session.account.scope.person, device.id = %session.device, "somebody joined");
            answer(&app, &session, peer, now)
        }
        Joined::Invitation => Err(Code::INVITATION.into()),
        Joined::EmailTaken => Err(Code::EMAIL_TAKEN.into()),
        Joined::DeviceTaken => Err(Code::FORBIDDEN.into()),
    }
}
