//! Full-text search: an index in a file of its own beside the workspace's.
//!
//! The one idea: the index is no part of the truth. It holds what the documents said at some moment and, in the same
//! transaction, which changes it has seen ([`marks`]); so after any crash it is right about some moment before it. One that is damaged,
//! missing, of another version or of another workspace is made anew from the documents. Because it is a file of its own, writing it
//! never makes a commit wait, and a commit knows nothing of it: each change of a document has a number that rises, and
//! what the index lacks are the changes behind its own.
//!
//! [`Index::refresh`] brings in what changed, [`Index::find`] asks for words, [`Index::about`] for what is known of one document. Where documents stand, and whether they are in the
//! trash, is asked of the store at the time of the query. Words are taken apart by [`sheaf_document::search`]; FTS5 is given
//! them ready, with a blank between.

mod about;
mod below;
mod expression;
mod find;
mod index;
mod marks;
mod refresh;
mod sift;
mod similar;

pub use about::About;
pub use find::{Found, Hit, Kind};
pub use index::Index;
pub use refresh::Page;
