//! Which file is which document's, when paths are no longer what they were.
//!
//! A file at the path of old is the one of old, whatever is in it: many editors save by writing a new file and giving it the
//! old name. A file elsewhere is one that was moved if it says the same as one that is missing, or if the system knows it as
//! the same file.

use std::collections::{BTreeMap, BTreeSet};

use sheaf_document::ids::{ContentHash, DocumentId};

use super::{Disk, Row, Rows};
use crate::folder::{names, paths};

/// Files and documents, brought together.
#[derive(Debug, Default)]
pub(super) struct Matched<'a> {
    /// Where the files of documents are now.
    pub at: BTreeMap<DocumentId, &'a str>,
    /// Where files are that belong to none.
    pub fresh: BTreeSet<&'a str>,
}

impl<'a> Matched<'a> {
    /// Brings them together.
    pub(super) fn of(rows: &Rows, disk: &'a Disk) -> Self {
        let mut matched =
            Self { at: BTreeMap::new(), fresh: disk.files.keys().map(String::as_str).collect() };
        let mut left: BTreeMap<DocumentId, &Row> = BTreeMap::new();
        for (document, row) in rows {
            match disk.files.get_key_value(&row.path) {
                Some((path, _)) => matched.take(*document, path),
                None if row.hash.is_some() && !disk.is_unclear(&row.path) => _ = left.insert(*document, row),
                None => {}
            }
        }
        let mut by_hash: BTreeMap<ContentHash, Vec<&'a str>> = BTreeMap::new();
        let mut by_inode: BTreeMap<u64, &'a str> = BTreeMap::new();
        let mut by_key: BTreeMap<String, &'a str> = BTreeMap::new();
        if left.is_empty() {
            return matched;
        }
        for path in &matched.fresh {
            let Some(found) = disk.files.get(*path) else { continue };
            by_hash.entry(found.hash).or_default().push(path);
            by_inode.extend(found.inode.map(|inode| (inode, *path)));
            by_key.insert(names::key(path), path);
        }
        // The surest first: the same words under the same name, the same file, the same words, the same name to a disk.
        let same_name = |row: &Row, path: &str| paths::name(&row.path) == paths::name(path);
        for pass in 0..4 {
            left.retain(|document, row| {
                let alike = row.hash.and_then(|hash| by_hash.get(&hash));
                let mut alike = alike.into_iter().flatten().copied();
                let found = match pass {
                    0 => alike.find(|path| matched.fresh.contains(path) && same_name(row, path)),
                    1 => row.inode.and_then(|inode| by_inode.get(&inode)).copied(),
                    2 => alike.find(|path| matched.fresh.contains(path)),
                    _ => by_key.get(&names::key(&row.path)).copied(),
                };
                let found = found.filter(|path| matched.fresh.contains(path));
                found.map(|path| matched.take(*document, path)).is_none()
            });
        }
        matched
    }

    /// Says whether a document's file lies in another folder than it did.
    pub(super) fn has_left(&self, document: DocumentId, rows: &Rows) -> bool {
        let moved = self.at.get(&document).zip(rows.get(&document));
        moved.is_some_and(|(path, row)| paths::folder(path) != paths::folder(&row.path))
    }

    fn take(&mut self, document: DocumentId, path: &'a str) {
        self.fresh.remove(path);
        self.at.insert(document, path);
    }
}
