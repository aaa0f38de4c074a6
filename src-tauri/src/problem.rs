//! What went wrong, as a code of the interface's catalogue; the sentence for people is written there, once.
//!
//! The detail is for a report and holds no text of a document and no secret: it is what our own errors say.

use std::fmt;
use std::io::ErrorKind;

use sheaf_client::ReplicaError;
use sheaf_client::account::AccountError;
use sheaf_client::files::FileError;
use sheaf_client::keychain::Trouble;
use sheaf_client::team::TeamError;
use sheaf_document::ids::NotAnId;
use sheaf_document::update::RefusalCode;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::NotHex;
use sheaf_store::StoreError;

use crate::shapes::{Problem, ProblemCode};

impl Problem {
    /// Returns a problem with this code.
    pub fn new(code: ProblemCode, detail: impl fmt::Display) -> Self {
        Self { code, detail: detail.to_string() }
    }
}

impl From<ReplicaError> for Problem {
    fn from(error: ReplicaError) -> Self {
        let code = match &error {
            ReplicaError::Store(error) => store(error),
            ReplicaError::Refused(refusal) => match refusal.code {
                RefusalCode::Size | RefusalCode::Structs | RefusalCode::Clients => ProblemCode::TooLarge,
                _ => ProblemCode::Invalid,
            },
            ReplicaError::Unreadable(_) => ProblemCode::Corrupt,
            ReplicaError::NotFound(_) => ProblemCode::NotFound,
            ReplicaError::Rule(code) => rule(*code),
            ReplicaError::Broken | ReplicaError::Stopped => ProblemCode::Internal,
        };
        Self::new(code, error)
    }
}

/// A change of the tree that cannot be.
fn rule(code: Code) -> ProblemCode {
    match code {
        Code::CYCLE => ProblemCode::Cycle,
        Code::NO_PARENT => ProblemCode::NoParent,
        Code::TOO_DEEP => ProblemCode::TooDeep,
        _ => ProblemCode::Internal,
    }
}

fn store(error: &StoreError) -> ProblemCode {
    match error {
        StoreError::Full => ProblemCode::DiskFull,
        StoreError::Corrupt(_) | StoreError::Foreign => ProblemCode::Corrupt,
        StoreError::Newer { .. } => ProblemCode::Newer,
        StoreError::Locked => ProblemCode::Locked,
        _ => ProblemCode::Internal,
    }
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let code = match error {
            FileError::TooLarge { .. } => ProblemCode::FileTooLarge,
            FileError::NotThere => ProblemCode::FileGone,
            FileError::Disk(error)
                if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
            {
                ProblemCode::FileNoRoom
            }
            FileError::Disk(_) | FileError::Mismatch => ProblemCode::FileFailed,
            FileError::Relay(error) => return error.into(),
            FileError::Replica(error) => return error.into(),
        };
        Self::new(code, code_of(code))
    }
}

/// Says what went wrong with a file without its name, which is its owner's.
fn code_of(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::FileTooLarge => "larger than the relay takes",
        ProblemCode::FileGone => "not at the relay",
        ProblemCode::FileNoRoom => "the disk is full",
        _ => "the disk did not do its part",
    }
}

impl From<NotHex> for Problem {
    fn from(error: NotHex) -> Self {
        Self::new(ProblemCode::NotFound, error)
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        let code = match &error {
            AccountError::Link => ProblemCode::Invitation,
            AccountError::Insecure => ProblemCode::Insecure,
            AccountError::Unreachable(_) => ProblemCode::Unreachable,
            AccountError::NotARelay => ProblemCode::NotARelay,
            AccountError::Refused { code, .. } => refused(*code),
            AccountError::SignedOut => ProblemCode::SignedOut,
            AccountError::Keychain(trouble) => ProblemCode::from(*trouble),
            AccountError::Folder(_) => ProblemCode::Internal,
        };
        Self::new(code, error)
    }
}

/// Returns what people are told of a relay's refusal.
pub fn refused(code: Code) -> ProblemCode {
    match code {
        Code::INVITATION => ProblemCode::Invitation,
        Code::CREDENTIALS => ProblemCode::Credentials,
        Code::EMAIL_TAKEN => ProblemCode::EmailTaken,
        Code::FIELD | Code::FIELD_SHORT | Code::FIELD_LONG => ProblemCode::Field,
        Code::UNAUTHENTICATED | Code::REVOKED => ProblemCode::SignedOut,
        Code::VERSION => ProblemCode::Version,
        Code::BUSY | Code::ROTATING | Code::STOPPING | Code::STORAGE => ProblemCode::Busy,
        _ => ProblemCode::Internal,
    }
}

impl From<TeamError> for Problem {
    fn from(error: TeamError) -> Self {
        match error {
            TeamError::Account(error) => error.into(),
            TeamError::Replica(error) => error.into(),
            TeamError::OtherPerson => Self::new(ProblemCode::OtherPerson, error),
            TeamError::OtherWorkspace => Self::new(ProblemCode::OtherWorkspace, error),
        }
    }
}

impl From<Trouble> for ProblemCode {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Locked => Self::KeychainLocked,
            Trouble::Missing | Trouble::Failed => Self::NoKeychain,
        }
    }
}

impl From<NotAnId> for Problem {
    fn from(error: NotAnId) -> Self {
        Self::new(ProblemCode::NotFound, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_can_act_on_has_a_code_of_its_own() {
        let told = |error: StoreError| Problem::from(ReplicaError::Store(error)).code;
        assert_eq!(told(StoreError::Full), ProblemCode::DiskFull);
        assert_eq!(told(StoreError::Corrupt("a page".to_owned())), ProblemCode::Corrupt);
        assert_eq!(told(StoreError::Newer { found: 9, known: 1 }), ProblemCode::Newer);
        assert_eq!(told(StoreError::Locked), ProblemCode::Locked);
        assert_eq!(told(StoreError::NoCipher), ProblemCode::Internal, "and the rest one together");
    }

    #[test]
    fn a_relays_refusal_keeps_its_name() {
        let told = |code| Problem::from(AccountError::Refused { code, field: None }).code;
        assert_eq!(told(Code::INVITATION), ProblemCode::Invitation);
        assert_eq!(told(Code::CREDENTIALS), ProblemCode::Credentials);
        assert_eq!(told(Code::FIELD_SHORT), ProblemCode::Field, "which field stands in the detail");
        assert_eq!(told(Code::STOPPING), ProblemCode::Busy, "it will be back");
    }
}
