//! The list of what is missing, in words, for a person who installs it.

use super::need::{Name, Need};
use super::system::System;

/// Returns what to install on a system and why, with the command that does it where there is one.
pub fn of(system: System, missing: &[&Need]) -> String {
    let named = || missing.iter().filter_map(|need| Some((need.name(system)?, need.why)));
    let mut text = "This machine lacks what follows. Install it, then run this again.\n".to_owned();
    for (name, why) in named() {
        let (Name::Package(name) | Name::Thing(name)) = name;
        text += &format!("\n  {name}\n      {why}");
    }
    let packages: Vec<&str> = named().filter_map(|(name, _)| package(name)).collect();
    if let Some(manager) = system.manager().filter(|_| !packages.is_empty()) {
        text += &format!("\n\n  {manager} {}", packages.join(" "));
    }
    text
}

fn package(name: &Name) -> Option<&'static str> {
    match name {
        Name::Package(name) => Some(name),
        Name::Thing(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::need::{BROWSER, BUILDING, SCREEN, SESSION, WINDOW};
    use super::*;

    /// What a machine that has nothing is told.
    fn everything(system: System) -> String {
        let all = [BUILDING, WINDOW, SESSION, SCREEN, BROWSER];
        of(system, &all.into_iter().flatten().collect::<Vec<_>>())
    }

    #[test]
    fn a_list_says_what_why_and_how() {
        assert_eq!(
            of(System::Fedora, &[&BUILDING[0], &SCREEN[1]]),
            "This machine lacks what follows. Install it, then run this again.\n\
             \n  gcc gcc-c++\n      compiles SQLite and the cryptography\
             \n  /usr/bin/WebKitWebDriver\n      drives the real window\n\
             \n  sudo dnf install gcc gcc-c++ /usr/bin/WebKitWebDriver"
        );
    }

    #[test]
    fn each_system_has_its_own_names() {
        let arch = everything(System::Arch);
        assert!(
            arch.contains("sudo pacman -S --needed base-devel webkit2gtk-4.1 dbus gnome-keyring"),
            "{arch}"
        );
        assert!(
            arch.contains("WebKitWebDriver, of WebKitGTK"),
            "what has no sure name is named itself: {arch}"
        );
        let suse = everything(System::Suse);
        assert!(suse.contains("sudo zypper install gcc gcc-c++ webkit2gtk3-devel gnome-keyring"), "{suse}");
        let debian = everything(System::Debian);
        assert!(debian.contains("webkit2gtk-driver chromium"), "Debian has a browser to test with: {debian}");
        let ubuntu = everything(System::Ubuntu);
        assert!(ubuntu.contains("libwebkit2gtk-4.1-dev"), "Ubuntu has Debian's names: {ubuntu}");
        assert!(ubuntu.contains("https://www.google.com/chrome"), "but for the browser: {ubuntu}");
        let elsewhere = everything(System::Linux);
        assert!(!elsewhere.contains("sudo"), "an unknown system has no command: {elsewhere}");
    }

    #[test]
    fn a_system_is_not_asked_for_what_it_brings() {
        let mac = everything(System::Mac);
        assert!(mac.contains("xcode-select --install") && mac.contains("google.com/chrome"), "{mac}");
        assert_eq!(
            mac.lines().filter(|line| line.starts_with("      ")).count(),
            2,
            "and nothing else: {mac}"
        );
        let windows = everything(System::Windows);
        assert!(windows.contains("Build Tools") && windows.contains("WebView2"), "{windows}");
        assert!(!windows.contains("Xvfb") && !windows.contains("keychain"), "Windows has its own: {windows}");
    }
}
