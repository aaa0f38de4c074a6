//! `cargo xtask bench`: every measurement, one after another, so that none disturbs another.

use crate::run;

/// Runs the benchmarks of each crate in release.
///
/// # Errors
/// When one of them fails.
pub fn run() -> anyhow::Result<()> {
    run::step("Measuring", &mut run::cargo(&["bench", "--locked", "--workspace", "--benches"]))
}
