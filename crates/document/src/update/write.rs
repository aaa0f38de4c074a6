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
            let parts = || run.iter().map(text);
            number(to, parts().map(|(mended, text)| (mended.len() + text.len()) as u64).sum());
            for (mended, text) in parts() {
                to.extend_from_slice(mended.as_bytes());
                to.extend_from_slice(text.as_bytes());
            }
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

/// The text behind the cut. Between the two halves of a character Yjs puts a replacement for each.
fn text<'a>(piece: &Piece<'a>) -> (&'static str, &'a str) {
    let text = std::str::from_utf8(bytes(piece, piece.one.payload_at)).unwrap_or_default();
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= piece.skip {
            let mended = if units > piece.skip { "\u{fffd}" } else { "" };
            return (mended, text.get(at..).unwrap_or_default());
        }
        units += if character.len_utf8() == 4 { 2 } else { 1 };
    }
    (if units > piece.skip { "\u{fffd}" } else { "" }, "")
}

/// The values behind the cut.
fn values<'a>(piece: &Piece<'a>) -> &'a [u8] {
    let values = bytes(piece, piece.one.payload_at);
    let mut from = Cursor::new(values);
    let cut = (0..piece.skip).try_for_each(|_| any::value(&mut from));
    debug_assert!(cut.is_ok(), "the values were read once");
    values.get(from.at()..).unwrap_or_default()
}
