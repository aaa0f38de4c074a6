//! The shapes of files.

use serde::Serialize;
use ts_rs::TS;

use super::ProblemCode;

/// A file, and how it stands with it on this device.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct FileRow {
    /// Names it: BLAKE3 of its bytes, as 64 hexadecimal digits.
    pub hash: String,
    /// What it is called; empty where nobody has said so yet.
    pub name: String,
    /// Its bytes; 0 where nobody has said so yet.
    pub size: f64,
    /// What it is, as a media type; empty where nobody has said so yet.
    pub media: String,
    /// How wide a picture is, in pixels.
    pub width: Option<u32>,
    /// How high it is.
    pub height: Option<u32>,
    /// Who added it, where that is known.
    pub person: Option<String>,
    /// Whether it is a picture that may be shown.
    pub picture: bool,
    /// Where its bytes are.
    pub state: FileState,
    /// How many of them have been carried, while they are on their way.
    pub done: f64,
    /// What keeps them, if a person should know.
    pub problem: Option<ProblemCode>,
}

/// Where a file's bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// On this device.
    Here,
    /// On this device, on their way to the relay.
    Uploading,
    /// At the relay, on their way here.
    Coming,
    /// Not here, and not at the relay as far as is known.
    Missing,
    /// On this device; the relay does not take them.
    Refused,
}
