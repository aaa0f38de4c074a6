//! Set-up: finds out what is missing and installs it, or says exactly what to install.
//!
//! On Debian and Ubuntu it installs packages itself (as root, or through sudo); elsewhere it prints the list and stops.
//! What is there already is left alone, so a second run costs nothing.

mod apt;
pub mod npm;
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

const WINDOW: &[Need] = &[
    Need {
        package: "libwebkit2gtk-4.1-dev",
        shown_by: "/usr/include/webkitgtk-4.1/webkit2/webkit2.h",
        why: "shows the window",
    },
    Need {
        package: "fonts-dejavu-core",
        shown_by: "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
        why: "a font for code",
    },
];

const TESTING: &[Need] = &[
    Need { package: "dbus-daemon", shown_by: "dbus-daemon", why: "a session bus of the tests' own" },
    Need { package: "dbus", shown_by: "dbus-run-session", why: "starts that bus" },
    Need { package: "chromium", shown_by: "chromium", why: "the interface's tests in a browser" },
    Need { package: "webkit2gtk-driver", shown_by: "WebKitWebDriver", why: "drives the real window" },
    Need { package: "xvfb", shown_by: "Xvfb", why: "a screen of the tests' own" },
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

/// Makes sure that the desktop app can be built: its system libraries, and the interface as one page.
///
/// # Errors
/// As [`for_building`]; also when Node.js is missing or too old.
pub fn for_the_window() -> anyhow::Result<()> {
    for_building()?;
    apt::ensure(WINDOW)?;
    toolchain::node()?;
    let interface = run::root().join("ui");
    npm::ensure(&interface)?;
    run::step("Building the interface", &mut npm::script(&interface, "build"))
}

/// Makes sure that everything can be built and tested.
///
/// # Errors
/// As [`for_the_window`].
pub fn for_tests() -> anyhow::Result<()> {
    for_the_window()?;
    apt::ensure(TESTING)?;
    npm::ensure(&run::root().join("tests/yjs"))
}
