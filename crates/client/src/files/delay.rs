//! What could not be carried, and when it is worth another attempt.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::Duration;

use sheaf_document::ids::ContentHash;
use sheaf_protocol::problem::Code;
use tokio::time::Instant;

use super::{FileError, Trouble};
use crate::account::AccountError;

/// After a first failure; each further one doubles it.
const FIRST: Duration = Duration::from_millis(500);
/// Between two attempts at the most.
const LONGEST: Duration = Duration::from_secs(60);

/// Files that wait after a failure.
#[derive(Debug, Default)]
pub struct Delays(BTreeMap<ContentHash, Delay>);

#[derive(Debug, Clone, Copy)]
struct Delay {
    tries: u32,
    /// `None`: not before something is another than it was.
    until: Option<Instant>,
    trouble: Option<Trouble>,
}

impl Delays {
    /// Notes a failure. `chance` spreads attempts, so that a thousand devices do not come back in one instant.
    pub fn note(&mut self, hash: ContentHash, error: &FileError, now: Instant, chance: u64) {
        let tries = self.0.get(&hash).map_or(0, |delay| delay.tries) + 1;
        let (again, trouble) = match error {
            FileError::TooLarge { .. } => (None, Some(Trouble::TooLarge)),
            FileError::Relay(AccountError::Refused { code: Code::TOO_LARGE, .. }) => {
                (None, Some(Trouble::TooLarge))
            }
            FileError::NotThere => (Some(LONGEST), Some(Trouble::Gone)),
            FileError::Disk(error)
                if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
            {
                (Some(LONGEST), Some(Trouble::DiskFull))
            }
            _ => (Some(LONGEST.min(FIRST * 2_u32.saturating_pow(tries.min(8) - 1))), None),
        };
        let until = again.map(|again| now + again / 2 + again.mul_f64((chance % 512) as f64 / 1024.0));
        self.0.insert(hash, Delay { tries, until, trouble });
    }

    /// Forgets about a file: it was carried, or is worth an attempt at once.
    pub fn forget(&mut self, hash: ContentHash) {
        self.0.remove(&hash);
    }

    /// Forgets everything: whatever was in the way may be another now.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Says whether a file may be tried now.
    pub fn is_due(&self, hash: ContentHash, now: Instant) -> bool {
        self.0.get(&hash).is_none_or(|delay| delay.until.is_some_and(|until| until <= now))
    }

    /// Returns when the next of these may be tried that is waiting.
    pub fn next(&self, of: impl Iterator<Item = ContentHash>) -> Option<Instant> {
        of.filter_map(|hash| self.0.get(&hash)?.until).min()
    }

    /// Returns what keeps a file.
    pub fn trouble(&self, hash: ContentHash) -> Option<Trouble> {
        self.0.get(&hash)?.trouble
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_line_that_breaks_is_tried_again_soon_and_then_less_and_less() {
        let (hash, now) = (ContentHash::of(b"a photograph"), Instant::now());
        let mut delays = Delays::default();
        let mut waits = Vec::new();
        for _ in 0..12 {
            delays.note(hash, &FileError::Mismatch, now, 512);
            assert!(!delays.is_due(hash, now), "not at once");
            waits.push(delays.next([hash].into_iter()).unwrap() - now);
        }
        assert!(waits[0] <= FIRST && waits.is_sorted(), "soon, and then later: {waits:?}");
        assert!(waits[11] <= LONGEST, "but never in an hour: {waits:?}");
        assert_eq!(delays.trouble(hash), None, "nobody has to know");
        delays.forget(hash);
        assert!(delays.is_due(hash, now), "until it was carried");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_too_large_is_not_offered_again_and_a_person_is_told() {
        let (hash, now) = (ContentHash::of(b"a film"), Instant::now());
        let mut delays = Delays::default();
        let refused = AccountError::Refused { code: Code::TOO_LARGE, field: None };
        delays.note(hash, &refused.into(), now, 0);
        assert_eq!(delays.trouble(hash), Some(Trouble::TooLarge));
        assert!(!delays.is_due(hash, now + Duration::from_secs(100_000)), "it does not become smaller");
        assert_eq!(delays.next([hash].into_iter()), None, "nobody waits for that");
        delays.clear();
        assert!(delays.is_due(hash, now), "but another relay may take it");
    }
}
