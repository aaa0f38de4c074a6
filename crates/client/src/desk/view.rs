//! A document that somebody has open: who they are, and whether they may be given what arrives.
//!
//! The stock editor destroys what it does not know on mere sight. So the document is kept in memory as it will be once an
//! update is in it, and looked at before the update goes out; what cannot be edited is announced as to be reopened, once.
//! Looking takes time in proportion to the document, so updates that only add characters go without.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::document::ApplyError;
use sheaf_document::gate::{self, Inventory};
use sheaf_document::ids::DocumentId;
use sheaf_document::update::{Admitted, merge};

use crate::replica::{Mailbox, ReplicaEvent, WatcherId};

/// An open document.
pub struct View {
    id: DocumentId,
    pub document: Document,
    watchers: BTreeMap<WatcherId, Seat>,
    inventory: Inventory,
    /// What arrived and was not told yet, and from whom.
    arrived: Vec<(Option<WatcherId>, Bytes)>,
    /// Whether what arrived may hold something unknown.
    suspect: bool,
}

/// Somebody who has the document open.
struct Seat {
    mailbox: Arc<Mailbox>,
    /// Whether it was opened for reading. Who opened it for writing never gets what the editor would destroy, so what
    /// they write is theirs until they open it again.
    reads: bool,
    /// Whether they were told to open it again, and get nothing before they do.
    outdated: bool,
}

impl Seat {
    fn reopen(&mut self, id: DocumentId) {
        if !std::mem::replace(&mut self.outdated, true) {
            self.mailbox.put(ReplicaEvent::Reopen(id));
        }
    }
}

impl View {
    /// Returns the view of a document.
    pub fn of(id: DocumentId, document: Document) -> Self {
        let inventory = gate::inspect(&document);
        let (watchers, arrived) = (BTreeMap::new(), Vec::new());
        Self { id, document, watchers, inventory, arrived, suspect: false }
    }

    /// Takes the place of an older view. Where both are the same document, what arrived in the old one is still to be told;
    /// else its watchers open the document again.
    pub fn replace(&mut self, old: Self) {
        let is_same = is_same(&old.document, &self.document) && old.is_locked() == self.is_locked();
        self.watchers = old.watchers;
        if is_same {
            self.arrived = old.arrived;
        } else {
            self.reopen();
        }
    }

    /// Adds somebody who is given the document as it is now, in place of what they had of it.
    pub fn seat(&mut self, watcher: WatcherId, mailbox: Arc<Mailbox>) {
        self.watchers.insert(watcher, Seat { mailbox, reads: self.is_locked(), outdated: false });
    }

    /// Takes somebody away; says whether anybody is left.
    pub fn leave(&mut self, watcher: WatcherId) -> bool {
        self.watchers.remove(&watcher);
        !self.watchers.is_empty()
    }

    /// Says whether somebody has it open in a way in which they may write.
    pub fn may_write(&self, watcher: WatcherId) -> bool {
        self.watchers.get(&watcher).is_none_or(|seat| !seat.reads)
    }

    /// Says whether it holds what the editor would destroy.
    pub fn is_locked(&self) -> bool {
        !self.inventory.unknown().is_empty()
    }

    /// Returns what is in it, with all that arrived.
    pub fn look(&mut self) -> &Inventory {
        if std::mem::take(&mut self.suspect) {
            self.inventory = gate::inspect(&self.document);
        }
        &self.inventory
    }

    /// Takes an update into the document, to be told with [`View::tell`].
    pub fn take(
        &mut self,
        from: Option<WatcherId>,
        admitted: &Admitted<'_>,
        bytes: Bytes,
    ) -> Result<(), ApplyError> {
        self.document.apply(admitted)?;
        let summary = admitted.summary();
        let only_text = summary.deletes.is_empty() && !summary.kinds.types();
        let only_text = only_text && !summary.kinds.formats() && !summary.kinds.values();
        // An editor of this version writes nothing that it would not keep.
        self.suspect |= from.is_none() && !only_text;
        self.arrived.push((from, bytes));
        Ok(())
    }

    /// Tells the watchers what arrived, each only what others wrote.
    pub fn tell(&mut self) {
        let arrived = std::mem::take(&mut self.arrived);
        if arrived.is_empty() {
            return;
        }
        let is_locked = !self.look().unknown().is_empty();
        for (watcher, seat) in &mut self.watchers {
            if is_locked || seat.reads {
                seat.reopen(self.id);
            }
            if seat.outdated {
                continue;
            }
            let others = arrived.iter().filter(|(from, _)| *from != Some(*watcher));
            let others: Vec<&Bytes> = others.map(|(_, bytes)| bytes).collect();
            for bytes in together(others) {
                seat.mailbox.put(ReplicaEvent::Update { document: self.id, bytes });
            }
        }
    }

    /// Has every watcher open the document again.
    pub fn reopen(&mut self) {
        self.watchers.values_mut().for_each(|seat| seat.reopen(self.id));
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
