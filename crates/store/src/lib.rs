//! A replica's disk: one SQLite file per workspace, one transaction per method.
//!
//! The one idea: the log is the truth. [`Store::commit_local`] and [`Store::commit_remote`] append to it; the outbox
//! says which rows no relay has acknowledged yet; everything else (snapshots, search marks, counts) can be made again
//! from it. When a method that writes has returned, what it wrote survives `kill -9` and power cuts; when it has
//! failed, nothing of it happened.
//!
//! Floor 2. No network, no async, no clock, no Yjs: bytes come in admitted and go out as they came. One process
//! writes, by a lock of the operating system; any number read beside it, each through its own [`Store`].

mod check;
mod error;
mod files;
mod filesystem;
mod forks;
mod local;
mod lock;
mod migrations;
mod open;
mod outbox;
mod reading;
mod remote;
pub mod search;
mod signing;
mod snapshots;
mod store;
mod table;
mod tree;
mod unfold;

pub use error::StoreError;
pub use files::FileRow;
pub use forks::{Fork, Settle};
pub use local::{LocalWrite, Written};
pub use open::{Access, Key, Options, sync_folder};
pub use outbox::Budget;
pub use reading::{DocumentRow, Reading, Stale};
pub use remote::{Acknowledged, RemoteBatch, RemoteOutcome};
pub use snapshots::{Through, Updates};
pub use store::{Identity, Position, Store};
pub use tree::{Changed, Drafted, Level, LocalRecord, MemberRow, Place, PlaceRow, RefusedRecord, Spot};
pub use unfold::Kept;
