//! The files that documents show, in a folder of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, ErrorKind};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sheaf_document::ids::ContentHash;
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::record::FileWrite;
use sheaf_protocol::rest::Hex;

use super::unborn::Unborn;
use crate::files::{Look, Shelf, look, to_save};
use crate::folder::{ATTACHMENTS, Atlas, Names, paths};

/// The files of an export.
pub struct Attachments<'s> {
    shelf: &'s Shelf,
    known: BTreeMap<ContentHash, FileWrite>,
    /// The names that are taken, by their endings.
    names: BTreeMap<String, Names>,
    missing: BTreeSet<ContentHash>,
    /// How many were copied.
    pub count: usize,
}

impl<'s> Attachments<'s> {
    /// Begins with what is known of the workspace's files.
    pub fn of(shelf: &'s Shelf, known: impl IntoIterator<Item = FileWrite>) -> Self {
        let known = known.into_iter().map(|file| (file.hash, file)).collect();
        Self { shelf, known, names: BTreeMap::new(), missing: BTreeSet::new(), count: 0 }
    }

    /// Copies files, each once, and notes where they lie; returns the names of those that are not
    /// on this device.
    pub fn bring(
        &mut self,
        hashes: impl IntoIterator<Item = ContentHash>,
        atlas: &mut Atlas,
        to: &Unborn,
    ) -> io::Result<Vec<String>> {
        let mut missing = Vec::new();
        for hash in hashes {
            if atlas.path_of_file(hash).is_some() {
                continue;
            }
            let name =
                self.known.get(&hash).map_or_else(|| Hex::from(hash).to_string(), |file| file.name.clone());
            if self.missing.contains(&hash) {
                missing.push(name);
                continue;
            }
            let path = paths::join(ATTACHMENTS, &self.name(&name));
            match to.copy(&self.shelf.path(hash), &path) {
                Ok(()) => {
                    atlas.put_file(&path, Some(hash));
                    self.count += 1;
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    self.missing.insert(hash);
                    missing.push(name);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(missing)
    }

    /// Returns a picture as an address that holds its bytes, if it is here and one that may be shown.
    pub fn within(&self, hash: ContentHash) -> Option<String> {
        let path = self.shelf.path(hash);
        let seen = look(&path).ok().filter(Look::may_be_shown)?;
        Some(format!("data:{};base64,{}", seen.media, STANDARD.encode(fs::read(path).ok()?)))
    }

    fn name(&mut self, name: &str) -> String {
        let plain = to_save(name, 0);
        let (stem, ending) = match plain.rfind('.') {
            Some(at) if at > 0 && plain.len() - at <= 16 => plain.split_at(at),
            _ => (plain.as_str(), ""),
        };
        format!("{}{ending}", self.names.entry(ending.to_lowercase()).or_default().take(stem))
    }
}

/// Returns the files that blocks show, in the order of the text.
pub fn shown(blocks: &[Node]) -> Vec<ContentHash> {
    let mut found = Vec::new();
    let mut waiting: Vec<&Node> = blocks.iter().rev().collect();
    while let Some(node) = waiting.pop() {
        let Node::Element(element) = node else { continue };
        found.extend(file(element).filter(|hash| !found.contains(hash)));
        waiting.extend(element.children.iter().rev());
    }
    found
}

/// Returns the file that an element shows.
pub fn file(element: &Element) -> Option<ContentHash> {
    let is_file = matches!(element.name.as_str(), "figure" | "attachment");
    let hash = element.attributes.get("file").filter(|_| is_file).and_then(Value::as_str)?;
    hash.parse::<Hex<32>>().ok().map(ContentHash::from)
}
