//! Who makes a request, and from where: the access token in its `Authorization` header, and the address.

use std::net::{IpAddr, SocketAddr};
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

/// Where a request comes from: the other end of the line, or whom the proxy there names, if the operator trusts one.
pub(super) struct Peer(pub IpAddr);

impl FromRequestParts<Arc<App>> for Peer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let named = if app.trust_proxy { forwarded(&parts.headers) } else { None };
        let end = || parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(end)| end.ip());
        named.or_else(end).map(Self).ok_or(Code::UNAUTHENTICATED.into())
    }
}

/// Returns the last hop: the proxy in front of us wrote it. What stands before it anybody may have written.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let hops = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = hops.rsplit(',').next()?.trim();
    last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()))
}

/// A request from an address that may still try; everybody may only so often.
pub(super) struct Tried(pub IpAddr);

impl FromRequestParts<Arc<App>> for Tried {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Refused> {
        let Peer(peer) = Peer::from_request_parts(parts, app).await?;
        app.limits.try_from(peer).map(|()| Self(peer)).map_err(Refused::busy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hop_that_the_proxy_wrote_counts() {
        let mut headers = HeaderMap::new();
        let mut hear = |line: &'static str| {
            headers.append("x-forwarded-for", line.parse().unwrap());
            forwarded(&headers).map(|address| address.to_string())
        };
        assert_eq!(
            hear("203.0.113.9, 192.0.2.1").as_deref(),
            Some("192.0.2.1"),
            "the first is the guest's own word"
        );
        assert_eq!(hear("2001:db8::1").as_deref(), Some("2001:db8::1"), "lines add up");
        assert_eq!(hear("198.51.100.7:4711").as_deref(), Some("198.51.100.7"), "some proxies name the port");
        assert_eq!(hear("unknown"), None, "who is not named is counted as the proxy");
    }
}
