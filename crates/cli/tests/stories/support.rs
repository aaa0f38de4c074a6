//! A person at a terminal: the real `sheaf` on a profile of their own.

use std::path::PathBuf;
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A person's device.
pub struct Device {
    pub folder: TempDir,
}

/// What a command said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Device {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for the profile") }
    }

    /// Runs `sheaf` with an empty standard input.
    pub fn sheaf(&self, args: &[&str]) -> Said {
        self.sheaf_with(args, "")
    }

    /// Runs `sheaf` with this text piped in.
    pub fn sheaf_with(&self, args: &[&str], input: &str) -> Said {
        let output = self.command().args(args).write_stdin(input).output().expect("sheaf runs");
        said(output)
    }

    /// Returns what `sheaf --json` printed, and holds it to success.
    pub fn json(&self, args: &[&str], input: &str) -> Value {
        let said = self.sheaf_with(&[args, &["--json"]].concat(), input);
        assert_eq!(said.code, 0, "{args:?} failed: {}", said.err);
        serde_json::from_str(&said.out).expect("one object on one line")
    }

    fn command(&self) -> Command {
        let mut command = plain();
        command.env("SHEAF_PROFILE", self.folder.path());
        command
    }
}

/// Returns a `sheaf` that nothing on this machine has an influence on.
pub fn plain() -> Command {
    let mut command = Command::cargo_bin("sheaf").expect("the program was built");
    for name in [
        "SHEAF_PROFILE",
        "SHEAF_NAME",
        "SHEAF_EMAIL",
        "SHEAF_PASSWORD",
        "COLUMNS",
        "DBUS_SESSION_BUS_ADDRESS",
    ] {
        command.env_remove(name);
    }
    command.timeout(std::time::Duration::from_secs(300));
    command
}

pub fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// One of the project's own traces.
pub fn trace(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/traces").join(name);
    path.to_str().expect("a plain path").to_owned()
}
