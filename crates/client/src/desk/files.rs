//! Files, as the desk writes them down: what was added here, what was brought, what came.

use sheaf_document::ids::ContentHash;
use sheaf_protocol::record::{FileWrite, Record};

use super::Desk;
use crate::error::Result;

impl Desk {
    /// Writes down a file whose bytes are on the shelf. One that is known already is not told of again.
    pub fn add_file(&mut self, file: FileWrite) -> Result<()> {
        let hash = file.hash;
        if self.store()?.files(&[hash])?.is_empty() {
            self.commit_with(vec![Record::File(file)], &[])?;
        } else {
            self.store()?.hold(hash, true)?;
        }
        self.hub.learn_of_files(Some([hash].into()));
        Ok(())
    }

    /// The relay has a file: what waited for that goes out.
    pub fn brought(&mut self, hash: ContentHash) -> Result<()> {
        Ok(self.store()?.brought(hash)?)
    }

    /// A file's bytes are on the shelf now, or are not.
    pub fn hold(&mut self, hash: ContentHash, is_held: bool) -> Result<()> {
        Ok(self.store()?.hold(hash, is_held)?)
    }
}
