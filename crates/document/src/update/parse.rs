//! Reads an update's structs and deleted ranges (rules A1 to A14), whole, before anything asks what they mean.
//!
//! The format is Yjs's update v1: clients with their structs, then the delete set. Work and memory are proportional to
//! the bytes: a struct takes at least two of them, and no count is believed beyond what could follow.

use super::any;
use super::cursor::{Cursor, offset};
use super::json::is_json;
use super::limits::{CLOCK_END, Limits, MAX_BINARY, VALUE_COST};
use super::refusal::{Refusal, RefusalCode};
use super::structs::{Content, Group, Link, Parsed, Struct, TypeKind};

const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT: u8 = 0x40;
const HAS_KEY: u8 = 0x20;
const CONTENT: u8 = 0x1f;

impl Parsed {
    /// Reads an update in place of what is here.
    pub(super) fn read(&mut self, bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
        self.groups.clear();
        self.structs.clear();
        self.deletes.clear();
        Refusal::unless(bytes.len() <= limits.bytes, RefusalCode::Size, limits.bytes)?;
        let from = &mut Cursor::new(bytes);
        self.read_groups(from, limits)?;
        self.deletes.read(from, limits.deleted)?;
        Refusal::unless(from.left() == 0, RefusalCode::Trailing, from.at())
    }

    fn read_groups(&mut self, from: &mut Cursor<'_>, limits: &Limits) -> Result<(), Refusal> {
        let clients = from.count(5)?;
        Refusal::unless(clients <= limits.clients, RefusalCode::Clients, from.at())?;
        let mut chain = Chain { cost: 0, limit: limits.chain_bytes, position: 0 };
        for _ in 0..clients {
            self.read_group(from, limits, &mut chain)?;
        }
        if clients > 1 {
            let mut ids: Vec<u64> = self.groups.iter().map(|group| group.client).collect();
            ids.sort_unstable();
            let once = ids.is_sorted_by(|one, next| one < next);
            Refusal::unless(once, RefusalCode::DuplicateClient, from.at())?;
        }
        Ok(())
    }

    fn read_group(
        &mut self,
        from: &mut Cursor<'_>,
        limits: &Limits,
        chain: &mut Chain,
    ) -> Result<(), Refusal> {
        let at = from.at();
        let count = from.count(2)?;
        let first = self.structs.len();
        Refusal::unless(count > 0, RefusalCode::EmptyClient, at)?;
        Refusal::unless(first + count <= limits.structs, RefusalCode::Structs, at)?;
        let client = from.number()?;
        let mut clock = from.clock()?;
        let mut before: Option<Struct> = None;
        for _ in 0..count {
            let read = read_struct(from, clock)?;
            chain.add(client, before.as_ref(), &read)?;
            clock = read.next();
            self.structs.push(read);
            before = Some(read);
        }
        self.groups.push(Group { client, first, end: self.structs.len(), at });
        Ok(())
    }
}

fn read_struct(from: &mut Cursor<'_>, clock: u32) -> Result<Struct, Refusal> {
    let start = from.at();
    let info = from.byte()?;
    let link = match info & CONTENT {
        0 => {
            Refusal::unless(info == 0, RefusalCode::GcFlags, start)?;
            Link::Nowhere
        }
        _ => read_link(from, info)?,
    };
    let content_at = from.at();
    let mut payload_at = content_at;
    let (content, len) = match info & CONTENT {
        0 => (Content::Gc, from.clock()?),
        1 => (Content::Deleted, from.clock()?),
        3 => {
            Refusal::unless(from.blob()?.len() <= MAX_BINARY, RefusalCode::BinarySize, start)?;
            (Content::Binary, 1)
        }
        4 => {
            let text = from.text()?;
            payload_at = from.at() - text.len();
            (Content::String, units(text))
        }
        5 => {
            json(from)?;
            (Content::Embed, 1)
        }
        6 => {
            from.name()?;
            json(from)?;
            (Content::Format, 1)
        }
        7 => (Content::Type(type_kind(from)?), 1),
        8 => {
            let count = from.count(1)?;
            payload_at = from.at();
            for _ in 0..count {
                any::value(from)?;
            }
            (Content::Any, offset(count))
        }
        10 => return Err(Refusal::new(RefusalCode::Skip, start)),
        _ => return Err(Refusal::new(RefusalCode::ContentKind, start)),
    };
    Refusal::unless(len > 0, RefusalCode::ZeroLength, start)?;
    Refusal::unless(u64::from(clock) + u64::from(len) < CLOCK_END, RefusalCode::ClockRange, start)?;
    Ok(Struct {
        clock,
        len,
        content,
        link,
        start: offset(start),
        content_at: offset(content_at),
        payload_at: offset(payload_at),
        end: offset(from.at()),
    })
}

fn read_link(from: &mut Cursor<'_>, info: u8) -> Result<Link, Refusal> {
    let origin = if info & HAS_ORIGIN != 0 { Some(from.id()?) } else { None };
    let right = if info & HAS_RIGHT != 0 { Some(from.id()?) } else { None };
    // With a neighbour the key flag may be set all the same, but no key is written.
    if origin.is_some() || right.is_some() {
        return Ok(Link::Between { origin, right });
    }
    let at = from.at();
    let root = match from.number()? {
        0 => Err(from.id()?),
        1 => Ok(from.name()?),
        _ => return Err(Refusal::new(RefusalCode::ParentInfo, at)),
    };
    let key = if info & HAS_KEY != 0 { Some(from.name()?) } else { None };
    Ok(match root {
        Ok(name) => Link::Root { name, key },
        Err(parent) => Link::Inside { parent, key },
    })
}

fn type_kind(from: &mut Cursor<'_>) -> Result<TypeKind, Refusal> {
    let at = from.at();
    Ok(match from.number()? {
        0 => TypeKind::Array,
        1 => TypeKind::Map,
        2 => TypeKind::Text,
        3 => {
            from.name()?;
            TypeKind::XmlElement
        }
        4 => TypeKind::XmlFragment,
        6 => TypeKind::XmlText,
        _ => return Err(Refusal::new(RefusalCode::TypeKind, at)),
    })
}

fn json(from: &mut Cursor<'_>) -> Result<(), Refusal> {
    let at = from.at();
    Refusal::unless(is_json(from.text()?), RefusalCode::Json, at)
}

/// The length of a text as JavaScript counts it: UTF-16 units.
fn units(text: &str) -> u32 {
    offset(text.bytes().map(|byte| usize::from(byte & 0xc0 != 0x80) + usize::from(byte >= 0xf0)).sum())
}

/// What a reader pays that joins chained structs one by one: yrs and Yjs copy the joined part each time (A14).
struct Chain {
    cost: u64,
    limit: u64,
    position: u64,
}

impl Chain {
    fn add(&mut self, client: u64, before: Option<&Struct>, read: &Struct) -> Result<(), Refusal> {
        let size = match read.content {
            Content::String => u64::from(read.end - read.payload_at),
            Content::Any => u64::from(read.len) * VALUE_COST,
            _ => 0,
        };
        let chained = size > 0
            && before.is_some_and(|before| before.content == read.content)
            && read.link.origin().is_some_and(|id| id.client == client && id.clock + 1 == read.clock);
        self.position = if chained { self.position + 1 } else { 0 };
        self.cost += self.position * size;
        Refusal::unless(self.cost <= self.limit, RefusalCode::ChainCost, read.start as usize)
    }
}
