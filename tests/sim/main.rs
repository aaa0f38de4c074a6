//! The two machines in a simulated world: people with names, one relay, and every fault that a seed can think of.
//!
//! Both machines are the real ones, and what they say crosses the line as bytes; disks, network and clock are models. So is
//! the engine between a session and its disk: each of its outputs is carried out here, one arm for each.
//!
//! A line loses its end at any byte, is slow, stands still, and dies without a word on either side; in every fourth world a
//! broken middlebox also repeats and swaps whole frames on it. Programs and the relay crash, profiles are copied, disks
//! fail, the relay is restored from a backup, with and without saying so, documents are refused, damaged and unfolded.
//! Documents are moved about in their tree, by everybody and at once.
//!
//! `SHEAF_SEEDS=n` plays the first n seeds, `SHEAF_SEEDS=a..b` those from a to below b, `SHEAF_SEED=x` plays one again.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a panic here is the report"
)]

mod archive;
mod chance;
mod check;
mod disk;
mod eyes;
mod lines;
mod middlebox;
mod person;
mod relay;
mod replicas;
mod settle;
mod story;
mod tree;
mod unfold;
mod wire;
mod world;

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use world::World;

/// As many seeds as an ordinary run plays.
const SEEDS: u64 = 2_000;

#[test]
fn whatever_goes_wrong_everyone_ends_with_the_same_words() {
    for seed in seeds() {
        let mut world = World::new(seed);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| story::play(&mut world))) {
            println!("seed {seed} failed. What went wrong on purpose:\n  {}", world.faults.join("\n  "));
            println!("Again: SHEAF_SEED={seed} cargo test -p sheaf-stories --test simulation");
            resume_unwind(panic);
        }
    }
}

/// Returns the seeds to play.
fn seeds() -> Range<u64> {
    let asked = |name| std::env::var(name).ok();
    let number = |text: &str| text.parse::<u64>().expect("seeds are numbers");
    match (asked("SHEAF_SEED"), asked("SHEAF_SEEDS")) {
        (Some(seed), _) => number(&seed)..number(&seed) + 1,
        (None, Some(seeds)) => match seeds.split_once("..") {
            Some((from, to)) => number(from)..number(to),
            None => 0..number(&seeds),
        },
        (None, None) => 0..SEEDS,
    }
}
