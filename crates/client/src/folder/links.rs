//! How the files of a folder refer to each other, and how documents do.
//!
//! In a folder a link is a path; in a workspace it is an id, which survives every rename. An [`Atlas`] knows both of everything
//! that is in the folder, and turns the one into the other: links and `[[wiki links]]` into mentions, pictures into figures,
//! a file on a line of its own into an attachment, and back. What it does not know it leaves exactly as it is.

mod inward;
mod outward;
#[cfg(test)]
mod tests;
mod wiki;

use std::collections::{BTreeMap, BTreeSet};

use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_document::markdown::normal;
use sheaf_document::tree::Node;

use super::{ENDING, names, paths};
use inward::Inward;
use outward::Outward;

/// Where everything in a folder lies.
#[derive(Debug, Default)]
pub struct Atlas {
    documents: BTreeMap<DocumentId, String>,
    files: BTreeMap<ContentHash, String>,
    /// By path, as it is written.
    exact: BTreeMap<String, Target>,
    /// By path, as a disk compares it: the first of those that it may not tell apart.
    folded: BTreeMap<String, Target>,
    /// Paths by the last part of theirs, as a disk compares it: what a wiki link means.
    named: BTreeMap<String, Vec<String>>,
}

/// What lies at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Document(DocumentId),
    /// A file, and its name among a workspace's files once it is one.
    File(String, Option<ContentHash>),
}

impl Atlas {
    /// Notes that a document lies at a path: its file, or the folder that it is.
    pub fn put_document(&mut self, path: &str, document: DocumentId) {
        self.documents.entry(document).or_insert_with(|| path.to_owned());
        self.put(path, Target::Document(document));
        let name = paths::name(path);
        self.call(paths::without_ending(name, ENDING).unwrap_or(name), path);
    }

    /// Notes that a file lies at a path, and what it is in the workspace, if it is there yet.
    pub fn put_file(&mut self, path: &str, hash: Option<ContentHash>) {
        if let Some(hash) = hash {
            self.files.entry(hash).or_insert_with(|| path.to_owned());
        }
        self.put(path, Target::File(path.to_owned(), hash));
    }

    /// Returns where a document lies.
    pub fn path_of(&self, document: DocumentId) -> Option<&str> {
        self.documents.get(&document).map(String::as_str)
    }

    /// Returns where a file of the workspace lies.
    pub fn path_of_file(&self, hash: ContentHash) -> Option<&str> {
        self.files.get(&hash).map(String::as_str)
    }

    /// Returns the paths of the files that the document at `from` shows.
    pub fn wanted(&self, from: &str, blocks: &[Node]) -> BTreeSet<String> {
        let mut inward = Inward::of(self, from);
        inward.blocks(blocks.to_vec());
        inward.wanted
    }

    /// Returns the paths in the folder that the document at `from` refers to and at which nothing is known to lie.
    pub fn unknown(&self, from: &str, blocks: &[Node]) -> BTreeSet<String> {
        let mut inward = Inward::of(self, from);
        inward.blocks(blocks.to_vec());
        inward.unknown
    }

    /// Turns what the file at `from` holds into what its document holds, in normal form. Files that are not in the workspace yet are left.
    pub fn inward(&self, from: &str, blocks: Vec<Node>) -> Vec<Node> {
        normal(Inward::of(self, from).blocks(blocks))
    }

    /// Turns what a document holds into what its file at `from` holds.
    pub fn outward(&self, from: &str, blocks: &[Node]) -> Vec<Node> {
        normal(Outward::of(self, from).blocks(blocks))
    }

    fn put(&mut self, path: &str, target: Target) {
        let key = names::key(path);
        let is_first = !self.exact.contains_key(path);
        match self.folded.get(&key) {
            Some(other) if is_first || *other != target && !other.is_at(path) => {}
            _ => _ = self.folded.insert(key, target.clone()),
        }
        if matches!(target, Target::File(..)) && is_first {
            self.call(paths::name(path), path);
        }
        self.exact.insert(path.to_owned(), target);
    }

    /// Notes what a wiki link may call something at a path.
    fn call(&mut self, name: &str, path: &str) {
        let paths = self.named.entry(names::key(name)).or_default();
        if !paths.iter().any(|other| other == path) {
            paths.push(path.to_owned());
        }
    }

    /// Returns what an address in the file at `from` leads to.
    fn follow(&self, from: &str, address: &str) -> Option<&Target> {
        let path = paths::resolve(from, address)?;
        self.at(&path)
    }

    /// Returns what a wiki link in the file at `from` means: a path from the top or from there, or a name that something has
    /// anywhere, the nearest first: beside it, then the least deep.
    fn meant(&self, from: &str, words: &str) -> Option<&Target> {
        let with_ending = format!("{words}{ENDING}");
        let nearby = paths::join(paths::folder(from), words);
        let nearby_with_ending = format!("{nearby}{ENDING}");
        let by_path =
            [&nearby_with_ending, &nearby, &with_ending, words].into_iter().find_map(|path| self.at(path));
        by_path.or_else(|| {
            let name = paths::without_ending(words, ENDING).unwrap_or(words);
            let paths = self.named.get(&names::key(name))?;
            self.at(paths.iter().min_by(|one, other| depth(one).cmp(&depth(other)))?)
        })
    }

    fn at(&self, path: &str) -> Option<&Target> {
        self.exact.get(path).or_else(|| self.folded.get(&names::key(path)))
    }
}

/// What makes a path nearer than another.
fn depth(path: &str) -> (usize, usize, &str) {
    (path.matches('/').count(), path.len(), path)
}

impl Target {
    fn is_at(&self, path: &str) -> bool {
        matches!(self, Self::File(own, _) if own == path)
    }
}
