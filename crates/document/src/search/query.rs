//! What somebody looks for: words and phrases that must be there, words that must not, and filters.

use std::ops::Range;

use super::parse;
use super::tokens::tokens;

/// What somebody looks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All of these have to be in a document.
    pub all: Vec<Term>,
    /// None of these may be.
    pub none: Vec<Term>,
    /// What else has to be true of it.
    pub filters: Filters,
}

/// Tokens in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The tokens, one at least.
    pub words: Vec<String>,
    /// Whether the last one may go on: somebody is still typing it.
    pub prefix: bool,
}

/// What has to be true of a document besides its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filters {
    /// Words of the name of somebody who wrote in it (`by:`).
    pub by: Vec<Term>,
    /// Words of the title of something that it stands under (`in:`).
    pub under: Vec<Term>,
    /// It changed then or later, in milliseconds since 1970 (`after:`).
    pub since: Option<i64>,
    /// It changed before then (`before:`).
    pub until: Option<i64>,
    /// It is in the trash (`in:trash`); without this, it is not.
    pub trash: bool,
}

impl Query {
    /// Characters of a query; what is behind them is not looked for.
    pub const LONGEST: usize = 256;
    /// Words and phrases of a query, counted apart for those that must be there and those that must not.
    pub const MOST: usize = 16;

    /// Reads what somebody typed, as far as it makes sense; days begin `east` minutes before they do in UTC.
    ///
    /// Words have to be there in any order, `"these together"` in this one; the last may be the beginning of a word while
    /// nothing stands behind it. `-word` must not be there. `by:ada`, `in:"team notes"`, `in:trash`, `after:2026-03` and
    /// `before:2026-03-31` are filters; of a filter that is not finished yet nothing is asked.
    pub fn parse(text: &str, east: i32) -> Self {
        parse::query(text, east)
    }

    /// Says whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty() && self.filters == Filters::default()
    }
}

impl Filters {
    /// Returns the time that the filters leave, if they leave only some.
    pub fn span(&self) -> Option<Range<i64>> {
        let is_open = self.since.is_none() && self.until.is_none();
        (!is_open).then(|| self.since.unwrap_or(i64::MIN)..self.until.unwrap_or(i64::MAX))
    }
}

impl Term {
    /// Returns what these words are to search, if there is a word among them; `open` says whether the last may go on.
    pub fn of(text: &str, open: bool) -> Option<Self> {
        let mut words: Vec<String> = Vec::new();
        // Whether the last token is a single character of a script without spaces, and whether it ends a row of them.
        let (mut single, mut in_row, mut last_end) = (false, false, None);
        tokens(text, |token| {
            let ends = token.word.chars().nth(1).is_none() && last_end.is_some_and(|end| end == token.end);
            (single, in_row) = (is_character(token.word), ends);
            last_end = Some(token.end);
            words.push(token.word.to_owned());
        });
        if single && in_row && words.len() > 1 {
            // What stands behind the last character in a text makes another token of it.
            words.pop();
            return Some(Self { words, prefix: false });
        }
        (!words.is_empty()).then_some(Self { words, prefix: open || single })
    }

    /// Says whether these tokens, from one of a text on, are this term.
    pub(super) fn is_at<'w>(&self, mut rest: impl Iterator<Item = &'w str>) -> bool {
        let last = self.words.len().saturating_sub(1);
        self.words.iter().enumerate().all(|(at, word)| {
            let here = rest.next();
            here.is_some_and(
                |here| if self.prefix && at == last { here.starts_with(word) } else { here == word },
            )
        })
    }

    /// Says whether a text has this term in it.
    pub fn is_in(&self, text: &str) -> bool {
        let mut words = Vec::new();
        tokens(text, |token| words.push(token.word.to_owned()));
        (0..words.len()).any(|at| self.is_at(words.iter().skip(at).map(String::as_str)))
    }
}

/// Says whether a token is one character of a script without spaces.
fn is_character(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(super::fold::is_unspaced) && letters.next().is_none()
}
