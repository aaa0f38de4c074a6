//! The last groups as they were sent, to lead a reader from the last page of a catch-up to the live log without a hole.

use std::collections::VecDeque;

use bytes::Bytes;
use sheaf_protocol::entry::Seq;

/// As many bytes of encoded groups as a room keeps: what is committed while one page is read.
const BYTES: usize = 1024 * 1024;

/// Recent groups, encoded.
pub struct Tail {
    /// The groups hold every number after this one.
    after: Seq,
    /// First and last number of each group, and its frame.
    groups: VecDeque<(Seq, Seq, Bytes)>,
    bytes: usize,
}

impl Tail {
    /// Returns the empty tail of a log that ends here.
    pub fn new(head: Seq) -> Self {
        Self { after: head, groups: VecDeque::new(), bytes: 0 }
    }

    /// Forgets everything up to this number.
    pub fn reset(&mut self, head: Seq) {
        *self = Self::new(head);
    }

    /// Adds a group, and lets go of the oldest.
    pub fn push(&mut self, first: Seq, last: Seq, frame: Bytes) {
        self.bytes += frame.len();
        self.groups.push_back((first, last, frame));
        while self.bytes > BYTES
            && let Some((_, last, frame)) = self.groups.pop_front()
        {
            self.bytes -= frame.len();
            self.after = last;
        }
    }

    /// Returns the frames that lead from a number to the end; `None` when the tail does not reach back to it.
    pub fn from(&self, through: Seq) -> Option<Vec<Bytes>> {
        if through < self.after {
            return None;
        }
        let later = self.groups.iter().filter(|(_, last, _)| *last > through);
        later.map(|(first, _, frame)| (*first > through).then(|| frame.clone())).collect()
    }
}
