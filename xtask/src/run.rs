//! Running other programs, aloud: what runs is printed first, what it took afterwards.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, bail};

/// Everything that is built but this tool: it runs, and a system may not let a running program be replaced. Always all of
/// it, for cargo chooses features anew for each selection of packages and would build the window's libraries once for each.
pub const EVERYTHING: &[&str] = &["--locked", "--workspace", "--exclude", "xtask"];

/// Returns the repository's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Returns a command that runs in the repository's root.
pub fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Returns a `cargo` command, of the toolchain that runs this tool.
pub fn cargo(arguments: &[&str]) -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()), arguments)
}

/// Returns the command that builds every program.
pub fn build() -> Command {
    let mut build = cargo(&["build", "--bins"]);
    build.args(EVERYTHING);
    build
}

/// Returns where cargo puts a program of ours, of a debug or a release build.
pub fn built(build: &str, program: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root().join(target).join(build).join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// Says what comes next.
pub fn say(sentence: &str) {
    println!("\x1b[1m▸ {sentence}\x1b[0m");
}

/// Runs a command to its end, and fails with its name when it fails.
///
/// # Errors
/// When the program cannot be started or ends with anything but 0.
pub fn step(title: &str, command: &mut Command) -> anyhow::Result<()> {
    say(title);
    let begun = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("{} could not be started", command.get_program().display()))?;
    if !status.success() {
        bail!("{title}: {} ended with {status}", command.get_program().display());
    }
    println!("  {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Returns what a command prints, or `None` when it is not there or fails.
pub fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = command(program, arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
