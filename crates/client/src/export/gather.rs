//! Gathering: every document read, written in the format that was asked for, and put where it lies.

use std::collections::BTreeMap;
use std::path::Path;

use sheaf_document::markdown;
use sheaf_document::tree::Node;
use tokio_util::sync::CancellationToken;

use super::attachments::{Attachments, shown};
use super::layout::{Item, layout};
use super::unborn::Unborn;
use super::{ExportError, Format, Report, Scope, html};
use crate::error::ReplicaError;
use crate::files::Shelf;
use crate::folder::page::is_empty;
use crate::folder::{Atlas, ENDING, Page, Titled, names, paths};
use crate::import::{Left, Progress, Why};
use crate::reader::Reader;
use crate::team;

/// What the folder of a workspace is called whose team has no name.
const NAMELESS: &str = "Sheaf";

/// Takes documents out into a folder, as a new file or folder there. `tell` hears how far it is before every document; ending
/// `cancel` ends it between two.
///
/// # Errors
/// As [`ExportError`] says; nothing is left of it then. A document that cannot be read keeps no other from being taken out.
pub fn export(
    reader: &Reader,
    shelf: &Shelf,
    scope: Scope,
    format: Format,
    into: &Path,
    cancel: &CancellationToken,
    tell: impl FnMut(Progress),
) -> Result<Report, ExportError> {
    let items = layout(reader, scope)?;
    let known = reader.files()?.into_iter().map(|row| row.file);
    let to = Unborn::begin(into)?;
    let mut gather = Gather {
        reader,
        format,
        atlas: Atlas::default(),
        attachments: Attachments::of(shelf, known),
        to,
        documents: 0,
        left: Vec::new(),
    };
    gather.all(&items, cancel, tell)?;
    let Gather { to, documents, left, attachments, .. } = gather;
    let files = attachments.count;
    let path = match (scope, items.as_slice()) {
        (Scope::Workspace, _) => {
            to.name(&names::stem(&reader.setting(team::TEAM)?.unwrap_or(NAMELESS.to_owned())))?
        }
        (_, [only]) if files == 0 && documents == 1 => to.name_only_file(only.stem(), format.ending())?,
        (_, [first, ..]) => to.name(first.stem())?,
        (_, []) => return Err(ExportError::Nothing),
    };
    Ok(Report { path, documents, files, left })
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Markdown => ENDING,
            Self::Html => ".html",
        }
    }
}

struct Gather<'r> {
    reader: &'r Reader,
    format: Format,
    atlas: Atlas,
    attachments: Attachments<'r>,
    to: Unborn,
    documents: usize,
    left: Vec<Left>,
}

impl Gather<'_> {
    fn all(
        &mut self,
        items: &[Item],
        cancel: &CancellationToken,
        mut tell: impl FnMut(Progress),
    ) -> Result<(), ExportError> {
        let mut is_folder = Vec::with_capacity(items.len());
        for item in items {
            if cancel.is_cancelled() {
                return Err(ExportError::Cancelled);
            }
            let is_only_folder = self.is_only_folder(item)?;
            let path = if is_only_folder { item.path.clone() } else { self.file_of(item) };
            self.atlas.put_document(&path, item.document);
            is_folder.push(is_only_folder);
        }
        for (done, (item, is_only_folder)) in items.iter().zip(is_folder).enumerate() {
            if cancel.is_cancelled() {
                return Err(ExportError::Cancelled);
            }
            tell(Progress { done, total: items.len(), path: item.path.clone() });
            if is_only_folder {
                self.to.folder(&item.path)?;
                self.documents += 1;
            } else {
                self.document(item)?;
            }
        }
        tell(Progress { done: items.len(), total: items.len(), path: String::new() });
        Ok(())
    }

    /// Says whether a document is nothing but what stands under it, so that its folder says all of it.
    fn is_only_folder(&mut self, item: &Item) -> Result<bool, ExportError> {
        if !item.is_parent || self.format != Format::Markdown {
            return Ok(false);
        }
        let read = self.read(item)?;
        Ok(read.is_ok_and(|(title, blocks)| names::title(item.stem()) == title && is_empty(&blocks)))
    }

    fn document(&mut self, item: &Item) -> Result<(), ExportError> {
        let file = self.file_of(item);
        let (title, blocks) = match self.read(item)? {
            Ok(read) => read,
            Err(why) => {
                self.left.push(Left { path: file, why });
                return Ok(());
            }
        };
        let shown = shown(&blocks);
        let pictures: BTreeMap<_, _> = match self.format {
            Format::Markdown => BTreeMap::new(),
            Format::Html => {
                shown.iter().filter_map(|hash| Some((*hash, self.attachments.within(*hash)?))).collect()
            }
        };
        let beside = shown.into_iter().filter(|hash| !pictures.contains_key(hash));
        let missing = self.attachments.bring(beside, &mut self.atlas, &self.to)?;
        self.left.extend(
            missing.into_iter().map(|name| Left { path: paths::join(&item.path, &name), why: Why::NotHere }),
        );
        let text = match self.format {
            Format::Markdown => {
                let blocks = self.atlas.outward(&file, &blocks);
                Page { title, titled: Titled::Heading, blocks }.write(item.stem())
            }
            Format::Html => {
                html::Page { atlas: &self.atlas, from: &file, pictures: &pictures }.write(&title, &blocks)
            }
        };
        self.to.write(&file, text.as_bytes())?;
        self.documents += 1;
        Ok(())
    }

    fn file_of(&self, item: &Item) -> String {
        format!("{}{}", item.path, self.format.ending())
    }

    /// Reads a document's title and blocks, or says why that cannot be.
    fn read(&self, item: &Item) -> Result<Result<(String, Vec<Node>), Why>, ExportError> {
        match self.reader.document(item.document) {
            Ok(document) => Ok(Ok((document.title(), markdown::normal(document.tree().children)))),
            Err(ReplicaError::NotFound(_)) => Ok(Err(Why::NotHere)),
            Err(ReplicaError::Unreadable(_)) => Ok(Err(Why::Damaged)),
            Err(error) => Err(error.into()),
        }
    }
}
