//! What building, running and testing need besides Rust and Node.js: why, how it shows, and its name on each system.
//!
//! A name is here only where we are sure of it; else the thing itself is named, and the person finds the package.

use super::found;
use super::system::System::{self, Arch, Debian, Fedora, Linux, Mac, Suse, Ubuntu, Windows};
use Name::{Package, Thing};

/// Something that a task needs.
pub struct Need {
    /// Why it is needed, for the person who is asked for a password.
    pub why: &'static str,
    /// Says whether it is there.
    there: fn() -> bool,
    /// What to install. A system that is neither here nor like one that is brings it along, or has no use for it.
    names: &'static [(System, Name)],
}

/// What to ask for.
pub enum Name {
    /// Packages of the system's package manager, separated by spaces.
    Package(&'static str),
    /// Something else, in words.
    Thing(&'static str),
}

impl Need {
    /// Returns what to install on a system, if anything.
    pub fn name(&self, system: System) -> Option<&Name> {
        let on = |system| self.names.iter().find(|(named, _)| *named == system).map(|(_, name)| name);
        std::iter::successors(Some(system), |system| system.like()).find_map(on)
    }

    /// Says whether it has to be installed.
    pub fn lacks(&self, system: System) -> bool {
        self.name(system).is_some() && !(self.there)()
    }
}

/// To build the programs.
pub const BUILDING: &[Need] = &[Need {
    why: "compiles SQLite and the cryptography",
    there: found::compiler,
    names: &[
        (Debian, Package("build-essential")),
        (Fedora, Package("gcc gcc-c++")),
        (Arch, Package("base-devel")),
        (Suse, Package("gcc gcc-c++")),
        (Linux, Thing("a compiler for C and C++")),
        (Mac, Thing("the Xcode command line tools: xcode-select --install")),
        (
            Windows,
            Thing(
                "the Visual Studio Build Tools with \"Desktop development with C++\": https://visualstudio.microsoft.com/downloads",
            ),
        ),
    ],
}];

/// To build the app and to show it.
pub const WINDOW: &[Need] = &[
    Need {
        why: "shows the window",
        there: found::webview,
        names: &[
            (Debian, Package("libwebkit2gtk-4.1-dev")),
            (Fedora, Package("webkit2gtk4.1-devel")),
            (Arch, Package("webkit2gtk-4.1")),
            (Suse, Package("webkit2gtk3-devel")),
            (Linux, Thing("WebKitGTK 4.1 (for GTK 3) with its headers, and pkg-config")),
            (Windows, Thing("WebView2: https://developer.microsoft.com/microsoft-edge/webview2")),
        ],
    },
    Need {
        why: "a font for code",
        there: || found::file("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"),
        names: &[(Debian, Package("fonts-dejavu-core"))],
    },
];

/// To run apps in a session of their own.
pub const SESSION: &[Need] = &[
    Need {
        why: "a session bus apart from yours",
        there: || found::program("dbus-run-session").is_some() && found::program("dbus-daemon").is_some(),
        names: &[
            (Debian, Package("dbus")),
            (Fedora, Package("dbus-daemon")),
            (Arch, Package("dbus")),
            (Linux, Thing("dbus-run-session and dbus-daemon, of D-Bus")),
        ],
    },
    Need {
        why: "a keychain apart from yours",
        there: || found::program("gnome-keyring-daemon").is_some(),
        names: &[
            (Debian, Package("gnome-keyring")),
            (Fedora, Package("gnome-keyring")),
            (Arch, Package("gnome-keyring")),
            (Suse, Package("gnome-keyring")),
            (Linux, Thing("gnome-keyring")),
        ],
    },
];

/// To drive the real window on a screen that nobody looks at.
pub const SCREEN: &[Need] = &[
    Need {
        why: "a screen of the tests' own",
        there: || found::program("Xvfb").is_some(),
        names: &[
            (Debian, Package("xvfb")),
            (Fedora, Package("xorg-x11-server-Xvfb")),
            (Arch, Package("xorg-server-xvfb")),
            (Suse, Package("xorg-x11-server-Xvfb")),
            (Linux, Thing("Xvfb")),
        ],
    },
    Need {
        why: "drives the real window",
        there: || found::program("WebKitWebDriver").is_some(),
        names: &[
            (Debian, Package("webkit2gtk-driver")),
            (Fedora, Package("/usr/bin/WebKitWebDriver")),
            (Linux, Thing("WebKitWebDriver, of WebKitGTK")),
        ],
    },
];

const CHROME: &str = "Google Chrome: https://www.google.com/chrome (or Chromium or Edge; if it is somewhere unusual, CHROME_PATH names it)";

/// To test the interface in a browser.
pub const BROWSER: &[Need] = &[Need {
    why: "tests the interface",
    there: || found::browser().is_some(),
    names: &[
        (Debian, Package("chromium")),
        // Its chromium is a snap, which keeps tests from the browser's folders.
        (Ubuntu, Thing(CHROME)),
        (Fedora, Package("chromium")),
        (Arch, Package("chromium")),
        (Suse, Package("chromium")),
        (Linux, Thing(CHROME)),
        (Mac, Thing(CHROME)),
        (Windows, Thing(CHROME)),
    ],
}];
