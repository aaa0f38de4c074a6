//! The relay's HTTP API: the contents page. One file per resource.
//!
//! Answers are JSON; refusals are `application/problem+json` with a code of [`sheaf_protocol::problem`] and no internal
//! text. Nothing is cached, no secret stands in an address.

mod bearer;
mod blobs;
mod body;
mod health;
mod invitations;
mod join;
mod problem;
mod sessions;
mod socket;
mod workspace;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::routing::{get, post};
use sheaf_protocol::rest::{RelayAddress, path};
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::accounts::limits::Limits;
use crate::accounts::passwords::Passwords;
use crate::accounts::tokens::Tokens;
use crate::blobs::Blobs;
use crate::config::Bounds;
use crate::folder::Folder;
use crate::readers::Readers;
use crate::writer::Writer;

pub use problem::Refused;

/// More than any request's body.
const BODY: usize = 16 * 1024;
/// For one request and its answer, with the queue of password hashes in between.
const PATIENCE: Duration = Duration::from_secs(30);

/// What every handler may use.
pub struct App {
    pub(crate) tokens: Tokens,
    pub(crate) passwords: Passwords,
    pub(crate) limits: Limits,
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
    pub(crate) folder: Folder,
    pub(crate) blobs: Arc<Blobs>,
    pub(crate) address: RelayAddress,
    /// What the team is called.
    pub(crate) name: String,
    /// What a page of our own would name as its origin.
    pub(crate) origin: String,
    /// Whether `X-Forwarded-For` says where a request comes from.
    pub(crate) trust_proxy: bool,
    pub(crate) bounds: Bounds,
    pub(crate) tasks: TaskTracker,
}

/// Returns the routes.
pub fn router(app: Arc<App>) -> Router {
    let accounts = Router::new()
        .route(path::JOIN, post(join::join))
        .route(path::SESSIONS, post(sessions::sign_in).delete(sessions::sign_out))
        .route(path::REFRESH, post(sessions::refresh))
        .route(path::INVITATIONS, post(invitations::invite))
        .route(path::WORKSPACE, get(workspace::workspace))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE));
    Router::new()
        .merge(accounts)
        .route(path::BLOB, get(blobs::read).head(blobs::held).patch(blobs::go_on))
        .route(path::HEALTH, get(health::health))
        .route(path::SOCKET, get(socket::socket))
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::not_found)
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(header_on_all(header::CACHE_CONTROL, "no-store"))
        .layer(header_on_all(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .with_state(app)
}

fn header_on_all(name: header::HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
