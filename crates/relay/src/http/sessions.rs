//! `/api/v1/sessions`: a device signs in, refreshes its access, signs out.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use sheaf_protocol::entry::Millis;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Device, Hex, Refresh, Session, SignIn};

use super::bearer::{Peer, SignedIn, Tried};
use super::body::Body;
use super::{App, Refused};
use crate::accounts::tokens::{Bearer, LIFETIME_MS};
use crate::clock;
use crate::storage::{self, NewDevice, Rotated, Rotation};

/// `POST`: address and password open a session on this device.
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    Tried(peer): Tried,
    Body(wish): Body<SignIn>,
) -> Result<Json<Session>, Refused> {
    wish.check()?;
    app.limits.try_account(&wish.email, peer).map_err(Refused::busy)?;
    let email = wish.email;
    let account = app.readers.call(move |database| database.account_by_email(&email)).await?;
    let stored = account.as_ref().map(|account| account.password.clone());
    let fits = app.passwords.verify(wish.password, stored).await?;
    let account = account.filter(|_| fits).ok_or(Code::CREDENTIALS)?;
    let device = new_device(wish.device, wish.next);
    let (now, scope, id) = (clock::now(), account.scope, device.device);
    if !app.writer.call(move |database| database.enrol_device(scope, &device, now)).await? {
        return Err(Code::FORBIDDEN.into());
    }
    tracing::info!(person.id = %scope.person, device.id = %id, "a device signed in");
    answer(&app, &storage::Session { account, device: id }, peer, now)
}

/// `POST …/refresh`: the next secret replaces the spent one and a new access token is given.
pub(super) async fn refresh(
    State(app): State<Arc<App>>,
    Peer(peer): Peer,
    Body(wish): Body<Refresh>,
) -> Result<Json<Session>, Refused> {
    wish.check()?;
    let Hex(id) = wish.rotation;
    let rotation = Rotation { spent: wish.secret.hash(), id, next: wish.next.into() };
    // Nobody guesses 256 bits: who has a secret of ours is no stranger, and does not pay for what strangers at the same
    // address try.
    if !app.readers.call(move |database| database.knows_secret(rotation.spent)).await? {
        app.limits.try_from(peer).map_err(Refused::busy)?;
        return Err(Code::UNAUTHENTICATED.into());
    }
    let now = clock::now();
    match app.writer.call(move |database| database.rotate(&rotation, now)).await? {
        Rotated::Done(session) => answer(&app, &session, peer, now),
        Rotated::Lost => Err(Code::ROTATING.into()),
        Rotated::Reused(device) => {
            tracing::warn!(device.id = %device, "a spent refresh secret came back: the device is signed out");
            app.writer.sign_out(device).await;
            Err(Code::REVOKED.into())
        }
        Rotated::Ended => Err(Code::REVOKED.into()),
        Rotated::Unknown => Err(Code::UNAUTHENTICATED.into()),
    }
}

/// `DELETE`: this device signs out; its open connections end.
pub(super) async fn sign_out(
    State(app): State<Arc<App>>,
    SignedIn(bearer): SignedIn,
) -> Result<StatusCode, Refused> {
    let now = clock::now();
    app.writer.call(move |database| database.end_session(bearer.scope, bearer.device, now)).await?;
    app.writer.sign_out(bearer.device).await;
    tracing::info!(person.id = %bearer.scope.person, device.id = %bearer.device, "a device signed out");
    Ok(StatusCode::NO_CONTENT)
}

/// Answers somebody who has proven who they are with a session and a fresh access token.
pub(super) fn answer(
    app: &App,
    session: &storage::Session,
    peer: IpAddr,
    now: Millis,
) -> Result<Json<Session>, Refused> {
    app.limits.welcome(peer);
    let scope = session.account.scope;
    let access = app.tokens.issue(Bearer { scope, device: session.device }, now).ok_or(Code::INTERNAL)?;
    Ok(Json(Session {
        access,
        expires_in: u32::try_from(LIFETIME_MS / 1000).unwrap_or(u32::MAX),
        workspace: scope.workspace,
        person: scope.person,
        name: session.account.name.clone(),
        role: session.account.role.into(),
        device: session.device,
    }))
}

/// Takes a device as it introduces itself.
pub(super) fn new_device(device: Device, next: Hex<32>) -> NewDevice {
    NewDevice { device: device.id, name: device.name.trim().into(), secret: next.into() }
}
