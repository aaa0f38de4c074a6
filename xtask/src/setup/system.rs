//! The systems whose package names we know.

use std::fs;

/// A system, as far as what it calls its packages is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Debian and what is built from it.
    Debian,
    /// Ubuntu and what is built from it: Debian's names, but browsers come as snaps.
    Ubuntu,
    /// Fedora, Red Hat and what is built from them.
    Fedora,
    /// Arch Linux and what is built from it.
    Arch,
    /// openSUSE and SLE.
    Suse,
    /// Any other Linux.
    Linux,
    /// macOS.
    Mac,
    /// Windows.
    Windows,
}

impl System {
    /// Returns the system that this tool runs on.
    pub fn here() -> Self {
        if cfg!(target_os = "macos") {
            Self::Mac
        } else if cfg!(windows) {
            Self::Windows
        } else {
            Self::of_release(&fs::read_to_string("/etc/os-release").unwrap_or_default())
        }
    }

    /// Returns the Linux that a release file describes (os-release(5)): by its own name, else by what it is like.
    fn of_release(text: &str) -> Self {
        let value = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
        let own = value("ID=").trim_matches(['"', '\'']);
        let like = value("ID_LIKE=").trim_matches(['"', '\'']);
        let known = |name: &str| match name {
            "debian" => Some(Self::Debian),
            "ubuntu" => Some(Self::Ubuntu),
            "fedora" | "rhel" => Some(Self::Fedora),
            "arch" => Some(Self::Arch),
            "suse" | "opensuse" => Some(Self::Suse),
            _ => None,
        };
        std::iter::once(own).chain(like.split(' ')).find_map(known).unwrap_or(Self::Linux)
    }

    /// Returns the system whose names hold where this one has none of its own.
    pub fn like(self) -> Option<Self> {
        match self {
            Self::Ubuntu => Some(Self::Debian),
            Self::Debian | Self::Fedora | Self::Arch | Self::Suse => Some(Self::Linux),
            Self::Linux | Self::Mac | Self::Windows => None,
        }
    }

    /// Returns how a person installs packages there.
    pub fn manager(self) -> Option<&'static str> {
        match self {
            Self::Debian | Self::Ubuntu => Some("sudo apt-get install"),
            Self::Fedora => Some("sudo dnf install"),
            Self::Arch => Some("sudo pacman -S --needed"),
            Self::Suse => Some("sudo zypper install"),
            Self::Linux | Self::Mac | Self::Windows => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_file_tells_the_system() {
        for (text, system) in [
            ("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n", System::Debian),
            ("ID=ubuntu\nID_LIKE=debian\n", System::Ubuntu),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", System::Ubuntu),
            ("ID=fedora\nVERSION_ID=43\n", System::Fedora),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", System::Fedora),
            ("ID=manjaro\nID_LIKE=arch\n", System::Arch),
            ("ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n", System::Suse),
            ("ID=nixos\n", System::Linux),
            ("", System::Linux),
        ] {
            assert_eq!(System::of_release(text), system, "{text:?}");
        }
    }
}
