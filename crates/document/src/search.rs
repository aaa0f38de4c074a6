//! Words as search knows them: one way to take text apart, for what is looked through and for what somebody types.
//!
//! The one idea: whoever searches and whatever is searched pass through the same [`tokens`], so that two places that index
//! the same document, a replica and a relay, find the same. Here is no index: a store has one, and asks [`Query`] what
//! to look for and [`snippet`] what to show.

mod date;
mod fold;
mod parse;
mod query;
mod snippet;
mod tokens;

pub use query::{Filters, Query, Term};
pub use snippet::{Snippet, highlights, snippet};
pub use tokens::{Token, folded, tokens};

/// Rises with every change of what [`tokens`] makes of a text: an index made under another one is made anew.
pub const VERSION: u32 = 1;

#[cfg(test)]
mod tests;
