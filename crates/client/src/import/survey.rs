//! Looking at what is to be brought in: which documents there will be, under which, and what is left.
//!
//! Folders are walked without recursion and without following links, and everything about them is bounded: how deep they are,
//! how much is in them. A folder becomes a document if there is a document in it; where `Plan.md` lies beside a folder `Plan`,
//! that is the one.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Left, Why};
use crate::folder::{names, paths};

/// Folders within folders. The tree takes a hundred documents, one under the other.
const DEEPEST: usize = 64;
/// Documents of one import.
const DOCUMENTS: usize = 100_000;
/// Files and folders that are looked at.
const ENTRIES: usize = 1_000_000;

/// Why there is nothing to be brought in.
#[derive(Debug, thiserror::Error)]
pub enum SurveyError {
    /// It cannot be looked at.
    #[error(transparent)]
    Disk(#[from] io::Error),
    /// Nothing in it is a document.
    #[error("there is no document in it")]
    Nothing(Vec<Left>),
}

/// What is to be made of what was found.
#[derive(Debug)]
pub struct Plan {
    /// The folder that paths are counted from: nothing outside it is read.
    pub(super) root: PathBuf,
    /// The documents, each behind the one that it stands under. Only the first stands under none.
    pub(super) documents: Vec<Planned>,
    /// Other files, by their paths.
    pub(super) files: BTreeMap<String, PathBuf>,
    /// What is left already.
    pub(super) left: Vec<Left>,
}

/// A document to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Planned {
    /// Where its file or folder lies.
    pub path: String,
    /// The same for the system, which may have another name for it.
    pub file: PathBuf,
    /// What it is called if nothing in it says otherwise.
    pub stem: String,
    /// What it is made of.
    pub kind: Kind,
    /// Which of the documents it stands under.
    pub under: Option<usize>,
    /// Under how many it stands.
    pub depth: usize,
}

/// What a document is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder: it has no text of its own.
    Folder,
    /// A Markdown file.
    Markdown,
    /// A page of HTML.
    Html,
}

impl Kind {
    /// Returns what a file of this name is, and the name without its ending.
    pub(super) fn of(name: &str) -> Option<(Self, &str)> {
        const ENDINGS: &[(&str, Kind)] = &[
            (".md", Kind::Markdown),
            (".markdown", Kind::Markdown),
            (".html", Kind::Html),
            (".htm", Kind::Html),
        ];
        ENDINGS.iter().find_map(|(ending, kind)| Some((*kind, paths::without_ending(name, ending)?)))
    }
}

impl Plan {
    /// Returns how many documents there will be.
    pub fn documents(&self) -> usize {
        self.documents.len()
    }

    /// Returns what will be left out, as far as that is known before anything is read.
    pub fn left(&self) -> &[Left] {
        &self.left
    }

    /// Returns what the document is called that everything will stand under, unless it says otherwise itself.
    pub fn name(&self) -> &str {
        self.documents.first().map_or("", |first| &first.stem)
    }
}

/// Looks at a folder or a file, and reads none.
///
/// # Errors
/// When it is not there or may not be looked at, and when there is no document in it.
pub fn survey(path: &Path) -> Result<Plan, SurveyError> {
    let path = fs::canonicalize(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if fs::metadata(&path)?.is_dir() {
        let mut walk = Walk::default();
        walk.folders(&path);
        return walk.plan(path, &name);
    }
    let root = path.parent().map(Path::to_owned).unwrap_or_default();
    let Some((kind, stem)) = Kind::of(&name) else {
        return Err(SurveyError::Nothing(vec![left(&name, Why::NotShown)]));
    };
    let stem = stem.to_owned();
    let only = Planned { path: name, file: path, stem, kind, under: None, depth: 0 };
    Ok(Plan { root, documents: vec![only], files: BTreeMap::new(), left: Vec::new() })
}

#[derive(Default)]
struct Walk {
    documents: Vec<Planned>,
    others: BTreeMap<String, PathBuf>,
    left: Vec<Left>,
}

impl Walk {
    /// Walks all folders, those that come first by name first.
    fn folders(&mut self, root: &Path) {
        let mut waiting = vec![(String::new(), root.to_owned(), 0)];
        let mut seen = 0;
        while let Some((path, folder, depth)) = waiting.pop() {
            let entries = match fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
                Ok(entries) => entries,
                Err(error) => {
                    self.left.push(left(&path, error.into()));
                    continue;
                }
            };
            seen += entries.len();
            if seen > ENTRIES {
                return self.left.push(left(&path, Why::TooMany));
            }
            for entry in entries {
                let name = entry.file_name().to_string_lossy().into_owned();
                let path = paths::join(&path, &name);
                let why = match entry.file_type() {
                    _ if name.starts_with('.') => Why::Hidden,
                    Err(error) => error.into(),
                    Ok(kind) if kind.is_symlink() => Why::Link,
                    Ok(kind) if kind.is_dir() && depth == DEEPEST => Why::TooDeep,
                    Ok(kind) if kind.is_dir() => {
                        waiting.push((path, entry.path(), depth + 1));
                        continue;
                    }
                    Ok(kind) if kind.is_file() => {
                        self.file(path, &name, entry.path());
                        continue;
                    }
                    Ok(_) => Why::Special,
                };
                self.left.push(left(&path, why));
            }
        }
    }

    fn file(&mut self, path: String, name: &str, file: PathBuf) {
        match Kind::of(name) {
            Some(_) if self.documents.len() == DOCUMENTS => self.left.push(left(&path, Why::TooMany)),
            Some((kind, stem)) => {
                let stem = stem.to_owned();
                self.documents.push(Planned { path, file, stem, kind, under: None, depth: 0 });
            }
            None => _ = self.others.insert(path, file),
        }
    }

    fn plan(self, root: PathBuf, name: &str) -> Result<Plan, SurveyError> {
        let Self { documents, others: files, mut left } = self;
        if documents.is_empty() {
            left.sort();
            return Err(SurveyError::Nothing(left));
        }
        let mut tree = Tree::of(documents);
        let documents = tree.in_order(&root, name);
        Ok(Plan { root, documents, files, left })
    }
}

/// Documents by the folder that they stand in, which is the path of another without its ending.
struct Tree {
    /// By folder, then by name as people read it.
    levels: BTreeMap<String, BTreeMap<(String, String), Planned>>,
}

impl Tree {
    fn of(documents: Vec<Planned>) -> Self {
        let mut tree = Self { levels: BTreeMap::new() };
        let folders: Vec<String> = documents.iter().map(|one| paths::folder(&one.path).to_owned()).collect();
        for document in documents {
            tree.put(document);
        }
        for folder in folders {
            tree.make(&folder);
        }
        tree
    }

    fn put(&mut self, document: Planned) {
        let level = self.levels.entry(paths::folder(&document.path).to_owned()).or_default();
        level.insert((names::key(&document.stem), document.path.clone()), document);
    }

    /// Makes a document of a folder and of those that it lies in, unless a file there is it.
    fn make(&mut self, folder: &str) {
        let mut folder = folder;
        while !folder.is_empty() && self.of_folder(folder).is_none() {
            let stem = paths::name(folder).to_owned();
            let (path, file) = (folder.to_owned(), PathBuf::new());
            self.put(Planned { path, file, stem, kind: Kind::Folder, under: None, depth: 0 });
            folder = paths::folder(folder);
        }
    }

    /// Returns the document that what lies in a folder stands under: a file that is called exactly so, or nearly.
    fn of_folder(&self, folder: &str) -> Option<&str> {
        let (level, stem) = (self.levels.get(paths::folder(folder))?, paths::name(folder));
        let key = names::key(stem);
        let mut called = level
            .range((key.clone(), String::new())..)
            .take_while(|((other, _), _)| *other == key)
            .map(|(_, one)| one);
        let nearly = called.clone().next();
        called.find(|one| one.stem == stem).or(nearly).map(|one| one.path.as_str())
    }

    /// Returns the documents, each behind the one that it stands under, below one for the whole.
    fn in_order(&mut self, root: &Path, name: &str) -> Vec<Planned> {
        // A disk that tells `Plan` from `plan` may have two folders for one file.
        let mut owners = BTreeMap::<String, Vec<String>>::new();
        for folder in self.levels.keys() {
            if let Some(owner) = self.of_folder(folder) {
                owners.entry(owner.to_owned()).or_default().push(folder.clone());
            }
        }
        let mut out = Vec::new();
        let top = self.levels.remove("").unwrap_or_default();
        let is_the_whole = |one: &Planned| names::key(&one.stem) == names::key(name);
        let mut waiting: Vec<(Planned, Option<usize>)> = if top.len() == 1 && top.values().all(is_the_whole) {
            top.into_values().map(|one| (one, None)).collect()
        } else {
            let stem = if name.is_empty() { "/" } else { name }.to_owned();
            let (path, file) = (String::new(), root.to_owned());
            out.push(Planned { path, file, stem, kind: Kind::Folder, under: None, depth: 0 });
            top.into_values().rev().map(|one| (one, Some(0))).collect()
        };
        while let Some((mut document, under)) = waiting.pop() {
            document.under = under;
            document.depth = under.and_then(|at| out.get(at)).map_or(0, |above: &Planned| above.depth + 1);
            let here = out.len();
            let folders = owners.get(&document.path).into_iter().flatten();
            let below: Vec<_> = folders.filter_map(|folder| self.levels.remove(folder)).collect();
            waiting
                .extend(below.into_iter().flat_map(BTreeMap::into_values).rev().map(|one| (one, Some(here))));
            out.push(document);
        }
        out
    }
}

fn left(path: &str, why: Why) -> Left {
    Left { path: path.to_owned(), why }
}
