//! Front matter: lines of YAML between `---` at the head of a file, as Obsidian, Jekyll and many others have them.
//!
//! It stays in the document as its first block, word for word, and comes out as it came in. One line of it means something
//! here, `title:`; that one is read, and written anew when the title has changed. Whatever else YAML can say is left alone, and
//! a title that is more than one line of text is not understood rather than misread.

use serde_json::Value;
use sheaf_document::tree::{Element, Node};

/// Returns the front matter of a document, if its first block is that.
pub fn of(blocks: &[Node]) -> Option<&str> {
    let Node::Element(source) = blocks.first()? else { return None };
    match source.children.as_slice() {
        [Node::Text(lines)] if is_front(source) => Some(&lines.text),
        _ => None,
    }
}

/// Returns the blocks with other front matter in place of theirs.
pub fn replaced(blocks: &[Node], front: String) -> Vec<Node> {
    let mut blocks = blocks.to_vec();
    if let Some(Node::Element(source)) = blocks.first_mut()
        && is_front(source)
    {
        source.children = vec![Node::text(front)];
    }
    blocks
}

/// Returns the title that front matter gives: a single line of text that is not empty.
pub fn title(front: &str) -> Option<String> {
    let mut lines = front.lines().skip_while(|line| value(line).is_none());
    let value = value(lines.next()?)?;
    // Text that goes on in a next line is more than a title.
    let goes_on = lines.next().is_some_and(|next| next.starts_with([' ', '\t']) && !next.trim().is_empty());
    scalar(value).filter(|title| !title.is_empty() && !goes_on)
}

/// Returns front matter whose title is this one; where it is so already, exactly as it was.
pub fn with_title(front: &str, title: &str) -> String {
    if self::title(front).is_none_or(|old| old == title) {
        return front.to_owned();
    }
    let mut is_done = false;
    let lines = front.split_inclusive('\n').map(|line| {
        if is_done || value(line.trim_end()).is_none() {
            return line.to_owned();
        }
        is_done = true;
        let end = if line.ends_with('\n') { "\n" } else { "" };
        format!("title: {}{end}", written(title))
    });
    lines.collect()
}

fn is_front(source: &Element) -> bool {
    source.name == "source" && source.attributes.get("format").and_then(Value::as_str) == Some("front-matter")
}

/// Returns what stands behind `title:`.
fn value(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("title:")?;
    (rest.is_empty() || rest.starts_with([' ', '\t'])).then(|| rest.trim())
}

/// Reads a flow scalar of YAML 1.2 on one line: plain, in single quotes, or in double quotes as far as JSON has them too.
fn scalar(value: &str) -> Option<String> {
    if let Some(inner) = value.strip_prefix('\'') {
        let inner = inner.strip_suffix('\'')?;
        let is_one = !inner.replace("''", "").contains('\'');
        return is_one.then(|| inner.replace("''", "'"));
    }
    if value.starts_with('"') {
        return serde_json::from_str(value).ok();
    }
    let is_other = value.starts_with(['[', ']', '{', '}', '>', '|', '*', '&', '!', '%', '@', '`', '#', ','])
        || ["- ", "? ", ": "].iter().any(|sign| value.starts_with(sign))
        || matches!(value, "~" | "null" | "Null" | "NULL" | "-" | "?" | ":");
    let before_comment = value.split(" #").next().unwrap_or_default().trim_end();
    (!is_other).then(|| before_comment.to_owned())
}

/// Writes a title as YAML: plain where it is read back so by everyone, else in double quotes.
fn written(title: &str) -> String {
    let is_word =
        |word: &str| matches!(word.to_lowercase().as_str(), "true" | "false" | "yes" | "no" | "on" | "off");
    let is_plain = scalar(title).as_deref() == Some(title)
        && title.trim() == title
        && title.starts_with(char::is_alphabetic)
        && !title.contains([':', '"', '\''])
        && !title.chars().any(char::is_control)
        && !is_word(title);
    if is_plain { title.to_owned() } else { Value::from(title).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn front(line: &str) -> String {
        format!("---\ntags: [a, b]\n{line}\nlayout: post\n---")
    }

    #[test]
    fn a_title_on_one_line_is_understood_however_it_is_quoted() {
        for (line, expected) in [
            ("title: Night shift", Some("Night shift")),
            ("title:   'It''s late'  ", Some("It's late")),
            (r#"title: "Say \"hello\"""#, Some("Say \"hello\"")),
            ("title: Foo: bar", Some("Foo: bar")),
            ("title: Plan # for May", Some("Plan")),
            ("title: C# in depth", Some("C# in depth")),
            ("title:", None),
            ("title: >", None),
            ("title: [a, b]", None),
            ("title: ~", None),
            ("title: one\n  two", None),
            ("subtitle: x", None),
            ("  title: nested", None),
            ("title: 'open", None),
        ] {
            assert_eq!(title(&front(line)).as_deref(), expected, "{line:?}");
        }
    }

    #[test]
    fn another_title_changes_its_line_and_nothing_else() {
        let before = front("title: 'Night shift' ");
        assert_eq!(
            with_title(&before, "Night shift"),
            before,
            "what is so already stays as somebody wrote it"
        );
        for new in ["Day shift", "3: \"Watch\"", "true", "line\nbreak", "- dash", "ends with # sign", "日誌"]
        {
            let after = with_title(&before, new);
            assert_eq!(title(&after).as_deref(), Some(new), "{after}");
            let others = |text: &str| -> Vec<String> {
                text.lines().filter(|line| !line.starts_with("title:")).map(str::to_owned).collect()
            };
            assert_eq!(others(&after), others(&before), "the rest is nobody's business");
        }
        assert_eq!(with_title(&front("title: Day"), "Night"), front("title: Night"));
        assert_eq!(with_title(&front("layout: x"), "Night"), front("layout: x"), "nothing is invented");
    }
}
