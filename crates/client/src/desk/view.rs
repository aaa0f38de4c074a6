//! A document that somebody has open: who they are, and what arrived in it that they were not told yet.
//!
//! The document is kept in memory as its watchers have it once they are told, so that a second reading of the disk can be held
//! against it. What this version does not know is told like anything else: editors show it and leave it alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::document::ApplyError;
use sheaf_document::ids::DocumentId;
use sheaf_document::update::{Admitted, merge};

use crate::replica::{Mailbox, ReplicaEvent, WatcherId};

/// An open document.
pub struct View {
    id: DocumentId,
    pub document: Document,
    watchers: BTreeMap<WatcherId, Seat>,
    /// What arrived and was not told yet, and from whom.
    arrived: Vec<(Option<WatcherId>, Bytes)>,
}

/// Somebody who has the document open.
struct Seat {
    mailbox: Arc<Mailbox>,
    /// Whether they were told to open it again, and get nothing before they do.
    outdated: bool,
}

impl View {
    /// Returns the view of a document.
    pub fn of(id: DocumentId, document: Document) -> Self {
        Self { id, document, watchers: BTreeMap::new(), arrived: Vec::new() }
    }

    /// Takes the place of an older view. Where both are the same document, what arrived in the old one is still to be told;
    /// else its watchers open the document again.
    pub fn replace(&mut self, old: Self) {
        let is_same = is_same(&old.document, &self.document);
        self.watchers = old.watchers;
        if is_same {
            self.arrived = old.arrived;
        } else {
            self.reopen();
        }
    }

    /// Adds somebody who is given the document as it is now, in place of what they had of it.
    pub fn seat(&mut self, watcher: WatcherId, mailbox: Arc<Mailbox>) {
        self.watchers.insert(watcher, Seat { mailbox, outdated: false });
    }

    /// Takes somebody away; says whether anybody is left.
    pub fn leave(&mut self, watcher: WatcherId) -> bool {
        self.watchers.remove(&watcher);
        !self.watchers.is_empty()
    }

    /// Takes an update into the document, to be told with [`View::tell`].
    pub fn take(
        &mut self,
        from: Option<WatcherId>,
        admitted: &Admitted<'_>,
        bytes: Bytes,
    ) -> Result<(), ApplyError> {
        self.document.apply(admitted)?;
        self.arrived.push((from, bytes));
        Ok(())
    }

    /// Tells the watchers what arrived, each only what others wrote.
    pub fn tell(&mut self) {
        let arrived = std::mem::take(&mut self.arrived);
        for (watcher, seat) in self.watchers.iter().filter(|(_, seat)| !seat.outdated) {
            let others = arrived.iter().filter(|(from, _)| *from != Some(*watcher));
            for bytes in together(others.map(|(_, bytes)| bytes).collect()) {
                seat.mailbox.put(ReplicaEvent::Update { document: self.id, bytes });
            }
        }
    }

    /// Has every watcher open the document again.
    pub fn reopen(&mut self) {
        for seat in self.watchers.values_mut() {
            if !std::mem::replace(&mut seat.outdated, true) {
                seat.mailbox.put(ReplicaEvent::Reopen(self.id));
            }
        }
    }
}

/// Says whether two copies hold the same of a document.
pub fn is_same(one: &Document, other: &Document) -> bool {
    one.state_vector() == other.state_vector()
        // A state vector says nothing of what was deleted.
        && one.tree() == other.tree()
        && one.title() == other.title()
}

/// Many updates cost an editor more than one that says the same.
fn together(updates: Vec<&Bytes>) -> Vec<Bytes> {
    if updates.len() > 1
        && let Ok(merged) = merge(updates.iter().map(AsRef::as_ref))
    {
        return vec![merged.into()];
    }
    updates.into_iter().cloned().collect()
}
