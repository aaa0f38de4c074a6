//! The shapes of search.

use serde::Serialize;
use ts_rs::TS;

use super::PlaceRow;

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Found {
    /// Documents, the most relevant first.
    pub documents: Vec<Hit>,
    /// People of this workspace.
    pub people: Vec<FoundPerson>,
    /// How many documents changed and are not looked through as they are; they are in a later answer.
    pub left: u32,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Hit {
    /// The document.
    pub id: String,
    /// Its title; empty when it has none.
    pub title: Passage,
    /// Its icon; empty when it has none.
    pub icon: String,
    /// The titles of what it lies under, from the top.
    pub path: Vec<String>,
    /// Where the words are.
    pub found_in: FoundIn,
    /// A passage of its text.
    pub snippet: Passage,
    /// When it last changed.
    pub updated_at: f64,
}

/// A text, and where the words that were looked for are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Passage {
    /// The text, on one line.
    pub text: String,
    /// From where to where the words are, in order; as JavaScript counts.
    pub marks: Vec<(u32, u32)>,
}

/// Where the words are that were looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FoundIn {
    /// In the title.
    Title,
    /// In title and headings.
    Headings,
    /// In the text.
    Text,
}

/// What is known of a document besides its text.
#[derive(Debug, Clone, Serialize, TS)]
pub struct About {
    /// Everybody who wrote in it.
    pub writers: Vec<FoundPerson>,
    /// The documents that link to it, but for those in the trash.
    pub linked_from: Vec<PlaceRow>,
}

/// Somebody of this workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FoundPerson {
    /// Who they are.
    pub id: String,
    /// Their name.
    pub name: String,
}
