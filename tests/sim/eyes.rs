//! What a person sees of the others, and where they let the others see them.
//!
//! A caret of this world is the state vector of all that its person saw when they put it there. So whoever is shown it
//! can be asked whether they have the words that it points at.

use std::collections::BTreeMap;

use bytes::Bytes;
use sheaf_client::session::Caret;
use sheaf_document::ids::DocumentId;
use sheaf_document::update::StateVector;
use sheaf_protocol::frame::{Here, Present};
use sheaf_protocol::limits;

use crate::chance::Chance;
use crate::person::Person;

/// As many documents as a person has open.
const OPEN: usize = 2;

/// Whom a person sees, and what they look at.
#[derive(Default)]
pub struct Eyes {
    /// The documents that are open, the one in front first.
    pub open: Vec<DocumentId>,
    seen: BTreeMap<Option<DocumentId>, BTreeMap<u64, Here>>,
}

impl Eyes {
    /// Returns whose caret stands in a document, by their place in the list of people.
    pub fn carets_in(&self, document: DocumentId) -> Vec<usize> {
        let here = self.seen.get(&Some(document)).into_iter().flat_map(BTreeMap::values);
        let mut whose: Vec<_> = here.filter_map(whose).collect();
        whose.sort_unstable();
        whose
    }

    /// Returns how many are here.
    pub fn people(&self) -> usize {
        self.seen.get(&None).map_or(0, BTreeMap::len)
    }
}

fn whose(here: &Here) -> Option<usize> {
    here.caret.as_ref()?.first().map(|who| usize::from(*who))
}

impl Person {
    /// Opens a document and puts the caret behind all that is seen there; returns what the session is told.
    pub fn look_at(
        &mut self,
        document: DocumentId,
        who: usize,
        chance: &mut Chance,
    ) -> Option<(Vec<DocumentId>, Caret)> {
        let program = self.program.as_mut()?;
        let seen = program.open(document, &self.disk, chance).reaches().encode();
        let is_short = seen.len() < limits::CARET;
        let caret: Bytes = if is_short { [&[who as u8], seen.as_slice()].concat() } else { vec![] }.into();
        let open = &mut program.eyes.open;
        open.retain(|other| *other != document);
        open.insert(0, document);
        open.truncate(OPEN);
        let eyes = &mut program.eyes;
        eyes.seen.retain(|document, _| document.is_none_or(|document| eyes.open.contains(&document)));
        Some((eyes.open.clone(), Caret { document, caret, after: self.disk.counter() }))
    }

    /// Sees where others are. `is_forgotten` says whether the relay itself does not have all of that any more.
    pub fn see(&mut self, present: Present, is_forgotten: impl Fn(DocumentId, &StateVector) -> bool) {
        let Some(program) = &mut self.program else { return };
        for here in present.people {
            if let (Some(document), Some(whose)) = (present.document, whose(&here)) {
                let caret = here.caret.as_deref().unwrap_or_default();
                let points_at = StateVector::decode(&caret[1..]).expect("a caret passes as it is");
                let has = program.opened(document).expect("it shows what is open").reaches();
                assert!(
                    has.covers(&points_at) || is_forgotten(document, &points_at),
                    "{} is shown the caret of person {whose} among words that are not there: {points_at:?}, has {has:?}",
                    self.name
                );
            }
            let seen = program.eyes.seen.entry(present.document).or_default();
            match here.caret {
                Some(_) => seen.insert(here.session, here),
                None => seen.remove(&here.session),
            };
        }
    }

    /// The line is down: nobody can be seen.
    pub fn see_nobody(&mut self) {
        if let Some(program) = &mut self.program {
            program.eyes.seen.clear();
        }
    }
}
