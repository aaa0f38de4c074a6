//! `cargo xtask demo`: a relay and two app windows side by side, two people in one document.
//!
//! Everything lives in `target/demo` and is made anew each time. On Linux it also has a session bus and a keychain of its
//! own, so that nobody's real one is touched and the demo works where there is none.

mod line;
mod stage;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use anyhow::Context as _;
use clap::Args;

use crate::{app, run, setup};
use line::Line;
use stage::{Person, Stage};

const PASSWORD: &str = "a demo on this machine";
const TEAM: &str = "Harbour crew";
const TITLE: &str = "Ferry timetable";
const TEXT: &str = "The winter schedule starts on the first Monday of December.

## Before the season

- [x] Ask the harbour master about berth 4
- [ ] Print the new cards
- [ ] Check the tides against the almanac
";

/// How to run the demo.
#[derive(Args)]
pub struct Options {
    /// Set-up, build and keychain are there already: the demo calls itself with this.
    #[arg(long, hide = true)]
    inside: bool,
}

/// Builds everything, then runs a relay and two windows until both are closed.
///
/// # Errors
/// When there is no display, something does not build, or a step of the demo fails.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let folder = run::root().join("target/demo");
    if options.inside {
        return play(&folder);
    }
    app::display()?;
    setup::for_the_demo()?;
    run::step("Building", &mut run::build())?;
    if folder.exists() {
        fs::remove_dir_all(&folder).context("target/demo cannot be emptied: is another demo running?")?;
    }
    fs::create_dir_all(folder.join("home"))?;
    let myself = std::env::current_exe()?;
    let mut again = if cfg!(target_os = "linux") {
        let script = "printf demo | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec \"$0\" demo --inside";
        let mut session = run::command("dbus-run-session", &["--", "sh", "-c", script]);
        session
            .arg(myself)
            .env("XDG_DATA_HOME", folder.join("home"))
            .env("XDG_RUNTIME_DIR", folder.join("home"));
        if let Some(screen) = wayland() {
            session.env("WAYLAND_DISPLAY", screen);
        }
        session
    } else {
        run::command(&myself.to_string_lossy(), &["demo", "--inside"])
    };
    run::step("The demo runs until you close both windows", &mut again)
}

/// Returns where the Wayland screen listens, by its full path: its name alone is looked up in the folder that the demo replaces.
fn wayland() -> Option<PathBuf> {
    let name = std::env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty())?;
    Some(Path::new(&std::env::var_os("XDG_RUNTIME_DIR")?).join(name))
}

/// Ends a program with the demo, however the demo ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn play(folder: &Path) -> anyhow::Result<()> {
    let data = folder.join("relay");
    let (_relay, invitation) = serve(&data)?;
    let relay = relay_of(&invitation)?;
    let line = Line::to(relay)?;
    let through_the_line = |link: &str| link.replace(&relay.to_string(), &line.address().to_string());

    let (ada, tomas) = (folder.join("ada"), folder.join("tomas"));
    join(&ada, &through_the_line(&invitation), "Ada")?;
    let text = folder.join("text.md");
    fs::write(&text, TEXT)?;
    run::step("Ada writes", sheaf(&ada, &["new", TITLE]).stdin(fs::File::open(&text)?))?;
    run::step("Ada sends it to the relay", &mut sheaf(&ada, &["sync"]))?;

    let invite = program("sheaf-relay", &["invite", "--data"]).arg(&data).output()?;
    let said = String::from_utf8_lossy(&invite.stdout);
    let invitation = said.lines().find_map(link).context("the relay gives no invitation")?;
    join(&tomas, &through_the_line(&invitation), "Tomás")?;
    run::step("Tomás fetches it", &mut sheaf(&tomas, &["sync"]))?;

    Stage::new([Person::new("Ada", ada, "left"), Person::new("Tomás", tomas, "right")], line).play()
}

/// Starts the relay, and waits until it says the owner's invitation.
fn serve(data: &Path) -> anyhow::Result<(Running, String)> {
    let mut serve =
        program("sheaf-relay", &["serve", "--listen", "127.0.0.1:0", "--name", TEAM, "--log", "warn"]);
    serve.arg("--data").arg(data).stdout(Stdio::piped());
    let mut relay = Running(serve.spawn().context("the relay does not start")?);
    let said = relay.0.stdout.take().context("the relay has no voice")?;
    let mut lines = BufReader::new(said).lines().map_while(Result::ok);
    let invitation = lines.find_map(|line| link(&line)).context("the relay ends before it serves")?;
    thread::spawn(move || lines.for_each(|line| println!("{line}"))); // it goes on talking, and must not wait for a reader
    Ok((relay, invitation))
}

fn join(profile: &Path, link: &str, name: &str) -> anyhow::Result<()> {
    let email = format!("{}@example.org", name.to_lowercase().replace('á', "a"));
    run::step(
        &format!("{name} joins"),
        &mut sheaf(profile, &["join", link, "--name", name, "--email", &email]),
    )
}

fn sheaf(profile: &Path, arguments: &[&str]) -> Command {
    let mut command = program("sheaf", &["--profile"]);
    command.arg(profile).args(arguments).env("SHEAF_PASSWORD", PASSWORD).stdin(Stdio::null());
    command
}

fn program(name: &str, arguments: &[&str]) -> Command {
    run::command(&run::built("debug", name).to_string_lossy(), arguments)
}

/// Finds an invitation in a line of what the relay says.
fn link(said: &str) -> Option<String> {
    said.split_whitespace().find(|word| word.contains("/join#")).map(str::to_owned)
}

/// Returns the relay that an invitation leads to.
fn relay_of(invitation: &str) -> anyhow::Result<SocketAddr> {
    let address = invitation.strip_prefix("http://").and_then(|rest| rest.split('/').next());
    address.context("the relay is not on this machine")?.parse().context("the invitation names no address")
}
