//! `cargo xtask`: the one tool of this repository, and the one place that knows the machine it runs on.
//!
//! Every command first sets up what it needs and says what it installs and why. Nothing else in the project calls a
//! package manager, and continuous integration runs the same commands as a person.

#![expect(clippy::print_stdout, reason = "this is a program that talks to the person who runs it")]

mod app;
mod bench;
mod check;
mod demo;
mod relay;
mod run;
mod setup;
mod test;
mod tidy;

use clap::{Parser, Subcommand};

/// Sets up, runs, tests, checks and measures Sheaf.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Opens the desktop app: sets up, builds, runs.
    App(app::Options),
    /// Runs a relay and two app windows side by side, two people in one document.
    Demo(demo::Options),
    /// Sets up, then runs every test that there is.
    Test(test::Options),
    /// Checks formatting, lints, types and tidiness; changes nothing.
    Check,
    /// Measures, and prints a table of ratios against a peer or a limit of the same run.
    Bench(bench::Options),
    /// Builds the relay and runs it on this machine with its data in a folder.
    Relay(relay::Options),
    /// Installs what building and testing need, and says what and why.
    Setup,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::App(options) => app::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Check => {
            setup::for_the_window()?;
            check::run()
        }
        Command::Bench(options) => bench::run(&options),
        Command::Relay(options) => relay::run(&options),
        Command::Setup => setup::for_tests(),
    }
}
