//! What time it is: two clocks side by side, because a sleeping machine stops one of them.
//!
//! The wall clock says when something was written; a person or a time server may set it. The other only ever rises, but
//! stands still while the machine sleeps. Both come in through [`Clock`], so that a story can let a laptop sleep.

use std::fmt;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use sheaf_protocol::entry::Millis;

/// One look at both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Milliseconds since 1970.
    pub wall: Millis,
    /// Milliseconds since some moment; never falls.
    pub steady: Millis,
}

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Reading + Send + Sync>);

impl Clock {
    /// Returns the system's clocks.
    pub fn system() -> Self {
        let start = Instant::now();
        Self::new(move || {
            let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Reading { wall: millis(wall.as_millis()), steady: millis(start.elapsed().as_millis()) }
        })
    }

    /// Returns a clock that shows what this function returns.
    pub fn new(read: impl Fn() -> Reading + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// Looks at both clocks.
    pub fn read(&self) -> Reading {
        (self.0)()
    }

    /// Returns the milliseconds since 1970.
    pub fn now(&self) -> Millis {
        self.read().wall
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.read()).finish()
    }
}

fn millis(whole: u128) -> Millis {
    Millis::try_from(whole).unwrap_or(Millis::MAX)
}

/// Time that never falls and passes in sleep too: whichever clock went further since the last look.
///
/// A wall clock that is set forward looks like sleep, which costs one reconnection; set back, it changes nothing.
#[derive(Debug)]
pub struct Elapsing {
    last: Reading,
    now: Millis,
}

impl Elapsing {
    /// Begins at the wall clock's time.
    pub fn since(reading: Reading) -> Self {
        Self { last: reading, now: reading.wall }
    }

    /// Returns the time at this look.
    pub fn at(&mut self, reading: Reading) -> Millis {
        let wall = reading.wall.saturating_sub(self.last.wall);
        let steady = reading.steady.saturating_sub(self.last.steady);
        self.last = reading;
        self.now = self.now.saturating_add(wall.max(steady));
        self.now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_passes_in_sleep_and_never_falls() {
        let mut time = Elapsing::since(Reading { wall: 1_000_000, steady: 5 });
        assert_eq!(time.at(Reading { wall: 1_000_100, steady: 105 }), 1_000_100, "both clocks agree");
        let woken = time.at(Reading { wall: 4_600_100, steady: 155 });
        assert_eq!(woken, 4_600_100, "the machine slept: only the wall clock went on");
        let set_back = time.at(Reading { wall: 1_000_000, steady: 255 });
        assert_eq!(set_back, 4_600_200, "somebody set the wall clock back: the other one still counts");
    }
}
