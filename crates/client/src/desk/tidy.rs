//! What the desk does while nobody wants anything: titles for the list of documents, one document at a time.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, TryRecvError};

use sheaf_document::gate;
use sheaf_document::ids::DocumentId;
use sheaf_store::Stale;

use super::{Desk, Job};
use crate::error::{ReplicaError, Result};
use crate::replica::ReplicaEvent;

/// Watchers see a long list of new titles grow in steps of this many.
const STEP: usize = 64;

impl Desk {
    /// Tidies until there is work or nothing is left; says whether something may be left.
    pub(super) fn tidy(&mut self, work: &Receiver<Job>) -> bool {
        let mut read = BTreeSet::new();
        let left = loop {
            match self.read_one_title() {
                Ok(Some(document)) => _ = read.insert(document),
                Ok(None) => break false,
                Err(error) => {
                    // The list shows older titles until the next change; the text is not touched.
                    tracing::warn!(%error, "titles could not be read");
                    break false;
                }
            }
            if read.len() == STEP {
                self.show_titles(&mut read);
            }
            match work.try_recv() {
                Ok(job) => {
                    job(self);
                    break true;
                }
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => break false,
            }
        };
        if !read.is_empty() {
            self.show_titles(&mut read);
        }
        left
    }

    fn show_titles(&self, read: &mut BTreeSet<DocumentId>) {
        self.hub.broadcast(&ReplicaEvent::Documents);
        self.show_places(std::mem::take(read));
    }

    /// Reads the title of the document that changed last and was not read since; `None` when there is none.
    fn read_one_title(&mut self) -> Result<Option<DocumentId>> {
        let Some(&stale) = self.store()?.stale_documents(1)?.first() else { return Ok(None) };
        let Stale { document, .. } = stale;
        let title = match self.views.get(&document) {
            Some(view) => Some(view.document.title()),
            None => match self.load(document) {
                Ok((loaded, read)) => {
                    if gate::inspect(&read).unknown().is_empty() {
                        self.vouch(document, &loaded, read.title());
                    }
                    Some(read.title())
                }
                Err(error @ ReplicaError::Unreadable(_)) => {
                    tracing::warn!(document.id = %document, %error, "its title stays as it was");
                    None
                }
                Err(error) => return Err(error),
            },
        };
        let store = self.store()?;
        if let Some(title) = title {
            store.put_title(document, &title)?;
        }
        store.clear_stale(stale)?;
        self.trim();
        Ok(Some(document))
    }
}
