//! `cargo xtask check`: formatting, lints and tidiness. Changes nothing.

use crate::{run, tidy};

/// Runs every check.
///
/// # Errors
/// With the first check that found something.
pub fn run() -> anyhow::Result<()> {
    run::step("Formatting of Rust", &mut run::cargo(&["fmt", "--all", "--check"]))?;
    run::say("Tidiness");
    tidy::run()?;
    run::step(
        "Lints of Rust",
        &mut run::cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
    )
}
