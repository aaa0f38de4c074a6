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

/// One update of a long document holds about so many pieces: no road takes many more, and no reader waits long for them.
const PIECES: usize = 16_384;
/// And about so many bytes of words.
const WORDS: usize = 4 << 20;

/// Returns the updates of a new document, written under this client id. It has a paragraph at least, so that it exists and can be written in.
pub fn compose(client: u64, title: &str, blocks: Vec<Node>) -> Vec<Bytes> {
    let mut document = Document::new(client);
    let title = (!title.is_empty()).then(|| document.set_title(title));
    let blocks = if blocks.is_empty() { vec![Element::new("paragraph").into()] } else { blocks };
    let mut updates: Vec<_> = title.into_iter().collect();
    let mut rest = blocks.as_slice();
    while !rest.is_empty() {
        let (some, others) = rest.split_at(share(rest));
        updates.push(document.append(some));
        rest = others;
    }
    updates.into_iter().map(Bytes::from).collect()
}

/// Returns how many of these blocks go into one update: one at least.
fn share(blocks: &[Node]) -> usize {
    let (mut pieces, mut words) = (0, 0);
    let fitting = blocks.iter().take_while(|block| {
        let (more, letters) = size(block);
        (pieces, words) = (pieces + more, words + letters);
        pieces <= PIECES && words <= WORDS
    });
    fitting.count().max(1)
}

/// Returns about how many pieces a node is written in, and the bytes of its words.
fn size(node: &Node) -> (usize, usize) {
    match node {
        Node::Text(span) => (1 + 2 * span.marks.len(), span.text.len()),
        Node::Element(element) => {
            let own = (1 + element.attributes.len(), 0);
            element.children.iter().map(size).fold(own, |sum, one| (sum.0 + one.0, sum.1 + one.1))
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_document_is_written_in_updates_that_every_road_takes() {
        let paragraph =
            |number| Element::new("paragraph").containing([Node::text(format!("watch {number}"))]);
        let blocks: Vec<Node> = (0..40_000).map(|number| paragraph(number).into()).collect();
        let updates = compose(7, "Log", blocks.clone());
        assert_eq!(updates.len(), 1 + 5, "80,000 pieces, and a title");
        let mut read = Document::new(8);
        crate::gatekeeper::fold(&updates, [0; 16], Some(&mut read)).expect("they build on each other");
        assert_eq!(
            (read.title().as_str(), read.tree().children.len()),
            ("Log", blocks.len()),
            "nothing is lost"
        );
    }
}
