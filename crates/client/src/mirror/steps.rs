//! Carrying out what was planned, one step at a time.
//!
//! Each step looks again whether what it was decided on is still so. If not, nothing is done: the next round sees why.

use std::io;

use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_document::markdown::{Parsed, normal};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::record::Parent;
use sheaf_store::Place;

use super::cards::{is_same, parsed, stem};
use super::disk::{self, Outcome};
use super::keeper::Keeper;
use super::plan::{Disk, Documents, Row, Step};
use super::problem::{Problem, Trouble};
use super::scan;
use crate::error::ReplicaError;
use crate::folder::page::is_empty;
use crate::folder::{ENDING, Page, Titled, names, paths};
use crate::reader::Reader;

type Done = Result<(), Trouble>;

impl From<ReplicaError> for Trouble {
    fn from(error: ReplicaError) -> Self {
        Self::Document(error.to_string())
    }
}

fn unwritable(error: io::Error) -> Trouble {
    Trouble::Unwritable(error.kind())
}

/// Something else is where a file was to be. What was to be replaced changed, and is merged in the next round.
fn taken(over: Option<ContentHash>) -> Done {
    over.map_or(Err(Trouble::Unwritable(io::ErrorKind::AlreadyExists)), |_| Ok(()))
}

impl Keeper {
    /// Carries out a step; returns which path it was about.
    ///
    /// # Errors
    /// Why it could not be done; then nothing was.
    pub(super) fn carry_out(
        &mut self,
        step: &Step,
        documents: &Documents,
        disk: &Disk,
    ) -> Result<String, Problem> {
        let (path, done) = match step {
            Step::Folder { path } => (path.clone(), self.folder(path, documents)),
            Step::Follow { document, path } => (path.clone(), self.follow(*document, path, documents)),
            Step::Merge { document, path, hash } => (path.clone(), self.merge(*document, path, *hash, disk)),
            Step::Create { path, hash } => (path.clone(), self.create(path, *hash, documents, disk)),
            Step::Restore { document } => (self.path_of(*document), self.restore(*document)),
            Step::Trash { document } => {
                let done = self.runtime.block_on(self.replica.trash(*document, true));
                (self.path_of(*document), done.map_err(Trouble::from))
            }
            Step::Write { document, path, over } => (path.clone(), self.write(*document, path, *over)),
            Step::Rename { document, from, to } => {
                (from.clone(), self.rename(*document, from, to, documents))
            }
            Step::Remove { document, path, hash } => (path.clone(), self.remove(*document, path, *hash)),
            Step::Forget { document } => {
                self.ledger.forget(*document);
                (String::new(), Ok(()))
            }
        };
        match done {
            Ok(()) => Ok(path),
            Err(trouble) => Err(Problem { path, trouble }),
        }
    }

    fn folder(&mut self, path: &str, documents: &Documents) -> Done {
        let (parent, name) = (self.parent_of(path)?, paths::name(path));
        let twin = self
            .twins(parent, documents)
            .find(|(_, title)| names::key(&names::stem(title)) == names::key(name));
        let (document, title) = match twin {
            Some(twin) => twin,
            None => {
                let title = names::title(name);
                let created =
                    self.replica.create_in(parent, Place::Last, &title, Vec::new(), Origin::IMPORTED);
                (self.runtime.block_on(created)?, title)
            }
        };
        self.note_row(document, Row { path: format!("{path}{ENDING}"), hash: None, inode: None, title });
        Ok(())
    }

    /// Makes a document of a file, to be filled once everything that the file refers to has one, too.
    fn create(&mut self, path: &str, hash: ContentHash, documents: &Documents, disk: &Disk) -> Done {
        let text = self.text(path, hash)?;
        let parent = self.parent_of(path)?;
        let page = parsed(&text, path, &self.atlas);
        let title = page.title.clone().unwrap_or_default();
        let twins: Vec<_> = self.twins(parent, documents).filter(|(_, other)| *other == title).collect();
        let reader = Reader::open_file(self.replica.database())?;
        for (twin, _) in twins {
            let document = reader.document(twin)?;
            let blocks = normal(document.tree().children);
            if is_same(&title, &blocks, &page) {
                let inode = disk.files.get(path).and_then(|found| found.inode);
                self.ledger.agree(twin, path, &text, title, inode).map_err(unwritable)?;
                self.moved(twin);
                return Ok(());
            }
            // An earlier run made it and ended before it was filled.
            if is_empty(&blocks) {
                self.note_row(twin, Row { path: path.to_owned(), hash: None, inode: None, title });
                return Ok(());
            }
        }
        let created = self.replica.create_in(parent, Place::Last, &title, Vec::new(), Origin::IMPORTED);
        let document = self.runtime.block_on(created)?;
        self.note_row(document, Row { path: path.to_owned(), hash: None, inode: None, title });
        Ok(())
    }

    fn follow(&mut self, document: DocumentId, path: &str, documents: &Documents) -> Done {
        let Some(row) = self.ledger.rows().get(&document).cloned() else { return Ok(()) };
        let parent = self.parent_of(path)?;
        let stands_under = documents.get(&document).and_then(|standing| standing.parent).or(self.under);
        if parent != stands_under {
            self.runtime.block_on(self.replica.move_to(document, parent, Place::Last))?;
        }
        // Where the name says the title, another name is another title.
        let text = row.hash.and_then(|hash| self.ledger.base(hash)).unwrap_or_default();
        let titled =
            |path: &str| Parsed { title: Some(Page::read(&text, stem(path)).title), blocks: Vec::new() };
        let title =
            self.runtime.block_on(self.replica.reconcile(document, titled(&row.path), titled(path)))?;
        self.note_row(document, Row { path: path.to_owned(), title, ..row });
        Ok(())
    }

    fn merge(&mut self, document: DocumentId, path: &str, hash: ContentHash, disk: &Disk) -> Done {
        let Some(row) = self.ledger.rows().get(&document).cloned() else { return Ok(()) };
        let text = self.text(path, hash)?;
        let base = match row.hash {
            Some(hash) => {
                let base = self.ledger.base(hash).ok_or(Trouble::Unreadable(io::ErrorKind::NotFound))?;
                parsed(&base, &row.path, &self.atlas)
            }
            None => Parsed { title: Some(row.title), blocks: Vec::new() },
        };
        let file = parsed(&text, path, &self.atlas);
        let title = self.runtime.block_on(self.replica.reconcile(document, base, file))?;
        let inode = disk.files.get(path).and_then(|found| found.inode);
        self.ledger.agree(document, path, &text, title, inode).map_err(unwritable)?;
        self.cards.forget(document);
        Ok(())
    }

    fn restore(&mut self, document: DocumentId) -> Done {
        let place = Reader::open_file(self.replica.database())?.place(document)?;
        if place.is_some_and(|place| place.trashed) {
            self.runtime.block_on(self.replica.trash(document, false))?;
        }
        Ok(())
    }

    fn write(&mut self, document: DocumentId, path: &str, over: Option<ContentHash>) -> Done {
        let read = Reader::open_file(self.replica.database())?.document(document)?;
        let hash = self.ledger.rows().get(&document).and_then(|row| row.hash);
        let before = hash.and_then(|hash| self.ledger.base(hash));
        let titled = before.map_or(Titled::Name, |text| Page::read(&text, stem(path)).titled);
        let blocks = self.atlas.outward(path, &normal(read.tree().children));
        let text = Page { title: read.title(), titled, blocks }.write(stem(path));
        let is_there = over == Some(ContentHash::of(text.as_bytes()));
        if !is_there && disk::write(&self.root, path, &text, over).map_err(unwritable)? == Outcome::Other {
            return taken(over);
        }
        let is_new = hash.is_none();
        let inode = scan::inode(&self.root, path);
        self.ledger.agree(document, path, &text, read.title(), inode).map_err(unwritable)?;
        self.cards.settle(document);
        if is_new {
            self.cards.paths_changed();
        }
        Ok(())
    }

    fn rename(&mut self, document: DocumentId, from: &str, to: &str, documents: &Documents) -> Done {
        let Some(row) = self.ledger.rows().get(&document).cloned() else { return Ok(()) };
        let title = match (row.hash, documents.get(&document)) {
            (None, Some(standing)) => standing.title.clone(),
            _ => row.title.clone(),
        };
        if row.hash.is_some() && disk::rename(&self.root, from, to).map_err(unwritable)? == Outcome::Other {
            return taken(None);
        }
        self.note_row(document, Row { path: to.to_owned(), title, ..row });
        Ok(())
    }

    fn remove(&mut self, document: DocumentId, path: &str, hash: ContentHash) -> Done {
        if disk::remove(&self.root, path, hash).map_err(unwritable)? == Outcome::Done {
            self.ledger.forget(document);
        }
        Ok(())
    }

    /// Returns what is in a file, if that is still what was planned with.
    fn text(&self, path: &str, hash: ContentHash) -> Result<String, Trouble> {
        let text = scan::read(&self.root, path)?;
        match ContentHash::of(text.as_bytes()) == hash {
            true => Ok(text),
            // It is being written right now.
            false => Err(Trouble::Unreadable(io::ErrorKind::ResourceBusy)),
        }
    }

    /// Returns the document that what lies at a path stands under.
    fn parent_of(&self, path: &str) -> Result<Parent, Trouble> {
        match paths::folder(path) {
            "" => Ok(self.under),
            folder => {
                let document = self.ledger.at(&format!("{folder}{ENDING}"));
                document.map(Some).ok_or(Trouble::Unreadable(io::ErrorKind::NotFound))
            }
        }
    }

    /// Returns the documents that stand there and have no file yet.
    fn twins<'a>(
        &'a self,
        parent: Parent,
        documents: &'a Documents,
    ) -> impl Iterator<Item = (DocumentId, String)> + 'a {
        documents
            .iter()
            .filter(move |(document, standing)| {
                standing.parent.or(self.under) == parent && !self.ledger.rows().contains_key(document)
            })
            .map(|(document, standing)| (*document, standing.title.clone()))
    }

    fn note_row(&mut self, document: DocumentId, row: Row) {
        self.ledger.put(document, row);
        self.moved(document);
    }

    /// A document's file lies elsewhere, or is new.
    fn moved(&mut self, document: DocumentId) {
        self.cards.forget(document);
        self.cards.paths_changed();
    }

    fn path_of(&self, document: DocumentId) -> String {
        self.ledger.rows().get(&document).map(|row| row.path.clone()).unwrap_or_default()
    }
}
