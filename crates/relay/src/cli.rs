//! The commands and their help.
#![expect(clippy::print_stdout, reason = "a command line prints")]

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use sheaf_document::ids::DocumentId;
use sheaf_protocol::rest::check_name;
use sheaf_relay::config::{Bounds, LARGEST_FILE, LISTEN, NAME};
use sheaf_relay::storage::Role;
use sheaf_relay::{Config, Relay, RelayHandle, invitation, logging, orphans, restored, worker};

/// Keeps a team's documents and passes them on.
#[derive(Parser)]
#[command(
    version,
    after_help = "The first start:\n  \
        sheaf-relay serve --data ./relay        prints a link; open it in Sheaf to become the owner\n  \
        sheaf-relay invite --data ./relay       makes a link for somebody else, also while the relay runs\n\n\
        Everything lies in the data folder. To back it up, stop the relay and copy the folder, keys included.\n\
        To go back to a backup, stop the relay, put the folder back, and run `sheaf-relay restored --data ./relay` once."
)]
struct Command {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Runs the relay until Ctrl-C or SIGTERM.
    Serve(Serve),
    /// Makes an invitation link: good for one account and seven days.
    Invite(Invite),
    /// Run this once after putting back a backup: people then bring back what they wrote since it was made.
    Restored(Restored),
    /// Prints the plain text of a document, also while the relay runs.
    Text(Text),
    /// Removes files that no document ever showed and nobody told of.
    CleanFiles(CleanFiles),
    /// Reads a document for the command `text`.
    #[command(name = worker::COMMAND, hide = true)]
    Worker,
}

#[derive(Args)]
struct Serve {
    /// The data folder; made where it is missing.
    #[arg(long, value_name = "DIR", env = "SHEAF_DATA")]
    data: PathBuf,
    /// Where to listen. Others reach the relay through a TLS proxy in front of it.
    #[arg(long, value_name = "ADDRESS", default_value_t = LISTEN, env = "SHEAF_LISTEN")]
    listen: SocketAddr,
    /// What replicas call this relay, such as https://sheaf.example.org; invitation links begin with it.
    #[arg(long, value_name = "URL", env = "SHEAF_PUBLIC_URL")]
    public_url: Option<String>,
    /// What the team is called; its people see it above their documents.
    #[arg(long, value_name = "NAME", default_value = NAME, env = "SHEAF_TEAM", value_parser = team_name)]
    name: String,
    /// Speaks plain HTTP even where others can reach it. Passwords and texts cross the network in the clear.
    #[arg(long)]
    insecure_http: bool,
    /// Believes the proxy in front of it about where requests come from (the last hop of X-Forwarded-For), so that
    /// strangers are counted by their own address.
    #[arg(long)]
    trust_proxy: bool,
    /// The largest file that somebody may add, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = LARGEST_FILE, env = "SHEAF_LARGEST_FILE")]
    largest_file: u64,
    /// Writes the log as JSON, one object a line.
    #[arg(long)]
    log_json: bool,
    /// What to log: a level, or target=level pairs.
    #[arg(long, value_name = "FILTER", default_value = "info", env = "SHEAF_LOG")]
    log: String,
}

#[derive(Args)]
struct Invite {
    /// The relay's data folder.
    #[arg(long, value_name = "DIR", env = "SHEAF_DATA")]
    data: PathBuf,
    /// Invites another owner instead of a member.
    #[arg(long)]
    owner: bool,
}

#[derive(Args)]
struct Restored {
    /// The relay's data folder; no relay may be running on it.
    #[arg(long, value_name = "DIR", env = "SHEAF_DATA")]
    data: PathBuf,
}

#[derive(Args)]
struct Text {
    /// The relay's data folder.
    #[arg(long, value_name = "DIR", env = "SHEAF_DATA")]
    data: PathBuf,
    /// The document's id.
    document: DocumentId,
}

#[derive(Args)]
struct CleanFiles {
    /// The relay's data folder; no relay may be running on it, unless this is a dry run.
    #[arg(long, value_name = "DIR", env = "SHEAF_DATA")]
    data: PathBuf,
    /// Only says what would be removed.
    #[arg(long)]
    dry_run: bool,
    /// How many days a file must have lain there: what tells of it may still be on somebody's device.
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    after: u64,
}

/// A team's name keeps to the rules of a person's.
fn team_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    check_name(name).map_err(|_| "a name has 1 to 80 characters".to_owned())?;
    Ok(name.to_owned())
}

/// Runs what the command line asks for.
pub fn run() -> Result<()> {
    match Command::parse().action {
        Action::Serve(options) => runtime()?.block_on(serve(options)),
        Action::Invite(options) => {
            let role = if options.owner { Role::Owner } else { Role::Member };
            let link = invitation::by_operator(&options.data, role)?;
            println!("{}", link.expose());
            Ok(())
        }
        Action::Restored(options) => {
            let head = restored::begin_new_life(&options.data)?;
            println!(
                "The log holds {head} entries. What was acknowledged since comes back from people's devices."
            );
            Ok(())
        }
        Action::Text(options) => Ok(worker::print_text(&options.data, options.document)?),
        Action::CleanFiles(options) => clean_files(&options),
        Action::Worker => Ok(worker::run(std::io::stdin().lock(), std::io::stdout().lock())?),
    }
}

fn clean_files(options: &CleanFiles) -> Result<()> {
    let grace = Duration::from_secs(options.after.saturating_mul(24 * 60 * 60));
    let orphans = orphans::clean(&options.data, grace, SystemTime::now(), options.dry_run)?;
    let done = if options.dry_run { "would be removed" } else { "were removed" };
    println!("{} files ({} bytes) that nothing mentions {done}.", orphans.files, orphans.bytes);
    if orphans.is_log_newer {
        println!(
            "Some of the log only a newer relay can read, so files that it may mention were left alone."
        );
    }
    Ok(())
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")
}

async fn serve(options: Serve) -> Result<()> {
    let form = if options.log_json { logging::Form::Json } else { logging::Form::Text };
    logging::start(form, &options.log);
    let largest_file = options.largest_file.saturating_mul(1 << 20);
    let config = Config {
        listen: options.listen,
        public_url: options.public_url,
        name: options.name,
        insecure_http: options.insecure_http,
        trust_proxy: options.trust_proxy,
        bounds: Bounds { largest_file, ..Bounds::default() },
        ..Config::new(options.data)
    };
    let relay = Relay::start(config).await?;
    greet(&relay);
    tokio::select! {
        asked = asked_to_stop() => asked?,
        () = relay.broken() => bail!("the thread that writes has ended, which is a bug: its last words stand above; nothing acknowledged is lost, start the relay again"),
    }
    relay.stop().await?;
    Ok(())
}

fn greet(relay: &RelayHandle) {
    let mut greeting = format!("The relay listens on http://{}.\n", relay.addr);
    if let Some(link) = &relay.owner_invitation {
        greeting += "Nobody owns it yet. Open this link in Sheaf within seven days (it works once):\n\n  ";
        greeting += link;
        greeting += "\n\n";
    }
    // A closed terminal is no reason not to serve.
    let _ = std::io::stdout().write_all(greeting.as_bytes());
}

/// Waits for Ctrl-C or the system's wish.
async fn asked_to_stop() -> Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await?;
    Ok(())
}
