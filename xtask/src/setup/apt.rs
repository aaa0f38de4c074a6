//! Packages of Debian and Ubuntu, and the list for everyone else.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::Need;
use crate::run;

/// Installs what is missing, after saying what and why.
///
/// # Errors
/// When the packages cannot be installed from here; the message is the list to install.
pub fn ensure(needs: &[Need]) -> anyhow::Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !is_there(need.shown_by)).collect();
    if missing.is_empty() || !cfg!(target_os = "linux") {
        return Ok(()); // macOS and Windows bring a compiler with the toolchain, and a keychain with the system
    }
    let list = missing
        .iter()
        .map(|need| format!("  {:<28} {}", need.package, need.why))
        .collect::<Vec<_>>()
        .join("\n");
    let Some(mut install) = installer() else {
        bail!(
            "these are missing; install them with your system's package manager, then run this again:\n{list}\n(names as in Debian)"
        );
    };
    run::say("Installing packages that are missing");
    println!("{list}");
    let (program, arguments) = install.split_first_mut().context("no installer")?;
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let update: Vec<&str> = arguments.iter().copied().chain(["update", "-qq"]).collect();
    run::step("Reading the package lists", &mut run::command(program, &update))?;
    arguments.extend(["install", "--yes", "-qq", "--no-install-recommends"]);
    arguments.extend(missing.iter().map(|need| need.package));
    run::step("Installing", run::command(program, &arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_there(shown_by: &str) -> bool {
    if shown_by.contains('/') {
        return Path::new(shown_by).exists();
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(shown_by).is_file())
}

/// Returns the command that installs packages: `apt-get` for root, else through `sudo`, else nothing.
fn installer() -> Option<Vec<String>> {
    if !is_there("apt-get") {
        return None;
    }
    if run::answer("id", &["-u"]).as_deref() == Some("0") {
        return Some(vec!["apt-get".into()]);
    }
    is_there("sudo").then(|| vec!["sudo".into(), "apt-get".into()])
}
