//! The commands, a file each: what is asked of a workspace, and the report of what was done.

mod append;
mod asking;
mod cat;
mod export;
mod import;
mod invite;
mod join;
mod left;
mod list;
mod mirror;
mod new;
mod publish;
mod replay;
mod search;
mod status;
mod sync;
mod tree;

use std::io::{self, IsTerminal as _, Read as _};

use tokio_util::sync::CancellationToken;

use crate::args::{Cli, Command};
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::place::Place;

/// More Markdown than this is not read at once: no relay takes so large a change.
const LARGEST: u64 = 16 << 20;

/// Does what was asked.
///
/// # Errors
/// Whatever the command says; its exit code and sentence are in the failure.
pub async fn run(cli: Cli, output: Output) -> Result<(), Failure> {
    let place = Place::find(cli.profile)?;
    match cli.command {
        Command::Join(args) => join::run(args, &place, output).await,
        Command::Publish(args) => publish::run(args, &place, output).await,
        Command::Invite => invite::run(&place, output).await,
        Command::Status => status::run(&place, output),
        Command::List(args) => list::run(&args, &place, output),
        Command::Search(args) => search::run(&args, &place, output),
        Command::New(args) => new::run(args, &place, output).await,
        Command::Cat(args) => cat::run(&args, &place, output),
        Command::Append(args) => append::run(args, &place, output).await,
        Command::Move(args) => tree::put(args, &place, output).await,
        Command::Trash(args) => tree::trash(args, true, &place, output).await,
        Command::Restore(args) => tree::trash(args, false, &place, output).await,
        Command::Import(args) => import::run(args, &place, output).await,
        Command::Export(args) => export::run(&args, &place, output).await,
        Command::Sync(args) => sync::run(&args, &place, output).await,
        Command::Mirror(args) => mirror::run(args, &place, output).await,
        Command::Replay(args) => replay::run(&args, &place, output).await,
    }
}

/// Reads Markdown from standard input, to its end.
fn markdown_from_stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        let sentence =
            "That is more than 16 MiB at once. Nothing was written; cut it into several documents.";
        return Err(Failure::new(Exit::Refused, sentence));
    }
    String::from_utf8(bytes)
        .map_err(|_| Failure::new(Exit::Usage, "What was piped in is not UTF-8 text. Nothing was written."))
}

/// Returns what is cancelled when somebody presses Ctrl-C: what takes long then ends in good order.
fn until_interrupted() -> CancellationToken {
    let (cancel, pressed) = (CancellationToken::new(), tokio::signal::ctrl_c());
    let ended = cancel.clone();
    tokio::spawn(async move {
        if pressed.await.is_ok() {
            ended.cancel();
        }
    });
    cancel
}

/// Says whether a person sits at standard input.
fn is_asking_possible() -> bool {
    io::stdin().is_terminal()
}
