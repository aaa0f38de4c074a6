//! `cargo xtask demo`: a relay and two app windows side by side, two people in one document.
//!
//! Everything lives in `target/demo` and is made anew each time. On Linux it also has a session bus and a keychain of its
//! own, so that nobody's real one is touched and the demo works where there is none.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use clap::Args;

use crate::{app, run, setup};

const PASSWORD: &str = "a demo on this machine";
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
    setup::for_tests()?;
    run::step("Building", &mut run::cargo(run::EVERY_PROGRAM))?;
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
        session
    } else {
        run::command(&myself.to_string_lossy(), &["demo", "--inside"])
    };
    run::step("The demo runs until you close both windows", &mut again)
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
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let serve =
        program("sheaf-relay", &["serve", "--listen", &address.to_string()]).arg("--data").arg(&data).spawn();
    let _relay = Running(serve.context("the relay does not start")?);
    // It listens before it writes the invitation, so the file says that it is there.
    let invitation = data.join("owner-invitation.txt");
    let until = Instant::now() + Duration::from_secs(20);
    while !invitation.exists() {
        ensure!(Instant::now() < until, "the relay does not start on {address}");
        std::thread::sleep(Duration::from_millis(50));
    }
    let owner = link(&fs::read_to_string(invitation)?)?;
    let (ada, tomas) = (folder.join("ada"), folder.join("tomas"));
    join(&ada, &owner, "Ada")?;
    let text = folder.join("text.md");
    fs::write(&text, TEXT)?;
    run::step("Ada writes", sheaf(&ada, &["new", TITLE]).stdin(fs::File::open(&text)?))?;
    run::step("Ada sends it to the relay", &mut sheaf(&ada, &["sync"]))?;

    let invite = program("sheaf-relay", &["invite", "--data"]).arg(&data).output()?;
    join(&tomas, &link(&String::from_utf8_lossy(&invite.stdout))?, "Tomás")?;
    run::step("Tomás fetches it", &mut sheaf(&tomas, &["sync"]))?;

    let windows = [open(&ada)?, open(&tomas)?];
    for mut window in windows {
        window.0.wait()?;
    }
    Ok(())
}

fn join(profile: &Path, link: &str, name: &str) -> anyhow::Result<()> {
    let email = format!("{}@example.org", name.to_lowercase().replace('á', "a"));
    run::step(
        &format!("{name} joins"),
        &mut sheaf(profile, &["join", link, "--name", name, "--email", &email]),
    )
}

fn open(profile: &Path) -> anyhow::Result<Running> {
    let window = program("sheaf-desktop", &[]).env("SHEAF_PROFILE", profile).spawn();
    Ok(Running(window.context("the app does not start")?))
}

fn sheaf(profile: &Path, arguments: &[&str]) -> Command {
    let mut command = program("sheaf", &["--profile"]);
    command.arg(profile).args(arguments).env("SHEAF_PASSWORD", PASSWORD).stdin(Stdio::null());
    command
}

fn program(name: &str, arguments: &[&str]) -> Command {
    run::command(&run::built(name).to_string_lossy(), arguments)
}

/// Finds the invitation in what the relay says.
fn link(said: &str) -> anyhow::Result<String> {
    let link = said.split_whitespace().find(|word| word.contains("/join#"));
    link.map(str::to_owned).context("the relay gave no invitation")
}
