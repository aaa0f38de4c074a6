//! Set-up: finds out what a task lacks, all of it at once, and installs it or says exactly what to install.
//!
//! On Debian and Ubuntu it installs packages itself (as root, or through sudo); elsewhere it prints the list and stops.
//! What is there already is left alone, so a second run costs nothing.

mod apt;
mod found;
mod list;
mod need;
pub mod npm;
mod system;
mod toolchain;

use anyhow::ensure;

use crate::run;
pub use found::browser;
use need::{BROWSER, BUILDING, Need, SCREEN, SESSION, WINDOW};
use system::System;

/// Makes sure that the programs without a window can be built.
///
/// # Errors
/// With everything that is missing, where it cannot be installed from here.
pub fn for_building() -> anyhow::Result<()> {
    provide(&[BUILDING], &[toolchain::rust])
}

/// Makes sure that the desktop app can be built: its system libraries, and the interface as one page.
///
/// # Errors
/// As [`for_building`].
pub fn for_the_window() -> anyhow::Result<()> {
    with_the_interface(&[BUILDING, WINDOW])
}

/// Makes sure that the demo can be built, and has a session of its own.
///
/// # Errors
/// As [`for_building`].
pub fn for_the_demo() -> anyhow::Result<()> {
    with_the_interface(&[BUILDING, WINDOW, SESSION])
}

/// Makes sure that everything can be built and tested.
///
/// # Errors
/// As [`for_building`].
pub fn for_tests() -> anyhow::Result<()> {
    with_the_interface(&[BUILDING, WINDOW, SESSION, SCREEN, BROWSER])?;
    npm::ensure(&run::root().join("tests/yjs"))
}

fn with_the_interface(needs: &[&[Need]]) -> anyhow::Result<()> {
    provide(needs, &[toolchain::rust, toolchain::node])?;
    let interface = run::root().join("ui");
    npm::ensure(&interface)?;
    run::step("Building the interface", &mut npm::script(&interface, "build"))
}

/// Installs what is missing, or fails with all of it in one message.
fn provide(needs: &[&[Need]], toolchains: &[fn() -> anyhow::Result<()>]) -> anyhow::Result<()> {
    let system = System::here();
    let mut missing: Vec<&Need> = needs.iter().copied().flatten().filter(|need| need.lacks(system)).collect();
    let mut sentences: Vec<String> =
        toolchains.iter().filter_map(|check| check().err()).map(|error| error.to_string()).collect();
    if sentences.is_empty() && apt::install(system, &missing)? {
        missing.retain(|need| need.lacks(system));
    }
    if !missing.is_empty() {
        sentences.push(list::of(system, &missing));
    }
    ensure!(sentences.is_empty(), "{}", sentences.join("\n\n"));
    Ok(())
}
