//! JSON bodies, refused with a code when they are not what the route expects.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;
use sheaf_protocol::problem::Code;

use super::Refused;

/// A request's body.
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::JsonDataError(_)) => Err(Code::FIELD.into()),
            Err(other) if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Code::TOO_LARGE.into()),
            Err(_) => Err(Code::PROTOCOL.into()),
        }
    }
}
