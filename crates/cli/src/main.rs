//! `sheaf`: a replica without a window.
//!
//! Every command opens the workspace itself, does one thing and says what it did. Reading works beside a running app;
//! writing needs the workspace for itself and says so. There is no product logic here: `sheaf-client` has it, and the
//! desktop app calls the same.

mod args;
mod commands;
mod connection;
mod failure;
mod output;
mod pick;
mod place;
mod replay;
mod trace;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use crate::args::Cli;
use crate::output::Output;

/// What to log, in the words of `tracing`'s filters; nothing by default.
const LOG: &str = "SHEAF_LOG";

#[tokio::main]
async fn main() -> ExitCode {
    sheaf_client::install_crypto();
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let output = Output { json: cli.json };
    match commands::run(cli, output).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.message.is_empty() {
                output.complain(&failure);
            }
            ExitCode::from(failure.code as u8)
        }
    }
}
