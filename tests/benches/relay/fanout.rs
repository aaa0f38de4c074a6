//! One person types, everyone else sees it: how much later than from the bare broadcast, and for how much processor time.

use std::time::Duration;

use anyhow::ensure;
use sheaf_stories::figure::{Figure, median};
use sheaf_stories::typing;

use super::door::Door;
use super::paced::{PATIENCE, Pace, client, play};
use super::server::{Kind, Server};
use super::team::{Listening, Team};

/// Edits that each server gets in a round.
const EDITS: usize = 80;
/// Between an edit to the one server and an edit to the other: each of them gets 20 a second.
const TICK: Duration = Duration::from_millis(25);

/// One person types at each server, everyone listens.
pub async fn latency(rounds: usize) -> anyhow::Result<()> {
    for clients in [2, 10, 100] {
        let (mut bare, mut relay) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let [at_bare, at_relay] = edit_by_edit(clients).await?;
            bare.push(at_bare);
            relay.push(at_relay);
        }
        let what = format!("key to the other screens, {clients} clients, p50");
        Figure { group: "relay", what: &what, unit: "ms", ours: median(relay) }
            .at_most_times(1.5, median(bare));
    }
    Ok(())
}

/// Returns the median latency at the bare broadcast and at the relay, in ms. Their edits take turns, because what a disk
/// needs for one sync changes from one second to the next by more than the two servers differ.
async fn edit_by_edit(clients: usize) -> anyhow::Result<[f64; 2]> {
    let (bare, relay) = (Server::start(Kind::Bare)?, Server::start(Kind::Relay)?);
    let doors = [Door::find(&bare).await?, Door::find(&relay).await?];
    let mut teams = Vec::new();
    for door in &doors {
        let updates = vec![typing::line(client(), EDITS).collect()];
        teams.push(Team::gather(door, clients, updates, Listening::All).await?);
    }
    let mut ticks = tokio::time::interval(TICK);
    for _ in 0..EDITS {
        for team in &mut teams {
            ticks.tick().await;
            for writer in &mut team.writers {
                writer.send(1).await?;
            }
        }
    }
    let mut medians = [0.0; 2];
    for (team, p50) in teams.iter().zip(&mut medians) {
        ensure!(team.hears(EDITS * (clients - 1), PATIENCE).await, "an edit did not arrive");
        *p50 = median(team.latencies());
    }
    Ok(medians)
}

/// What a delivery costs the server when it is busy: 100 clients, four of them writing.
pub async fn cost(rounds: usize) -> anyhow::Result<()> {
    let length = Duration::from_secs(1);
    let pace = Pace { clients: 100, writers: 4, rate: 4_000, length };
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
