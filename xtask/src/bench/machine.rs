//! The machine that a measurement ran on: a figure without it says little.

use std::fmt;

use crate::run;

/// What is worth knowing of the machine; unknown parts are left out.
pub struct Machine {
    cores: usize,
    processor: Option<String>,
    commit: Option<String>,
    compiler: Option<String>,
    load_before: Option<String>,
    load_after: Option<String>,
}

impl Machine {
    /// Looks at the machine before anything is measured.
    pub fn look() -> Self {
        let clean = run::answer("git", &["status", "--porcelain"]).is_some_and(|changes| changes.is_empty());
        let commit = run::answer("git", &["rev-parse", "--short", "HEAD"]);
        Self {
            cores: std::thread::available_parallelism().map_or(0, Into::into),
            processor: line_of("/proc/cpuinfo", "model name"),
            commit: commit.map(|commit| if clean { commit } else { format!("{commit}, with changes") }),
            compiler: run::answer("rustc", &["--version"]),
            load_before: load(),
            load_after: None,
        }
    }

    /// Looks how busy it is after everything was measured.
    pub fn look_again(&mut self) {
        self.load_after = load();
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
        write!(f, "{} cores, {system} on {architecture}", self.cores)?;
        let parts = [
            ("", &self.processor),
            ("", &self.compiler),
            ("commit ", &self.commit),
            ("load before ", &self.load_before),
            ("load after (mostly the benches' own) ", &self.load_after),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                write!(f, "; {name}{part}")?;
            }
        }
        Ok(())
    }
}

/// Returns how many programs wanted to run in the last minute, on average.
fn load() -> Option<String> {
    let load = std::fs::read_to_string("/proc/loadavg").ok()?;
    load.split(' ').next().map(str::to_owned)
}

fn line_of(path: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}
