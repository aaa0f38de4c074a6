//! Where a struct goes, and whether it may (rules B4 to B9, B11).
//!
//! Called when everything the struct refers to is known. What yrs and Yjs do with a struct that breaks one of these is
//! an endless loop, a panic or a freed block that is still in use; each rule has its victim.

use super::admit::Turn;
use super::limits::MAX_TYPE_DEPTH;
use super::refusal::RefusalCode;
use super::structs::{Content, Link, Parsed, Struct, TypeKind};
use super::tables::{Held, Slot, Tables};

/// What the ids are that a struct refers to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Refers {
    pub origin: Option<Held>,
    pub right: Option<Held>,
    pub parent: Option<Held>,
}

/// Finds the struct's slot (B4, B5).
pub(super) fn slot(
    tables: &mut Tables,
    (one, refers): (&Struct, Refers),
    bytes: &[u8],
    made: &mut Vec<(u32, u64)>,
) -> Result<Slot, RefusalCode> {
    let (container, key) = match &one.link {
        Link::Nowhere => return Ok(Slot::Gc),
        Link::Between { origin, right } => {
            RefusalCode::SameNeighbours.unless(origin != right)?;
            let mut slots = [refers.origin, refers.right].into_iter().flatten().map(|held| tables.slot(held));
            let slot = slots.next().unwrap_or(Slot::Gc);
            RefusalCode::MixedLists.unless(slots.all(|other| other == slot))?;
            return Ok(slot);
        }
        Link::Root { name, key } => (Tables::root(name.of(bytes)).ok_or(RefusalCode::UnknownRoot)?, key),
        Link::Inside { key, .. } => match refers.parent {
            Some(Held::Type(container)) => (container, key),
            Some(Held::Gc | Held::DeletedInList(_) | Held::DeletedInEntry(_)) => return Ok(Slot::Gc),
            _ => return Err(RefusalCode::NotAType),
        },
    };
    Ok(match key {
        Some(key) => tables.entry(container, *key, bytes, made),
        None => Slot::List(container),
    })
}

/// Checks that the struct may be in its slot (B6, B7) and returns how deep a type in it would be.
pub(super) fn fits(
    tables: &Tables,
    (client, one): (u64, &Struct),
    slot: Slot,
    parsed: &Parsed,
) -> Result<u16, RefusalCode> {
    let container = match slot {
        Slot::Gc => return Ok(0),
        Slot::List(container) => tables.container(container),
        Slot::Entry(entry) => tables.entry_of(entry),
    };
    let container = container.ok_or(RefusalCode::Misfit)?;
    let entry = matches!(slot, Slot::Entry(_));
    RefusalCode::Misfit.unless(kind_fits(container.kind, entry, one.content))?;
    let long_entry = entry && one.len > 1 && one.content != Content::Deleted;
    let gone = || parsed.deletes.covers(client, one.clock, one.next());
    RefusalCode::LongMapEntry.unless(!long_entry || gone())?;
    Ok(container.depth + 1)
}

fn kind_fits(container: TypeKind, entry: bool, content: Content) -> bool {
    use Content::{Any, Binary, Deleted, Embed, Format, String, Type};
    use TypeKind::{Array, Map, Text, XmlElement, XmlFragment, XmlText};
    match (container, entry) {
        (Map, false) | (Array | XmlFragment, true) => false,
        _ if content == Deleted => true,
        (Array, false) | (Map | Text | XmlElement | XmlText, true) => {
            matches!(content, Any | Binary | Type(_))
        }
        (Text | XmlText, false) => matches!(content, String | Embed | Format | Type(_)),
        (XmlElement | XmlFragment, false) => matches!(content, Type(XmlElement | XmlText)),
    }
}

/// Checks that the struct is not its client's second one that says of its list only where it is (B11): whoever has a
/// list has its first entry, deleted or not, to write beside. Many such structs are the cheapest way to make every reader
/// sort for minutes.
pub(super) fn begins_once(
    tables: &mut Tables,
    (turn, one): (&Turn, &Struct),
    slot: Slot,
    begun: &mut Vec<(u32, Slot)>,
) -> Result<(), RefusalCode> {
    let says_where = matches!(one.link, Link::Root { .. } | Link::Inside { .. });
    let begins = says_where && slot != Slot::Gc && one.clock >= turn.next;
    RefusalCode::SecondBeginning.unless(!begins || tables.begin(turn.writer, slot, begun))
}

/// Checks that a struct which is known in part goes on where it was (B8).
pub(super) fn goes_on(tables: &Tables, before: Held, one: &Struct, slot: Slot) -> Result<(), RefusalCode> {
    let same = match slot {
        Slot::Gc => one.content == Content::Gc || before == Held::Gc,
        slot => tables.slot(before) == slot,
    };
    RefusalCode::Straddle.unless(same)
}

/// What the struct becomes (B9).
pub(super) fn held(tables: &mut Tables, one: &Struct, slot: Slot, depth: u16) -> Result<Held, RefusalCode> {
    Ok(match (one.content, slot) {
        (_, Slot::Gc) => Held::Gc,
        (Content::Type(kind), _) => {
            RefusalCode::TypeDepth.unless(depth <= MAX_TYPE_DEPTH)?;
            tables.make_type(kind, depth, slot)
        }
        (Content::Deleted, Slot::List(container)) => Held::DeletedInList(container),
        (Content::Deleted, Slot::Entry(entry)) => Held::DeletedInEntry(entry),
        (_, Slot::List(container)) => Held::InList(container),
        (_, Slot::Entry(entry)) => Held::InEntry(entry),
    })
}
