//! What was numbered in earlier lives of the relay's log and forgotten since.
//!
//! A relay that was restored from an older backup begins a new life and keeps only a beginning of the old ones. What lay
//! beyond is brought back by those who have it, and gets new numbers. Until then it bears the old ones here. The relay
//! tells at each welcome how much it keeps of each life, so nothing needs to be remembered.

use sheaf_document::ids::Epoch;
use sheaf_protocol::entry::{Entry, Seq};
use sheaf_store::Budget;

use super::Desk;
use crate::error::Result;

/// As many bytes of entries are read at a time to be brought back.
const PAGE: Budget = Budget { bytes: 1 << 20, rows: 4_096 };
/// A place in the lives: which one above these bits, the number in it below.
const BITS: u32 = 48;

impl Desk {
    /// Returns the next entries that are numbered beyond what the relay keeps of their life, and the place to go on after.
    /// Of a life that is not among these it keeps nothing; such a one branched off another, so it comes after them, but
    /// before the present one, which is the last.
    pub fn forgotten(&mut self, kept: &[(Epoch, Seq)], after: u64) -> Result<(Vec<Entry>, Option<u64>)> {
        let (present, earlier) = kept.split_last().map_or((None, kept), |(last, rest)| (Some(last), rest));
        let is_known = |life: &Epoch| kept.iter().any(|(known, _)| known == life);
        let unknown =
            self.store()?.epochs()?.into_iter().filter(|life| !is_known(life)).map(|life| (life, 0));
        let lives = earlier.iter().copied().chain(unknown).chain(present.copied());
        let (first, number) = ((after >> BITS) as usize, after & ((1 << BITS) - 1));
        // No log grows beyond the bits of a place.
        let lives = lives.enumerate().skip(first).filter(|(_, (_, kept))| *kept < 1 << BITS);
        for (life, (epoch, kept)) in lives {
            let read = if life == first { number.max(kept) } else { kept };
            let entries = self.store()?.numbered_after(epoch, read, PAGE)?;
            if let Some(last) = entries.last() {
                let next = (life as u64) << BITS | last.seq;
                return Ok((entries, Some(next)));
            }
        }
        Ok((Vec::new(), None))
    }
}
