//! People at terminals: the project's own programs, built and run as anybody runs them.

use std::env;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

pub const PASSWORD: &str = "correct horse battery";

/// A terminal on a device, and whose it is.
pub struct Terminal {
    sheaf: PathBuf,
    email: String,
    profile: TempDir,
}

impl Terminal {
    /// Puts somebody at a terminal where nothing has been done yet.
    pub fn of(name: &str) -> anyhow::Result<Self> {
        let email = format!("{}@example.org", name.to_lowercase());
        Ok(Self { sheaf: program("sheaf-cli", "sheaf")?, email, profile: tempfile::tempdir()? })
    }

    /// Takes an invitation.
    pub fn join(name: &str, invitation: &str) -> anyhow::Result<Self> {
        let terminal = Self::of(name)?;
        terminal.says(&["join", invitation, "--name", name])?;
        Ok(terminal)
    }

    /// Somebody who has an account sits down at one more device.
    pub fn sign_in(name: &str, relay: SocketAddr) -> anyhow::Result<Self> {
        let terminal = Self::of(name)?;
        terminal.says(&["join", &format!("http://{relay}"), "--sign-in"])?;
        Ok(terminal)
    }

    /// Returns where everything lies that was done here.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Returns `sheaf` with these arguments, ready to run.
    pub fn sheaf(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.sheaf);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Without a keychain: every run signs in for itself.
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("SHEAF_PROFILE", self.profile.path());
        command.env("SHEAF_EMAIL", &self.email).env("SHEAF_PASSWORD", PASSWORD);
        command
    }

    /// Runs `sheaf` with this piped in, and returns its exit code and what it complains of.
    pub fn fails(&self, args: &[&str], input: &[u8]) -> anyhow::Result<(i32, String)> {
        let mut running = self.sheaf(args).stdin(Stdio::piped()).spawn()?;
        // Who refuses before reading closes the pipe; what it says is what counts.
        let _ = running.stdin.take().context("a pipe")?.write_all(input);
        let output = running.wait_with_output()?;
        Ok((output.status.code().unwrap_or(-1), String::from_utf8(output.stderr)?))
    }

    /// Runs `sheaf`, which is to succeed, and returns what it says.
    pub fn says(&self, args: &[&str]) -> anyhow::Result<String> {
        said(args, self.sheaf(args).output()?)
    }
}

/// Returns what a program said that is to succeed.
pub fn said(args: &[&str], output: Output) -> anyhow::Result<String> {
    let trouble = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{args:?}: {} {trouble}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// Returns a program: the workspace's tests build it beside these stories; a story on its own builds it where it is missing.
pub fn program(package: &str, name: &str) -> anyhow::Result<PathBuf> {
    let story = env::current_exe()?;
    let folder = story.parent().and_then(Path::parent).context("a build folder")?;
    let program = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if !program.exists() {
        let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--package", package]).status()?;
        ensure!(built.success(), "{name} cannot be built");
    }
    Ok(program)
}
