//! One person types, everyone else sees it: how much later than from the bare broadcast, and for how much processor time.

use std::time::Duration;

use sheaf_stories::figure::{Figure, median};

use super::paced::{Pace, play};
use super::server::Kind;
use super::team::Listening;

/// One writer at 20 edits a second, everyone listening.
pub async fn latency(rounds: usize) -> anyhow::Result<()> {
    for clients in [2, 10, 100] {
        let length = Duration::from_secs(2);
        let pace = Pace { clients, writers: 1, rate: 20, length, listening: Listening::All };
        let (bare, relay) = in_turn(rounds, pace, |round| round.p50).await?;
        let what = format!("key to the other screens, {clients} clients, p50");
        Figure { group: "relay", what: &what, unit: "ms", ours: relay }.at_most_times(1.5, bare);
    }
    Ok(())
}

/// What a delivery costs the server when it is busy: 100 clients, four of them writing.
pub async fn cost(rounds: usize) -> anyhow::Result<()> {
    let length = Duration::from_secs(1);
    let pace = Pace { clients: 100, writers: 4, rate: 4_000, length, listening: Listening::Two };
    let (bare, relay) = in_turn(rounds, pace, |round| round.cpu).await?;
    let what = "processor time for 100,000 deliveries, 100 clients";
    Figure { group: "relay", what, unit: "s", ours: relay }.at_most_times(1.5, bare);
    Ok(())
}

/// Plays both servers in turn and returns the middle of each one's rounds.
async fn in_turn(
    rounds: usize,
    pace: Pace,
    of: impl Fn(super::paced::Round) -> f64,
) -> anyhow::Result<(f64, f64)> {
    let (mut bare, mut relay) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        bare.push(of(play(Kind::Bare, pace).await?));
        relay.push(of(play(Kind::Relay, pace).await?));
    }
    Ok((median(bare), median(relay)))
}
