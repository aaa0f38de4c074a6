//! Blobs that nothing ever mentioned: somebody brought them, and the text or record that was to follow never came.
//!
//! The log is never rewritten, so whatever was in a document once can be looked at again, and its pictures with it. A blob is
//! therefore an orphan only if no entry of the whole log names it, by its hash as text or by a file's record, and if
//! it has lain there for a while: its record may still be on somebody's device. Where the log holds anything that this
//! version cannot read, nothing is an orphan. No relay may be running meanwhile, so nobody is about to name one.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, WorkspaceId};
use sheaf_protocol::entry::{Flags, Kind};
use sheaf_protocol::record::{Decoded, Record};
use sheaf_protocol::rest::Hex;

use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::storage::sqlite::Sqlite;

/// Digits of a blob's name.
const DIGITS: usize = 64;

/// What was found and removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Orphans {
    /// Blobs.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The log holds what only a later version can read, so nothing was looked for.
    pub is_log_newer: bool,
}

/// A blob that nothing was found to mention so far.
struct Suspect {
    path: PathBuf,
    size: u64,
}

/// Removes the blobs of a data folder that nothing mentions and that are older than `grace` at this time; with `is_dry` it only
/// counts them, also while the relay runs.
///
/// # Errors
/// When there is no relay in the folder, when it runs, or when the disk fails; what was removed until then is counted by nobody.
pub fn clean(data: &Path, grace: Duration, now: SystemTime, is_dry: bool) -> Result<Orphans> {
    let folder = Folder::existing(data)?;
    let _lock = if is_dry { None } else { Some(folder.lock()?) };
    let database = Sqlite::open_beside(&folder.database())?;
    let mut orphans = Orphans::default();
    for stored in database.workspaces()? {
        let mut suspects = suspects(&folder.blobs(), stored.workspace, grace, now)?;
        if suspects.is_empty() {
            continue;
        }
        let mut is_all_read = true;
        database.each_entry(stored.workspace, |kind, flags, bytes| {
            is_all_read &= acquit(&mut suspects, kind, flags, bytes);
        })?;
        if !is_all_read {
            orphans.is_log_newer = true;
            continue;
        }
        for Suspect { path, size } in suspects.into_values() {
            if !is_dry {
                fs::remove_file(&path).map_err(|source| Error::Folder { path, source })?;
            }
            orphans.files += 1;
            orphans.bytes += size;
        }
    }
    Ok(orphans)
}

/// Lists the blobs of a workspace that are old enough.
fn suspects(
    blobs: &Path,
    workspace: WorkspaceId,
    grace: Duration,
    now: SystemTime,
) -> Result<BTreeMap<ContentHash, Suspect>> {
    let root = blobs.join(workspace.to_string());
    let mut found = BTreeMap::new();
    let mut list = || -> io::Result<()> {
        for shelf in fs::read_dir(&root)? {
            for blob in fs::read_dir(shelf?.path())? {
                let (blob, name) = blob.map(|blob| (blob.path(), blob.file_name()))?;
                let Some(hash) = name.to_str().and_then(|name| name.parse::<Hex<32>>().ok()) else {
                    continue;
                };
                let metadata = fs::metadata(&blob)?;
                if now.duration_since(metadata.modified()?).unwrap_or_default() >= grace {
                    found.insert(hash.into(), Suspect { path: blob, size: metadata.len() });
                }
            }
        }
        Ok(())
    };
    match list() {
        // Nobody ever brought anything.
        Err(error) if error.kind() == io::ErrorKind::NotFound && !root.exists() => Ok(found),
        Err(source) => Err(Error::Folder { path: root, source }),
        Ok(()) => Ok(found),
    }
}

/// Lets go of those that an entry mentions; says whether all of the entry could be read.
fn acquit(suspects: &mut BTreeMap<ContentHash, Suspect>, kind: Kind, flags: Flags, bytes: &[u8]) -> bool {
    for hash in named_in(bytes) {
        suspects.remove(&hash);
    }
    match kind {
        Kind::UPDATE => flags == Flags::default(),
        Kind::RECORD if flags == Flags::default() => match Record::decode(&Bytes::copy_from_slice(bytes)) {
            Ok(Decoded::Known(Record::File(file))) => {
                suspects.remove(&file.hash);
                true
            }
            read => matches!(read, Ok(Decoded::Known(_))),
        },
        _ => false,
    }
}

/// Returns whatever could be a blob's name in these bytes: 64 hexadecimal digits in a row, also within a longer row.
fn named_in(bytes: &[u8]) -> impl Iterator<Item = ContentHash> {
    let rows = bytes.split(|byte| !byte.is_ascii_hexdigit()).filter(|row| row.len() >= DIGITS);
    rows.flat_map(|row| row.windows(DIGITS)).filter_map(|name| {
        let hash: Hex<32> = std::str::from_utf8(name).ok()?.parse().ok()?;
        Some(hash.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_wherever_it_stands() {
        let (one, other) = (ContentHash::of(b"one"), ContentHash::of(b"other"));
        let text = format!("\u{1}file\u{7}w@{}\u{0}é{}ab", Hex::from(one), Hex::from(other));
        let found: Vec<_> = named_in(text.as_bytes()).collect();
        assert!(
            found.contains(&one) && found.contains(&other),
            "among bytes, and before other digits: {found:?}"
        );
        assert_eq!(named_in(&text.as_bytes()[..60]).count(), 0, "half a name is none");
    }
}
