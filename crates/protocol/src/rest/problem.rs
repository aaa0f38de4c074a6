//! Refusals as RFC 9457 problem documents (`application/problem+json`).

use serde::{Deserialize, Serialize};

use super::Fault;
use crate::problem::Code;

/// Why a request was refused. The sentence for people is the interface's; here is what it needs to choose one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:sheaf:problem:` and the code's name.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status.
    pub status: u16,
    /// The code's name; [`Problem::code`] reads it.
    pub code: String,
    /// Which field, when a field is the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// How long to wait before asking again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_after_ms: Option<u32>,
}

impl Problem {
    /// The media type of a refusal.
    pub const MEDIA_TYPE: &str = "application/problem+json";

    /// Returns a refusal with a code.
    pub fn new(code: Code) -> Self {
        let kind = format!("urn:sheaf:problem:{}", code.name());
        Self { kind, status: status(code), code: code.name().to_owned(), field: None, again_after_ms: None }
    }

    /// Returns the code; a later version's is [`Code::INTERNAL`] here, for nothing better is known.
    pub fn code(&self) -> Code {
        Code::from_name(&self.code).unwrap_or(Code::INTERNAL)
    }
}

impl From<Fault> for Problem {
    fn from(Fault { field, code }: Fault) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(code) }
    }
}

/// Returns the HTTP status that goes with a code.
fn status(code: Code) -> u16 {
    match code {
        Code::PROTOCOL | Code::VERSION => 400,
        Code::UNAUTHENTICATED | Code::REVOKED | Code::CREDENTIALS => 401,
        Code::FORBIDDEN | Code::INVITATION => 403,
        Code::NOT_FOUND => 404,
        Code::EMAIL_TAKEN | Code::ROTATING => 409,
        Code::TOO_LARGE => 413,
        Code::FIELD | Code::FIELD_SHORT | Code::FIELD_LONG | Code::INVALID | Code::BLOB_MISMATCH => 422,
        Code::BUSY => 429,
        Code::STOPPING | Code::STORAGE => 503,
        _ => 500,
    }
}
