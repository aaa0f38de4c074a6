//! Documents written from here, without an editor: new ones with their places, the welcome, and what the command line appends.

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::schema;
use sheaf_document::tree::{Element, Node};
use sheaf_document::welcome::welcome as words;
use sheaf_protocol::entry::{Millis, Origin};
use sheaf_protocol::record::{Order, PlaceWrite, Record};
use sheaf_store::{LocalRecord, LocalWrite, Store};

use crate::chance;
use crate::error::{ReplicaError, Result};

/// Returns the updates of a new document, written under this client id. It has a paragraph at least, so that it exists and can be written in.
pub fn compose(client: u64, title: &str, blocks: Vec<Node>) -> Vec<Bytes> {
    let mut document = Document::new(client);
    let title = (!title.is_empty()).then(|| document.set_title(title));
    let blocks = if blocks.is_empty() { vec![Element::new("paragraph").into()] } else { blocks };
    let blocks = document.append(&blocks);
    title.into_iter().chain([blocks]).map(Bytes::from).collect()
}

/// Returns a place behind the last of a list.
pub fn place_behind(last: Option<&Order>) -> Result<Order> {
    // A list's last place has room behind it, however it came to be there.
    Order::between(last, None, u64::from_le_bytes(chance::bytes())).map_err(|_| ReplicaError::Broken)
}

/// Writes the document that a new workspace begins with, and its place.
pub fn welcome(store: &mut Store, now: Millis) -> Result<()> {
    let words = words();
    let title = words.title.unwrap_or_default();
    let document = chance::id(now, DocumentId::fresh);
    let order = place_behind(None)?;
    let place = PlaceWrite { schema: Some(schema::VERSION), ..PlaceWrite::at(document, None, order) };
    let record = LocalRecord { record: Record::Place(place), origin: Origin::IMPORTED, at: now };
    let updates = compose(chance::client(), &title, words.blocks);
    let write = |bytes| LocalWrite { document, origin: Origin::IMPORTED, at: now, bytes };
    store.commit_records(&[record], &updates.into_iter().map(write).collect::<Vec<_>>())?;
    store.put_title(document, &title)?;
    Ok(())
}
