//! The deleted ranges of an update: each client once, ranges sorted and apart (A12).

use super::cursor::Cursor;
use super::limits::CLOCK_END;
use super::refusal::{Refusal, RefusalCode};

/// A client's ranges: `first..end` in [`DeleteSet::ranges`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Deleted {
    pub client: u64,
    pub first: usize,
    pub end: usize,
    /// Offset of its first range.
    pub at: usize,
}

/// Clocks `start..end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    pub start: u32,
    pub end: u32,
}

#[derive(Debug, Default)]
pub(super) struct DeleteSet {
    /// By client id.
    pub clients: Vec<Deleted>,
    pub ranges: Vec<Range>,
}

impl DeleteSet {
    pub(super) fn clear(&mut self) {
        self.clients.clear();
        self.ranges.clear();
    }

    pub(super) fn read(&mut self, from: &mut Cursor<'_>, most: usize) -> Result<(), Refusal> {
        let at = from.at();
        let clients = from.count(2)?;
        Refusal::unless(clients <= most, RefusalCode::DeleteSet, at)?;
        for _ in 0..clients {
            let client = from.number()?;
            let at = from.at();
            let first = self.ranges.len();
            for _ in 0..from.count(2)? {
                self.range(from, first)?;
            }
            Refusal::unless(self.ranges.len() > first, RefusalCode::DeleteSet, at)?;
            self.clients.push(Deleted { client, first, end: self.ranges.len(), at });
        }
        self.clients.sort_unstable_by_key(|deleted| deleted.client);
        let once = self.clients.is_sorted_by(|one, next| one.client < next.client);
        Refusal::unless(once, RefusalCode::DeleteSet, at)
    }

    fn range(&mut self, from: &mut Cursor<'_>, first: usize) -> Result<(), Refusal> {
        let at = from.at();
        let (start, len) = (from.clock()?, from.clock()?);
        let after = self.ranges.get(first..).and_then(<[Range]>::last).map_or(0, |last| last.end);
        let end = u64::from(start) + u64::from(len);
        Refusal::unless(len > 0 && start >= after && end < CLOCK_END, RefusalCode::DeleteSet, at)?;
        self.ranges.push(Range { start, end: start + len });
        Ok(())
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.clients.capacity() * size_of::<Deleted>() + self.ranges.capacity() * size_of::<Range>()
    }

    pub(super) fn ranges_of(&self, deleted: &Deleted) -> &[Range] {
        self.ranges.get(deleted.first..deleted.end).unwrap_or_default()
    }

    /// Returns whether one range holds all of `start..end` of the client.
    pub(super) fn covers(&self, client: u64, start: u32, end: u32) -> bool {
        let Ok(at) = self.clients.binary_search_by_key(&client, |deleted| deleted.client) else {
            return false;
        };
        let ranges = self.clients.get(at).map_or(&[][..], |deleted| self.ranges_of(deleted));
        let behind = ranges.partition_point(|range| range.start <= start);
        ranges.get(..behind).and_then(<[Range]>::last).is_some_and(|range| range.end >= end)
    }
}
