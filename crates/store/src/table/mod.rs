//! The tables, one file each: the SQL that makes it, what its rows are, everything that reads or writes it.
//!
//! Functions here run inside the transaction of a method of [`crate::Store`] and never begin or end one.

pub(crate) mod agreed;
pub(crate) mod author;
pub(crate) mod document;
pub(crate) mod epoch;
pub(crate) mod favourite;
pub(crate) mod file;
pub(crate) mod folded;
pub(crate) mod fork;
pub(crate) mod level;
pub(crate) mod log;
pub(crate) mod member;
pub(crate) mod outbox;
pub(crate) mod place;
pub(crate) mod records;
pub(crate) mod refusal;
pub(crate) mod replica;
pub(crate) mod setting;
pub(crate) mod snapshot;
pub(crate) mod upload;
