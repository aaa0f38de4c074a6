//! `cargo xtask check`: formatting, lints and tidiness. Changes nothing.

use crate::setup::npm;
use crate::{run, tidy};

/// Runs every check.
///
/// # Errors
/// With the first check that found something.
pub fn run() -> anyhow::Result<()> {
    run::step("Formatting of Rust", &mut run::cargo(&["fmt", "--all", "--check"]))?;
    run::say("Tidiness");
    tidy::run()?;
    let interface = run::root().join("ui");
    run::step(
        "Formatting and lints of the interface, and of the tests' scripts",
        &mut npm::script(&interface, "lint"),
    )?;
    run::step("Types of the interface", &mut npm::script(&interface, "check"))?;
    run::step(
        "Lints of Rust",
        &mut run::cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
    )
}
