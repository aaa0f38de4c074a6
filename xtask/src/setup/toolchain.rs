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
    let found = run::answer("rustc", &["--version"]).unwrap_or_default();
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
}
