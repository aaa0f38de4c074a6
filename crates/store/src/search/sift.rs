//! What has to be true of a document besides its words, as far as it is asked of the tree at the time of the query.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sheaf_document::ids::DocumentId;
use sheaf_document::search::Filters;

use crate::error::Result;
use crate::table::document;
use crate::table::place::{self, STANDS};

/// What is true of a document or of something that it stands under.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    trashed: bool,
    /// A bit for each of the filter's terms that is in a title.
    titles: u64,
}

/// Holds documents against the filters. What many stand under is asked once.
pub(super) struct Sift<'a> {
    connection: &'a Connection,
    filters: &'a Filters,
    known: BTreeMap<DocumentId, Standing>,
}

impl<'a> Sift<'a> {
    pub(super) fn new(connection: &'a Connection, filters: &'a Filters) -> Self {
        Self { connection, filters, known: BTreeMap::new() }
    }

    /// Says whether a document stands where it has to: in the trash or not, and under what was named.
    pub(super) fn passes(&mut self, document: DocumentId) -> Result<bool> {
        let place = place::get(self.connection, document)?.unwrap_or_default();
        let above = match place.parent.filter(|_| place.lost == STANDS) {
            Some(parent) => self.standing(parent)?,
            None => Standing::default(),
        };
        let all = self.filters.under.iter().enumerate().fold(0, |bits, (at, _)| bits | bit(at));
        Ok((above.trashed || place.trashed) == self.filters.trash && above.titles & all == all)
    }

    /// Returns what is true of a document and of everything that it stands under.
    fn standing(&mut self, document: DocumentId) -> Result<Standing> {
        let (mut chain, mut next, mut standing) = (Vec::new(), Some(document), Standing::default());
        while let Some(document) = next {
            if let Some(known) = self.known.get(&document) {
                standing = *known;
                break;
            }
            // Whoever stands under themselves is met again here.
            self.known.insert(document, Standing::default());
            let place = place::get(self.connection, document)?.unwrap_or_default();
            next = place.parent.filter(|_| place.lost == STANDS);
            chain.push((document, place.trashed));
        }
        for (document, trashed) in chain.into_iter().rev() {
            standing.trashed |= trashed;
            standing.titles |= self.titles(document)?;
            self.known.insert(document, standing);
        }
        Ok(standing)
    }

    fn titles(&self, document: DocumentId) -> Result<u64> {
        if self.filters.under.is_empty() {
            return Ok(0);
        }
        let title = document::title(self.connection, document)?;
        let found = self.filters.under.iter().enumerate().filter(|(_, term)| term.is_in(&title));
        Ok(found.fold(0, |bits, (at, _)| bits | bit(at)))
    }
}

/// Returns the bit of a term; there are at most as many terms as a query may have.
fn bit(at: usize) -> u64 {
    1 << at.min(63)
}
