//! A text that must not be printed: tokens, passwords, invitations.
//!
//! One type for every secret that travels, so that no `{:?}` in a log line can leak one. It serialises, because the
//! shapes that carry it are made to travel; nothing else may be done with it than [`Secret::expose`], which is easy to find.

use std::fmt;

use serde::{Deserialize, Serialize};
use sheaf_document::ids::ContentHash;

/// A secret text. It prints as nothing and compares in constant time for equal lengths.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text. Every call is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the hash under which the other end keeps a secret made by chance; never for a password.
    pub fn hash(&self) -> ContentHash {
        ContentHash::of(self.0.as_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let differs = self.0.bytes().zip(other.0.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
        self.0.len() == other.0.len() && differs == 0
    }
}

impl Eq for Secret {}
