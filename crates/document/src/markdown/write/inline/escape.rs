//! Which characters need a backslash or a number so that they are read as themselves.

use super::Style;

/// Escapes one character at a time, looking at what stands before and after it.
#[derive(Clone, Copy)]
pub(super) struct Escape {
    pub(super) style: Style,
    /// Whether a dollar sign could begin a formula, as there is another one to end it.
    pub(super) dollars: bool,
}

impl Escape {
    /// Appends `c`, which the text goes on from with `rest`.
    pub(super) fn push(self, out: &mut String, c: char, rest: &str) {
        let line_start = out.is_empty() || out.ends_with('\n');
        if matches!(c, '\n' | '\r' | '\t' | '\u{feff}') || (line_start && c.is_whitespace()) {
            return push_number(out, c);
        }
        let next = rest.chars().next();
        let needed = match self.style {
            Style::Strict => c.is_ascii_punctuation(),
            Style::Light => self.is_special(out, c, rest) || (line_start && begins_a_block(c, next)),
        };
        if needed || ends_a_number(out, c, next) {
            out.push('\\');
        }
        out.push(c);
    }

    fn is_special(self, out: &str, c: char, rest: &str) -> bool {
        let next = rest.chars().next();
        let before = out.chars().last();
        let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '\\' | '`' | '*' | '[' | ']' | '~' => true,
            '_' => !(in_word(before) && in_word(next)),
            '<' => next.is_none_or(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => next.is_none() || begins_entity(rest),
            '$' => self.dollars,
            '=' => may_highlight(out, rest),
            ':' => next == Some('/'),
            '@' => before.is_some_and(|c| c.is_alphanumeric() || "._-+".contains(c)),
            '.' => out.ends_with("www"),
            _ => false,
        }
    }
}

/// Says whether an equals sign here is one of several that could begin or end a highlight.
fn may_highlight(out: &str, rest: &str) -> bool {
    let free = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let before = out.trim_end_matches(['=', '\\']).chars().last();
    let after = rest.trim_start_matches('=').chars().next();
    (out.ends_with('=') || rest.starts_with('=')) && !(free(before) && free(after))
}

/// Escapes what is read within addresses, titles and info strings: backslashes, entities, line ends, spaces at the ends.
pub(in super::super) fn escape_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let at_an_end = out.is_empty() || rest.as_str().is_empty();
        match c {
            '&' if begins_entity(rest.as_str()) => out.push_str("&amp;"),
            '\\' => out.push_str("\\\\"),
            _ if c.is_control() || (at_an_end && c.is_whitespace()) => push_number(&mut out, c),
            _ => out.push(c),
        }
    }
    out
}

/// Appends a character by its number.
pub(super) fn push_number(out: &mut String, c: char) {
    out.push_str(&format!("&#{};", u32::from(c)));
}

/// Says whether an ampersand before this text would be read together with it as one character.
fn begins_entity(rest: &str) -> bool {
    let name = rest.trim_start_matches('#').trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    name.starts_with(';')
}

fn begins_a_block(c: char, next: Option<char>) -> bool {
    let blank_or = |c: char| next.is_none_or(|next| next.is_whitespace() || next == c);
    match c {
        '>' | '=' => true,
        '#' | '-' | '+' => blank_or(c),
        _ => false,
    }
}

/// A number with a dot or bracket at the beginning of a line would begin a list.
fn ends_a_number(out: &str, c: char, next: Option<char>) -> bool {
    if !matches!(c, '.' | ')') || next.is_some_and(|next| !next.is_whitespace()) {
        return false;
    }
    let digits = out.bytes().rev().take(10).take_while(u8::is_ascii_digit).count();
    let before = out.len().checked_sub(digits + 1).and_then(|at| out.as_bytes().get(at));
    (1..10).contains(&digits) && before.is_none_or(|byte| *byte == b'\n')
}
