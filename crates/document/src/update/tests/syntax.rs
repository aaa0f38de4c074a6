//! Rules A1 to A14: what cannot be read. Each case is the smallest that breaks its rule.

use super::super::{Limits, RefusalCode};
use super::craft::{self, between, gc, numbered, root, root_key, root_text, text, update, with_deletes};
use super::{admitted, refused, state};

/// An update with one struct, nothing before it.
fn one(bytes: Vec<u8>) -> Vec<u8> {
    update(1, 0, &[bytes])
}

fn value(bytes: &[u8]) -> Vec<u8> {
    one(root_key("meta", "k", &(8, [&[1], bytes].concat())))
}

fn mark(json: &str) -> Vec<u8> {
    one(root(6, "title", &[text("bold"), text(json)].concat()))
}

#[test]
pub fn a1_too_large_and_too_many() {
    let most = Limits::BULK.structs;
    let many = update(1, 0, &vec![gc(1); most + 1]);
    let refusal = state().admit(&many, &Limits::BULK).expect_err("one more than an import may hold");
    assert_eq!(refusal.code, RefusalCode::Structs);
    assert!(state().admit(&many, &Limits::SNAPSHOT).is_ok(), "a whole document may");
    let large = vec![0; Limits::BULK.bytes + 1];
    assert_eq!(state().admit(&large, &Limits::BULK).expect_err("a byte too many").code, RefusalCode::Size);
}

#[test]
pub fn a2_numbers_in_their_shortest_form() {
    refused(&[], &[0x80, 0x00, 0], RefusalCode::Varint);
    refused(&[], &[1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0, 0, 1, 0], RefusalCode::Varint);
    refused(&[], &[1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0, 0, 1, 0], RefusalCode::Varint);
    admitted(&[update((1 << 53) - 1, 0, &[gc(1)])]);
    admitted(&[value(&[125, 0x40]), update(1, 1, &[gc(1)])]);
    refused(&[], &value(&[125, 0x80, 0x00]), RefusalCode::Varint);
}

#[test]
pub fn a3_each_client_once_and_with_structs() {
    let clients: Vec<u64> = (0..=Limits::BULK.clients as u64).collect();
    let structs = [gc(1)];
    let groups: Vec<_> = clients.iter().map(|client| (*client, 0, &structs[..])).collect();
    let crowd = craft::many(&groups, &[]);
    assert_eq!(state().admit(&crowd, &Limits::BULK).expect_err("one too many").code, RefusalCode::Clients);
    refused(&[], &craft::many(&[(1, 0, &structs), (1, 1, &structs)], &[]), RefusalCode::DuplicateClient);
    refused(&[], &[1, 0, 1, 0, 0, 0], RefusalCode::EmptyClient);
    refused(&[], &[1, 100, 1, 0, 0, 1, 0], RefusalCode::Truncated);
}

#[test]
pub fn a4_clocks_below_two_to_the_31() {
    refused(&[], &one(gc(1 << 31)), RefusalCode::ClockRange);
    refused(&[], &update(1, 1, &[gc((1 << 31) - 1)]), RefusalCode::ClockRange);
    refused(&[], &one(between(4, Some((2, 1 << 31)), None, &text("x"))), RefusalCode::ClockRange);
    admitted(&[one(gc((1 << 31) - 1))]);
}

#[test]
pub fn a5_flags_and_parents() {
    refused(&[], &one(vec![0x20, 1]), RefusalCode::GcFlags);
    refused(&[], &one([vec![4, 2], text("title"), text("x")].concat()), RefusalCode::ParentInfo);
    let flagged = between(4 | 0x20, Some((1, 0)), None, &text("b"));
    admitted(&[one(root_text("title", "a")), update(1, 1, &[flagged])]);
}

#[test]
pub fn a6_kinds_of_content() {
    for kind in [2, 9, 11, 12, 31] {
        refused(&[], &one(root(kind, "title", &[1])), RefusalCode::ContentKind);
    }
    let skip = refused(&[], &one(vec![10, 1]), RefusalCode::Skip);
    assert!(skip.code.needs_resync(), "what was left out may yet come");
    let blob = [numbered(&[(64 << 10) + 1]), vec![0; (64 << 10) + 1]].concat();
    refused(&[], &one(root_key("meta", "k", &(3, blob))), RefusalCode::BinarySize);
}

#[test]
pub fn a7_kinds_of_shared_types() {
    for kind in [5, 7, 9, 15, 16] {
        refused(&[], &one(root(7, "default", &[kind, 0])), RefusalCode::TypeKind);
    }
}

#[test]
pub fn a8_no_struct_of_length_zero() {
    for empty in [gc(0), root(1, "title", &[0]), root_text("title", ""), root_key("meta", "k", &(8, vec![0]))]
    {
        refused(&[], &one(empty), RefusalCode::ZeroLength);
    }
}

#[test]
pub fn a9_texts_and_names() {
    refused(&[], &one(root(4, "title", &[2, 0xc3, 0x28])), RefusalCode::Utf8);
    refused(&[], &one(root(4, "title", &[3, 0xed, 0xa0, 0x80])), RefusalCode::Utf8);
    let long = "k".repeat(1_025);
    refused(&[], &one(root_key("meta", &long, &craft::numbers(1))), RefusalCode::NameLength);
    let state = admitted(&[one(root_text("title", "\u{feff}é😀"))]);
    assert_eq!(state.next(1), 4, "a byte order mark counts, and a face counts twice");
}

#[test]
pub fn a10_values() {
    refused(&[], &value(&[115]), RefusalCode::ValueKind);
    refused(&[], &value(&[128]), RefusalCode::ValueKind);
    let nested = |depth: usize| [[117, 1].repeat(depth), vec![126]].concat();
    admitted(&[value(&nested(64))]);
    refused(&[], &value(&nested(65)), RefusalCode::ValueDepth);
    refused(&[], &value(&[117, 0xff, 0xff, 0x7f]), RefusalCode::Truncated);
    let all = [&[118, 3, 1, b'a', 117, 2, 127, 126, 1, b'b', 118, 0, 0, 116, 1, 9][..]].concat();
    admitted(&[value(&all)]);
}

#[test]
pub fn a11_json_that_every_reader_takes() {
    let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let good = [
        "null",
        " {\"a\" : [1, -0, 2.5e-3, true, {}], \"\":[]}\n",
        "\"\\ud83d\\ude00\\n\"",
        "\"😀\"",
        "1e308",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551616",
        "\"\u{7f}\"",
        "0.0",
        "[[],[[]],{}]",
    ];
    for json in good.iter().map(ToString::to_string).chain([nested(64)]) {
        admitted(&[mark(&json)]);
        assert!(yrs::Any::from_json(&json).is_ok(), "{json}: what is admitted, yrs must read");
    }
    let bad = [
        "",
        "undefined",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "01",
        "1.",
        ".5",
        "+1",
        "-",
        "1e",
        "\"\\ud83d\"",
        "\"\\ude00\\ud83d\"",
        "\"\\x\"",
        "\"\n\"",
        "1 2",
        "1e309",
        "9223372036854775808",
        "18446744073709551615",
        "nul",
        "[}",
        "{\"a\"}",
        "NaN",
        "\"",
        "{]",
        "[1:2]",
        "\u{feff}1",
        "\"\\u12g4\"",
        "1]",
        ",",
    ];
    for json in bad.iter().map(ToString::to_string).chain([nested(65)]) {
        refused(&[], &mark(&json), RefusalCode::Json);
    }
}

#[test]
pub fn a12_deleted_ranges() {
    let ranges =
        |ranges: &[u64]| [&[0, 1, 1][..], &numbered(&[ranges.len() as u64 / 2]), &numbered(ranges)].concat();
    let log = [one(gc(10))];
    admitted(&[one(gc(10)), ranges(&[0, 2, 2, 3, 9, 1])]);
    for bad in [&[][..], &[3, 0], &[4, 2, 0, 2], &[0, 3, 2, 2], &[0, (1 << 31) - 1, 1 << 30, 1]] {
        refused(&log, &ranges(bad), RefusalCode::DeleteSet);
    }
    refused(&log, &[0, 2, 1, 1, 0, 1, 1, 1, 3, 1], RefusalCode::DeleteSet);
    let crowd = (0..4_097).flat_map(|client| numbered(&[client, 1, 0, 1])).collect::<Vec<u8>>();
    refused(&log, &[vec![0], numbered(&[4_097]), crowd].concat(), RefusalCode::DeleteSet);
}

#[test]
pub fn a13_nothing_behind_the_end() {
    refused(&[], &[0, 0, 0], RefusalCode::Trailing);
    admitted(&[vec![0, 0]]);
    refused(&[], &[], RefusalCode::Truncated);
    refused(&[], &[0], RefusalCode::Truncated);
}

#[test]
pub fn a14_chains_that_cost_their_readers_too_much() {
    let chain = |count: u64| {
        let first = root_text("title", "x");
        let rest = (1..count).map(|clock| between(4, Some((1, clock - 1)), None, &text("x")));
        update(1, 0, &std::iter::once(first).chain(rest).collect::<Vec<_>>())
    };
    admitted(&[chain(4_096)]);
    refused(&[], &chain(4_098), RefusalCode::ChainCost);
    let joined = super::super::merge([&chain(4_096)[..]]).expect("it has no hole");
    assert!(joined.len() < 4_200, "our own merge joins such a chain");
}

#[test]
fn every_cut_of_an_update_is_refused() {
    let whole = with_deletes(
        1,
        0,
        &[root_text("title", "Tomás"), between(6, Some((1, 4)), None, &[text("bold"), text("{}")].concat())],
        &[(1, 0, 2)],
    );
    for end in 0..whole.len() {
        refused(&[], &whole[..end], RefusalCode::Truncated);
    }
    admitted(&[whole]);
}
