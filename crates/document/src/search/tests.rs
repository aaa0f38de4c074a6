//! What search takes for the same word, what people can ask, and what they are shown.

use std::ops::Range;

use proptest::prelude::*;

use super::*;

fn words(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    tokens(text, |token| all.push(token.word.to_owned()));
    all
}

fn query(text: &str) -> Query {
    Query::parse(text, 0)
}

/// What a query says has to be there, phrases with a `+` between their words, a `*` behind what may go on.
fn wanted(text: &str) -> Vec<String> {
    let said = |term: &Term| format!("{}{}", term.words.join("+"), if term.prefix { "*" } else { "" });
    query(text).all.iter().map(said).collect()
}

/// The pieces of a text that are highlighted.
fn lit(text: &str, ranges: &[Range<u32>]) -> Vec<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let piece = |range: &Range<u32>| {
        let piece = units.get(range.start as usize..range.end as usize);
        String::from_utf16(piece.expect("it lies in the text")).expect("no character is cut")
    };
    ranges.iter().map(piece).collect()
}

#[test]
fn one_word_is_the_same_however_it_is_written() {
    for (one, other) in [
        ("Straße", "STRASSE"),
        ("ﬁne", "FINE"),
        ("Ｗｉｄｅ", "wide"),
        ("Tomás", "tomas"),
        ("Toma\u{301}s", "tomas"),
        ("Ὀδυσσεύς", "οδυσσευς"),
        ("ΣΊΣΥΦΟΣ", "σισυφος"),
        ("İstanbul", "istanbul"),
        ("ﾊﾟﾝ", "パン"),
        ("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}"),
        ("Schiff\u{ad}fahrt", "schifffahrt"),
        ("שָׁלוֹם", "שלום"),
        ("كِتَاب", "كتاب"),
    ] {
        assert_eq!(words(one), words(other), "{one} is {other}");
        assert!(!words(one).is_empty(), "and something: {one}");
    }
    assert_ne!(words("か"), words("が"), "a voiced kana is another letter");
    assert_ne!(words("कि"), words("के"), "and so is another vowel");
}

#[test]
fn words_end_where_people_think_so() {
    assert_eq!(
        words("don't stop, 2026-03-01: foo_bar"),
        ["don", "t", "stop", "2026", "03", "01", "foo", "bar"]
    );
    assert_eq!(words("हिन्दी भाषा"), ["हिन्दी", "भाषा"], "vowel signs are in the word");
    assert_eq!(words("🚀 … —"), Vec::<String>::new(), "there is no word in it");
    assert_eq!(words("ab".repeat(50).as_str()), ["ab".repeat(20)], "nobody types more of a word than this");
}

#[test]
fn scripts_without_spaces_give_each_character_with_the_next() {
    assert_eq!(words("東京都へ"), ["東京", "京都", "都へ", "へ"]);
    assert_eq!(words("iPhone手机2"), ["iphone", "手机", "机", "2"], "other scripts end the row");
    assert_eq!(wanted("東京"), ["東京"], "what may stand behind it is not asked for");
    assert_eq!(wanted("東京都"), ["東京+京都"]);
    assert_eq!(wanted("京"), ["京*"], "one character begins a token wherever it stands");
    for part in ["東", "都", "へ", "京都", "東京都へ"] {
        let term = Term::of(part, false).unwrap();
        assert!(term.is_in("昨日、東京都へ"), "{part} is in it");
    }
    assert!(!Term::of("京東", false).unwrap().is_in("東京都"), "in this order only");
}

#[test]
fn a_query_is_words_phrases_and_what_must_not_be_there() {
    assert_eq!(wanted("harbour cra"), ["harbour", "cra*"], "the last word is still being typed");
    assert_eq!(wanted("harbour crane "), ["harbour", "crane"], "until a blank stands behind it");
    assert_eq!(wanted("\"night shift\" crane "), ["night+shift", "crane"]);
    assert_eq!(wanted("„night shift“ «a b» “c d"), ["night+shift", "a+b", "c+d*"], "whatever the quotes");
    assert_eq!(wanted("don't x "), ["don+t", "x"], "a word of two tokens is a phrase");
    assert_eq!(wanted("- … \"\" :"), Vec::<String>::new(), "there is no word in it");
    let none = query("crane -rust -\"night shift\"").none;
    let none: Vec<_> = none.iter().map(|term| (term.words.join(" "), term.prefix)).collect();
    assert_eq!(none, [("rust".to_owned(), false), ("night shift".to_owned(), false)]);
    assert_eq!(wanted("AND OR NEAR NOT"), ["and", "or", "near", "not*"], "no word is a command");
    assert_eq!(query(&"a ".repeat(400)).all.len(), Query::MOST, "a query is bounded");
}

#[test]
fn filters_are_read_once_they_are_finished() {
    let filters = query("crane by:ada in:\"team notes\" in:trash after:1970-01-02 before:1970-02").filters;
    assert_eq!((filters.since, filters.until, filters.trash), (Some(86_400_000), Some(2_678_400_000), true));
    assert_eq!(filters.by.first().unwrap().words, ["ada"]);
    assert_eq!(filters.under.first().unwrap().words, ["team", "notes"]);
    assert_eq!(query("after:202 by: before:x ").filters, Filters::default(), "these are not finished");
    assert_eq!(query("after:1970-01-02").filters.since, Some(86_400_000));
    let berlin = Query::parse("after:1970-01-02", 60).filters.since;
    assert_eq!(berlin, Some(82_800_000), "their day begins an hour earlier");
    assert_eq!(wanted("note:this"), ["note+this*"], "what is no filter is words");
}

#[test]
fn what_was_found_is_shown_where_it_stands() {
    let text = "𝄞 Über den Hafen: das CAFÉ am Kai";
    assert_eq!(lit(text, &highlights(text, &query("cafe uber "))), ["Über", "CAFÉ"]);
    assert_eq!(lit(text, &highlights(text, &query("\"den hafen\""))), ["den Hafen"]);
    assert_eq!(lit("見る東京都庁へ", &highlights("見る東京都庁へ", &query("京都"))), ["京都"]);
    assert_eq!(lit("見る東京都庁へ", &highlights("見る東京都庁へ", &query("都"))), ["都"]);
    assert_eq!(lit("mooring", &highlights("mooring", &query("moo"))), ["mooring"], "the whole word");
}

#[test]
fn a_snippet_is_the_passage_that_says_most() {
    let filler = "Nothing of it is here. ".repeat(40);
    let text =
        format!("The crane.\n{filler}\nTonight the old crane lifts\nthe harbour master's boat.\n{filler}");
    let mut limit = 1 << 20;
    let snippet = snippet(&text, &query("crane harbour "), 120, &mut limit);
    assert_eq!(lit(&snippet.text, &snippet.highlights), ["crane", "harbour"], "{snippet:?}");
    assert!(snippet.text.starts_with("…Tonight the old crane"), "it begins with its line: {snippet:?}");
    assert!(snippet.text.ends_with('…') && !snippet.text.contains('\n'), "on one line: {snippet:?}");
    assert!(snippet.text.chars().count() <= 122, "no longer than was asked");
    let nothing = super::snippet(&text, &query("absent "), 40, &mut limit);
    assert!(nothing.text.starts_with("The crane."), "else it is the beginning");
    assert_eq!(nothing.highlights, []);
    assert!(limit < 1 << 20, "what was looked through was counted");
    assert_eq!(super::snippet("", &query("x"), 40, &mut limit), Snippet::default());
}

proptest! {
    #[test]
    fn tokens_lie_in_the_text_in_order(text in "\\PC{0,40}") {
        let mut last = 0;
        tokens(&text, |token| {
            assert!(!token.word.is_empty() && !token.word.contains(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()));
            assert!(text.get(token.start..token.end).is_some_and(|piece| !piece.is_empty()), "whole characters");
            assert!(token.start < token.head && token.head <= token.end && token.start >= last);
            last = token.start;
        });
    }

    #[test]
    fn folding_twice_is_folding_once(text in "[\\p{Latin}\\p{Greek}\\p{Cyrillic}\\p{Hebrew}\\p{Arabic}\\p{Devanagari}\\p{Nd}\u{300}-\u{36f} .,-]{0,40}") {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once);
    }

    #[test]
    fn what_is_typed_from_a_text_is_found_in_it(text in "[\\p{L}\\p{N} .,]{1,40}", from in 0_usize..40, length in 1_usize..20) {
        let part: String = text.chars().skip(from).take(length).collect();
        let whole = |c: Option<char>| c.is_none_or(|c| c == ' ');
        let is_whole = from == 0 || whole(text.chars().nth(from - 1));
        if let (true, Some(term)) = (is_whole, Term::of(&part, true)) {
            prop_assert!(term.is_in(&text), "{:?} is in {:?}", term, text);
            let query = Query { all: vec![term], ..Query::default() };
            prop_assert!(!highlights(&text, &query).is_empty(), "and it is shown where");
        }
    }

    #[test]
    fn whatever_is_typed_is_a_query(text in "[\\PC\"“:-]{0,60}", width in 1_usize..200) {
        let query = query(&text);
        lit(&text, &highlights(&text, &query));
        let snippet = snippet(&text, &query, width, &mut 10_000);
        lit(&snippet.text, &snippet.highlights);
    }
}
