//! What came folded and a restored relay may lack is written anew, as the engine does it (`sheaf_client`'s desk).

use bytes::Bytes;
use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_document::update::{diff, merge};
use sheaf_protocol::entry::{Kind, Seq};

use crate::person::{Copy, Person, STREAM};

impl Person {
    /// Has what came folded say itself anew where a log that keeps so much of each of its lives does not hold it; returns
    /// what was written.
    pub fn unfold(&mut self, kept: &[(Epoch, Seq)]) -> Vec<(DocumentId, Bytes)> {
        let mut written = Vec::new();
        for document in self.disk.folded_beyond(kept) {
            // What waits for a person waits with all that is in it. Records that came folded are left to those who wrote
            // them: here everyone comes back, and nobody has lost what they said.
            if self.disk.stuck.contains(&document) || document == STREAM {
                continue;
            }
            let all: Vec<Bytes> = self.disk.updates(document).cloned().collect();
            let mut list = self.disk.held(document, kept);
            let (here, theirs) = (Copy::of(&all), Copy::of(&list));
            if here.is_same(&theirs) {
                self.disk.unfold(document, kept);
                continue;
            }
            let Ok(whole) = merge(all.iter().map(AsRef::as_ref)) else { continue };
            let lacking = Bytes::from(diff(&whole, &theirs.reaches()).expect("it was just merged"));
            list.push(lacking.clone());
            if !here.is_same(&Copy::of(&list)) {
                continue;
            }
            self.disk.unfold(document, kept);
            written.push((document, self.keep(Kind::UPDATE, document, lacking)));
        }
        written
    }
}
