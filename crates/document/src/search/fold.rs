//! One letter for all its forms: compatibility forms, case and accents are taken off.
//!
//! After Unicode's NFKC and full case folding (Unicode Standard 3.13, UAX 15), and one step further: accents of Latin, Greek
//! and Cyrillic, and the points of Hebrew and Arabic, are what people leave out when they search. Marks that are vowels or
//! make another letter (of Indic scripts, of kana) stay.

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a character is to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A part of a word that ends where another character stands.
    Word,
    /// Of a script that writes no spaces between words.
    Unspaced,
    /// Between words.
    Between,
}

/// Says what a folded character is.
pub(super) fn class(c: char) -> Class {
    if !c.is_alphanumeric() && !is_combining_mark(c) {
        Class::Between
    } else if is_unspaced(c) {
        Class::Unspaced
    } else {
        Class::Word
    }
}

/// Appends what a letter with everything that belongs to it is folded to.
pub(super) fn fold(cluster: &str, into: &mut String) {
    let bare = cluster.nfkd().filter(|c| !is_accent(*c) && !is_ignorable(*c));
    into.extend(bare.default_case_fold().nfkc());
}

/// Says whether a character belongs to the one before it.
pub(super) fn extends(c: char) -> bool {
    !c.is_ascii()
        && (is_combining_mark(c)
            || is_ignorable(c)
            // Vowels and finals of Hangul, and the voicing marks of half-width kana.
            || matches!(c, '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7fb}' | '\u{ff9e}' | '\u{ff9f}'))
}

/// Soft hyphens, joiners, variation selectors and the like: invisible, and in no word that somebody types.
fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{640}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'
        | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}')
}

/// Chinese, Japanese and Korean, and Thai, Lao, Burmese and Khmer. Korean has spaces, but hangs endings on its words.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e01}'..='\u{e3a}' | '\u{e40}'..='\u{e4e}' | '\u{e81}'..='\u{ece}' | '\u{1000}'..='\u{103f}'
        | '\u{1050}'..='\u{108f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17dd}' | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3035}' | '\u{3041}'..='\u{30ff}' | '\u{3100}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3fffd}')
}
