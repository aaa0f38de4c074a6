//! Words that are here only in a folding, and that a restored relay lacks.
//!
//! A folding has no seal, so it cannot be brought back; and until somebody writes behind such words, nobody would notice
//! that the others do not have them. So this replica writes them anew, as a row of its own that says what else the log
//! does not. Where the relay knows their writer's client id it refuses that, and a person sees what is lacking.

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_document::update::diff;
use sheaf_protocol::entry::{Origin, Seq};
use sheaf_store::LocalWrite;

use super::view::is_same;
use super::{Desk, DeskHandle};
use crate::chance;
use crate::error::{ReplicaError, Result};
use crate::gatekeeper::fold;

impl DeskHandle {
    /// Has everything written anew that came folded and that a log does not hold which keeps so much of each of its lives:
    /// one document in a turn, so that whoever types waits for one at most.
    pub fn unfold(&self, kept: Vec<(Epoch, Seq)>) {
        let desk = self.clone();
        self.post(move |here| match here.attempt(|here| here.begin_to_unfold(&kept)) {
            Ok(documents) => desk.unfold_next(documents, kept),
            Err(error) => tracing::warn!(%error, "what came folded is looked at on the next connection"),
        });
    }

    fn unfold_next(&self, mut documents: Vec<DocumentId>, kept: Vec<(Epoch, Seq)>) {
        let Some(document) = documents.pop() else { return };
        let desk = self.clone();
        self.post(move |here| {
            if let Err(error) = here.attempt(|here| here.unfold(document, &kept)) {
                tracing::warn!(document.id = %document, %error, "what came folded stays as it is");
            }
            desk.unfold_next(documents, kept);
        });
    }
}

impl Desk {
    /// Returns the documents of which something came folded that the log may hold no more, but those that wait for a
    /// person: they wait with all that is in them.
    fn folded_beyond(&mut self, kept: &[(Epoch, Seq)]) -> Result<Vec<DocumentId>> {
        let stuck: Vec<_> = self.store()?.forks()?.into_iter().map(|fork| fork.document).collect();
        let mut documents = self.store()?.folded_beyond(kept)?;
        documents.retain(|document| !stuck.contains(document) && *document != self.stream);
        Ok(documents)
    }

    /// Does so for the records, and returns the documents that are next.
    fn begin_to_unfold(&mut self, kept: &[(Epoch, Seq)]) -> Result<Vec<DocumentId>> {
        self.unfold_records(kept)?;
        self.folded_beyond(kept)
    }

    /// Has the tree said anew as far as it came folded and the log does not say it.
    fn unfold_records(&mut self, kept: &[(Epoch, Seq)]) -> Result<()> {
        let stream = self.stream;
        if !self.store()?.folded_beyond(kept)?.contains(&stream) {
            return Ok(());
        }
        let at = self.clock.now();
        let drafted = self.store()?.unfold_records(kept, at)?;
        let last = drafted.written.last().map_or(0, |written| written.counter);
        tracing::info!(
            records = drafted.written.len(),
            "the relay lacks records that came folded; they are said anew"
        );
        self.hub.wrote(last, drafted.written.len() as u64);
        self.show_changed(drafted.changed);
        Ok(())
    }

    fn unfold(&mut self, document: DocumentId, kept: &[(Epoch, Seq)]) -> Result<()> {
        let (loaded, here) = self.load(document)?;
        let mut theirs = Document::new(self.hand);
        let mut list = self.store()?.held(document, kept)?;
        fold(&list, chance::bytes(), Some(&mut theirs))?;
        if is_same(&here, &theirs) {
            self.store()?.unfold(document, kept, None)?;
            return Ok(());
        }
        let unreadable = |error| ReplicaError::Unreadable(Box::new(error));
        let bytes = Bytes::from(diff(&loaded.update, &theirs.state_vector()).map_err(unreadable)?);
        list.push(bytes.clone());
        let mut together = Document::new(self.hand);
        fold(&list, chance::bytes(), Some(&mut together))?;
        if !is_same(&here, &together) {
            return Err(ReplicaError::Unreadable("it is more than the log's and what that lacks".into()));
        }
        let lacking = LocalWrite { document, origin: Origin::RESTORED, at: self.clock.now(), bytes };
        let written = self.store()?.unfold(document, kept, Some(&lacking))?;
        tracing::info!(document.id = %document, "the relay lacks what came folded; it is written anew");
        self.hub.wrote(written.map_or(0, |written| written.counter), 1);
        self.wrote();
        Ok(())
    }
}
