//! `cargo xtask relay`: a relay on this machine, from the sources.

use std::path::PathBuf;

use clap::Args;

use crate::{run, setup};

/// Where the relay keeps its data and listens.
#[derive(Args)]
pub struct Options {
    /// The folder for its database and keys.
    #[arg(long, default_value = "target/relay")]
    data: PathBuf,
    /// The address it listens on.
    #[arg(long, default_value = "127.0.0.1:7400")]
    listen: String,
}

/// Builds and runs the relay until it is stopped.
///
/// # Errors
/// When it does not build or ends with an error.
pub fn run(options: &Options) -> anyhow::Result<()> {
    setup::for_building()?;
    run::step(
        "Building the relay",
        &mut run::cargo(&["build", "--locked", "--release", "--package", "sheaf-relay"]),
    )?;
    let program = run::built("release", "sheaf-relay");
    run::step(
        "The relay runs until you press Ctrl-C",
        run::command(&program.to_string_lossy(), &["serve", "--listen", &options.listen])
            .arg("--data")
            .arg(&options.data),
    )
}
