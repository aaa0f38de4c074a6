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
use tracing_subscriber::filter::{EnvFilter, FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt, registry};

use crate::args::Cli;
use crate::output::Output;

/// What to log, in the words of `tracing`'s filters; nothing by default.
const LOG: &str = "SHEAF_LOG";

#[tokio::main]
async fn main() -> ExitCode {
    sheaf_client::install_crypto();
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env(LOG).unwrap_or_else(|_| EnvFilter::new("off"));
    let filter = filter.and(filter_fn(sheaf_client::may_be_logged));
    registry().with(fmt::layer().with_writer(std::io::stderr).with_filter(filter)).init();
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
