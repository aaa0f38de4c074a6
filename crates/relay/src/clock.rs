//! The only place where the relay asks the system for time and chance.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sheaf_protocol::entry::Millis;

use crate::error::Result;

/// Returns the system's time in milliseconds since 1970.
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

/// Time that never falls and never stands still, whatever somebody does to the system's clock: set forward, it is followed;
/// set back, time goes on from where it was.
pub struct Steady {
    start: Instant,
    /// What the system's clock said, at most, when the steady one began.
    began: Millis,
}

impl Steady {
    /// Begins now.
    pub fn begin() -> Self {
        Self { start: Instant::now(), began: now() }
    }

    /// Looks at both clocks and returns the time, in milliseconds since 1970.
    pub fn now(&mut self) -> Millis {
        let elapsed = Millis::try_from(self.start.elapsed().as_millis()).unwrap_or(Millis::MAX);
        self.at(now(), elapsed)
    }

    fn at(&mut self, wall: Millis, elapsed: Millis) -> Millis {
        self.began = self.began.max(wall.saturating_sub(elapsed));
        self.began.saturating_add(elapsed)
    }
}

/// Returns `N` random bytes from the system.
pub fn chance<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_is_due_also_after_somebody_set_the_clock_back() {
        let mut time = Steady { start: Instant::now(), began: 1_000_000 };
        assert_eq!(time.at(1_000_100, 100), 1_000_100, "both clocks agree");
        let due = 1_000_150;
        assert_eq!(time.at(400_200, 200), 1_000_200, "set back by ten minutes: time goes on");
        assert!(time.at(400_201, 201) > due, "so what is due is told, and not in ten minutes");
        assert_eq!(time.at(1_600_300, 300), 1_600_300, "set forward, it is followed");
        // Looked at more often than once in a millisecond, the two tick one after the other.
        let looks = [(1_600_301, 300), (1_600_301, 301), (1_600_302, 301), (1_600_302, 302)];
        let last = looks.map(|(wall, elapsed)| time.at(wall, elapsed)).into_iter().max();
        assert!(last <= Some(1_600_303), "a millisecond is counted once: {last:?}");
    }
}
