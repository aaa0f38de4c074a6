//! Updates (Yjs, encoding v1) from outside: checked, summed up, merged and cut without ever trusting them.
//!
//! yrs and Yjs believe what they read; forty bytes are enough to corrupt a heap. So every update first passes
//! [`DocState::admit`], which reads the bytes without recursion and without allocating by a claimed length, and then
//! checks that they mean something in this document: no holes, no unknown neighbours, no content where it does not
//! belong. [`Admitted`] is the proof; nothing else can be applied to a document. [`merge`], [`snapshot`] and [`diff`] fold
//! and cut updates as bytes, without yrs and without collecting what was deleted.
//!
//! The rules are numbered A1 to A14 (what can be read) and B1 to B11 (what it means) throughout. Deliberately not
//! here: the order of text, and who may write. Both need more than a few bytes of state per run of typing.

mod admit;
mod any;
mod cursor;
mod delete_set;
mod join;
mod json;
mod limits;
mod line;
mod merge;
mod parse;
mod place;
mod refusal;
mod snapshot;
mod state;
mod state_vector;
mod structs;
mod summary;
mod tables;
#[cfg(test)]
mod tests;
mod walk;
mod write;

pub use limits::Limits;
pub use merge::{MergeError, Merger, diff, merge};
pub use refusal::{Refusal, RefusalCode};
pub use snapshot::{SnapshotError, snapshot};
pub use state::{Admitted, DocState};
pub use state_vector::{StateVector, StateVectorError};
pub use structs::{Id, TypeKind};
pub use summary::{ClientSummary, DeletedRange, Kinds, Summary};
