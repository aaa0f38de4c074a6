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

    /// Only these documents are open: nobody tells any more who leaves the others.
    pub fn keep(&mut self, open: &[DocumentId]) {
        self.0.retain(|document, _| document.is_none_or(|document| open.contains(&document)));
    }

    /// The line is down: nobody can be seen. Returns where somebody was.
    pub fn clear(&mut self) -> impl Iterator<Item = Option<DocumentId>> {
        std::mem::take(&mut self.0).into_keys()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use sheaf_document::ids::PersonId;

    use super::*;

    #[test]
    fn who_left_while_a_document_was_closed_is_not_there_when_it_is_opened_again() {
        let (letter, recipe) = (DocumentId::from_bytes([1; 16]), DocumentId::from_bytes([2; 16]));
        let here = |session, name: &str| {
            let (person, caret) = (PersonId::from_bytes([3; 16]), Some(Bytes::new()));
            Present {
                document: Some(letter),
                people: vec![Here { session, person, name: name.into(), caret }],
            }
        };
        let mut people = People::default();
        people.change(here(1, "Ada"));
        people.keep(&[recipe]);
        people.keep(&[recipe, letter]);
        let names: Vec<_> = people.change(here(2, "Tomás")).into_iter().map(|here| here.name).collect();
        assert_eq!(names, ["Tomás"], "nobody told that Ada left");
    }
}
