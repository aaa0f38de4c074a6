//! Fan-out: the relay beside a bare broadcast in the same run, in turn, round by round.
//!
//! `cargo bench -p sheaf-stories --bench fanout [-- rounds]`. Absolute times are this machine's; the ratios are the result.

#![expect(clippy::print_stdout, clippy::indexing_slicing, reason = "a measurement prints, and breaks loudly")]

mod bare;
mod server;
mod team;
mod wire;

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use server::{Kind, Server};
use team::Team;

/// What one round of one server gave.
#[derive(Debug, Clone, Copy, Default)]
struct Round {
    p50: f64,
    p99: f64,
    cpu_per_100k: f64,
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    match arguments.as_slice() {
        [what, data] if what == "serve-bare" => return server::serve(Kind::Bare, data),
        [what, data] if what == "serve-relay" => return server::serve(Kind::Relay, data),
        _ => {}
    }
    let rounds = arguments.first().and_then(|rounds| rounds.parse().ok()).unwrap_or(5);
    tokio::runtime::Runtime::new()?.block_on(async {
        latency(rounds).await?;
        saturation().await?;
        flood().await?;
        idle().await
    })
}

/// One writer at 10 edits a second for 3 s; the latency at every other client.
async fn latency(rounds: usize) -> anyhow::Result<()> {
    println!(
        "| clients | bare p50 µs | relay p50 µs | ratio | bare p99 | relay p99 | CPU ratio |\n|---|---|---|---|---|---|---|"
    );
    for clients in [2, 10, 100] {
        let mut results = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for (kind, results) in [Kind::Bare, Kind::Relay].into_iter().zip(&mut results) {
                results.push(paced(kind, clients, 1, 10, Duration::from_secs(3), false).await?.0);
            }
        }
        let [bare, relay] = results.map(|rounds| middle(&rounds));
        println!(
            "| {clients} | {:.0} | {:.0} | {:.2} | {:.0} | {:.0} | {:.2} |",
            bare.p50,
            relay.p50,
            relay.p50 / bare.p50,
            bare.p99,
            relay.p99,
            relay.cpu_per_100k / bare.cpu_per_100k
        );
    }
    Ok(())
}

/// 100 clients, 4 writers, the rate doubled until p99 passes 100 ms.
async fn saturation() -> anyhow::Result<()> {
    println!(
        "\n| 100 clients, edits/s | bare p99 ms | relay p99 ms | bare CPU s per 100k | relay CPU s per 100k |\n|---|---|---|---|---|"
    );
    for rate in [5_000, 10_000, 20_000, 30_000, 40_000] {
        let (bare, _) = paced(Kind::Bare, 100, 4, rate, Duration::from_secs(3), true).await?;
        let (relay, whole) = paced(Kind::Relay, 100, 4, rate, Duration::from_secs(3), true).await?;
        println!(
            "| {rate} | {:.1} | {:.1}{} | {:.2} | {:.2} |",
            bare.p99 / 1000.0,
            relay.p99 / 1000.0,
            if whole { "" } else { " (incomplete)" },
            bare.cpu_per_100k,
            relay.cpu_per_100k
        );
    }
    Ok(())
}

/// Writes at a pace and returns what the listeners saw, and whether everything arrived.
async fn paced(
    kind: Kind,
    clients: usize,
    writers: usize,
    rate: usize,
    length: Duration,
    sampled: bool,
) -> anyhow::Result<(Round, bool)> {
    let server = Server::start(kind)?;
    let edits = (rate as f64 * length.as_secs_f64()) as usize / writers;
    let mut team = Team::gather(&server, kind, clients, writers, edits, sampled).await?;
    let cpu = server.cpu()?;
    let began = Instant::now();
    let tick = Duration::from_millis(if rate < 1000 { 1000 / rate as u64 } else { 2 });
    let mut ticks = tokio::time::interval(tick);
    let mut sent = 0;
    while sent < edits {
        ticks.tick().await;
        let due = ((began.elapsed().as_secs_f64() * rate as f64 / writers as f64) as usize + 1).min(edits);
        for writer in &mut team.writers {
            writer.send(due - sent).await?;
        }
        sent = due;
    }
    let listeners = if sampled { 2 } else { clients - 1 };
    let expected = (edits * writers * listeners) as u64;
    let whole = arrived(&team, expected, Duration::from_secs(20)).await;
    let cpu = server.cpu()?.saturating_sub(cpu).as_secs_f64();
    let mut seen = team.clock.seen.lock().expect("nobody panics with it").clone();
    seen.sort_unstable();
    let at = |share: f64| {
        seen.get((seen.len() as f64 * share) as usize).copied().unwrap_or_default() as f64 / 1000.0
    };
    let deliveries = (edits * writers * (clients - 1)) as f64;
    Ok((Round { p50: at(0.5), p99: at(0.99), cpu_per_100k: cpu / deliveries * 100_000.0 }, whole))
}

/// Waits until so many deliveries arrived; gives up after a while.
async fn arrived(team: &Team, expected: u64, patience: Duration) -> bool {
    let until = Instant::now() + patience;
    while team.clock.arrived.load(Ordering::Acquire) < expected {
        if Instant::now() > until {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    true
}

/// One client pushes 260,000 edits as fast as it can; over when all of them are durable and another has them all.
async fn flood() -> anyhow::Result<()> {
    const EDITS: usize = 260_000;
    let server = Server::start(Kind::Relay)?;
    let mut team = Team::gather(&server, Kind::Relay, 2, 1, EDITS, true).await?;
    let began = Instant::now();
    for _ in 0..EDITS / 500 {
        team.writers[0].send(500).await?;
    }
    let whole = arrived(&team, EDITS as u64, Duration::from_secs(60)).await;
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "\n260,000 edits by one client, all durable and delivered{}: {seconds:.2} s",
        if whole { "" } else { " (incomplete)" }
    );
    Ok(())
}

/// What an idle connection costs.
async fn idle() -> anyhow::Result<()> {
    println!("\n| idle connections | bare kB each | relay kB each |\n|---|---|---|");
    let mut each = Vec::new();
    for kind in [Kind::Bare, Kind::Relay] {
        let server = Server::start(kind)?;
        let _few = Team::gather(&server, kind, 2, 0, 0, true).await?;
        let before = server.memory()?;
        let more = 1000;
        drop(_few);
        let server_again = Server::start(kind)?;
        let _many = Team::gather(&server_again, kind, more + 2, 0, 0, true).await?;
        each.push((server_again.memory()?.saturating_sub(before)) as f64 / more as f64 / 1000.0);
    }
    println!("| 1000 | {:.1} | {:.1} |", each[0], each[1]);
    Ok(())
}

fn middle(rounds: &[Round]) -> Round {
    let median = |of: fn(&Round) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    Round { p50: median(|r| r.p50), p99: median(|r| r.p99), cpu_per_100k: median(|r| r.cpu_per_100k) }
}
