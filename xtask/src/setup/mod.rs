//! Set-up: finds out what is missing and installs it, or says exactly what to install.
//!
//! On Debian and Ubuntu it installs packages itself (as root, or through sudo); elsewhere it prints the list and stops.
//! What is there already is left alone, so a second run costs nothing.

mod apt;
mod npm;
mod toolchain;

use crate::run;

/// A package and what it is for.
pub struct Need {
    /// The Debian package.
    pub package: &'static str,
    /// A program or a file that shows it is there: a name without a slash is looked up in `PATH`.
    pub shown_by: &'static str,
    /// Why it is needed, for the person who is asked for a password.
    pub why: &'static str,
}

const BUILDING: &[Need] = &[
    Need { package: "build-essential", shown_by: "cc", why: "compiles SQLite and the cryptography" },
    Need { package: "cmake", shown_by: "cmake", why: "configures the cryptography" },
];

const TESTING: &[Need] = &[
    Need { package: "dbus-daemon", shown_by: "dbus-daemon", why: "a session bus of the tests' own" },
    Need { package: "dbus", shown_by: "dbus-run-session", why: "starts that bus" },
    Need { package: "gnome-keyring", shown_by: "gnome-keyring-daemon", why: "a real keychain for the tests" },
];

/// Makes sure that the programs can be built.
///
/// # Errors
/// When something is missing that this machine's package manager cannot be asked for.
pub fn for_building() -> anyhow::Result<()> {
    toolchain::rust()?;
    apt::ensure(BUILDING)
}

/// Makes sure that everything can be built and tested.
///
/// # Errors
/// As [`for_building`]; also when Node.js is missing or too old.
pub fn for_tests() -> anyhow::Result<()> {
    for_building()?;
    if cfg!(target_os = "linux") {
        apt::ensure(TESTING)?;
    }
    toolchain::node()?;
    npm::ensure(&run::root().join("tests/yjs"))
}
