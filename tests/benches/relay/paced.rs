//! One round of one server: people type at a pace, and it is measured how late the others see it.

use std::time::{Duration, Instant};

use sheaf_client::chance;
use sheaf_stories::typing;

use super::door::Door;
use super::server::{Kind, Server};
use super::team::{Listening, Team};

/// After the last edit, how long what is late may take.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Those who look at the clock.
const LISTENERS: usize = 2;

/// How people type.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// People in all.
    pub clients: usize,
    /// Of them, so many write.
    pub writers: usize,
    /// Edits per second of all together.
    pub rate: usize,
    /// For so long.
    pub length: Duration,
}

/// What a round gave.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// The latency that one edit in a hundred passes, in ms; infinite when not everything arrived.
    pub p99: f64,
    /// Processor time of the server for 100,000 deliveries, in seconds.
    pub cpu: f64,
}

/// Plays one round on a fresh server.
pub async fn play(kind: Kind, pace: Pace) -> anyhow::Result<Round> {
    let Pace { clients, writers, rate, length } = pace;
    let server = Server::start(kind)?;
    let edits = (rate as f64 * length.as_secs_f64()) as usize / writers;
    let updates = (0..writers).map(|_| typing::line(client(), edits).collect()).collect();
    let mut team = Team::gather(&Door::find(&server).await?, clients, updates, Listening::Two).await?;
    let cpu = server.cpu()?;
    let tick = Duration::from_secs_f64((writers as f64 / rate as f64).max(0.002));
    let mut ticks = tokio::time::interval(tick);
    let began = Instant::now();
    let mut sent = 0;
    while sent < edits {
        ticks.tick().await;
        let due = (began.elapsed().as_secs_f64() * rate as f64 / writers as f64) as usize + 1;
        let due = due.min(edits);
        for writer in &mut team.writers {
            writer.send(due - sent).await?;
        }
        sent = due;
    }
    let whole = team.hears(edits * writers * LISTENERS, PATIENCE).await;
    let cpu = server.cpu()? - cpu;
    let latencies = team.latencies();
    let late = latencies.get(latencies.len() * 99 / 100).copied();
    let p99 = late.filter(|_| whole).unwrap_or(f64::INFINITY);
    let deliveries = (edits * writers * (clients - 1)) as f64;
    Ok(Round { p99, cpu: cpu / deliveries * 100_000.0 })
}

/// Returns a fresh client id.
pub fn client() -> u64 {
    u64::from_le_bytes(chance::bytes()) >> 11
}
