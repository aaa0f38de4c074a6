//! What a document is: updates checked and merged without trust, read through yrs, written as text and Markdown.
//!
//! Floor 0. No async, no I/O, no clock: time and chance are arguments. Bytes from outside are admitted by
//! [`update::DocState`] before anything else sees them, and only what it admitted can reach [`Document`].

pub mod document;
pub mod gate;
pub mod ids;
pub mod links;
pub mod markdown;
pub mod outline;
pub mod schema;
pub mod search;
pub mod text;
pub mod tree;
pub mod typist;
pub mod update;
pub mod welcome;
mod writer;

#[cfg(test)]
#[path = "../tests/support/vectors.rs"]
mod vectors;

#[cfg(test)]
#[path = "../tests/support/chance.rs"]
mod chance;

#[cfg(test)]
#[path = "../tests/support/refused.rs"]
mod refused;

#[cfg(test)]
#[path = "../tests/support/peer.rs"]
mod peer;

pub use document::Document;
