//! What a file may be called: on this device and on every other.

use sheaf_protocol::limits;

/// What a file is called that has no name.
const NAMELESS: &str = "file";
/// Bytes of the ending that is kept when a name is cut.
const ENDING: usize = 16;

/// Returns a name that may be a file's: the last part of a path, without what no system takes, cut before its ending.
pub fn fit(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|letter| !letter.is_control()).collect();
    let kept = kept.trim();
    if kept.is_empty() || kept == "." || kept == ".." {
        return NAMELESS.to_owned();
    }
    let (stem, ending) = split(kept);
    let room = limits::FILE_NAME.saturating_sub(ending.len());
    format!("{}{ending}", shortened(stem, room))
}

/// Returns a name under which a file may be saved beside others: the `number`th of them is told apart by it, and nothing
/// in it means anything to a system that reads names in its own way.
pub fn to_save(name: &str, number: u32) -> String {
    let plain: String = fit(name)
        .chars()
        .map(|letter| if matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '-' } else { letter })
        .collect();
    // A dot at the beginning hides a file, one at the end is lost on Windows.
    let plain = plain.trim_matches(['.', ' ']);
    let plain = if plain.is_empty() { NAMELESS } else { plain };
    let (stem, ending) = split(plain);
    let told_apart = if number == 0 { String::new() } else { format!(" ({number})") };
    let room = limits::FILE_NAME.saturating_sub(ending.len() + told_apart.len());
    let stem = shortened(stem, room);
    let kept = if is_device(stem) { "-" } else { "" };
    format!("{kept}{stem}{told_apart}{ending}")
}

/// Says whether a name means a device to Windows, whatever its ending.
fn is_device(stem: &str) -> bool {
    let stem = stem.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().any(|port| {
        stem.strip_prefix(port)
            .is_some_and(|rest| rest.len() == 1 && rest.chars().all(|it| it.is_ascii_digit()))
    });
    numbered || matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
}

/// Splits a name before its ending, if that is a short one.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= ENDING => name.split_at(at),
        _ => (name, ""),
    }
}

fn shortened(text: &str, room: usize) -> &str {
    text.get(..text.floor_char_boundary(room)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use sheaf_protocol::record::is_file_name;

    use super::*;

    #[test]
    fn every_name_becomes_one_that_a_file_may_have() {
        let long = format!("{}.jpeg", "ü".repeat(400));
        for (given, fitting) in [
            ("harbour.jpg", "harbour.jpg"),
            ("/home/imke/harbour.jpg", "harbour.jpg"),
            (r"C:\Users\Imke\harbour.jpg", "harbour.jpg"),
            ("../../etc/passwd", "passwd"),
            ("..", "file"),
            ("a\u{0}b\nc", "abc"),
            ("", "file"),
            ("  ", "file"),
        ] {
            assert_eq!(fit(given), fitting, "{given:?}");
        }
        let cut = fit(&long);
        assert!(is_file_name(&cut) && cut.ends_with("ü.jpeg"), "it keeps its ending: {cut}");
    }

    #[test]
    fn a_saved_file_means_nothing_to_any_system() {
        for (given, number, saved) in [
            ("harbour.jpg", 0, "harbour.jpg"),
            ("harbour.jpg", 2, "harbour (2).jpg"),
            ("what? <1>.png", 0, "what- -1-.png"),
            (".bashrc", 0, "bashrc"),
            ("nul.txt", 0, "-nul.txt"),
            ("COM1", 0, "-COM1"),
            ("notes. ", 0, "notes"),
            ("...", 0, "file"),
        ] {
            assert_eq!(to_save(given, number), saved, "{given:?}");
        }
        let cut = to_save(&format!("{}.png", "x".repeat(300)), 7);
        assert!(cut.len() <= 255 && cut.ends_with(" (7).png"), "{cut}");
    }
}
