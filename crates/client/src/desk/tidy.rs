//! What the desk does while nobody wants anything: titles for the tree and the list of documents, one document at a time.

use std::sync::mpsc::{Receiver, TryRecvError};

use sheaf_store::{Reading, Stale};

use super::{Desk, Job, verdict};
use crate::error::{ReplicaError, Result};
use crate::replica::ReplicaEvent;

/// Of many documents so many titles are looked up, written down and told together.
const STEP: usize = 64;

impl Desk {
    /// Tidies until there is work or nothing is left; says whether something may be left.
    pub(super) fn tidy(&mut self, work: &Receiver<Job>) -> bool {
        loop {
            match self.tidy_some(work) {
                Ok(None) => {}
                Ok(Some(left)) => return left,
                Err(error) => {
                    // The list shows older titles until the next change; the text is not touched.
                    tracing::warn!(%error, "titles could not be read");
                    return false;
                }
            }
        }
    }

    /// Reads the titles of some documents that changed and were not read since, the one that changed last first. Work ends
    /// it: then says whether something may be left.
    fn tidy_some(&mut self, work: &Receiver<Job>) -> Result<Option<bool>> {
        let stale = self.store()?.stale_documents(STEP)?;
        let mut readings = Vec::with_capacity(stale.len());
        let mut waiting = Err(TryRecvError::Empty);
        for stale in stale {
            readings.push(self.read_title(stale)?);
            waiting = work.try_recv();
            if !matches!(waiting, Err(TryRecvError::Empty)) {
                break;
            }
        }
        if !readings.is_empty() {
            // One sync of the disk for all of them.
            self.store()?.put_readings(&readings)?;
            self.search.follow();
            self.hub.broadcast(&ReplicaEvent::Documents);
            self.show_places(readings.iter().map(|reading| reading.stale.document).collect());
        }
        Ok(match waiting {
            Ok(job) => {
                job(self);
                Some(true)
            }
            Err(TryRecvError::Disconnected) => Some(false),
            Err(TryRecvError::Empty) => readings.is_empty().then_some(false),
        })
    }

    fn read_title(&mut self, stale: Stale) -> Result<Reading> {
        let document = stale.document;
        let (mut title, mut finding) = (None, None);
        match self.views.get(&document) {
            Some(view) => title = Some(view.document.title()),
            None => match self.load(document) {
                Ok((loaded, read)) => {
                    finding = verdict::finding(document, &loaded);
                    title = Some(read.title());
                }
                Err(error @ ReplicaError::Unreadable(_)) => {
                    tracing::warn!(document.id = %document, %error, "its title stays as it was");
                }
                Err(error) => return Err(error),
            },
        }
        self.trim();
        Ok(Reading { stale, title, finding })
    }
}
