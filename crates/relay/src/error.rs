//! What can keep a relay from starting or serving, in words for its operator.
//!
//! Callers of the HTTP API and of the socket never see these: they get a [`sheaf_protocol::problem::Code`].

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the relay could not do what its operator asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program listens there.
    #[error("{address} is taken by another program; stop it or choose another address with --listen")]
    AddressTaken {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A listener that others can reach would speak plain HTTP.
    #[error(
        "{address} can be reached by others and the relay would speak plain HTTP there; put a TLS proxy in front and \
         listen on 127.0.0.1, or insist with --insecure-http"
    )]
    InsecureHttp {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The public address is not a web address that replicas could use.
    #[error(
        "{text} is not a usable public address: expected https://host or, for trying it out, http://host:port"
    )]
    PublicUrl {
        /// What was given.
        text: String,
    },
    /// The data folder cannot be made or written.
    #[error("cannot use {path} as the data folder: {source}")]
    Folder {
        /// The file or folder that failed.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// Another relay runs on this folder.
    #[error("another relay is running on {path}; one folder serves one relay")]
    FolderInUse {
        /// The folder.
        path: PathBuf,
    },
    /// There is no relay in this folder yet.
    #[error("{path} holds no relay yet; `sheaf-relay serve --data {path}` makes one")]
    FolderEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// A key file is damaged or missing while the database exists.
    #[error(
        "the key {path} is missing or damaged; restore the keys folder from a backup, for the database was made with it"
    )]
    Key {
        /// The key's file.
        path: PathBuf,
    },
    /// A later version of the relay has been here.
    #[error(
        "the database was written by a later version of sheaf-relay (schema {found}, this one knows {known})"
    )]
    DatabaseNewer {
        /// The schema version in the file.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The database is not a database, or damaged.
    #[error("{path} is damaged or not a relay's database; restore it from a backup ({detail})")]
    DatabaseCorrupt {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        detail: String,
    },
    /// SQLite failed in another way: disk full, read-only, locked.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// A stored value does not have the shape that this program writes.
    #[error("the database holds something unexpected in {0}")]
    Stored(&'static str),
    /// There is no such document.
    #[error("this relay holds no document {0}")]
    NoDocument(sheaf_document::ids::DocumentId),
    /// The child process that reads documents failed or ran into its limits.
    #[error("the worker that reads the document failed: {0}")]
    Worker(String),
    /// The system gave no randomness.
    #[error("the system gave no randomness: {0}")]
    Chance(#[from] getrandom::Error),
    /// A thread of the relay has ended.
    #[error("the relay is stopping")]
    Stopping,
    /// The system refused something else.
    #[error("{doing}: {source}")]
    System {
        /// What the relay was doing.
        doing: &'static str,
        /// The system's answer.
        source: std::io::Error,
    },
}

/// A result whose error is for the operator.
pub type Result<T, E = Error> = std::result::Result<T, E>;
