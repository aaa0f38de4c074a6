//! Earlier lives of the relay's log, and what was numbered in them and forgotten since.
//!
//! A relay that was restored from an older backup begins a new life and keeps only a beginning of the old one. What lay beyond
//! is brought back by those who have it, and gets new numbers. Until then it bears the old ones here: so it is enough to
//! remember how much of each life was kept.

use sheaf_document::ids::Epoch;
use sheaf_protocol::entry::{Entry, Seq};
use sheaf_store::{Budget, StoreError};

use super::Desk;
use crate::error::Result;

/// The setting that remembers the lives, as JSON: epochs and last kept numbers, oldest first.
const LIVES: &str = "relay.lives";
/// As many are remembered as a relay tells.
const MANY: usize = sheaf_protocol::limits::LINEAGE;
/// As many bytes of entries are read at a time to be brought back.
const PAGE: Budget = Budget { bytes: 1 << 20, rows: 4_096 };
/// A place in the lives: which one above these bits, the number in it below.
const BITS: u32 = 48;

impl Desk {
    /// Remembers that the log begins a new life, which keeps this much of the old one. Written before the first batch of the
    /// new life: remembered twice it is the same, and never forgotten.
    pub(super) fn remember_life(&mut self, epoch: Epoch, kept: Seq) -> Result<()> {
        let mut lives = self.lives()?;
        lives.retain(|(life, _)| *life != epoch);
        lives.push((epoch, kept));
        let lives = lives.split_off(lives.len().saturating_sub(MANY));
        let text = serde_json::to_string(&lives).map_err(|error| StoreError::Io(error.into()))?;
        Ok(self.store()?.put_setting(LIVES, Some(&text))?)
    }

    /// Returns the next entries that lost their number in an earlier life or are numbered above this in the present one (none
    /// of these for the greatest number), and the place to go on after.
    pub fn forgotten(&mut self, above: Seq, after: u64) -> Result<(Vec<Entry>, Option<u64>)> {
        let mut lives = self.lives()?;
        lives.extend(self.position.epoch.map(|epoch| (epoch, above)));
        let (first, number) = ((after >> BITS) as usize, after & ((1 << BITS) - 1));
        for (life, (epoch, kept)) in
            lives.into_iter().enumerate().skip(first).filter(|(_, life)| life.1 < Seq::MAX)
        {
            let read = if life == first { number.max(kept) } else { kept };
            let entries = self.store()?.numbered_after(epoch, read, PAGE)?;
            if let Some(last) = entries.last() {
                let next = (life as u64) << BITS | last.seq;
                return Ok((entries, Some(next)));
            }
        }
        Ok((Vec::new(), None))
    }

    fn lives(&mut self) -> Result<Vec<(Epoch, Seq)>> {
        let text = self.store()?.setting(LIVES)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}
