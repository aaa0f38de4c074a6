//! What went wrong, as a code of the interface's catalogue; the sentence for people is written there, once.
//!
//! The detail is for a report and holds no text of a document and no secret: it is what our own errors say.

use std::fmt;

use sheaf_client::ReplicaError;
use sheaf_client::account::AccountError;
use sheaf_client::team::TeamError;
use sheaf_document::ids::NotAnId;
use sheaf_document::update::RefusalCode;
use sheaf_protocol::problem::Code;
use sheaf_store::StoreError;

use crate::shapes::Problem;

impl Problem {
    /// Returns a problem with this code.
    pub fn new(code: &str, detail: impl fmt::Display) -> Self {
        Self { code: code.to_owned(), detail: detail.to_string() }
    }
}

impl From<ReplicaError> for Problem {
    fn from(error: ReplicaError) -> Self {
        let code = match &error {
            ReplicaError::Store(error) => store(error),
            ReplicaError::Refused(refusal) => match refusal.code {
                RefusalCode::Size | RefusalCode::Structs | RefusalCode::Clients => "too_large",
                _ => "invalid",
            },
            // The editor's copy is outdated: like an unsound change it is given back, and the document is opened again.
            ReplicaError::ReadOnly(_) => "invalid",
            ReplicaError::Unreadable(_) => "corrupt",
            ReplicaError::NotFound(_) => "not_found",
            ReplicaError::Stopped => "internal",
        };
        Self::new(code, error)
    }
}

fn store(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full => "disk_full",
        StoreError::Corrupt(_) | StoreError::Foreign => "corrupt",
        StoreError::Newer { .. } => "newer",
        StoreError::Locked => "locked",
        _ => "internal",
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let code = match &error {
            AccountError::Link => "invitation",
            AccountError::Insecure => "insecure",
            AccountError::Unreachable(_) => "unreachable",
            AccountError::NotARelay => "not_a_relay",
            AccountError::Refused { code: Code::FIELD | Code::FIELD_SHORT | Code::FIELD_LONG, .. } => "field",
            AccountError::Refused { code, .. } => code.name(),
            AccountError::SignedOut => "unauthenticated",
            AccountError::Folder(_) => "internal",
        };
        Self::new(code, error)
    }
}

impl From<TeamError> for Problem {
    fn from(error: TeamError) -> Self {
        match error {
            TeamError::Account(error) => error.into(),
            TeamError::Replica(error) => error.into(),
            TeamError::OtherPerson => Self::new("other_person", error),
        }
    }
}

impl From<NotAnId> for Problem {
    fn from(error: NotAnId) -> Self {
        Self::new("not_found", error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_can_act_on_has_a_code_of_its_own() {
        let told = |error: StoreError| Problem::from(ReplicaError::Store(error)).code;
        assert_eq!(told(StoreError::Full), "disk_full");
        assert_eq!(told(StoreError::Corrupt("a page".to_owned())), "corrupt");
        assert_eq!(told(StoreError::Newer { found: 9, known: 1 }), "newer");
        assert_eq!(told(StoreError::Locked), "locked");
        assert_eq!(told(StoreError::NoCipher), "internal", "and the rest one together");
    }

    #[test]
    fn a_relays_refusal_keeps_its_name() {
        let told = |code| Problem::from(AccountError::Refused { code, field: None }).code;
        assert_eq!(told(Code::INVITATION), "invitation");
        assert_eq!(told(Code::CREDENTIALS), "credentials");
        assert_eq!(told(Code::FIELD_SHORT), "field", "which field stands in the detail");
    }
}
