//! Wiki links: `[[Plan]]`, `[[Plan|the plan]]`, and `![[harbour.png|320]]`, which shows a file.

/// A wiki link in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Wiki<'t> {
    /// What stands before it.
    pub before: &'t str,
    /// Whether it shows what it leads to.
    pub shows: bool,
    /// What it leads to.
    pub target: &'t str,
    /// What it is called, or how large a picture is shown.
    pub words: Option<&'t str>,
    /// What stands behind it.
    pub after: &'t str,
}

/// Returns the first wiki link at or behind a place in a text.
pub fn first(text: &str, from: usize) -> Option<Wiki<'_>> {
    let mut begin = from + text.get(from..)?.find("[[")?;
    // Of three brackets, the last two are the link's.
    while text.get(begin + 1..).is_some_and(|rest| rest.starts_with("[[")) {
        begin += 1;
    }
    let inside = text.get(begin + 2..)?;
    let end = inside.find("]]")?;
    let (inner, after) = (inside.get(..end)?, inside.get(end + 2..)?);
    if inner.contains(['[', ']', '\n']) {
        return first(text, begin + 2);
    }
    let (target, words) = match inner.split_once('|') {
        Some((target, words)) => (target, Some(words.trim()).filter(|words| !words.is_empty())),
        None => (inner, None),
    };
    let before = text.get(..begin)?;
    let shows = before.ends_with('!');
    let before = if shows { before.get(..begin - 1)? } else { before };
    Some(Wiki { before, shows, target: target.trim(), words, after })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wiki_link_is_found_where_it_stands() {
        let found = |text| first(text, 0).map(|it| (it.before, it.shows, it.target, it.words, it.after));
        assert_eq!(found("see [[Plan]]."), Some(("see ", false, "Plan", None, ".")));
        assert_eq!(
            found("[[a/Plan|the plan]] it is"),
            Some(("", false, "a/Plan", Some("the plan"), " it is"))
        );
        assert_eq!(found("![[sea.png|320]]"), Some(("", true, "sea.png", Some("320"), "")));
        assert_eq!(found("[[[Plan]]]"), Some(("[", false, "Plan", None, "]")));
        assert_eq!(found("[[ [x] [[Plan]]"), Some(("[[ [x] ", false, "Plan", None, "")));
        for none in ["", "[[", "[[Plan", "[Plan]", "a[0][1]"] {
            assert_eq!(found(none), None, "{none}");
        }
    }
}
