//! Many new documents at once, as an import makes them: their places and texts are there together, or none of them is.

use bytes::Bytes;
use sheaf_document::ids::DocumentId;
use sheaf_document::schema;
use sheaf_protocol::entry::Origin;
use sheaf_protocol::record::{Order, Parent, PlaceWrite, Position, Record};
use sheaf_store::Place;

use super::Desk;
use crate::error::Result;
use crate::replica::{Edit, ReplicaEvent};

/// A document to be made.
#[derive(Debug)]
pub struct Newborn {
    /// Its id, which nothing else has.
    pub document: DocumentId,
    /// Where it stands.
    pub stand: Stand,
    /// Whether it is in the trash for now.
    pub trashed: bool,
    /// Its title.
    pub title: String,
    /// What it is made of, as [`crate::writing::compose`] returns it.
    pub updates: Vec<Bytes>,
}

/// Where a new document stands.
#[derive(Debug)]
pub enum Stand {
    /// Behind everything that stands under this one.
    Last(Parent),
    /// Under one that was made before it, in this order.
    Under(DocumentId, Order),
}

impl Desk {
    /// Makes documents, those first that others stand under. All of them are there when this returns, or none.
    pub fn make_all(&mut self, newborn: Vec<Newborn>, origin: Origin) -> Result<()> {
        let (mut records, mut edits, mut titles) = (Vec::new(), Vec::new(), Vec::new());
        for Newborn { document, stand, trashed, title, updates } in newborn {
            let (parent, order) = match stand {
                Stand::Under(parent, order) => (Some(parent), order),
                Stand::Last(parent) => {
                    let (order, room) = self.order(parent, Place::Last, None)?;
                    records.extend(room);
                    (parent, order)
                }
            };
            records.push(Record::Place(PlaceWrite {
                position: Some(Position { parent, order }),
                trashed: trashed.then_some(true),
                schema: Some(schema::VERSION),
                ..PlaceWrite::of(document)
            }));
            edits.extend(updates.into_iter().map(|bytes| Edit { document, bytes, origin, by: None }));
            titles.push((document, title));
        }
        self.commit_with(records, &edits)?;
        self.store()?.put_titles(titles.iter().map(|(document, title)| (*document, title.as_str())))?;
        self.hub.broadcast(&ReplicaEvent::Documents);
        Ok(())
    }
}
