//! Tidiness: what a reviewer would otherwise have to say every time.
//!
//! Each rule is a pure function from the repository's files to sentences about what is wrong. They run in
//! `cargo xtask check` and as tests.

mod files;
mod floors;
mod headers;
mod paths;
mod pure;
mod sizes;

use anyhow::ensure;

/// Runs every rule.
///
/// # Errors
/// With one sentence for each place that breaks a rule.
pub fn run() -> anyhow::Result<()> {
    let files = files::tracked()?;
    let talk = sizes::worth_talking_about(&files);
    for sentence in &talk {
        println!("  {sentence}");
    }
    let floors = floors::broken(&floors::packages()?, &files);
    let rules =
        [floors, headers::broken(&files), paths::broken(&files), pure::broken(&files), sizes::broken(&files)];
    let broken: Vec<String> = rules.into_iter().flatten().collect();
    ensure!(broken.is_empty(), "not tidy:\n{}", broken.join("\n"));
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_is_tidy() {
        super::run().expect("each sentence names a place and what to do about it");
    }
}
