//! Titles as names of files and folders, on every system at once.
//!
//! A name made here is taken by Windows, macOS and Linux alike, and stays one name on a disk that does not tell `Plan` from
//! `plan`, or one way of writing `é` from the other.

use std::collections::BTreeMap;

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;

/// As many bytes may a name have without its ending: room is left for that, and for what a cloud drive puts behind it.
pub const LONGEST: usize = 200;

/// What a document without a title is called.
const NAMELESS: &str = "Untitled";

/// The names in one folder.
#[derive(Debug, Default, Clone)]
pub struct Names {
    /// Each by what a disk compares, with the number that the next of its namesakes may get.
    taken: BTreeMap<String, u32>,
}

impl Names {
    /// Notes a name that is there already, without its ending; says whether it was free.
    pub fn reserve(&mut self, name: &str) -> bool {
        self.taken.insert(key(name), 2).is_none()
    }

    /// Returns a name for this title that nothing in the folder has, and notes it.
    pub fn take(&mut self, title: &str) -> String {
        let name = stem(title);
        if self.reserve_new(&name) {
            return name;
        }
        let first = key(&name);
        let mut number = self.taken.get(&first).copied().unwrap_or(2);
        loop {
            let told_apart = numbered(&name, number);
            number = number.saturating_add(1);
            if self.reserve_new(&told_apart) {
                self.taken.insert(first, number);
                return told_apart;
            }
        }
    }

    fn reserve_new(&mut self, name: &str) -> bool {
        let key = key(name);
        let is_free = !self.taken.contains_key(&key);
        if is_free {
            self.taken.insert(key, 2);
        }
        is_free
    }
}

/// Returns the name of a title, without an ending: the title itself wherever every system takes it.
pub fn stem(title: &str) -> String {
    let plain: String = title.nfc().map(fitting).collect();
    // A dot at the beginning hides a file, one at the end is lost on Windows.
    let cut = shortened(plain.trim_matches(is_edge), LONGEST).trim_end_matches(is_edge);
    match cut {
        "" => NAMELESS.to_owned(),
        device if is_device(device) => format!("_{device}"),
        cut => cut.to_owned(),
    }
}

/// Returns the title that a name gives to a document that has none.
pub fn title(stem: &str) -> String {
    stem.nfc().collect()
}

/// Returns what a disk compares of a name or path: two of one key may not stand in one folder.
pub fn key(name: &str) -> String {
    name.nfd().default_case_fold().nfc().collect()
}

fn numbered(name: &str, number: u32) -> String {
    let behind = format!(" {number}");
    let kept = shortened(name, LONGEST.saturating_sub(behind.len())).trim_end_matches(is_edge);
    format!("{kept}{behind}")
}

fn fitting(letter: char) -> char {
    match letter {
        '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*' => '-',
        '\u{2028}' | '\u{2029}' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    }
}

fn is_edge(letter: char) -> bool {
    letter == '.' || letter.is_whitespace()
}

/// Says whether Windows means a device by this name, whatever stands behind its first dot.
fn is_device(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let is_port = |rest: &str| {
        let mut letters = rest.chars();
        matches!((letters.next(), letters.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    };
    ["COM", "LPT"].iter().any(|port| first.strip_prefix(port).is_some_and(is_port))
        || matches!(first.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
}

fn shortened(text: &str, room: usize) -> &str {
    text.get(..text.floor_char_boundary(room)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_its_own_name_wherever_every_system_takes_it() {
        for title in ["Minutes", "Grüße aus Köln", "航海日誌", "v1.2 notes", "What now!", "🌊 Harbour"]
        {
            assert_eq!(stem(title), title);
            assert_eq!(super::title(title), title, "and back");
        }
    }

    #[test]
    fn what_some_system_refuses_is_written_otherwise() {
        for (title, name) in [
            ("Plan: a/b\\c", "Plan- a-b-c"),
            ("what? <1> | \"2\"*", "what- -1- - -2--"),
            ("../../etc/passwd", "-..-etc-passwd"),
            (".hidden", "hidden"),
            ("the end...", "the end"),
            ("two\nlines\u{2028}three", "two lines three"),
            ("NUL", "_NUL"),
            ("con.notes", "_con.notes"),
            ("COM¹", "_COM¹"),
            ("COMET", "COMET"),
            ("", "Untitled"),
            (" . ", "Untitled"),
            ("e\u{301}te\u{301}", "\u{e9}t\u{e9}"),
        ] {
            assert_eq!(stem(title), name, "{title:?}");
        }
    }

    #[test]
    fn a_title_of_four_hundred_letters_has_a_name_all_the_same() {
        let mut names = Names::default();
        let title = "ü".repeat(400);
        for _ in 0..12 {
            let name = names.take(&title);
            assert!(name.len() <= LONGEST && name.starts_with('ü'), "{name}");
        }
        assert_eq!(names.taken.len(), 12, "each has its own");
    }

    #[test]
    fn names_that_a_disk_may_not_tell_apart_are_told_apart() {
        let mut names = Names::default();
        assert!(names.reserve("attachments"));
        let given: Vec<_> = [
            "Plan",
            "plan",
            "PLAN",
            "Plan 2",
            "Straße",
            "STRASSE",
            "cafe\u{301}",
            "caf\u{e9}",
            "Attachments",
        ]
        .map(|title| names.take(title))
        .into();
        assert_eq!(
            given,
            [
                "Plan",
                "plan 2",
                "PLAN 3",
                "Plan 2 2",
                "Straße",
                "STRASSE 2",
                "caf\u{e9}",
                "caf\u{e9} 2",
                "Attachments 2"
            ]
        );
    }

    #[test]
    fn ten_thousand_documents_without_a_title_are_named_at_once() {
        let mut names = Names::default();
        let last = (0..10_000).map(|_| names.take("")).last();
        assert_eq!(last.as_deref(), Some("Untitled 10000"));
    }
}
