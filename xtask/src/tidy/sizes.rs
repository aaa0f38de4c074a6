//! Files fit the eye: at 400 lines we talk, at 600 the file is split.

use super::files::File;

const TALK: usize = 400;
const SPLIT: usize = 600;

/// Returns a sentence for every file that has to be split.
pub fn broken(files: &[File]) -> Vec<String> {
    longer_than(files, SPLIT, "split it")
}

/// Returns a sentence for every file that is getting long.
pub fn worth_talking_about(files: &[File]) -> Vec<String> {
    longer_than(files, TALK, "worth a talk")
}

fn longer_than(files: &[File], limit: usize, advice: &str) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.is(&[".rs", ".ts", ".mjs", ".svelte", ".css", ".sh"]) && !is_generated(file))
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > limit)
        .map(|(file, lines)| format!("{}: {lines} lines, over {limit}: {advice}", file.path))
        .collect()
}

fn is_generated(file: &File) -> bool {
    file.text.lines().take(3).any(|line| line.contains("@generated"))
}
