//! Who makes a request: the access token in its `Authorization` header.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::{HeaderMap, header, request::Parts};
use sheaf_protocol::problem::Code;
use sheaf_protocol::secret::Secret;

use super::{App, Refused};
use crate::accounts::tokens::Bearer;

/// A request with a valid token of a device that is still signed in.
pub(super) struct SignedIn(pub Bearer);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let bearer = token(&parts.headers).and_then(|token| app.tokens.check(&token));
        let bearer = bearer.ok_or(Code::UNAUTHENTICATED)?;
        signed_in(app, bearer).await?;
        Ok(Self(bearer))
    }
}

/// Refuses a device that was signed out while its token was still good.
pub(super) async fn signed_in(app: &App, bearer: Bearer) -> Result<(), Refused> {
    match app.readers.call(move |database| database.session(bearer.scope, bearer.device)).await? {
        Some(_) => Ok(()),
        None => Err(Code::REVOKED.into()),
    }
}

/// Returns the token of an `Authorization: Bearer …` header.
pub(super) fn token(headers: &HeaderMap) -> Option<Secret> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(token.trim()))
}

/// A request from an address that may still try; everybody may only so often.
pub(super) struct Tried;

impl FromRequestParts<Arc<App>> for Tried {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().ok_or(Code::UNAUTHENTICATED)?;
        app.limits.try_from(peer.0.ip()).map(|()| Self).map_err(Refused::busy)
    }
}
