//! Who is here: what the relay says in changes, kept as whole lists.

use std::collections::BTreeMap;

use sheaf_document::ids::DocumentId;
use sheaf_protocol::frame::{Here, Present};

/// The people in each document, and in the workspace, by connection.
#[derive(Debug, Default)]
pub struct People(BTreeMap<Option<DocumentId>, BTreeMap<u64, Here>>);

impl People {
    /// Takes a change and returns everyone who is there now.
    pub fn change(&mut self, present: Present) -> Vec<Here> {
        let Present { document, people } = present;
        let here = self.0.entry(document).or_default();
        for person in people {
            match person.caret {
                Some(_) => here.insert(person.session, person),
                None => here.remove(&person.session),
            };
        }
        let all = here.values().cloned().collect();
        if here.is_empty() {
            self.0.remove(&document);
        }
        all
    }

    /// The line is down: nobody can be seen. Returns where somebody was.
    pub fn clear(&mut self) -> impl Iterator<Item = Option<DocumentId>> {
        std::mem::take(&mut self.0).into_keys()
    }
}
