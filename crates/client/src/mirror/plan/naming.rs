//! Where each document's file belongs: under its parent's, named by its title.
//!
//! A name that is there stays as long as it can: it is changed only when its document's title was, and only if it was the old
//! title's name, so that a person may call a file as they like.

use std::collections::{BTreeMap, BTreeSet};

use sheaf_document::ids::DocumentId;
use sheaf_protocol::record::Parent;

use super::{Disk, Documents, Rows, below};
use crate::folder::{ATTACHMENTS, ENDING, Names, names, paths};

/// The names in every folder, and the way to each document's.
pub(super) struct Naming<'a> {
    rows: &'a Rows,
    documents: &'a Documents,
    taken: BTreeMap<String, Names>,
    decided: BTreeMap<DocumentId, String>,
}

impl<'a> Naming<'a> {
    /// Begins with what is in the folder.
    pub(super) fn of(rows: &'a Rows, disk: &Disk, documents: &'a Documents) -> Self {
        let mut taken: BTreeMap<String, Names> = BTreeMap::new();
        let here = disk.files.keys().chain(&disk.folders).chain(&disk.unclear);
        for path in here.chain(rows.values().map(|row| &row.path)) {
            let name = below(paths::name(path));
            taken.entry(paths::folder(path).to_owned()).or_default().reserve(name);
        }
        taken.entry(String::new()).or_default().reserve(ATTACHMENTS);
        Self { rows, documents, taken, decided: BTreeMap::new() }
    }

    /// Returns every document, each behind the one that it stands under; what stands in a circle is left out.
    pub(super) fn in_order(&self) -> Vec<DocumentId> {
        let mut under: BTreeMap<Parent, Vec<DocumentId>> = BTreeMap::new();
        for (document, standing) in self.documents {
            under.entry(standing.parent).or_default().push(*document);
        }
        let (mut order, mut next) = (Vec::new(), BTreeSet::from([None]));
        while let Some(parent) = next.pop_first() {
            let children = under.remove(&parent).unwrap_or_default();
            next.extend(children.iter().copied().map(Some));
            order.extend(children);
        }
        order
    }

    /// Returns where a document's file belongs; to be asked in order.
    pub(super) fn path_of(&mut self, document: DocumentId) -> String {
        let Some(standing) = self.documents.get(&document) else { return String::new() };
        let folder = match standing.parent.and_then(|parent| self.decided.get(&parent)) {
            Some(parent) => below(parent).to_owned(),
            None => String::new(),
        };
        let name = self.name_of(document, &standing.title, &folder);
        let path = paths::join(&folder, &format!("{name}{ENDING}"));
        self.decided.insert(document, path.clone());
        path
    }

    fn name_of(&mut self, document: DocumentId, title: &str, folder: &str) -> String {
        let taken = self.taken.entry(folder.to_owned()).or_default();
        let Some(row) = self.rows.get(&document) else { return taken.take(title) };
        let now = below(paths::name(&row.path));
        let wanted = names::stem(title);
        let is_renamed = row.title != title && follows(now, &row.title) && !follows(now, title);
        match (is_renamed, paths::folder(&row.path) == folder) {
            (false, true) => now.to_owned(),
            // Only its case changes: the name that stands in the way is its own.
            (true, true) if names::key(&wanted) == names::key(now) => wanted,
            (false, false) if taken.reserve(now) => now.to_owned(),
            _ => taken.take(title),
        }
    }
}

/// Says whether a name is a title's, perhaps with a number behind it.
fn follows(name: &str, title: &str) -> bool {
    let rest = name.strip_prefix(names::stem(title).as_str());
    rest.is_some_and(|rest| {
        let number = rest.strip_prefix(' ').unwrap_or("x");
        rest.is_empty() || number.bytes().all(|digit| digit.is_ascii_digit())
    })
}
