//! Walks an update in an order in which every struct finds what it refers to (rules B1 to B3, B10).
//!
//! Clients may stand in any order in an update, and their structs refer to each other's back and forth. The walk takes
//! one client's structs until one needs another client's, takes those first, and comes back: a chain of clients, each
//! on it at most once. A client that is needed while it waits closes a circle.

use super::admit::{Scratch, Turn};
use super::place::{self, Refers};
use super::refusal::{Refusal, RefusalCode};
use super::structs::{Id, Link, Parsed, Struct};
use super::summary::{ClientSummary, DeletedRange, Kinds, Summary};
use super::tables::{Held, Slot, Tables};

pub(super) struct Walk<'a> {
    tables: &'a mut Tables,
    parsed: &'a Parsed,
    bytes: &'a [u8],
    turns: &'a mut [Turn],
    made: &'a mut Vec<(u32, u64)>,
    begun: &'a mut Vec<(u32, Slot)>,
    kinds: Kinds,
}

/// Why a struct cannot be taken now.
enum Stop {
    Refused(Refusal),
    Later { turn: u32, clock: u32 },
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        tables: &'a mut Tables,
        parsed: &'a Parsed,
        bytes: &'a [u8],
        Scratch { turns, made, begun }: &'a mut Scratch,
    ) -> Self {
        Self { tables, parsed, bytes, turns, made, begun, kinds: Kinds::default() }
    }

    pub(super) fn run(mut self) -> Result<Summary, Refusal> {
        for (turn, group) in self.turns.iter().zip(&self.parsed.groups) {
            let id = Id { client: turn.client, clock: turn.known };
            let whole = RefusalCode::Hole.unless(turn.start <= turn.known);
            whole.map_err(|code| Refusal::about(code, group.at, id))?;
        }
        for (_, first) in self.parsed.groups.iter().zip(0..) {
            let mut top = Some(first);
            while let Some(turn) = top {
                top = self.take_turn(turn)?;
            }
        }
        self.deletes_are_here()?;
        Ok(self.summary())
    }

    /// Takes a client's structs until it has no more, waits for another, or has what the one below waits for.
    /// Returns whose turn it is then.
    fn take_turn(&mut self, number: u32) -> Result<Option<u32>, Refusal> {
        let Some(mut turn) = self.turn(number) else { return Ok(None) };
        turn.wants = None;
        let wanted = turn.below.and_then(|below| self.turn(below)?.wants);
        let after = loop {
            let next = self.tables.next(turn.writer);
            turn.next = next;
            if wanted.is_some_and(|clock| clock < next) {
                break turn.below;
            }
            let Some(one) = self.parsed.structs.get(turn.at..turn.end).and_then(<[Struct]>::first) else {
                break turn.below;
            };
            if one.next() <= next {
                self.known(&turn, one)?;
            } else {
                match self.refers(&turn, one) {
                    Ok(refers) => self.take(&turn, one, refers)?,
                    Err(Stop::Refused(refusal)) => return Err(refusal),
                    Err(Stop::Later { turn: other, clock }) => {
                        turn.wants = Some(clock);
                        self.change(other, |other| other.below = Some(number));
                        break Some(other);
                    }
                }
            }
            turn.at += 1;
        };
        if turn.wants.is_none() {
            turn.below = None;
        }
        self.change(number, |stored| *stored = turn);
        Ok(after)
    }

    /// B2: a struct that repeats what is known may refer only to what is known. yrs drops it; Yjs does not.
    fn known(&self, turn: &Turn, one: &Struct) -> Result<(), Refusal> {
        for id in one.refers_to() {
            let known = if id.client == turn.client {
                id.clock < one.clock
            } else {
                self.tables.find(id.client).is_some_and(|writer| id.clock < self.tables.next(writer))
            };
            let known = RefusalCode::KnownReference.unless(known);
            known.map_err(|code| Refusal::about(code, one.start as usize, id))?;
        }
        Ok(())
    }

    fn refers(&self, turn: &Turn, one: &Struct) -> Result<Refers, Stop> {
        let reach = |id| self.reach(turn, one, id);
        let parent = match one.link {
            Link::Inside { parent, .. } => Some(parent),
            _ => None,
        };
        Ok(Refers {
            origin: one.link.origin().map(reach).transpose()?,
            right: one.link.right().map(reach).transpose()?,
            parent: parent.map(reach).transpose()?,
        })
    }

    /// B3: finds what an id is, or whose turn must come first.
    fn reach(&self, turn: &Turn, one: &Struct, id: Id) -> Result<Held, Stop> {
        let refuse = |code| Stop::Refused(Refusal::about(code, one.start as usize, id));
        if id.client == turn.client {
            RefusalCode::OwnFuture.unless(id.clock < one.clock).map_err(refuse)?;
            return Ok(self.tables.held(turn.writer, id.clock));
        }
        let writer = self.tables.find(id.client).ok_or_else(|| refuse(RefusalCode::MissingDependency))?;
        if id.clock < self.tables.next(writer) {
            return Ok(self.tables.held(writer, id.clock));
        }
        let number = self.tables.turn(writer);
        let other = number.and_then(|number| self.turn(number)).filter(|other| other.at < other.end);
        match (number, other) {
            (Some(turn), Some(Turn { wants: None, .. })) => Err(Stop::Later { turn, clock: id.clock }),
            (_, Some(_)) => Err(refuse(RefusalCode::Cycle)),
            (_, None) => Err(refuse(RefusalCode::MissingDependency)),
        }
    }

    fn take(&mut self, turn: &Turn, one: &Struct, refers: Refers) -> Result<(), Refusal> {
        self.place(turn, one, refers).map_err(|code| Refusal::new(code, one.start as usize))
    }

    fn place(&mut self, turn: &Turn, one: &Struct, refers: Refers) -> Result<(), RefusalCode> {
        let slot = place::slot(self.tables, (one, refers), self.bytes, self.made)?;
        let depth = place::fits(self.tables, (turn.client, one), slot, self.parsed)?;
        if one.clock < turn.next {
            place::goes_on(self.tables, self.tables.held(turn.writer, turn.next - 1), one, slot)?;
        }
        place::begins_once(self.tables, (turn, one), slot, self.begun)?;
        let held = place::held(self.tables, one, slot, depth)?;
        self.tables.extend(turn.writer, one.next(), held);
        self.kinds.add(one.content);
        Ok(())
    }

    /// B10: nothing may be deleted that is not here with this update.
    fn deletes_are_here(&self) -> Result<(), Refusal> {
        for deleted in &self.parsed.deletes.clients {
            let next = self.tables.find(deleted.client).map_or(0, |writer| self.tables.next(writer));
            let end = self.parsed.deletes.ranges_of(deleted).last().map_or(0, |range| range.end);
            let id = Id { client: deleted.client, clock: next };
            let here = RefusalCode::DeleteAhead.unless(end <= next);
            here.map_err(|code| Refusal::about(code, deleted.at, id))?;
        }
        Ok(())
    }

    fn summary(&self) -> Summary {
        let deletes = &self.parsed.deletes;
        let of_client = |turn: &Turn| ClientSummary {
            client: turn.client,
            start: turn.start,
            known: turn.known,
            next: turn.next,
        };
        Summary {
            clients: self.turns.iter().map(of_client).collect(),
            deletes: deletes
                .clients
                .iter()
                .flat_map(|deleted| deletes.ranges_of(deleted).iter().map(|range| (deleted.client, *range)))
                .map(|(client, range)| DeletedRange { client, start: range.start, end: range.end })
                .collect(),
            structs: self.parsed.structs.len(),
            kinds: self.kinds,
        }
    }

    fn turn(&self, number: u32) -> Option<Turn> {
        self.turns.get(number as usize).copied()
    }

    fn change(&mut self, number: u32, change: impl FnOnce(&mut Turn)) {
        if let Some(turn) = self.turns.get_mut(number as usize) {
            change(turn);
        }
    }
}
