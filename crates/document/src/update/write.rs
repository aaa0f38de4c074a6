//! Writes updates (Yjs, v1) out of pieces of others: bytes are copied, and only what a cut or a join changes is new.

use std::collections::BTreeMap;

use super::any;
use super::cursor::Cursor;
use super::delete_set::Range;
use super::line::Piece;
use super::structs::{Content, Id, Link};

/// Appends an unsigned number in its shortest form.
pub(super) fn number(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        let [low, ..] = value.to_le_bytes();
        to.push(low | 0x80);
        value >>= 7;
    }
    let [low, ..] = value.to_le_bytes();
    to.push(low);
}

fn id(to: &mut Vec<u8>, id: Id) {
    number(to, id.client);
    number(to, u64::from(id.clock));
}

/// Appends pieces that are one struct: the head of the first, the content of all.
pub(super) fn run(to: &mut Vec<u8>, run: &[Piece<'_>]) {
    let Some(first) = run.first() else { return };
    head(to, first);
    match first.one.content {
        Content::Gc | Content::Deleted => number(to, total(run)),
        Content::String => {
            let parts = || run.iter().flat_map(text);
            number(to, parts().map(|part| part.len() as u64).sum());
            parts().for_each(|part| to.extend_from_slice(part.as_bytes()));
        }
        Content::Any => {
            number(to, total(run));
            run.iter().for_each(|piece| to.extend_from_slice(values(piece)));
        }
        Content::Binary | Content::Embed | Content::Format | Content::Type(_) => {
            to.extend_from_slice(bytes(first, first.one.content_at));
        }
    }
}

/// Appends the deleted ranges, the highest client first, as Yjs does.
pub(super) fn deletes(to: &mut Vec<u8>, deletes: &BTreeMap<u64, Vec<Range>>) {
    number(to, deletes.len() as u64);
    for (client, ranges) in deletes.iter().rev() {
        number(to, *client);
        number(to, ranges.len() as u64);
        for range in ranges {
            number(to, u64::from(range.start));
            number(to, u64::from(range.end - range.start));
        }
    }
}

fn total(run: &[Piece<'_>]) -> u64 {
    run.iter().map(|piece| u64::from(piece.len())).sum()
}

/// Appends info byte, neighbours, parent and key.
fn head(to: &mut Vec<u8>, piece: &Piece<'_>) {
    let content = match piece.one.content {
        Content::Gc => return to.push(0),
        Content::Deleted => 1,
        Content::Binary => 3,
        Content::String => 4,
        Content::Embed => 5,
        Content::Format => 6,
        Content::Type(_) => 7,
        Content::Any => 8,
    };
    match (piece.origin(), piece.one.link) {
        (None, Link::Root { key, .. } | Link::Inside { key, .. }) => {
            to.push(content | if key.is_some() { 0x20 } else { 0 });
            let head = bytes(piece, piece.one.start + 1);
            let len = (piece.one.content_at - piece.one.start - 1) as usize;
            to.extend_from_slice(head.get(..len).unwrap_or_default());
        }
        (origin, link) => {
            let right = link.right();
            to.push(
                content | if origin.is_some() { 0x80 } else { 0 } | if right.is_some() { 0x40 } else { 0 },
            );
            origin.into_iter().chain(right).for_each(|neighbour| id(to, neighbour));
        }
    }
}

/// The piece's bytes in its update, from an offset on.
fn bytes<'a>(piece: &Piece<'a>, from: u32) -> &'a [u8] {
    piece.update.get(from as usize..piece.one.end as usize).unwrap_or_default()
}

/// The text between the cuts. Where a cut divides a character, Yjs puts a replacement on each side.
fn text<'a>(piece: &Piece<'a>) -> [&'a str; 3] {
    const REPLACEMENT: &str = "\u{fffd}";
    let text = std::str::from_utf8(bytes(piece, piece.one.payload_at)).unwrap_or_default();
    let (rest, head) = if piece.skip == 0 { (text, "") } else { behind(text, piece.skip, REPLACEMENT) };
    if piece.end() == piece.one.next() {
        return [head, rest, ""];
    }
    let (after, tail) = behind(rest, piece.len() - u32::from(!head.is_empty()), REPLACEMENT);
    let divided = if tail.is_empty() { 0 } else { 4 };
    [head, rest.get(..rest.len() - after.len() - divided).unwrap_or_default(), tail]
}

/// The text behind so many UTF-16 units, and the replacement if that divides a character.
fn behind<'a>(text: &'a str, units: u32, replacement: &'a str) -> (&'a str, &'a str) {
    let mut counted = 0;
    let mut characters = text.chars();
    while counted < units {
        let Some(character) = characters.next() else { break };
        counted += if character.len_utf8() == 4 { 2 } else { 1 };
    }
    (characters.as_str(), if counted > units { replacement } else { "" })
}

/// The values between the cuts.
fn values<'a>(piece: &Piece<'a>) -> &'a [u8] {
    let values = bytes(piece, piece.one.payload_at);
    let mut from = Cursor::new(values);
    let mut pass = |count| {
        let passed = (0..count).try_for_each(|_| any::value(&mut from));
        debug_assert!(passed.is_ok(), "the values were read once");
        from.at()
    };
    let start = pass(piece.skip);
    let end = if piece.end() == piece.one.next() { values.len() } else { pass(piece.len()) };
    values.get(start..end).unwrap_or_default()
}
