//! The small words of Sheaf's own within Markdown: addresses of files, documents and people, labels, widths, colours.
//!
//! Each is an ordinary link, image or tag to every other tool. What does not have exactly the form is left to be what
//! it is there too.

use uuid::Uuid;

const FILE: &str = "sheaf://file/";

/// Returns the hash in the address of a file: 64 hexadecimal digits in lower case.
pub(super) fn file(href: &str) -> Option<&str> {
    href.strip_prefix(FILE).filter(|hash| is_hash(hash))
}

/// Returns the address of the file with this hash, or nothing where that is none.
pub(super) fn of_file(hash: &str) -> Option<String> {
    is_hash(hash).then(|| format!("{FILE}{hash}"))
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Returns what kind of thing an address mentions, and which.
pub(super) fn mentioned(href: &str) -> Option<(&str, &str)> {
    let (kind, id) = href.strip_prefix("sheaf://")?.split_once('/')?;
    (matches!(kind, "document" | "person") && is_id(id)).then_some((kind, id))
}

/// Returns the address of a document or a person, or nothing where that is neither.
pub(super) fn of_mentioned(kind: &str, id: &str) -> Option<String> {
    let address = format!("sheaf://{kind}/{id}");
    mentioned(&address).is_some().then_some(address)
}

/// Says whether this is a UUID in its one canonical form.
fn is_id(text: &str) -> bool {
    Uuid::try_parse(text).is_ok_and(|id| id.hyphenated().to_string() == text)
}

/// Returns what stands before the first `[^label]` of a text, the label, and what stands behind it.
pub(super) fn note(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let at = from + text.get(from..)?.find("[^")?;
        let inside = text.get(at + 2..)?;
        match inside.split_once(']') {
            Some((label, after)) if is_label(label) => return Some((text.get(..at)?, label, after)),
            _ => from = at + 2,
        }
    }
}

/// Says whether a footnote may be called this: no space and no sign that Markdown reads within brackets.
pub(super) fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_.:+".contains(c))
}

/// Returns a width in pixels: up to five digits, the first no zero.
pub(super) fn width(text: &str) -> Option<u64> {
    let digits = text.len() <= 5 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Returns the colour in the inside of a `<mark data-color="yellow">`.
pub(super) fn colour(tag: &str) -> Option<&str> {
    tag.strip_prefix("mark data-color=\"")?.strip_suffix('"').filter(|colour| is_colour(colour))
}

/// Says whether this is the name of a highlight's colour.
pub(super) fn is_colour(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
