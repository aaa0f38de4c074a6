//! Documents written from here, without an editor: new ones, the welcome, and what the command line appends.

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::tree::{Element, Node};
use sheaf_document::welcome::welcome as words;
use sheaf_protocol::entry::{Millis, Origin};
use sheaf_store::{LocalWrite, Store};

use crate::chance;
use crate::error::Result;

/// Returns the updates of a new document, written under this client id. It has a paragraph at least, so that it exists and can be written in.
pub fn compose(client: u64, title: &str, blocks: Vec<Node>) -> Vec<Bytes> {
    let mut document = Document::new(client);
    let title = (!title.is_empty()).then(|| document.set_title(title));
    let blocks = if blocks.is_empty() { vec![Element::new("paragraph").into()] } else { blocks };
    let blocks = document.append(&blocks);
    title.into_iter().chain([blocks]).map(Bytes::from).collect()
}

/// Writes the document that a new workspace begins with.
pub fn welcome(store: &mut Store, now: Millis) -> Result<()> {
    let words = words();
    let title = words.title.unwrap_or_default();
    let document = chance::id(now, DocumentId::fresh);
    let updates = compose(chance::client(), &title, words.blocks);
    let write = |bytes| LocalWrite { document, origin: Origin::IMPORTED, at: now, bytes };
    store.commit_local_all(&updates.into_iter().map(write).collect::<Vec<_>>())?;
    store.put_title(document, &title)?;
    Ok(())
}
