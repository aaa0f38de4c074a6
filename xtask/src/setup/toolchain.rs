//! Rust and Node.js: which version is wanted, and how to get it.

use anyhow::{bail, ensure};

use crate::run;

const RUST: (u32, u32) = (1, 95);
const NODE: (u32, u32) = (20, 19);

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
    let (major, minor) = NODE;
    let Some(found) = run::answer("node", &["--version"]) else {
        bail!(
            "Sheaf's editor needs Node.js {major}.{minor} or newer, and there is none. Get it from https://nodejs.org."
        );
    };
    ensure!(
        parse(found.trim_start_matches('v')) >= Some(NODE),
        "Sheaf's editor needs Node.js {major}.{minor} or newer; this is {found}. Get a newer one from https://nodejs.org."
    );
    Ok(())
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
        assert!(parse("twenty") < Some(NODE), "what is no version is too old");
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
