//! Rust and Node.js: which version is wanted, and how to get it.

use anyhow::{bail, ensure};

use crate::run;

const RUST: (u32, u32) = (1, 95);
/// From which version on a line of Node.js has what the packages of the interface ask for. The lines between these are
/// ones that nobody keeps any more; every later line will do.
const NODE: [(u32, u32); 3] = [(20, 19), (22, 13), (24, 0)];
const NODE_WANTED: &str = "Node.js 24 or newer (22 from 22.13 on and 20 from 20.19 on will do)";

/// Makes sure that Rust is new enough.
///
/// # Errors
/// With the version that is wanted and where to get it.
pub fn rust() -> anyhow::Result<()> {
    is_enough(&run::answer("rustc", &["--version"]).unwrap_or_default())
}

fn is_enough(found: &str) -> anyhow::Result<()> {
    let version = found.split(' ').nth(1).and_then(parse);
    let (major, minor) = RUST;
    ensure!(
        version >= Some(RUST),
        "Sheaf needs Rust {major}.{minor} or newer; this is \"{found}\". Run `rustup update stable`, or install Rust from https://rustup.rs."
    );
    Ok(())
}

/// Makes sure that Node.js is there and new enough.
///
/// # Errors
/// With the version that is wanted and where to get it.
pub fn node() -> anyhow::Result<()> {
    let Some(found) = run::answer("node", &["--version"]) else {
        bail!("Sheaf's editor needs {NODE_WANTED}, and there is none. Get it from https://nodejs.org.");
    };
    ensure!(
        is_enough_node(&found),
        "Sheaf's editor needs {NODE_WANTED}; this is {found}. Get another from https://nodejs.org."
    );
    Ok(())
}

fn is_enough_node(found: &str) -> bool {
    let Some(version) = parse(found.trim_start_matches('v')) else { return false };
    let of_its_line = NODE.iter().find(|wanted| wanted.0 == version.0);
    of_its_line.or(NODE.last()).is_some_and(|wanted| version >= *wanted)
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split(['.', '-']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(parse("1.100.0") > parse("1.95.0"), "a hundred is more than ninety-five");
        assert_eq!(parse("1.96.0-nightly"), Some((1, 96)), "a suffix does not matter");
        assert_eq!(parse("twenty"), None, "what is no version is none");
    }

    #[test]
    fn a_line_of_node_has_what_the_packages_need_from_some_version_on() {
        for enough in ["v20.19.0", "v20.20.2", "v22.13.1", "v24.0.0", "v25.1.0"] {
            assert!(is_enough_node(enough), "{enough} is enough");
        }
        for wrong in ["v18.20.0", "v20.18.3", "v21.7.3", "v22.12.0", "v23.11.0", "node"] {
            assert!(!is_enough_node(wrong), "{wrong} is not");
        }
    }

    #[test]
    fn an_older_rust_is_told_which_is_wanted_and_where_to_get_it() {
        assert!(is_enough("rustc 1.95.0 (59807616e 2026-04-14)").is_ok(), "the one that is wanted is enough");
        let sentence = is_enough("rustc 1.87.0 (17067e9ac 2025-05-09)").unwrap_err().to_string();
        for words in ["Rust 1.95 or newer", "rustc 1.87.0", "rustup update stable", "https://rustup.rs"] {
            assert!(sentence.contains(words), "{words:?} is missing: {sentence}");
        }
    }

    #[test]
    fn an_older_cargo_builds_this_tool_so_that_it_can_say_so() {
        let root = std::fs::read_to_string(run::root().join("Cargo.toml")).unwrap();
        let wanted = format!("rust-version = \"{}.{}\"", RUST.0, RUST.1);
        assert!(root.contains(&wanted), "the workspace wants what the sentence says: {wanted}");
        let own = parse(env!("CARGO_PKG_RUST_VERSION"));
        assert!(own < Some(RUST), "or cargo would refuse before anything here is asked: {own:?}");
    }
}
