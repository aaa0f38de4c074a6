//! One file as a document: read whole, bounded, and checked before the desk sees it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use bytes::Bytes;
use sheaf_document::tree::Node;
use sheaf_document::update::{DocState, Limits};

use super::survey::{Kind, Planned};
use super::{Why, html};
use crate::chance;
use crate::folder::{Page, Titled, names, paths};
use crate::writing::compose;

/// Bytes of a text. A larger one would be a document that no relay takes.
const LARGEST: u64 = 16 << 20;
/// The same of a page that may have its pictures in it.
const LARGEST_PAGE: u64 = 64 << 20;

/// What was read from a file.
#[derive(Debug)]
pub struct Content {
    /// Its title and blocks.
    pub page: Page,
    /// The pictures that are within it.
    pub parts: Vec<Part>,
}

/// A file within a file.
#[derive(Debug)]
pub struct Part {
    /// The path by which the blocks refer to it, beside the file that it is in.
    pub path: String,
    /// What it is called.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl From<Page> for Content {
    fn from(page: Page) -> Self {
        Self { page, parts: Vec::new() }
    }
}

/// Reads what a document is made of.
pub fn content(planned: &Planned) -> Result<Content, Why> {
    match planned.kind {
        Kind::Folder => Ok(empty(planned).into()),
        Kind::Markdown => Ok(Page::read(&text(&planned.file, LARGEST)?, &planned.stem).into()),
        Kind::Html => {
            let text = text(&planned.file, LARGEST_PAGE)?;
            if html::is_too_deep(&text) {
                return Err(Why::Damaged);
            }
            Ok(html::read(&text, paths::name(&planned.path), &planned.stem))
        }
    }
}

/// Returns the document that stands where one could not be read, for what is below it.
pub fn empty(planned: &Planned) -> Page {
    Page { title: names::title(&planned.stem), titled: Titled::Name, blocks: Vec::new() }
}

/// Returns the updates that a document is made of, each of which a replica and a relay will take.
pub fn updates(client: u64, title: &str, blocks: Vec<Node>) -> Result<Vec<Bytes>, Why> {
    let updates = compose(client, title, blocks);
    let mut state = DocState::new(chance::bytes());
    match updates.iter().try_for_each(|update| state.admit(update, &Limits::BULK).map(drop)) {
        Ok(()) => Ok(updates),
        Err(_) => Err(Why::Refused),
    }
}

fn text(path: &Path, most: u64) -> Result<String, Why> {
    let text = String::from_utf8(bytes(path, most)?).map_err(|_| Why::NotText)?;
    if text.contains('\0') { Err(Why::NotText) } else { Ok(text) }
}

/// Reads a file of at most so many bytes. What became a link since it was found is not followed.
fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, Why> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_file() {
        return Err(Why::Special);
    }
    if metadata.len() > most {
        return Err(Why::TooLarge(most));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(Why::TooLarge(most)) } else { Ok(bytes) }
}
