//! How many edits a second 100 clients can get before one in a hundred comes more than 100 ms late.

use std::time::Duration;

use sheaf_stories::figure::Figure;

use super::paced::{Pace, play};
use super::server::Kind;

/// Edits per second that are tried.
const RATES: [usize; 5] = [10_000, 20_000, 30_000, 45_000, 60_000];
/// The latest that one edit in a hundred may be, in ms.
const LATE: f64 = 100.0;
/// How often a rate may be tried: whatever else the machine does for a moment is not the server's limit.
const TRIES: usize = 3;

/// Raises the rate until it is too much for both.
pub async fn measure() -> anyhow::Result<()> {
    let (mut bare, mut relay) = (0, 0);
    for (before, rate) in std::iter::once(0).chain(RATES).zip(RATES) {
        if bare == before && holds(Kind::Bare, rate).await? {
            bare = rate;
        }
        if relay == before && holds(Kind::Relay, rate).await? {
            relay = rate;
        }
    }
    let what = "edits a second for 100 clients, p99 within 100 ms";
    Figure { group: "relay", what, unit: "edits/s", ours: relay as f64 }.at_least(20_000.0, bare as f64);
    Ok(())
}

async fn holds(kind: Kind, rate: usize) -> anyhow::Result<bool> {
    let length = Duration::from_secs(2);
    let pace = Pace { clients: 100, writers: 4, rate, length };
    for _ in 0..TRIES {
        if play(kind, pace).await?.p99 <= LATE {
            return Ok(true);
        }
    }
    Ok(false)
}
