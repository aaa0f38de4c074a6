//! How long to wait before the next attempt: longer each time, and never at the same moment as everyone else. The same
//! chance gives each attempt its name in the logs.
//!
//! A success is what lasts: something was stored, an acknowledgement was recorded, a quiet line stood. That somebody
//! answered is none: where a disk is full, on either side, every attempt gets that far, and sends all of it again.

use sheaf_protocol::entry::Millis;

/// The wait after the first failure.
const FIRST: Millis = 500;
/// The longest wait.
const LONGEST: Millis = 30_000;

/// Waits between attempts, seeded.
#[derive(Debug)]
pub struct Backoff {
    failures: u32,
    state: u64,
}

impl Backoff {
    /// Returns one that has seen no failure.
    pub fn new(seed: u64) -> Self {
        Self { failures: 0, state: seed }
    }

    /// Returns how long to wait after one more failure: between half and all of the time that doubles with each.
    pub fn next(&mut self) -> Millis {
        let whole = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        whole / 2 + self.chance() % (whole / 2 + 1)
    }

    /// Something lasted: the next failure is the first.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Returns 64 bits that nobody else is likely to have.
    ///
    /// Steele, Lea and Flood's SplitMix64: small, and good enough to spread attempts.
    pub fn chance(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_half_a_minute_and_differ_between_replicas() {
        let (mut imke, mut ada) = (Backoff::new(1), Backoff::new(2));
        let waits: Vec<_> = (0..12).map(|_| imke.next()).collect();
        assert!(waits[0] >= 250 && waits[0] <= 500, "the first attempt comes soon: {waits:?}");
        assert!(waits[11] >= 15_000 && waits[11] <= 30_000, "later ones leave the relay alone: {waits:?}");
        let others: Vec<_> = (0..12).map(|_| ada.next()).collect();
        assert_ne!(waits, others, "two replicas that lost the same relay do not come back in step");
        imke.reset();
        assert!(imke.next() <= 500, "after a success it begins anew");
    }
}
