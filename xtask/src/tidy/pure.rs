//! Pure code is given time, chance and bytes: it asks the machine for nothing.
//!
//! Clippy could forbid calls one by one; this rule forbids the modules that they come from, so that a new one is caught
//! too, and says it of folders, for a session and a room are pure inside crates that are not. Tests may do what they like.

use super::files::File;

/// Where nothing is asked of the machine: floors 0 and 1, and the two machines.
const PURE: &[&str] =
    &["crates/document/src/", "crates/protocol/src/", "crates/client/src/session/", "crates/relay/src/room/"];

/// What would ask it for a file, a socket, a thread, the time, its settings, or chance.
const ASKS: &[&str] = &[
    "std::fs",
    "std::net::Tcp",
    "std::net::Udp",
    "std::thread",
    "std::process",
    "std::env",
    "std::os",
    "std::io::std",
    "std::time::Instant",
    "std::time::SystemTime",
    "Instant::now",
    "SystemTime::now",
    "Uuid::now",
    "Uuid::new_v4",
    "RandomState",
    "getrandom",
    "tokio",
    "async ",
];

/// Returns a sentence for every line of pure code that asks the machine for something.
pub fn broken(files: &[File]) -> Vec<String> {
    let pure = files.iter().filter(|file| {
        let is_test = file.path.contains("/tests/") || file.path.ends_with("tests.rs");
        !is_test && PURE.iter().any(|folder| file.path.starts_with(folder))
    });
    pure.flat_map(asks).collect()
}

fn asks(file: &File) -> Vec<String> {
    let code = file.text.split("\n#[cfg(test)]").next().unwrap_or_default();
    let lines = (1..).zip(code.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"));
    let asked =
        lines.filter_map(|(number, line)| Some((number, ASKS.iter().find(|ask| line.contains(**ask))?)));
    asked
        .map(|(number, ask)| {
            format!(
                "{}:{number}: {ask}: pure code is given what it needs (ARCHITECTURE.md, Floors)",
                file.path
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_pure_code_is_named_and_elsewhere_it_is_not() {
        let text = "//! Reads. Instant::now is for others.\nlet now = Instant::now();\n";
        let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
        let tested = "//! Reads.\n\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        let files = [
            file("crates/document/src/ids.rs", text),
            file("crates/relay/src/room/push.rs", text),
            file("crates/relay/src/clock.rs", text),
            file("crates/document/src/update/tests/wild.rs", text),
            file("crates/protocol/src/rest.rs", tested),
        ];
        let found = broken(&files);
        assert_eq!(found.len(), 2, "the two that are pure, and no test: {found:?}");
        assert!(found[0].starts_with("crates/document/src/ids.rs:2: "), "the line is named: {found:?}");
    }
}
