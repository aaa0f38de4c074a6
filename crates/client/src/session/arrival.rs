//! What came from the relay and waits for the store, with what must be shown only after it.

use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::{Entry, Seq};
use sheaf_protocol::frame::{Present, Snapshot};

/// What an entry or a snapshot weighs beside its bytes.
const ENTRY: usize = 256;

/// Something that becomes one transaction, or a part of one.
pub struct Arrival {
    pub entries: Vec<Entry>,
    pub snapshots: Vec<Snapshot>,
    /// The cursor after it; `None` for a backfill.
    pub through: Option<Seq>,
    /// Whether the relay waits for our word to send the next page; `None` when this is no page.
    pub more: Option<bool>,
    /// Whether it is the last of a document that was asked for from its beginning.
    pub heals: bool,
    /// Where people are who came after it: shown when the words that they point at are.
    pub presents: Vec<Present>,
}

/// What is in the store's hands.
pub struct Storing {
    pub epoch: Epoch,
    pub cursor: Option<Seq>,
    pub snapshots: Vec<(DocumentId, Seq)>,
    /// Whether the relay waits for our word to send the next page.
    pub more: bool,
    pub heals: bool,
    pub presents: Vec<Present>,
}

/// Adds where people are to what is held; only the last place of each matters.
pub fn add(held: &mut Vec<Present>, later: Present) {
    let Some(place) = held.iter_mut().find(|held| held.document == later.document) else {
        return held.push(later);
    };
    place.people.retain(|here| later.people.iter().all(|later| later.session != here.session));
    place.people.extend(later.people);
}

impl Arrival {
    /// Returns live entries, or a mere step, through this number.
    pub fn live(entries: Vec<Entry>, through: Seq) -> Self {
        let (snapshots, presents) = (Vec::new(), Vec::new());
        Self { entries, snapshots, through: Some(through), more: None, heals: false, presents }
    }

    /// Returns about how many bytes it holds.
    pub fn weight(&self) -> usize {
        let entries = self.entries.iter().map(|entry| entry.draft.bytes.len() + ENTRY);
        let snapshots = self.snapshots.iter().map(|snapshot| snapshot.bytes.len() + ENTRY);
        entries.sum::<usize>() + snapshots.sum::<usize>()
    }
}
