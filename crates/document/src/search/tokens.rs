//! Takes a text apart: a token for each word, and for scripts without spaces one for each character, with the next.
//!
//! Such a character begins exactly one token: 東京都 gives 東京, 京都, 都. So a single character is found as the
//! beginning of a token, and longer words as tokens in a row, wherever they stand; nobody needs a dictionary.

use super::fold::{Class, class, extends, fold};

/// Characters of a token: what is longer is cut, for nobody types more of it.
const LONGEST: usize = 40;

/// A word of a text, as search knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'t> {
    /// The folded word.
    pub word: &'t str,
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Where its first character ends, if that is one of a script without spaces; else where the word ends.
    pub head: usize,
}

/// Calls for every token of a text, in its order.
pub fn tokens(text: &str, each: impl FnMut(Token<'_>)) {
    let mut cutter = Cutter { each, word: String::new(), length: 0, start: 0, end: 0, before: None };
    let mut letters = text.char_indices().peekable();
    let mut folded = String::new();
    while let Some((start, letter)) = letters.next() {
        let mut end = start + letter.len_utf8();
        while let Some((at, next)) = letters.next_if(|(_, next)| extends(*next)) {
            end = at + next.len_utf8();
        }
        if letter.is_ascii() && end == start + 1 {
            match letter.is_ascii_alphanumeric() {
                true => cutter.letter(letter.to_ascii_lowercase(), start, end),
                false => cutter.gap(),
            }
            continue;
        }
        folded.clear();
        fold(text.get(start..end).unwrap_or_default(), &mut folded);
        for letter in folded.chars() {
            match class(letter) {
                Class::Word => cutter.letter(letter, start, end),
                Class::Unspaced => cutter.character(letter, start, end),
                Class::Between => cutter.gap(),
            }
        }
    }
    cutter.gap();
}

/// Returns a text's tokens with a blank between them: what an index is given.
pub fn folded(text: &str) -> String {
    let mut all = String::with_capacity(text.len() + text.len() / 8);
    tokens(text, |token| {
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(token.word);
    });
    all
}

struct Cutter<F> {
    each: F,
    /// The word that is being read, how many characters it has, and where it is.
    word: String,
    length: usize,
    start: usize,
    end: usize,
    /// The character of a script without spaces that was read last.
    before: Option<(char, usize, usize)>,
}

impl<F: FnMut(Token<'_>)> Cutter<F> {
    fn letter(&mut self, letter: char, start: usize, end: usize) {
        self.end_run();
        if self.length == 0 {
            self.start = start;
        }
        if self.length < LONGEST {
            self.word.push(letter);
        }
        self.length += 1;
        self.end = end;
    }

    fn character(&mut self, letter: char, start: usize, end: usize) {
        self.end_word();
        if let Some((first, from, head)) = self.before.replace((letter, start, end)) {
            self.word.extend([first, letter]);
            self.give(from, end, head);
        }
    }

    fn gap(&mut self) {
        self.end_word();
        self.end_run();
    }

    fn end_word(&mut self) {
        if self.length > 0 {
            self.give(self.start, self.end, self.end);
            self.length = 0;
        }
    }

    fn end_run(&mut self) {
        if let Some((last, start, end)) = self.before.take() {
            self.word.push(last);
            self.give(start, end, end);
        }
    }

    fn give(&mut self, start: usize, end: usize, head: usize) {
        (self.each)(Token { word: &self.word, start, end, head });
        self.word.clear();
    }
}
