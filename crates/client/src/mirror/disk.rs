//! Writing into a folder that others write into at the same time.
//!
//! Three promises. A file is there whole or as it was: it is written beside, brought to the disk, and given its name. **What
//! takes a file's place gives back what it took the place of**, where the system can exchange two names, so that a save
//! that came in between is found and kept; elsewhere it is looked at right before. And nothing is reached through a link.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use sheaf_document::ids::ContentHash;
use sheaf_store::sync_folder;

use super::scan;
use crate::chance;
use crate::folder::paths;

/// What came of a change to the folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was made.
    Done,
    /// Something else is there than was thought; all of that is as it was.
    Other,
}

/// Writes a file: in the place of what is known by `over`, or where nothing is yet.
///
/// # Errors
/// When the system does not let it be written; then all is as it was.
pub fn write(root: &Path, path: &str, text: &str, over: Option<ContentHash>) -> io::Result<Outcome> {
    let folder = make_folders(root, paths::folder(path))?;
    let (target, beside) = (root.join(path), folder.join(passing(path)));
    let written = put(&beside, text, over.and_then(|_| fs::symlink_metadata(&target).ok()));
    let outcome = written.and_then(|()| match over {
        None => settle(&beside, &target).and_then(|outcome| {
            if outcome == Outcome::Other {
                fs::remove_file(&beside)?;
            }
            Ok(outcome)
        }),
        Some(over) => replace(root, &beside, path, over, ContentHash::of(text.as_bytes())),
    });
    // What is left under the passing name is ours, or nothing.
    if outcome.is_err() {
        let _ = fs::remove_file(&beside);
    }
    sync_folder(&folder)?;
    outcome
}

/// Moves a file to where nothing is yet.
///
/// # Errors
/// As [`write`].
pub fn rename(root: &Path, from: &str, to: &str) -> io::Result<Outcome> {
    make_folders(root, paths::folder(from))?;
    let folder = make_folders(root, paths::folder(to))?;
    let outcome = match settle(&root.join(from), &root.join(to)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Outcome::Other),
        other => other,
    };
    sync_folder(&folder)?;
    prune(root, paths::folder(from));
    outcome
}

/// Deletes a file that says this, and the folders that are empty without it.
///
/// # Errors
/// As [`write`].
pub fn remove(root: &Path, path: &str, hash: ContentHash) -> io::Result<Outcome> {
    let folder = make_folders(root, paths::folder(path))?;
    let (target, aside) = (root.join(path), passing(path));
    let aside_path = paths::join(paths::folder(path), &aside);
    match settle(&target, &folder.join(&aside)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Outcome::Other),
        other => other?,
    };
    let outcome = if says(root, &aside_path, hash) {
        fs::remove_file(folder.join(&aside))?;
        Outcome::Done
    } else {
        give_back(&folder.join(&aside), &target)?;
        Outcome::Other
    };
    sync_folder(&folder)?;
    prune(root, paths::folder(path));
    Ok(outcome)
}

/// Takes the place of a file, if it says what it is thought to say.
fn replace(
    root: &Path,
    beside: &Path,
    path: &str,
    over: ContentHash,
    ours: ContentHash,
) -> io::Result<Outcome> {
    let target = root.join(path);
    match exchange(beside, &target) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::remove_file(beside)?;
            return Ok(Outcome::Other);
        }
        // This system, or this disk, cannot: as near as one can come.
        Err(_) if says(root, path, over) => return fs::rename(beside, &target).map(|()| Outcome::Done),
        Err(_) => {
            fs::remove_file(beside)?;
            return Ok(Outcome::Other);
        }
    }
    let taken = paths::join(paths::folder(path), &name_of(beside));
    if says(root, &taken, over) {
        fs::remove_file(beside)?;
        return Ok(Outcome::Done);
    }
    // Somebody saved in between: theirs goes back to where it was.
    exchange(beside, &target)?;
    if says(root, &taken, ours) {
        fs::remove_file(beside)?;
    } else {
        give_back(beside, &target)?;
    }
    Ok(Outcome::Other)
}

/// Gives a file under a passing name its own again, or one beside it should somebody have taken that meanwhile.
fn give_back(aside: &Path, target: &Path) -> io::Result<()> {
    let (stem, ending) = (target.file_stem().unwrap_or_default(), target.extension().unwrap_or_default());
    for number in 0..1_000 {
        let name = match number {
            0 => name_of(target),
            number => format!("{} (saved {number}).{}", stem.to_string_lossy(), ending.to_string_lossy()),
        };
        if settle(aside, &target.with_file_name(name))? == Outcome::Done {
            return Ok(());
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Gives a file a name that nothing has yet.
fn settle(from: &Path, to: &Path) -> io::Result<Outcome> {
    match rename_to_nothing(from, to) {
        Ok(()) => Ok(Outcome::Done),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(Outcome::Other),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(error),
        Err(_) if fs::symlink_metadata(to).is_ok() && !is_same(from, to) => Ok(Outcome::Other),
        Err(_) => fs::rename(from, to).map(|()| Outcome::Done),
    }
}

/// Says whether two names, such as `plan` and `Plan`, are one file's to this disk.
fn is_same(one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).ok().zip(fs::canonicalize(other).ok()).is_some_and(|(one, other)| one == other)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_to_nothing(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_one: &Path, other: &Path) -> io::Result<()> {
    fs::symlink_metadata(other)?;
    Err(ErrorKind::Unsupported.into())
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename_to_nothing(from: &Path, _to: &Path) -> io::Result<()> {
    fs::symlink_metadata(from)?;
    Err(ErrorKind::Unsupported.into())
}

/// Writes a new file and brings it to the disk, with the rights of the one whose place it will take.
fn put(beside: &Path, text: &str, like: Option<fs::Metadata>) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).open(beside)?;
    file.write_all(text.as_bytes())?;
    if let Some(like) = like.filter(fs::Metadata::is_file) {
        file.set_permissions(like.permissions())?;
    }
    file.sync_all()
}

/// Makes the folders of a path where they are missing. A link among them ends it: what lies behind it is not this folder.
fn make_folders(root: &Path, folder: &str) -> io::Result<PathBuf> {
    let mut path = root.to_owned();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        path.push(part);
        match fs::symlink_metadata(&path) {
            Ok(it) if it.is_dir() => {}
            Ok(_) => return Err(ErrorKind::NotADirectory.into()),
            Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir(&path)?,
            Err(error) => return Err(error),
        }
    }
    Ok(path)
}

/// Takes away folders that are empty now, from this one upwards.
fn prune(root: &Path, folder: &str) {
    let mut folder = folder;
    while !folder.is_empty() && fs::remove_dir(root.join(folder)).is_ok() {
        folder = paths::folder(folder);
    }
}

fn says(root: &Path, path: &str, hash: ContentHash) -> bool {
    scan::read(root, path).is_ok_and(|text| ContentHash::of(text.as_bytes()) == hash)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns a hidden name that nobody else has.
fn passing(path: &str) -> String {
    let number = u64::from_le_bytes(chance::bytes());
    // Short, so that a long name stays one with it.
    format!(".sheaf-{number:016x}-{}", paths::name(path).chars().take(20).collect::<String>())
}
