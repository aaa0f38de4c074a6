//! `GET /healthz`: is this a relay, does it answer, can it read its database and write to it?

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use sheaf_protocol::limits::PROTOCOL_VERSION;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::Health;

use super::{App, Refused};

/// Answers what this is, or refuses with `storage` when the database does not answer or nobody writes to it any more.
pub(super) async fn health(State(app): State<Arc<App>>) -> Result<Json<Health>, Refused> {
    app.readers.call(|database| database.workspaces()).await.map_err(|error| {
        tracing::error!(%error, "the health check cannot read the database");
        Refused::from(Code::STORAGE)
    })?;
    if !app.writer.is_alive() {
        return Err(Code::STORAGE.into());
    }
    Ok(Json(Health {
        service: Health::SERVICE.into(),
        release: env!("CARGO_PKG_VERSION").into(),
        versions: (PROTOCOL_VERSION, PROTOCOL_VERSION),
    }))
}
