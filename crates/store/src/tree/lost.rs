//! What does not stand in the tree: a place whose parent has none, or stands under it.
//!
//! The rules let no such place come to be. But entries that come back after a restore are taken without rules, in whatever
//! order they come, and two moves that each were right may then make a circle. Everything in a circle is lost, so that what
//! stands under it is still found there; what a lost place stands under is kept, so that it returns once that has a place.

use std::collections::{BTreeMap, BTreeSet};

use sheaf_document::ids::DocumentId;

use super::Tree;
use crate::error::Result;
use crate::table::place::{self, ASTRAY, STANDS};

impl Tree<'_> {
    /// Looks at every place that may be lost now, or found.
    pub(super) fn find_the_lost(&mut self) -> Result<()> {
        let mut suspects = BTreeSet::new();
        for (document, before) in &self.before {
            let before = before.as_ref().and_then(place::Shown::standing);
            let now = place::standing(self.connection, *document)?;
            if before != now {
                suspects.insert(*document);
            }
            if before.is_some() != now.is_some() {
                suspects.extend(place::below(self.connection, *document, usize::MAX)?);
            }
        }
        if suspects.is_empty() {
            return Ok(());
        }
        suspects.extend(place::astray(self.connection)?);
        let mut seen = BTreeMap::new();
        for document in &suspects {
            self.follow(*document, &mut seen)?;
        }
        suspects.extend(seen.iter().filter_map(|(document, in_circle)| in_circle.then_some(*document)));
        for document in suspects {
            let Some(shown) = place::get(self.connection, document)? else { continue };
            let Some(parent) = shown.standing() else { continue };
            let is_orphan = match parent {
                Some(parent) => place::standing(self.connection, parent)?.is_none(),
                None => false,
            };
            let is_lost = is_orphan || seen.get(&document) == Some(&true);
            let lost = if is_lost { ASTRAY } else { STANDS };
            if shown.lost != lost {
                self.set(document, Some(&place::Shown { lost, ..shown }))?;
            }
        }
        Ok(())
    }

    /// Follows a document's parents as far as they were not followed before, and notes which of them are in a circle.
    fn follow(&self, from: DocumentId, seen: &mut BTreeMap<DocumentId, bool>) -> Result<()> {
        let mut way = Vec::new();
        let mut next = Some(from);
        while let Some(document) = next
            && !seen.contains_key(&document)
        {
            seen.insert(document, false);
            way.push(document);
            next = place::standing(self.connection, document)?.flatten();
        }
        // Only a way that comes back to itself ends among its own steps.
        if let Some(first) = next.and_then(|next| way.iter().position(|step| *step == next)) {
            seen.extend(way.iter().skip(first).map(|step| (*step, true)));
        }
        Ok(())
    }
}
