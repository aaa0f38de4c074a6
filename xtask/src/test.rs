//! `cargo xtask test`: set up, then every test that there is.

use clap::Args;

use crate::setup::npm;
use crate::{check, run, setup};

/// What to test.
#[derive(Args)]
pub struct Options {
    /// Only the tests whose name contains this.
    filter: Option<String>,
    /// Leaves out formatting, lints and tidiness.
    #[arg(long)]
    no_check: bool,
}

/// Runs the checks and the tests.
///
/// # Errors
/// With the first step that failed.
pub fn run(options: &Options) -> anyhow::Result<()> {
    setup::for_tests()?;
    if !options.no_check && options.filter.is_none() {
        check::run()?;
    }
    if options.filter.is_none() {
        let interface = run::root().join("ui");
        run::step("Testing the interface", &mut npm::script(&interface, "test"))?;
        let mut in_a_browser = npm::script(&interface, "test:browser");
        if let Some(browser) = setup::browser() {
            in_a_browser.env("CHROME_PATH", browser);
        }
        run::step("Testing the interface in a browser", &mut in_a_browser)?;
    }
    // Stories start the shipped programs, so these must be as fresh as the tests.
    run::step("Building", run::cargo(&["build", "--all-targets"]).args(run::EVERYTHING))?;
    let (mut tests, mut own) = (run::cargo(&["test", "--no-fail-fast"]), run::cargo(&["test", "--locked"]));
    tests.args(run::EVERYTHING).args(&options.filter);
    own.args(["--package", "xtask"]).args(&options.filter);
    run::step("Testing", &mut tests)?;
    run::step("Testing this tool", &mut own)
}
