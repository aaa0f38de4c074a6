//! The passage of a text that says best why it was found, and where in it the words are.
//!
//! Positions are given in UTF-16 code units, for the window counts in those.

use std::ops::Range;

use super::query::{Query, Term};
use super::tokens::tokens;

/// Bytes of a text that are looked through at a time.
const STRIDE: usize = 16 * 1024;
/// Of a text that has the words everywhere no more places are weighed.
const PLACES: usize = 64;
/// What stands for words that were left out.
const ELLIPSIS: char = '…';
/// What stands for the end of a line: cells and lines of code do not run into one sentence. One UTF-16 code unit, as that is.
const BETWEEN_LINES: char = '\u{2003}';

/// A passage of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Snippet {
    /// The passage, on one line; an ellipsis stands where the text goes on.
    pub text: String,
    /// Where the words are in it, in UTF-16 code units, in order.
    pub highlights: Vec<Range<u32>>,
}

/// A term that was found at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    term: usize,
    bytes: Range<usize>,
}

/// Returns where a query's words are in a short text, in UTF-16 code units, in order.
pub fn highlights(text: &str, query: &Query) -> Vec<Range<u32>> {
    let mut places = Vec::new();
    find(text, 0..text.len(), &query.all, &mut places);
    in_utf16(text, 0, &places)
}

/// Returns the passage of a text, of about so many characters, that has the most of a query's words in it: the first of
/// those that have as many. No more than `limit` bytes of the text are looked through; it is taken off them.
pub fn snippet(text: &str, query: &Query, width: usize, limit: &mut usize) -> Snippet {
    let mut places: Vec<Place> = Vec::new();
    let mut at = 0;
    while at < text.len() && *limit > 0 && places.len() < PLACES {
        let end = boundary(text, (at + STRIDE).min(text.len()));
        *limit = limit.saturating_sub(end - at);
        find(text, at..end, &query.all, &mut places);
        at = end;
        if best(&places, width).is_some_and(|(_, terms)| terms == query.all.len()) {
            break;
        }
    }
    let start = best(&places, width).map_or(0, |(start, _)| start);
    cut(text, start, width, &places)
}

/// Returns where the passage begins that has most terms, and how many; places are in order.
fn best(places: &[Place], width: usize) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    for (at, place) in places.iter().enumerate() {
        let within = places.iter().skip(at).take_while(|it| it.bytes.end <= place.bytes.start + width);
        let mut terms: Vec<usize> = within.map(|it| it.term).collect();
        terms.sort_unstable();
        terms.dedup();
        if best.is_none_or(|(_, most)| terms.len() > most) {
            best = Some((place.bytes.start, terms.len()));
        }
    }
    best
}

/// Returns the next blank at or behind a place: tokens are not cut, but for those of scripts without spaces.
fn boundary(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at);
    let end = text.floor_char_boundary(at + STRIDE);
    let near = text.get(at..end).unwrap_or_default();
    near.find(char::is_whitespace).map_or(if end == text.len() { end } else { at }, |blank| at + blank)
}

/// Adds where the terms are in a part of a text, in order, without those that overlap an earlier one.
fn find(text: &str, part: Range<usize>, terms: &[Term], places: &mut Vec<Place>) {
    let (mut words, mut at) = (String::new(), Vec::<(Range<usize>, Range<usize>, usize)>::new());
    tokens(text.get(part.clone()).unwrap_or_default(), |token| {
        let from = words.len();
        words.push_str(token.word);
        let bytes = part.start + token.start..part.start + token.end;
        at.push((from..words.len(), bytes, part.start + token.head));
    });
    let word = |at: &(Range<usize>, Range<usize>, usize)| words.get(at.0.clone()).unwrap_or_default();
    let mut covered = part.start;
    for (index, (_, bytes, _)) in at.iter().enumerate() {
        if bytes.start < covered {
            continue;
        }
        let rest = at.get(index..).unwrap_or_default();
        let here = terms.iter().enumerate().filter(|(_, term)| term.is_at(rest.iter().map(word)));
        let ends = here.filter_map(|(number, term)| {
            let last = rest.get(term.words.len() - 1)?;
            Some((number, if term.prefix { last.2 } else { last.1.end }))
        });
        if let Some((term, end)) = ends.max_by_key(|(_, end)| *end) {
            places.push(Place { term, bytes: bytes.start..end });
            covered = end;
            if places.len() >= PLACES {
                return;
            }
        }
    }
}

/// Cuts a passage out around a place, at blanks where there are some nearby, and says where the words are in it.
fn cut(text: &str, at: usize, width: usize, places: &[Place]) -> Snippet {
    let lead = width / 4;
    let mut start = text.floor_char_boundary(at.saturating_sub(lead));
    if at.saturating_sub(lead) > 0 {
        let before = text.get(start..at).unwrap_or_default();
        // A new line is a better beginning than the middle of a sentence.
        let line = before.rfind('\n').map(|end| end + 1);
        start += line.or_else(|| before.find(char::is_whitespace).map(|end| end + 1)).unwrap_or(0);
        start = text.ceil_char_boundary(start);
    }
    let rest = text.get(start..).unwrap_or_default();
    let mut end = text.len();
    if let Some((most, _)) = rest.char_indices().nth(width) {
        let most = start + most;
        let blank = text.get(start..most).unwrap_or_default().rfind(char::is_whitespace);
        end = blank.filter(|blank| blank * 4 >= (most - start) * 3).map_or(most, |blank| start + blank);
    }
    let passage = text.get(start..end).unwrap_or_default();
    let is_cut = !text.get(..start).unwrap_or_default().trim().is_empty();
    let mut shown = String::with_capacity(passage.len() + 6);
    if is_cut {
        shown.push(ELLIPSIS);
    }
    shown.extend(passage.chars().map(|c| match c {
        '\n' => BETWEEN_LINES,
        c if c.is_control() => ' ',
        c => c,
    }));
    shown.truncate(shown.trim_end().len());
    if !text.get(end..).unwrap_or_default().trim().is_empty() {
        shown.push(ELLIPSIS);
    }
    let within = places.iter().filter(|it| it.bytes.start >= start && it.bytes.end <= end);
    let within: Vec<Place> = within
        .map(|it| Place { term: it.term, bytes: it.bytes.start - start..it.bytes.end - start })
        .collect();
    Snippet { text: shown, highlights: in_utf16(passage, u32::from(is_cut), &within) }
}

/// Counts in UTF-16 code units what was counted in bytes, behind so many units.
fn in_utf16(text: &str, before: u32, places: &[Place]) -> Vec<Range<u32>> {
    let (mut bytes, mut units) = (0, before);
    let mut count = |to: usize| {
        units += text.get(bytes..to).unwrap_or_default().encode_utf16().count() as u32;
        bytes = to;
        units
    };
    places.iter().map(|place| count(place.bytes.start)..count(place.bytes.end)).collect()
}
