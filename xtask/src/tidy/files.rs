//! The files that rules look at: what git tracks or would track, with its text.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::run;

/// A file written by hand.
pub struct File {
    /// Its path from the root, with slashes.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl File {
    /// Says whether the file is source code in one of these languages.
    pub fn is(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }
}

/// Returns every text file that git tracks, and new ones that it does not ignore.
///
/// # Errors
/// When git does not answer.
pub fn tracked() -> anyhow::Result<Vec<File>> {
    let list = run::answer("git", &["ls-files", "--cached", "--others", "--exclude-standard"])
        .context("git does not list the repository's files")?;
    let root: PathBuf = run::root();
    Ok(list
        .lines()
        .filter_map(|path| {
            Some(File { path: path.to_owned(), text: fs::read_to_string(root.join(path)).ok()? })
        })
        .collect())
}
