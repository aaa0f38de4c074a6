//! What came folded, after a relay was restored from a backup that holds less of it.
//!
//! Rows can be brought back: each has a seal. A folding has none, so what is here only folded has to be written again, by
//! this replica, as a row of its own. That row takes the folding's place, so that a person may take it out again, and so
//! that every folding is looked at once.

use bytes::Bytes;
use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::{Kind, Seq};

use crate::error::Result;
use crate::local::{LocalWrite, Written, append};
use crate::store::Store;
use crate::table::document::Change;
use crate::table::{document, folded, log, snapshot};

/// How much of each of its lives a relay's log holds: the last number; of a life that is not named, nothing.
pub type Kept = [(Epoch, Seq)];

/// Says whether a log that keeps so much holds this number of this life.
pub(crate) fn holds(kept: &Kept, epoch: Epoch, seq: Seq) -> bool {
    kept.iter().any(|(life, kept)| *life == epoch && seq <= *kept)
}

impl Store {
    /// Returns the documents of which something came folded that this relay's log may hold no more.
    pub fn folded_beyond(&self, kept: &Kept) -> Result<Vec<DocumentId>> {
        let mut all = self.read(folded::all)?;
        all.retain(|(_, epoch, through)| !holds(kept, *epoch, *through));
        let mut documents: Vec<_> = all.into_iter().map(|(document, ..)| document).collect();
        documents.dedup();
        Ok(documents)
    }

    /// Returns what this relay's log holds of a document, or will once the outbox is there; to be folded.
    pub fn held(&self, document: DocumentId, kept: &Kept) -> Result<Vec<Bytes>> {
        self.read(|connection| {
            let Some(id) = document::find(connection, document)? else { return Ok(Vec::new()) };
            let foldings = folded::with_numbers(connection, id)?.into_iter();
            let foldings = foldings.filter(|(epoch, through, _)| holds(kept, *epoch, *through));
            let rows = log::with_numbers(connection, id)?.into_iter();
            let rows = rows.filter(|(number, _)| number.is_none_or(|(epoch, seq)| holds(kept, epoch, seq)));
            Ok(foldings.map(|(.., bytes)| bytes).chain(rows.map(|(_, bytes)| bytes)).collect())
        })
    }

    /// Takes away all that came folded of a document and that this relay's log may hold no more, and appends an update to
    /// the log and the outbox in its place, if one is given, in one transaction. The update together with [`Store::held`]
    /// has to say all that the foldings said. Returns what was written.
    pub fn unfold(
        &mut self,
        document: DocumentId,
        kept: &Kept,
        lacking: Option<&LocalWrite>,
    ) -> Result<Option<Written>> {
        self.write(|transaction, pen| {
            let Some(id) = document::find(transaction, document)? else { return Ok(None) };
            for (epoch, through, _) in folded::with_numbers(transaction, id)? {
                if !holds(kept, epoch, through) {
                    folded::remove(transaction, id, epoch)?;
                }
            }
            snapshot::forget(transaction, id)?;
            let mut change = Change { ground: true, ..Change::default() };
            let written = lacking
                .map(|write| append(transaction, pen, id, &mut change, Kind::UPDATE, write))
                .transpose()?;
            document::change(transaction, id, change)?;
            Ok(written)
        })
    }
}
