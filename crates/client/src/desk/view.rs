//! A document that somebody has open: who they are, and whether they may be given what arrives.
//!
//! The stock editor destroys what it does not know on mere sight. So the document is kept in memory as it will be once an
//! update is in it, and looked at before the update goes out; what cannot be edited is announced as to be reopened. Looking
//! takes time in proportion to the document, so updates that only add characters go without.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::document::ApplyError;
use sheaf_document::gate::{self, Unknown};
use sheaf_document::ids::DocumentId;
use sheaf_document::update::{Admitted, merge};

use crate::replica::{Mailbox, ReplicaEvent, WatcherId};

/// An open document.
pub struct View {
    id: DocumentId,
    pub document: Document,
    pub watchers: BTreeMap<WatcherId, Arc<Mailbox>>,
    /// Whether it holds what the editor would destroy.
    pub locked: bool,
    /// What arrived and was not told yet, and from whom.
    arrived: Vec<(Option<WatcherId>, Bytes)>,
    /// Whether what arrived may hold something unknown.
    suspect: bool,
}

impl View {
    /// Returns the view of a document, and what in it the editor would destroy.
    pub fn of(id: DocumentId, document: Document) -> (Self, Vec<Unknown>) {
        let unknown = gate::inspect(&document).unknown();
        let locked = !unknown.is_empty();
        let (watchers, arrived) = (BTreeMap::new(), Vec::new());
        (Self { id, document, watchers, locked, arrived, suspect: false }, unknown)
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
        let was_locked = self.locked;
        if std::mem::take(&mut self.suspect) {
            self.locked = !gate::inspect(&self.document).unknown().is_empty();
        }
        if arrived.is_empty() {
            return;
        }
        if self.locked || was_locked {
            return self.reopen();
        }
        for (watcher, mailbox) in &self.watchers {
            let others = arrived.iter().filter(|(from, _)| *from != Some(*watcher));
            let others: Vec<&Bytes> = others.map(|(_, bytes)| bytes).collect();
            for bytes in together(others) {
                mailbox.put(ReplicaEvent::Update { document: self.id, bytes });
            }
        }
    }

    /// Has every watcher open the document again.
    pub fn reopen(&self) {
        self.watchers.values().for_each(|mailbox| mailbox.put(ReplicaEvent::Reopen(self.id)));
    }
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
