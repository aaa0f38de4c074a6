//! Installing packages on Debian and Ubuntu.

use std::process::Command;

use super::found;
use super::need::{Name, Need};
use super::system::System;
use crate::run;

/// Installs what has a package, after saying what and why; says whether it did.
///
/// # Errors
/// When the packages cannot be installed.
pub fn install(system: System, missing: &[&Need]) -> anyhow::Result<bool> {
    let package = |need: &&Need| match need.name(system)? {
        Name::Package(name) => Some((*name, need.why)),
        Name::Thing(_) => None,
    };
    let packages: Vec<(&str, &str)> = missing.iter().filter_map(package).collect();
    if packages.is_empty() || !matches!(system, System::Debian | System::Ubuntu) {
        return Ok(false);
    }
    let (Some(mut update), Some(mut install)) = (apt_get(), apt_get()) else { return Ok(false) };
    run::say("Installing packages that are missing");
    for (name, why) in &packages {
        println!("  {name:<28} {why}");
    }
    run::step("Reading the package lists", update.args(["update", "-qq"]))?;
    install.args(["install", "--yes", "-qq", "--no-install-recommends"]);
    run::step("Installing", install.args(packages.iter().map(|(name, _)| name)))?;
    Ok(true)
}

/// Returns `apt-get` with the rights to install, for a person who has them.
fn apt_get() -> Option<Command> {
    found::program("apt-get")?;
    let mut command = if run::answer("id", &["-u"])? == "0" {
        run::command("env", &[])
    } else {
        found::program("sudo")?;
        run::command("sudo", &["env"])
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    Some(command)
}
