//! `cargo xtask bench`: every measurement, one after another, so that none disturbs another, as one table.
//!
//! A bench prints a line for each figure; here they are only gathered and shown. What does not hold is shown as such and
//! is no error unless `--gate` says so: on a busy machine a missed gate is news about the machine.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use clap::Args;

mod machine;
mod table;

use crate::{run, setup};
use machine::Machine;
use table::Figure;

/// Every bench, in the order of the table.
const BENCHES: &[&str] = &["commit", "update", "codec", "search", "relay", WINDOW];
/// The one that drives the app itself in a real window.
const WINDOW: &str = "window";
/// What marks a figure among what a bench says.
const MARK: &str = "FIGURE ";

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// Fewer rounds: a look, not a result.
    #[arg(long)]
    quick: bool,
    /// Writes docs/benchmarks.md.
    #[arg(long)]
    write: bool,
    /// Fails when a gate does not hold.
    #[arg(long)]
    gate: bool,
    /// Only this bench.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(BENCHES))]
    only: Option<String>,
}

/// Builds in release, measures, prints the table.
///
/// # Errors
/// When a bench does not build or breaks; with `--gate` also when a gate does not hold.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let wanted = |bench: &&&str| options.only.as_deref().is_none_or(|only| only == **bench);
    let benches: Vec<&str> = BENCHES.iter().filter(wanted).copied().collect();
    if benches.contains(&WINDOW) {
        setup::for_tests()?;
        run::step("Building the app", run::build().arg("--release"))?;
    } else {
        setup::for_building()?;
    }
    let mut build = run::cargo(&["bench", "--locked", "--package", "sheaf-stories", "--no-run"]);
    benches.iter().for_each(|bench| {
        build.args(["--bench", bench]);
    });
    run::step("Building the benches", &mut build)?;
    let mut machine = Machine::look();
    let mut figures = Vec::new();
    for bench in benches {
        figures.extend(measure(bench, options.quick)?);
    }
    machine.look_again();
    let (rows, machine) = (table::markdown(&figures), machine.to_string());
    println!("\n{rows}\n{machine}");
    if options.write {
        let path = run::root().join("docs/benchmarks.md");
        let page = table::page(&rows, &machine);
        fs::write(&path, page).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let missed: Vec<&str> =
        figures.iter().filter(|figure| !figure.holds).map(|figure| figure.what.as_str()).collect();
    ensure!(missed.is_empty() || !options.gate, "These gates do not hold: {}.", missed.join("; "));
    Ok(())
}

/// Runs one bench and returns its figures.
fn measure(bench: &str, quick: bool) -> anyhow::Result<Vec<Figure>> {
    run::say(&format!("Measuring: {bench}"));
    let mut command =
        run::cargo(&["bench", "--quiet", "--locked", "--package", "sheaf-stories", "--bench", bench]);
    if quick {
        command.args(["--", "1"]);
    }
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let output = child.stdout.take().context("a bench without output")?;
    let mut figures = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        match line.strip_prefix(MARK) {
            Some(figure) => {
                let figure: Figure = serde_json::from_str(figure)
                    .with_context(|| format!("{bench} printed a figure that is none: {figure}"))?;
                println!("  {}", figure.sentence());
                figures.push(figure);
            }
            None => println!("  {line}"),
        }
    }
    let status = child.wait()?;
    ensure!(status.success(), "{bench} ended with {status}");
    Ok(figures)
}
