//! What a relay refused of a document, in words: what a person has to know before they settle it.
//!
//! Words are compared line by line, as somebody would who holds two printouts side by side. A line that was changed counts as
//! a whole; formatting and deletions have no words of their own.

use std::collections::BTreeMap;

use sheaf_document::Document;
use sheaf_protocol::problem::Code;

/// Changes of a document that a relay will not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub code: Code,
    /// How many changes wait because of it, the refused one included.
    pub changes: u64,
    /// The title and lines that only this device has: what goes when the changes go.
    pub words: String,
}

/// Returns the title and lines of a document that another does not have, in order.
pub fn words_beyond(here: &Document, there: &Document) -> String {
    lines_beyond(&lines(here), &lines(there)).join("\n")
}

fn lines(document: &Document) -> Vec<String> {
    let mut lines = vec![document.title()];
    lines.extend(document.text().lines().map(str::to_owned));
    lines
}

fn lines_beyond<'a>(here: &'a [String], there: &[String]) -> Vec<&'a str> {
    let mut known = BTreeMap::<&str, usize>::new();
    for line in there {
        *known.entry(line).or_default() += 1;
    }
    let mut beyond = Vec::new();
    for line in here {
        match known.get_mut(line.as_str()) {
            Some(count) if *count > 0 => *count -= 1,
            _ if line.trim().is_empty() => {}
            _ => beyond.push(line.as_str()),
        }
    }
    beyond
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beyond<'a>(here: &'a [String], there: &str) -> Vec<&'a str> {
        lines_beyond(here, &there.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn only_what_the_others_lack_is_shown() {
        let here = ["Ferry", "leaves at 18:40", "", "bring cards", "bring cards"].map(str::to_owned);
        assert_eq!(beyond(&here, "Ferry\nleaves at 18:10\nbring cards"), ["leaves at 18:40", "bring cards"]);
        assert_eq!(beyond(&here, &here.join("\n")), [""; 0], "equal texts have nothing to lose");
    }
}
