//! Every module opens with a sentence that says what it is for.

use super::files::File;

/// Returns a sentence for every source file that begins without one.
pub fn broken(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| !opens_with_a_sentence(file))
        .map(|file| format!("{}: begins without a sentence that says what it is for", file.path))
        .collect()
}

fn opens_with_a_sentence(file: &File) -> bool {
    let first =
        file.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!")).unwrap_or_default();
    if file.is(&[".rs"]) {
        return first.starts_with("//! ");
    }
    if file.is(&[".ts", ".mjs", ".js"]) {
        return ["// ", "/* ", "/** ", "/**"].iter().any(|comment| first.starts_with(comment));
    }
    if file.is(&[".svelte"]) {
        return first.starts_with("<!--");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[test]
    fn a_module_without_a_sentence_is_named() {
        let found =
            broken(&[file("a.rs", "use std::fs;\n"), file("b.rs", "//! Reads.\n"), file("c.md", "text")]);
        assert_eq!(found.len(), 1, "only the module without a sentence is named: {found:?}");
    }
}
