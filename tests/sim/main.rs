//! The two machines in a simulated world: people with names, one relay, and every fault that a seed can think of.
//!
//! Both machines are the real ones; disks, network and clock are models. `SHEAF_SEEDS=n` plays more seeds,
//! `SHEAF_SEED=x` plays one again.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a panic here is the report"
)]

mod archive;
mod chance;
mod disk;
mod person;
mod story;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use world::World;

/// As many seeds as an ordinary run plays.
const SEEDS: u64 = 2_000;

#[test]
fn whatever_goes_wrong_everyone_ends_with_the_same_words() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("SHEAF_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SHEAF_SEEDS").unwrap_or(SEEDS),
    };
    for seed in seeds {
        let mut world = World::new(seed);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| story::play(&mut world))) {
            println!("seed {seed} failed. What went wrong on purpose:\n  {}", world.faults.join("\n  "));
            println!("Again: SHEAF_SEED={seed} cargo test -p sheaf-stories --test simulation");
            resume_unwind(panic);
        }
    }
}
