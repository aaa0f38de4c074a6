//! What a folder of Markdown files is, told without touching a disk: what files are called, where a title stands, how one
//! file refers to another.
//!
//! The one idea: a folder is to be as clean as one that a person wrote by hand. A document is `Title.md`; what stands under it
//! lies in a folder `Title` beside that; pictures lie in `attachments`. No id of ours is in any of it, so what is read again is
//! known by where it lies. Import, export and whoever keeps a folder in step share these rules.
//!
//! Deliberately absent: reading and writing files, and deciding what becomes of them.

pub mod front;
pub mod links;
pub mod names;
pub mod page;
pub mod paths;

pub use links::Atlas;
pub use names::Names;
pub use page::{Page, Titled};

/// The ending of a document's file.
pub const ENDING: &str = ".md";

/// The folder in which the files lie that documents show.
pub const ATTACHMENTS: &str = "attachments";
