//! `/api/v1/blobs/HASH`: the bytes of files. HEAD asks how much of a blob is here, PATCH goes on with an upload where it stands, GET reads.
//!
//! Whoever is in a workspace may read its blobs, and nobody else learns whether one is there. What goes out is never a page
//! of ours: no type, nothing to be shown in a browser, nothing that runs.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use sheaf_document::ids::ContentHash;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Hex, blob};
use tower::ServiceExt;
use tower_http::services::ServeFile;

use super::bearer::SignedIn;
use super::{App, Refused};
use crate::accounts::tokens::Bearer;
use crate::blobs::{Held, Untaken, Whose};

/// How long a sender may be silent in the midst of a request.
const SILENCE: Duration = Duration::from_secs(30);

/// The last part of the path.
type Name = Result<Path<Hex<32>>, PathRejection>;

const OFFSET: HeaderName = HeaderName::from_static(blob::OFFSET);
const LENGTH: HeaderName = HeaderName::from_static(blob::LENGTH);

/// Says how much of a blob is here: 200 and its length for all of it, else 404 and where this device's upload stands.
pub(super) async fn held(
    State(app): State<Arc<App>>,
    SignedIn(bearer): SignedIn,
    name: Name,
) -> Result<Response, Refused> {
    let held = app.blobs.held(whose(bearer), hash(name)?).await.map_err(disk)?;
    Ok(match held {
        Held::Whole(length) => [(LENGTH, HeaderValue::from(length))].into_response(),
        Held::Part(offset) => (StatusCode::NOT_FOUND, [(OFFSET, HeaderValue::from(offset))]).into_response(),
    })
}

/// Takes the next bytes of an upload. 204 and where it stands; 409 and where it stands when that is elsewhere.
pub(super) async fn go_on(
    State(app): State<Arc<App>>,
    SignedIn(bearer): SignedIn,
    name: Name,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refused> {
    let hash = hash(name)?;
    if let Held::Whole(length) = app.blobs.held(whose(bearer), hash).await.map_err(disk)? {
        return Ok(stands(StatusCode::NO_CONTENT, length));
    }
    let (offset, total) = (number(&headers, OFFSET)?, number(&headers, LENGTH)?);
    let mut upload = match app.blobs.upload(whose(bearer), hash, offset, total).await {
        Ok(upload) => upload,
        Err(Untaken::Elsewhere(at)) => return Ok(stands(StatusCode::CONFLICT, at)),
        Err(untaken) => return Err(refused(untaken)),
    };
    let mut bytes = body.into_data_stream();
    // A line that breaks or falls silent leaves what came; the upload goes on from there.
    while let Ok(Some(Ok(bytes))) = tokio::time::timeout(SILENCE, bytes.next()).await {
        upload.write(bytes).await.map_err(refused)?;
    }
    Ok(stands(StatusCode::NO_CONTENT, upload.end().await.map_err(refused)?))
}

/// Reads a blob, or a part of it.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    SignedIn(bearer): SignedIn,
    name: Name,
    request: Request,
) -> Result<Response, Refused> {
    let path = app.blobs.path(bearer.scope.workspace, hash(name)?);
    let served = ServeFile::new(path).oneshot(request).await;
    let served = match served {
        Ok(served) => served,
        Err(never) => match never {},
    };
    if served.status() == StatusCode::NOT_FOUND {
        return Err(Code::NOT_FOUND.into());
    }
    let mut response = served.into_response();
    let fixed = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CONTENT_DISPOSITION, "attachment"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

fn whose(bearer: Bearer) -> Whose {
    Whose { workspace: bearer.scope.workspace, device: bearer.device }
}

/// Reads a blob's name; one of another form is nobody's.
fn hash(name: Name) -> Result<ContentHash, Refused> {
    name.map(|Path(hash)| hash.into()).map_err(|_| Code::NOT_FOUND.into())
}

fn number(headers: &HeaderMap, name: HeaderName) -> Result<u64, Refused> {
    let value = headers.get(name).and_then(|value| value.to_str().ok()?.parse().ok());
    value.ok_or(Code::PROTOCOL.into())
}

fn stands(status: StatusCode, at: u64) -> Response {
    (status, [(OFFSET, HeaderValue::from(at))]).into_response()
}

fn refused(untaken: Untaken) -> Refused {
    match untaken {
        Untaken::Refused(code) => code.into(),
        Untaken::Elsewhere(_) => Code::PROTOCOL.into(),
        Untaken::Disk(error) => disk(error),
    }
}

fn disk(error: std::io::Error) -> Refused {
    tracing::error!(%error, "the folder of blobs failed");
    Code::STORAGE.into()
}
