//! Reads what somebody typed. Nothing is an error: whatever is no quote and no filter is a word.

use super::date;
use super::query::{Query, Term};

/// What begins and ends a phrase: people's keyboards and editors make all of these.
const OPENING: &[char] = &['"', '“', '„', '«', '「'];
const CLOSING: &[char] = &['"', '”', '“', '»', '」'];
/// Milliseconds.
const MINUTE: i64 = 60 * 1000;

pub(super) fn query(text: &str, east: i32) -> Query {
    let text: String = text.chars().take(Query::LONGEST).collect();
    let mut query = Query::default();
    let mut rest = text.as_str();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return query;
        }
        let is_unwanted = rest.starts_with('-');
        let bare = rest.strip_prefix('-').unwrap_or(rest);
        if !is_unwanted && let Some((key, value)) = filter(bare) {
            let (value, after) = piece(value);
            apply(&mut query, key, value, east);
            rest = after;
            continue;
        }
        let (piece, after) = piece(bare);
        let open = after.is_empty() && !piece.closed && !is_unwanted;
        let list = if is_unwanted { &mut query.none } else { &mut query.all };
        if list.len() < Query::MOST {
            list.extend(Term::of(piece.text, open));
        }
        rest = after;
    }
}

#[derive(Clone, Copy)]
enum Key {
    By,
    In,
    After,
    Before,
}

/// Returns the filter that a text begins with and what is behind its colon.
fn filter(text: &str) -> Option<(Key, &str)> {
    let (key, value) = text.split_once(':')?;
    let key = match key.to_ascii_lowercase().as_str() {
        "by" => Key::By,
        "in" => Key::In,
        "after" => Key::After,
        "before" => Key::Before,
        _ => return None,
    };
    Some((key, value))
}

struct Piece<'t> {
    text: &'t str,
    /// Whether its end was said: it ends in a quote.
    closed: bool,
}

/// Returns the word or phrase that a text begins with, and the rest.
fn piece(text: &str) -> (Piece<'_>, &str) {
    if let Some(inner) = text.strip_prefix(OPENING) {
        let (text, rest) = inner.split_once(CLOSING).map_or((inner, None), |(text, rest)| (text, Some(rest)));
        return (Piece { text, closed: rest.is_some() }, rest.unwrap_or_default());
    }
    let (text, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    (Piece { text, closed: false }, rest)
}

fn apply(query: &mut Query, key: Key, value: Piece<'_>, east: i32) {
    let filters = &mut query.filters;
    let day = || date::span(value.text).map(|days| (days.start, i64::from(east) * MINUTE));
    match key {
        Key::By => filters.by.extend(Term::of(value.text, !value.closed)),
        Key::In if value.text.eq_ignore_ascii_case("trash") && !value.closed => filters.trash = true,
        Key::In => filters.under.extend(Term::of(value.text, !value.closed)),
        Key::After => filters.since = day().map(|(start, east)| start - east).or(filters.since),
        Key::Before => filters.until = day().map(|(start, east)| start - east).or(filters.until),
    }
}
