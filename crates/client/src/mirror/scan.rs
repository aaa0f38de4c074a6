//! Looking at a folder: which Markdown files are in it, what they say, and of what nothing can be said.
//!
//! A failure to read is never an absence: whatever cannot be looked at is *unclear*, with all that lies below it. Symbolic
//! links, pipes and devices are not opened. Hidden things are other programs' own. What a file says is known by the hash of its
//! bytes; it is read again whenever the system shows the least sign that it may have been written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use sheaf_document::ids::ContentHash;

use super::plan::{Disk, Found};
use super::problem::{Problem, Trouble};
use crate::folder::{ENDING, paths};

/// A larger file is no document: no relay takes so large a change.
pub const LARGEST: u64 = 16 << 20;
/// Folders are followed so deep.
const DEEPEST: usize = 32;
/// So many files are looked at.
const MOST: usize = 100_000;
/// Some systems note times this coarsely: a file that was written just before it was read may have been written again since.
const COARSE: Duration = Duration::from_secs(2);

/// What was read before, so that only what may have changed is read again.
#[derive(Debug, Default)]
pub struct Known(BTreeMap<String, (Stamp, ContentHash)>);

/// Everything by which a system shows that a file was written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    len: u64,
    modified: Option<SystemTime>,
    inode: Option<u64>,
    /// When anything about it was changed, also by programs that set the other time.
    changed: Option<(i64, i64)>,
}

/// A look at a folder.
#[derive(Debug, Default)]
pub struct Look {
    /// What is in it.
    pub disk: Disk,
    /// What a person should know of.
    pub problems: BTreeSet<Problem>,
}

/// Looks at a folder.
pub fn scan(root: &Path, known: &mut Known) -> Look {
    let mut look = Look::default();
    let before = std::mem::take(&mut known.0);
    let mut folders = vec![(String::new(), 0)];
    look.disk.is_there = fs::symlink_metadata(root).is_ok_and(|it| it.is_dir()) && fs::read_dir(root).is_ok();
    while look.disk.is_there
        && let Some((folder, depth)) = folders.pop()
    {
        let entries = fs::read_dir(root.join(&folder)).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let entries = match entries {
            Ok(entries) => entries,
            // The top went away under our eyes.
            Err(_) if folder.is_empty() => return Look::default(),
            Err(error) => {
                look.is_unclear(&folder, Trouble::Unreadable(error.kind()));
                continue;
            }
        };
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else {
                let name = entry.file_name().to_string_lossy().into_owned();
                look.problems.insert(Problem { path: paths::join(&folder, &name), trouble: Trouble::Name });
                continue;
            };
            if let Some(hidden) = name.strip_prefix('.') {
                // What a cloud drive has taken off this device is there all the same.
                look.disk
                    .unclear
                    .extend(hidden.strip_suffix(".icloud").map(|name| paths::join(&folder, name)));
                continue;
            }
            let path = paths::join(&folder, &name);
            match entry.metadata() {
                Ok(it) if it.is_dir() && depth < DEEPEST => {
                    look.disk.folders.insert(path.clone());
                    folders.push((path, depth + 1));
                }
                Ok(it) if it.is_dir() => look.is_unclear(&path, Trouble::TooDeep),
                Ok(it) if it.is_symlink() => look.is_unclear(&path, Trouble::Link),
                _ if paths::without_ending(&name, ENDING).is_none() => {}
                Ok(it) if it.is_file() && look.disk.files.len() < MOST => {
                    match hash(root, &path, &it, before.get(&path)) {
                        Ok((hash, is_certain)) => {
                            let stamp = Stamp::of(&it);
                            look.disk.files.insert(path.clone(), Found { hash, inode: stamp.inode });
                            known.0.extend(is_certain.then_some((path, (stamp, hash))));
                        }
                        Err(trouble) => look.is_unclear(&path, trouble),
                    }
                }
                Ok(it) if it.is_file() => look.is_unclear(&path, Trouble::TooMany),
                Ok(_) => look.is_unclear(&path, Trouble::NoFile),
                Err(error) => look.is_unclear(&path, Trouble::Unreadable(error.kind())),
            }
        }
    }
    look
}

/// Reads a file's text. It is opened only if it is an ordinary file, and never through a link.
pub fn read(root: &Path, path: &str) -> Result<String, Trouble> {
    let unreadable = |error: io::Error| Trouble::Unreadable(error.kind());
    let file = open(&root.join(path)).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Trouble::NoFile);
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Trouble::TooLarge);
    }
    String::from_utf8(bytes).map_err(|_| Trouble::NoText)
}

/// Returns by what the system knows a file across renames.
pub fn inode(root: &Path, path: &str) -> Option<u64> {
    Stamp::of(&fs::symlink_metadata(root.join(path)).ok()?).inode
}

/// Returns what a file says, and whether that is certain for as long as the system shows no sign of a change.
fn hash(
    root: &Path,
    path: &str,
    metadata: &Metadata,
    before: Option<&(Stamp, ContentHash)>,
) -> Result<(ContentHash, bool), Trouble> {
    let stamp = Stamp::of(metadata);
    if let Some((_, hash)) = before.filter(|(old, _)| *old == stamp) {
        return Ok((*hash, true));
    }
    if metadata.len() > LARGEST {
        return Err(Trouble::TooLarge);
    }
    let now = SystemTime::now();
    let text = read(root, path)?;
    let is_old = stamp.modified.and_then(|at| now.duration_since(at).ok()).is_some_and(|age| age > COARSE);
    Ok((ContentHash::of(text.as_bytes()), is_old))
}

/// Opens a file; never through a link, and never waiting for somebody at the other end of a pipe.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits() as i32);
    }
    options.open(path)
}

impl Look {
    fn is_unclear(&mut self, path: &str, trouble: Trouble) {
        self.disk.unclear.insert(path.to_owned());
        self.problems.insert(Problem { path: path.to_owned(), trouble });
    }
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let (inode, changed) = {
            use std::os::unix::fs::MetadataExt as _;
            // Numbers are used again, for the next file that is made; when a file was made is not.
            let made = metadata.created().ok().and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
            let inode = made.map(|made| metadata.ino().rotate_left(32) ^ made.as_nanos() as u64);
            (inode, Some((metadata.ctime(), metadata.ctime_nsec())))
        };
        #[cfg(not(unix))]
        let (inode, changed) = (None, None);
        Self { len: metadata.len(), modified: metadata.modified().ok(), inode, changed }
    }
}
