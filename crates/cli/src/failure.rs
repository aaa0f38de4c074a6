//! How `sheaf` ends: an exit code that scripts act on, and a sentence that says what is safe and what to do next.

use std::fmt;
use std::io;
use std::path::Path;

use serde::Serialize;
use sheaf_client::ReplicaError;
use sheaf_client::account::AccountError;
use sheaf_protocol::problem::Code;
use sheaf_store::StoreError;

/// The exit codes other than 0. They are documented in the help and never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Exit {
    /// Something went wrong that no other code names.
    Failed = 1,
    /// It was asked in a wrong way.
    Usage = 2,
    /// There is no such thing here.
    NotFound = 3,
    /// Another program has the workspace open for writing.
    Locked = 4,
    /// The relay cannot be reached, or not in time.
    Unreachable = 5,
    /// The relay or a rule said no.
    Refused = 6,
    /// Nobody is signed in.
    SignedOut = 7,
}

/// Why a command did not do what it was asked.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// What scripts are told.
    pub code: Exit,
    /// What people are told; empty when nobody listens any more.
    pub message: String,
}

impl Failure {
    /// Returns a failure with this sentence.
    pub fn new(code: Exit, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Returns the failure of reading a file.
    pub fn file(path: &Path, error: &dyn fmt::Display) -> Self {
        Self::new(Exit::Failed, format!("{}: {error}. Nothing was changed.", path.display()))
    }
}

impl From<ReplicaError> for Failure {
    fn from(error: ReplicaError) -> Self {
        match error {
            ReplicaError::Store(error) => error.into(),
            ReplicaError::NotFound(_) => Self::new(Exit::NotFound, sentence(&error)),
            ReplicaError::Rule(code) => {
                let sentence = match code {
                    Code::CYCLE => "A document cannot stand under itself.",
                    Code::NO_PARENT => "What it would stand under has no place in the tree.",
                    Code::TOO_DEEP => "It would stand too deep in the tree.",
                    _ => "That is not possible here.",
                };
                Self::new(Exit::Refused, format!("{sentence} Nothing was changed."))
            }
            ReplicaError::Refused(_) => {
                Self::new(Exit::Refused, format!("{} Nothing was changed.", sentence(&error)))
            }
            other => Self::new(Exit::Failed, sentence(&other)),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked => Self::new(
                Exit::Locked,
                "The workspace is open in the app, or another sheaf is writing. Nothing was changed: write there, or \
                 close it and try again. list, status and cat work all the same.",
            ),
            StoreError::NotFound(_) => Self::new(Exit::NotFound, sentence(&error)),
            other => Self::new(Exit::Failed, sentence(&other)),
        }
    }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        let (code, message) = match error {
            AccountError::Link => (
                Exit::Usage,
                "This is not an invitation link. It looks like https://relay.example.org/join#…",
            ),
            AccountError::Insecure => (
                Exit::Refused,
                "The relay at this address is not encrypted, so everyone on the way could read along. Nothing was sent. \
                 Ask for an https address, or insist with --insecure-http.",
            ),
            AccountError::Unreachable(_) => (
                Exit::Unreachable,
                "The relay does not answer. What you wrote is safe on this device; try again later.",
            ),
            AccountError::NotARelay => (
                Exit::Unreachable,
                "Something answers at this address, but it is not a Sheaf relay. Nothing was changed; check the address.",
            ),
            AccountError::SignedOut => (
                Exit::SignedOut,
                "Nobody is signed in here. What you wrote is safe on this device and goes on waiting; sign in with \
                 sheaf join RELAY --sign-in.",
            ),
            AccountError::Keychain(trouble) => {
                let sentence =
                    "What you wrote is safe on this device and goes on waiting; try again once it works.";
                return Self::new(
                    Exit::SignedOut,
                    format!("The session cannot be read: {trouble}. {sentence}"),
                );
            }
            AccountError::Refused { code, field } => return refused(code, field.as_deref()),
            AccountError::Folder(error) => {
                return Self::new(Exit::Failed, format!("The profile's folder cannot be written: {error}."));
            }
        };
        Self::new(code, message)
    }
}

/// Says why a relay refused.
fn refused(code: Code, field: Option<&str>) -> Failure {
    let field = field.unwrap_or("a field");
    let message = match code {
        Code::INVITATION => {
            "The invitation is wrong, used or expired. Nothing was changed; ask for a new one.".to_owned()
        }
        Code::CREDENTIALS => "Address or password is wrong. Nothing was changed.".to_owned(),
        Code::EMAIL_TAKEN => {
            "This address has an account already. The invitation is still good; sign in with --sign-in."
                .to_owned()
        }
        Code::FIELD_SHORT => format!("The relay finds the {field} too short. Nothing was changed."),
        Code::FIELD_LONG => format!("The relay finds the {field} too long. Nothing was changed."),
        Code::FIELD => format!("The relay does not understand the {field}. Nothing was changed."),
        Code::BUSY => {
            "The relay has too much to do right now. Nothing was changed; try again in a minute.".to_owned()
        }
        other => format!("The relay refused ({}). What you wrote is safe on this device.", other.name()),
    };
    Failure::new(Exit::Refused, message)
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Exit::Failed, ""),
            _ => Self::new(Exit::Failed, sentence(&error)),
        }
    }
}

/// Makes a sentence of an error's words.
pub fn sentence(error: &dyn fmt::Display) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).chain(['.']).collect()
}
