//! Which neighbours on a client's line are one struct: those that Yjs would have joined.
//!
//! Two pieces are one when the second was written right behind the first with the same piece to its right, and their
//! content is of one kind that joins. That says the same of every unit of them, wherever other people's pieces went in
//! between. Values are the exception: in a list they join, but an entry of a map may be long only where all of it is
//! deleted (rule B7), or yrs frees what is still in use. So values join where a list can be proven, or under one
//! deleted range.

use std::collections::BTreeMap;

use super::delete_set::Range;
use super::line::Piece;
use super::structs::{Content, Id, Link};

type Lines<'a> = BTreeMap<u64, Vec<Piece<'a>>>;

pub(super) struct Neighbours<'m, 'a> {
    lines: &'m Lines<'a>,
    deletes: &'m BTreeMap<u64, Vec<Range>>,
    /// Whether pieces are in a list, by client and first clock. Also ends the search in a circle.
    in_list: BTreeMap<(u64, u32), bool>,
}

impl<'m, 'a> Neighbours<'m, 'a> {
    /// Looks at lines that are straight and deleted ranges that are united.
    pub(super) const fn new(lines: &'m Lines<'a>, deletes: &'m BTreeMap<u64, Vec<Range>>) -> Self {
        Self { lines, deletes, in_list: BTreeMap::new() }
    }

    /// Returns whether a piece and the next one on its line are one struct.
    pub(super) fn join(&mut self, left: &Piece<'_>, right: &Piece<'_>) -> bool {
        if left.one.content != right.one.content {
            return false;
        }
        match left.one.content {
            Content::Gc => true,
            Content::Deleted | Content::String => chained(left, right),
            Content::Any => {
                chained(left, right) && (self.deleted_together(left, right) || self.in_list(left))
            }
            Content::Binary | Content::Embed | Content::Format | Content::Type(_) => false,
        }
    }

    fn deleted_together(&self, left: &Piece<'_>, right: &Piece<'_>) -> bool {
        let ranges = self.deletes.get(&left.client).map_or(&[][..], Vec::as_slice);
        let behind = ranges.partition_point(|range| range.start <= left.start());
        ranges.get(..behind).and_then(<[Range]>::last).is_some_and(|range| range.end >= right.end())
    }

    /// Follows neighbours until one says whether it is in a list; unknown is no.
    fn in_list(&mut self, piece: &Piece<'_>) -> bool {
        let mut path = Vec::new();
        let mut current = Some(*piece);
        let mut found = false;
        while let Some(piece) = current {
            let name = (piece.client, piece.start());
            if let Some(known) = self.in_list.insert(name, false) {
                found = known;
                self.in_list.insert(name, known);
                break;
            }
            path.push(name);
            // Only lists hold characters, embeds and marks.
            if matches!(piece.one.content, Content::String | Content::Embed | Content::Format) {
                found = true;
                break;
            }
            current = match piece.one.link {
                Link::Root { key, .. } | Link::Inside { key, .. } if piece.skip == 0 => {
                    found = key.is_none();
                    None
                }
                _ => piece.origin().or(piece.one.link.right()).and_then(|id| self.at(id)),
            };
        }
        self.in_list.extend(path.into_iter().map(|name| (name, found)));
        found
    }

    fn at(&self, id: Id) -> Option<Piece<'a>> {
        let line = self.lines.get(&id.client)?;
        let behind = line.partition_point(|piece| piece.start() <= id.clock);
        line.get(..behind)?.last().filter(|piece| id.clock < piece.end()).copied()
    }
}

/// Returns whether the second piece was written right behind the first, with the same piece to its right.
fn chained(left: &Piece<'_>, right: &Piece<'_>) -> bool {
    let last = Id { client: left.client, clock: left.end() - 1 };
    right.origin() == Some(last) && left.one.link.right() == right.one.link.right()
}
