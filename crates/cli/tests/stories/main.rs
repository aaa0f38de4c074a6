//! Stories at a terminal, told with the real program.
#![expect(clippy::unwrap_used, reason = "a panic in a story is its report")]

mod ending;
mod help;
mod in_and_out;
mod mirroring;
mod replaying;
mod support;
mod tree;
mod writing;
