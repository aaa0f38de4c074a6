//! What people who edited at the same time left incomplete, this device completes before anyone sees it.
//!
//! The editor would delete what it cannot build, and the gate would lock the document for everyone and for ever. So the
//! replica itself writes the small change that is missing, as one of its own, with a row in its log like any other.
//! Whoever else has the document may do the same at the same time: see [`sheaf_document::Document::mend`].

use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Origin;

use super::Desk;
use crate::error::Result;
use crate::replica::Edit;

impl Desk {
    /// Tells those who have a document open what arrived in it, complete.
    pub(super) fn tell(&mut self, document: DocumentId) {
        let Some(view) = self.views.get_mut(&document) else { return };
        if view.look().is_only_incomplete()
            && let Err(error) = self.repair(document)
        {
            // It opens for reading only until somebody can.
            tracing::warn!(document.id = %document, %error, "an incomplete document could not be completed");
        }
        if let Some(view) = self.views.get_mut(&document) {
            view.tell();
        }
    }

    /// Completes a document; whoever has it open is to be told yet.
    pub(super) fn repair(&mut self, document: DocumentId) -> Result<()> {
        // Of a copy: what is not written must not be seen.
        let Some(update) = self.load(document)?.1.mend() else { return Ok(()) };
        let edits = [Edit { document, bytes: update.into(), origin: Origin::API, by: None }];
        let (_, proofs) = self.commit(&edits)?;
        self.take(&edits, &proofs);
        Ok(())
    }
}
