//! Pages name files that are there: a map that leads nowhere is worse than none.

use super::files::File;

/// The pages, and what a path in them begins with.
const PAGES: &[&str] = &["ARCHITECTURE.md", "STYLE.md", "README.md", "tests/README.md"];
const ROOTS: &[&str] = &["crates/", "docs/", "src-tauri/", "tests/", "ui/", "xtask/"];

/// Returns a sentence for every path between backticks that names nothing.
pub fn broken(files: &[File]) -> Vec<String> {
    let pages = files.iter().filter(|file| PAGES.contains(&file.path.as_str()));
    let lost = |page: &File| {
        let lost = named(page).filter(|path| !is_there(path, files));
        lost.map(|path| format!("{}: names {path}, which is not there", page.path)).collect::<Vec<_>>()
    };
    pages.flat_map(lost).collect()
}

fn named(page: &File) -> impl Iterator<Item = &str> {
    let paths = page.text.split('`').skip(1).step_by(2);
    paths.filter(|path| ROOTS.iter().any(|root| path.starts_with(root)) && !path.contains([' ', '*', '{']))
}

fn is_there(path: &str, files: &[File]) -> bool {
    let folder = format!("{}/", path.trim_end_matches('/'));
    files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_nowhere_is_named() {
        let text = "# Map\n\n`crates/store/` keeps, `tests/sim/main.rs` plays, `tests/gone.rs` held; `cargo test` runs.";
        let files = [("ARCHITECTURE.md", text), ("crates/store/src/lib.rs", ""), ("tests/sim/main.rs", "")];
        let found = broken(&files.map(|(path, text)| File { path: path.into(), text: text.into() }));
        assert_eq!(found, ["ARCHITECTURE.md: names tests/gone.rs, which is not there"], "and nothing else");
    }
}
