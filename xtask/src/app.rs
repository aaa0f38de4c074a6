//! `cargo xtask app`: the desktop app, from the sources, in a window.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;

use crate::{run, setup};

/// Which profile to open.
#[derive(Args)]
pub struct Options {
    /// The folder that holds your workspaces; by default the app's own.
    #[arg(long)]
    profile: Option<PathBuf>,
}

/// Sets up, builds and opens the app.
///
/// # Errors
/// When there is no display, or it does not build.
pub fn run(options: &Options) -> anyhow::Result<()> {
    display()?;
    setup::for_the_window()?;
    run::step("Building the app", &mut run::build())?;
    let mut app = run::command(&run::built("debug", "sheaf-desktop").to_string_lossy(), &[]);
    if let Some(profile) = &options.profile {
        app.env("SHEAF_PROFILE", std::path::absolute(profile)?);
    }
    run::step("Sheaf is open; this ends when you close it", &mut app)
}

/// Makes sure that a window can be shown.
///
/// # Errors
/// With what to do where there is no display.
pub fn display() -> anyhow::Result<()> {
    let shown = |name| std::env::var_os(name).is_some_and(|display| !display.is_empty());
    ensure!(
        !cfg!(target_os = "linux") || shown("DISPLAY") || shown("WAYLAND_DISPLAY"),
        "There is no display to open a window on. Run this in a desktop session; over ssh try `ssh -X`."
    );
    Ok(())
}
