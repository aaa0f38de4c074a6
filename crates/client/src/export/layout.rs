//! Where each document will lie: beside its neighbours, above what stands under it.

use std::collections::BTreeMap;

use sheaf_document::ids::DocumentId;
use sheaf_protocol::record::Parent;
use sheaf_store::{Level, PlaceRow};

use super::{ExportError, Scope};
use crate::folder::{ATTACHMENTS, Names, paths};
use crate::reader::Reader;

/// A document to be taken out.
#[derive(Debug, Clone)]
pub struct Item {
    /// The document.
    pub document: DocumentId,
    /// Where it lies, without an ending; what stands under it lies in a folder of that name.
    pub path: String,
    /// Whether anything does.
    pub is_parent: bool,
}

impl Item {
    /// Returns the name of its file, without an ending.
    pub fn stem(&self) -> &str {
        paths::name(&self.path)
    }
}

/// Returns what is to be taken out, each document behind the one that it stands under.
pub fn layout(reader: &Reader, scope: Scope) -> Result<Vec<Item>, ExportError> {
    let titles: BTreeMap<_, _> = reader.documents()?.into_iter().map(|row| (row.id, row.title)).collect();
    let mut names = Folders { titles, taken: BTreeMap::new() };
    let (Scope::Below(document) | Scope::Alone(document)) = scope else {
        let mut top = reader.level(Level::Under(None))?;
        top.extend(reader.level(Level::Recovered)?);
        return below(reader, top, &mut names);
    };
    let row = reader.place(document)?.ok_or(crate::ReplicaError::NotFound(document))?;
    if scope == Scope::Alone(document) {
        return Ok(vec![Item { document, path: names.take("", &row), is_parent: false }]);
    }
    below(reader, vec![row], &mut names)
}

fn below(reader: &Reader, top: Vec<PlaceRow>, names: &mut Folders) -> Result<Vec<Item>, ExportError> {
    let mut items = Vec::new();
    let mut waiting: Vec<(String, PlaceRow)> =
        top.into_iter().rev().map(|row| (String::new(), row)).collect();
    // Names are given in the order of the tree, which is that of this list from its end.
    while let Some((folder, row)) = waiting.pop() {
        let path = names.take(&folder, &row);
        let under =
            if row.children > 0 { reader.level(Level::Under(Parent::Some(row.id)))? } else { Vec::new() };
        items.push(Item { document: row.id, path: path.clone(), is_parent: !under.is_empty() });
        waiting.extend(under.into_iter().rev().map(|row| (path.clone(), row)));
    }
    if items.is_empty() { Err(ExportError::Nothing) } else { Ok(items) }
}

/// The names in every folder.
struct Folders {
    titles: BTreeMap<DocumentId, String>,
    taken: BTreeMap<String, Names>,
}

impl Folders {
    fn take(&mut self, folder: &str, row: &PlaceRow) -> String {
        let title = self.titles.get(&row.id).unwrap_or(&row.title);
        let names = self.taken.entry(folder.to_owned()).or_insert_with(|| {
            let mut names = Names::default();
            if folder.is_empty() {
                names.reserve(ATTACHMENTS);
            }
            names
        });
        paths::join(folder, &names.take(title))
    }
}
