//! The shapes of imports and exports.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ProblemCode;

/// What a person brings in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// A folder, with everything in it.
    Folder,
    /// A file.
    File,
}

/// What was found in what somebody chose.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Surveyed {
    /// What the document will be called that all of it stands under.
    pub name: String,
    /// How many documents there will be; 0 where there is nothing to bring in.
    pub documents: u32,
    /// What will be left out.
    pub left: LeftOut,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Imported {
    /// The document that all of it stands under; null where nothing was made.
    pub document: Option<String>,
    /// What that is called.
    pub title: String,
    /// How many documents were made.
    pub documents: u32,
    /// How many files they show.
    pub files: u32,
    /// What was left out.
    pub left: LeftOut,
    /// Somebody ended it; what was made is in the trash.
    pub cancelled: bool,
    /// Why it could not go on; what was made is in the trash.
    pub problem: Option<ProblemCode>,
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Exported {
    /// What the new file or folder is called.
    pub name: String,
    /// How many documents are in it.
    pub documents: u32,
    /// How many files they show.
    pub files: u32,
    /// What is not in it.
    pub left: LeftOut,
}

/// What was left out: the first of it, and how much it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, TS)]
pub struct LeftOut {
    /// How much.
    pub count: u32,
    /// The first of it, by path.
    pub first: Vec<Left>,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Left {
    /// Where it lies in the folder.
    pub path: String,
    /// Why: a name of the catalogue.
    pub reason: String,
    /// As many megabytes would have been taken, where it is too large.
    pub most: Option<u32>,
}

/// What a person takes out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything.
    Workspace,
    /// A document with what stands under it.
    Below(String),
    /// A document alone.
    Alone(String),
}

/// As what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Markdown.
    Markdown,
    /// Pages of HTML.
    Html,
}
