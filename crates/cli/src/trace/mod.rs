//! Editing traces: what somebody typed, edit by edit, and the text that it ends with.
//!
//! Two published formats are read, both JSON, plain or gzipped. A *sequential* trace is one person's edits in order. A
//! *concurrent* one has several people; each of its transactions names its parents, and its positions count in the text
//! that those make. The one idea here is to turn that graph into what a replay needs: how many of everybody's
//! transactions a person had seen ([`Turn::knows`]). Nothing is replayed here.

mod file;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::read::GzDecoder;

/// Bytes of a trace, unpacked; the largest that are published have a tenth of it.
const LARGEST: u64 = 256 << 20;
/// People of a concurrent trace.
const MOST_PEOPLE: usize = 64;
/// How a gzipped file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Why a trace cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The file cannot be read or unpacked.
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    /// More than [`LARGEST`].
    #[error("it is larger than 256 MiB")]
    TooLarge,
    /// Not the JSON of a trace.
    #[error("it is not an editing trace: {0}")]
    Format(#[from] serde_json::Error),
    /// A kind that is not known.
    #[error("its kind is {0:?}; known are \"sequential\" and \"concurrent\"")]
    Kind(String),
    /// The version graph cannot be followed.
    #[error("transaction {turn} {what}")]
    Graph {
        /// The transaction, from 0.
        turn: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A character of two UTF-16 units: positions of the formats count it once, those of a document twice.
    #[error("it holds characters beyond U+FFFF, which its positions do not count as a document does")]
    Astral,
}

/// A trace, ready to be replayed.
#[derive(Debug, PartialEq)]
pub struct Trace {
    /// The text before the first edit.
    pub start: String,
    /// The text after the last.
    pub end: String,
    /// What happened in between.
    pub script: Script,
}

/// What happens in a trace.
#[derive(Debug, PartialEq)]
pub enum Script {
    /// One person's edits, in order.
    Alone(Vec<Edit>),
    /// Several people's, each turn after those that it knows.
    Together {
        /// How many people, numbered from 0 by who wrote first.
        people: usize,
        /// What they did; a turn stands after everything that it knows.
        turns: Vec<Turn>,
    },
}

/// What one person did in one go.
#[derive(Debug, PartialEq)]
pub struct Turn {
    /// Who.
    pub person: usize,
    /// How many turns of each person they had seen, their own included.
    pub knows: Vec<usize>,
    /// What they did.
    pub edits: Vec<Edit>,
}

/// One edit: deletes, then inserts at the same place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The place, counted in characters from 0.
    pub at: usize,
    /// How many characters go.
    pub delete: usize,
    /// What comes.
    pub insert: String,
}

impl Trace {
    /// Reads a trace from a file, gzipped or not.
    ///
    /// # Errors
    /// Every [`TraceError`].
    pub fn open(path: &Path) -> Result<Self, TraceError> {
        let mut file = BufReader::new(File::open(path)?);
        let mut start = Vec::new();
        file.by_ref().take(GZIP.len() as u64).read_to_end(&mut start)?;
        let packed = start == GZIP;
        let file = io::Cursor::new(start).chain(file);
        if packed { Self::read(GzDecoder::new(file)) } else { Self::read(file) }
    }

    /// Reads a trace that is not gzipped.
    ///
    /// # Errors
    /// Every [`TraceError`].
    pub fn read(source: impl Read) -> Result<Self, TraceError> {
        let mut text = Vec::new();
        source.take(LARGEST + 1).read_to_end(&mut text)?;
        if text.len() as u64 > LARGEST {
            return Err(TraceError::TooLarge);
        }
        file::parse(&text)
    }

    /// Returns how many people write in it.
    pub fn people(&self) -> usize {
        match &self.script {
            Script::Alone(_) => 1,
            Script::Together { people, .. } => *people,
        }
    }
}
