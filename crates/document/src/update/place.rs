//! Where a struct goes, and whether it may (rules B4 to B9).
//!
//! Called when everything the struct refers to is known. What yrs and Yjs do with a struct that breaks one of these is
//! an endless loop, a panic or a freed block that is still in use; each rule has its victim.

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
            if origin == right {
                return Err(RefusalCode::SameNeighbours);
            }
            let mut slots = [refers.origin, refers.right].into_iter().flatten().map(|held| tables.slot(held));
            let slot = slots.next().unwrap_or(Slot::Gc);
            return if slots.all(|other| other == slot) { Ok(slot) } else { Err(RefusalCode::MixedLists) };
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
    if !kind_fits(container.kind, entry, one.content) {
        return Err(RefusalCode::Misfit);
    }
    let long_entry = entry && one.len > 1 && one.content != Content::Deleted;
    if long_entry && !parsed.deletes.covers(client, one.clock, one.next()) {
        return Err(RefusalCode::LongMapEntry);
    }
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

/// Checks that a struct which is known in part goes on where it was (B8).
pub(super) fn goes_on(tables: &Tables, before: Held, one: &Struct, slot: Slot) -> Result<(), RefusalCode> {
    let same = match slot {
        Slot::Gc => one.content == Content::Gc || before == Held::Gc,
        slot => tables.slot(before) == slot,
    };
    if same { Ok(()) } else { Err(RefusalCode::Straddle) }
}

/// What the struct becomes (B9).
pub(super) fn held(tables: &mut Tables, one: &Struct, slot: Slot, depth: u16) -> Result<Held, RefusalCode> {
    Ok(match (one.content, slot) {
        (_, Slot::Gc) => Held::Gc,
        (Content::Type(_), _) if depth > MAX_TYPE_DEPTH => return Err(RefusalCode::TypeDepth),
        (Content::Type(kind), _) => tables.make_type(kind, depth, slot),
        (Content::Deleted, Slot::List(container)) => Held::DeletedInList(container),
        (Content::Deleted, Slot::Entry(entry)) => Held::DeletedInEntry(entry),
        (_, Slot::List(container)) => Held::InList(container),
        (_, Slot::Entry(entry)) => Held::InEntry(entry),
    })
}
