//! One client's structs from many updates, laid on one line by clock so that each clock is said once.
//!
//! Updates overlap: a state sent again, a reconnect that knew a part. What was written wins over the same range as
//! deleted or collected by somebody who no longer had it ([`Keep::Written`]); otherwise the update that was given first
//! wins, as it did at every replica that read the log. Honest updates say the same, and it does not matter which wins.

use std::collections::BTreeMap;

use super::structs::{Content, Id, Struct};

/// A struct of an update, or what is left of it behind the first `skip` clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'a> {
    pub update: &'a [u8],
    pub client: u64,
    pub one: Struct,
    pub skip: u32,
    len: u32,
}

impl<'a> Piece<'a> {
    pub(super) const fn new(update: &'a [u8], client: u64, one: Struct) -> Self {
        Self { update, client, one, skip: 0, len: one.len }
    }

    pub(super) const fn start(&self) -> u32 {
        self.one.clock + self.skip
    }

    pub(super) const fn end(&self) -> u32 {
        self.start() + self.len
    }

    /// Whether its writer no longer had what was there.
    pub(super) const fn is_emptied(&self) -> bool {
        matches!(self.one.content, Content::Deleted | Content::Gc)
    }

    pub(super) const fn len(&self) -> u32 {
        self.len
    }

    /// The origin: for a piece that was cut at its front, the clock before it.
    pub(super) fn origin(&self) -> Option<Id> {
        match self.skip {
            0 => self.one.link.origin(),
            _ => Some(Id { client: self.client, clock: self.start() - 1 }),
        }
    }

    /// Cuts off what comes before a clock inside the piece.
    const fn begin_at(&mut self, clock: u32) {
        let cut = clock - self.start();
        self.skip += cut;
        self.len -= cut;
    }

    /// Returns the part before a clock inside the piece.
    const fn until(mut self, clock: u32) -> Self {
        self.len = clock - self.start();
        self
    }
}

/// Which of two pieces stays that say something of the same clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// What was written, then what is deleted, then what is collected; of one kind the first.
    Written,
    /// The first.
    First,
}

/// Puts pieces in order and leaves each clock once.
pub(super) fn straighten(pieces: &mut Vec<Piece<'_>>, keep: Keep) {
    if pieces.is_sorted_by(|one, next| one.end() <= next.start()) {
        return;
    }
    if keep == Keep::First {
        *pieces = apart(std::mem::take(pieces));
        return;
    }
    let (emptied, written): (Vec<_>, Vec<_>) =
        std::mem::take(pieces).into_iter().partition(Piece::is_emptied);
    // A deleted range still says where it was; a collected one says nothing.
    let (deleted, collected): (Vec<_>, Vec<_>) =
        emptied.into_iter().partition(|piece| piece.one.content == Content::Deleted);
    for layer in [written, deleted, collected] {
        let line = std::mem::take(pieces);
        *pieces = fill(line, apart(layer));
    }
}

/// Drops what a reader has who has everything before `known`.
pub(super) fn drop_known(pieces: &mut Vec<Piece<'_>>, known: u32) {
    let first = pieces.partition_point(|piece| piece.end() <= known);
    pieces.drain(..first);
    if let Some(piece) = pieces.first_mut().filter(|piece| piece.start() < known) {
        piece.begin_at(known);
    }
}

/// Returns the first clock that is missing between pieces.
pub(super) fn no_hole(pieces: &[Piece<'_>]) -> Result<(), u32> {
    let hole = pieces.windows(2).find_map(|pair| match pair {
        [one, next] if one.end() < next.start() => Some(one.end()),
        _ => None,
    });
    hole.map_or(Ok(()), Err)
}

/// Sorts the pieces of one layer and cuts them apart: at each clock the one that was given first stays.
fn apart(layer: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut begins: Vec<(usize, Piece<'_>)> = layer.into_iter().enumerate().collect();
    begins.sort_by_key(|(_, piece)| piece.start());
    let mut begins = begins.into_iter().peekable();
    // Pieces that began and are not used up, by rank: the lowest speaks until it ends or a lower one begins.
    let mut open = BTreeMap::new();
    let mut line: Vec<Piece<'_>> = Vec::new();
    let mut free = 0;
    while let Some((rank, mut piece)) = open.pop_first().or_else(|| begins.next()) {
        if piece.end() <= free {
            continue;
        }
        let start = piece.start().max(free);
        piece.begin_at(start);
        free = piece.end();
        while let Some((other, next)) = begins.next_if(|(_, next)| next.start() < free) {
            open.insert(other, next);
            if other < rank {
                let stop = next.start().max(start);
                free = stop;
                if stop < piece.end() {
                    let mut rest = piece;
                    rest.begin_at(stop);
                    open.insert(rank, rest);
                }
            }
        }
        if start < free {
            line.push(piece.until(free));
        }
    }
    line
}

/// Returns the line with the gaps filled from a layer; both are sorted and apart.
fn fill<'a>(line: Vec<Piece<'a>>, layer: Vec<Piece<'a>>) -> Vec<Piece<'a>> {
    let mut filled = Vec::with_capacity(line.len() + layer.len());
    let mut kept = line.into_iter().peekable();
    let mut free = 0;
    for mut piece in layer {
        while piece.end() > free {
            let start = piece.start().max(free);
            piece.begin_at(start);
            if let Some(next) = kept.next_if(|next| next.start() < piece.end()) {
                if piece.start() < next.start() {
                    filled.push(piece.until(next.start()));
                }
                free = next.end();
                filled.push(next);
            } else {
                free = piece.end();
                filled.push(piece);
            }
        }
    }
    filled.extend(kept);
    filled
}
