//! What a desktop session has and a test machine lacks: a screen, a bus, an unlocked keychain. Each story has its own, home
//! folder included, so nobody's keychain is touched; all of it ends with the story.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

/// Keeps the webview from passing its frames through a graphics card.
const CARD: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// A desktop session without a desk.
pub struct Session {
    home: TempDir,
    /// The screen's name.
    pub display: String,
    bus: String,
    /// The last one started ends first.
    running: Vec<Running>,
}

/// A process that ends with its owner.
pub struct Running(pub Child);

impl Drop for Session {
    fn drop(&mut self) {
        while self.running.pop().is_some() {}
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Session {
    /// Puts a command into the session.
    pub fn enter(&self, command: &mut Command) {
        command
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("XDG_CACHE_HOME", self.home.path().join("cache"))
            .env("XDG_RUNTIME_DIR", self.home.path())
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("LANG", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1") // no bus for screen readers, which would outlive the story
            .env_remove("WAYLAND_DISPLAY")
            .env_remove(CARD);
        // This screen is no card's: where the machine has one, the app has to be told, and else finds out itself.
        if Path::new("/dev/dri").is_dir() {
            command.env(CARD, "1");
        }
    }

    /// Begins a session.
    pub fn begin() -> Arc<Self> {
        let home = tempfile::tempdir().expect("a home for the session");
        let (screen, display) = screen();
        let (daemon, bus) = bus(home.path());
        let mut session = Self { home, display, bus, running: vec![screen, daemon] };
        let keychain = session.unlock_keychain();
        session.running.push(keychain);
        Arc::new(session)
    }

    fn unlock_keychain(&self) -> Running {
        let mut command = Command::new("gnome-keyring-daemon");
        self.enter(command.args(["--foreground", "--unlock", "--components=secrets"]));
        let mut daemon = quiet(&mut command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("gnome-keyring-daemon starts; `cargo xtask test` installs it");
        daemon.stdin.take().expect("it was piped").write_all(b"open sesame").expect("it listens");
        // It says where it listens once it is unlocked.
        let stdout = daemon.stdout.take().expect("it was piped");
        BufReader::new(stdout).read_line(&mut String::new()).expect("the keychain is unlocked");
        Running(daemon)
    }
}

/// Starts a screen on a free number, which it says itself.
fn screen() -> (Running, String) {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", "1400x900x24", "-nolisten", "tcp"]);
    let (running, number) = first_line(&mut command, "Xvfb");
    (running, format!(":{number}"))
}

fn bus(home: &Path) -> (Running, String) {
    let mut command = Command::new("dbus-daemon");
    command.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]).env("HOME", home);
    first_line(&mut command, "dbus-daemon")
}

/// Starts a program and waits for the first line that it prints.
fn first_line(command: &mut Command, name: &str) -> (Running, String) {
    let mut child = quiet(command)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name} does not start ({error}); `cargo xtask test` installs it"));
    let mut line = String::new();
    let stdout = child.stdout.take().expect("it was piped");
    BufReader::new(stdout).read_line(&mut line).expect("it prints a line");
    (Running(child), line.trim().to_owned())
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}
