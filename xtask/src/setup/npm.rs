//! npm packages, installed from a folder's lock file, again only when that file changed.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

use crate::run;

/// Installs a folder's packages as its lock file says, without running their scripts.
///
/// Not by `npm ci`: that refuses a lock file which lacks the optional packages of other systems (the formatter has one for
/// each), and npm writes such lock files when it cannot see them all. Those that a contributor needs are named in
/// `package.json` itself: an older npm looks beyond its lock file only for what stands there.
///
/// # Errors
/// When npm fails.
pub fn ensure(folder: &Path) -> anyhow::Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    run::step(
        &format!("Installing npm packages of {}", folder.display()),
        run::command(
            npm,
            &["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        )
        .current_dir(folder),
    )?;
    fs::write(&stamp, wanted).with_context(|| format!("{} cannot be written", stamp.display()))
}

/// Returns the command that runs a script of a folder's `package.json`.
pub fn script(folder: &Path, name: &str) -> Command {
    npm(folder, &["run", "--silent", name])
}

fn npm(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = run::command(if cfg!(windows) { "npm.cmd" } else { "npm" }, arguments);
    command.current_dir(folder);
    command
}
