//! Refusals as RFC 9457 problem documents.

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Fault, Problem};

use crate::accounts::passwords::Busy;
use crate::error::Error;

/// A refused request.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused(Problem);

impl Refused {
    /// Asks to come back later.
    pub fn busy(again_after: Duration) -> Self {
        let again_after_ms = u32::try_from(again_after.as_millis()).ok();
        Self(Problem { again_after_ms, ..Problem::new(Code::BUSY) })
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self(Problem::new(code))
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self(fault.into())
    }
}

impl From<Error> for Refused {
    /// The operator reads in the log what happened; the caller learns that it was not their doing.
    fn from(error: Error) -> Self {
        if let Error::Stopping = error {
            return Code::STOPPING.into();
        }
        tracing::error!(%error, "a request failed");
        Code::INTERNAL.into()
    }
}

impl From<Busy> for Refused {
    fn from(Busy: Busy) -> Self {
        Self::busy(Duration::from_secs(2))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let again_after = problem.again_after_ms.map(|ms| HeaderValue::from(ms.div_ceil(1000)));
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(Problem::MEDIA_TYPE));
        if let Some(seconds) = again_after {
            headers.insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// What no route serves.
pub(super) async fn not_found() -> Refused {
    Code::NOT_FOUND.into()
}

/// A handler panicked: a bug, which the panic itself has told.
pub(super) fn panicked(_panic: Box<dyn Any + Send>) -> Response {
    Refused::from(Code::INTERNAL).into_response()
}
