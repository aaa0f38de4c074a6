//! `sheaf-relay`: the relay as a program.
//!
//! The operator's commands, and nothing else: what they do is in the library.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    sheaf_relay::install_crypto();
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(clippy::print_stderr, reason = "the operator reads it in the terminal")]
            {
                eprintln!("sheaf-relay: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}
