//! Takes an update into the tables, wholly or not at all.
//!
//! The tables only grow at their ends, so taking back is cutting off: each client's [`Turn`] remembers where it began.

use super::refusal::Refusal;
use super::structs::Parsed;
use super::summary::Summary;
use super::tables::{Slot, Tables};
use super::walk::Walk;

/// One client's part of an update on its way in, and what takes it out again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    pub client: u64,
    pub writer: u32,
    /// The client's first clock in the update, and its next one before and after.
    pub start: u32,
    pub known: u32,
    pub next: u32,
    /// The client's runs before.
    pub runs: usize,
    /// The next struct to take, and the first that is not this client's.
    pub at: usize,
    pub end: usize,
    /// The clock that this turn waits for, and the turn that waits for this one.
    pub wants: Option<u32>,
    pub below: Option<u32>,
}

/// Lists of the walk, kept between updates for their memory.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub turns: Vec<Turn>,
    pub made: Vec<(u32, u64)>,
    pub begun: Vec<(u32, Slot)>,
}

impl Scratch {
    pub(super) fn heap_bytes(&self) -> usize {
        self.turns.capacity() * size_of::<Turn>()
            + self.made.capacity() * size_of::<(u32, u64)>()
            + self.begun.capacity() * size_of::<(u32, Slot)>()
    }
}

/// Takes an update that was read into the tables, wholly or not at all.
pub(super) fn admit(
    tables: &mut Tables,
    scratch: &mut Scratch,
    parsed: &Parsed,
    bytes: &[u8],
) -> Result<Summary, Refusal> {
    let mark = tables.mark();
    let Scratch { turns, made, begun } = &mut *scratch;
    turns.clear();
    made.clear();
    begun.clear();
    for (group, number) in parsed.groups.iter().zip(0..) {
        let writer = tables.writer(group.client);
        tables.set_turn(writer, Some(number));
        turns.push(Turn {
            client: group.client,
            writer,
            start: parsed.structs.get(group.first).map_or(0, |one| one.clock),
            known: tables.next(writer),
            next: 0,
            runs: tables.runs(writer),
            at: group.first,
            end: group.end,
            wants: None,
            below: None,
        });
    }
    let outcome = Walk::new(tables, parsed, bytes, scratch).run();
    for turn in &scratch.turns {
        tables.set_turn(turn.writer, None);
    }
    if outcome.is_err() {
        for turn in &scratch.turns {
            tables.rewind(turn.writer, turn.known, turn.runs);
        }
        tables.take_back(mark, scratch);
    }
    outcome
}
