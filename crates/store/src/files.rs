//! Files of the workspace: what is known of them, which are here, and which wait to be brought to the relay.
//!
//! The bytes lie elsewhere; here stands what is to become of them. A draft that tells of a file waits in the outbox until
//! its bytes are at the relay: [`Store::brought`] lets it go.

use sheaf_document::ids::ContentHash;

use crate::error::Result;
use crate::store::Store;
use crate::table::{file, upload};

pub use crate::table::file::FileRow;

impl Store {
    /// Returns what is known of these files, as far as anything is.
    pub fn files(&self, hashes: &[ContentHash]) -> Result<Vec<FileRow>> {
        self.read(|connection| {
            let rows = hashes.iter().map(|hash| file::get(connection, *hash));
            Ok(rows.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    /// Returns every file that is known, in the order of their names.
    pub fn all_files(&self) -> Result<Vec<FileRow>> {
        self.read(file::all)
    }

    /// Returns some of the files that wait to be brought to the relay, each with its size, the small ones first.
    pub fn to_bring(&self, limit: usize) -> Result<Vec<(ContentHash, u64)>> {
        self.read(|connection| upload::first(connection, limit))
    }

    /// Returns some of the files of at most `most` bytes that are not here, each with its size, the small ones first.
    pub fn to_fetch(&self, most: u64, limit: usize) -> Result<Vec<(ContentHash, u64)>> {
        self.read(|connection| file::lacking(connection, most, limit))
    }

    /// The relay has a file: the draft that waited for this may go out.
    pub fn brought(&mut self, hash: ContentHash) -> Result<()> {
        self.write(|transaction, _| upload::remove(transaction, hash))
    }

    /// Notes whether a file's bytes are on this device, whole.
    pub fn hold(&mut self, hash: ContentHash, is_held: bool) -> Result<()> {
        self.write(|transaction, _| file::hold(transaction, hash, is_held))
    }
}
