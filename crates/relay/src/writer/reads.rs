//! What a room waits to read, a few at a time, pages first: a frame that names ten thousand documents must not keep the
//! others from their pages. Bounded by what the room takes before it pauses a connection.

use std::collections::VecDeque;

use crate::room::Input;
use crate::storage::sqlite::Sqlite;

/// As many reads of one room as may be under way.
const AT_ONCE: usize = 16;

/// A read, and what the room is told when it cannot be made.
pub(super) struct Read {
    pub read: Box<dyn FnOnce(&mut Sqlite) -> Input + Send>,
    pub busy: Input,
}

/// One room's reads.
#[derive(Default)]
pub(super) struct Reads {
    /// Pages of people who catch up: one at a time for each connection.
    pub pages: VecDeque<Read>,
    /// Documents that somebody writes in, as they are in the log, and blobs that a record names.
    pub documents: VecDeque<Read>,
    under_way: usize,
}

impl Reads {
    /// Takes the next read that may begin.
    pub fn next(&mut self) -> Option<Read> {
        if self.under_way >= AT_ONCE {
            return None;
        }
        let next = self.pages.pop_front().or_else(|| self.documents.pop_front())?;
        self.under_way += 1;
        Some(next)
    }

    /// One of them has been answered.
    pub fn done(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use sheaf_document::ids::DocumentId;

    use super::*;
    use crate::room::{Conn, Unloadable};

    #[test]
    fn a_page_waits_for_a_few_documents_only() {
        let mut reads = Reads::default();
        for number in 0..100 {
            let busy = Input::Loaded(DocumentId::from_bytes([number; 16]), Err(Unloadable::Storage));
            reads.documents.push_back(Read { read: Box::new(|_| Input::Wake), busy });
        }
        let begun = std::iter::from_fn(|| reads.next()).count();
        assert_eq!(begun, AT_ONCE, "a hundred documents do not take every reader's queue");
        let busy = Input::PageRead(Conn(1), None);
        reads.pages.push_back(Read { read: Box::new(|_| Input::Wake), busy });
        reads.done();
        let next = reads.next().map(|read| read.busy);
        assert!(matches!(next, Some(Input::PageRead(..))), "who catches up is next");
    }
}
