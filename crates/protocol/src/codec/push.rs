//! Pushes: items from one outbox, neighbours of the same document under one [heading](super::headings).

use super::headings::{Headings, Matter};
use super::reader::Reader;
use super::writer::Writer;
use super::{Wire, WireError};
use crate::entry::Counter;
use crate::frame::{Push, PushItem};
use crate::limits;

/// The fewest bytes of a pushed item: counter, length.
const LEAST_ITEM: usize = 2;

impl Matter {
    fn of(item: &PushItem) -> Self {
        let PushItem { document, kind, origin, flags, key_id, .. } = *item;
        Self { document, kind, origin, flags, key_id }
    }
}

impl Wire for Push {
    fn write(&self, to: &mut Writer) {
        let mut headings = Headings::new();
        to.fixed(&self.trace.to_le_bytes());
        to.varint(self.items.len() as u64);
        for group in self.items.chunk_by(|a, b| Matter::of(a) == Matter::of(b)) {
            let Some(first) = group.first() else { continue };
            headings.write(Matter::of(first), to);
            to.varint(group.len() as u64);
            let mut counter: Counter = 0;
            for item in group {
                to.varint(item.counter.wrapping_sub(counter));
                to.bytes(&item.bytes);
                counter = item.counter;
            }
        }
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        let mut headings = Headings::new();
        let trace = from.fixed().map(u64::from_le_bytes)?;
        let count = from.count("items", limits::ENTRIES, LEAST_ITEM)?;
        let mut items = Vec::with_capacity(count);
        while items.len() < count {
            let Matter { document, kind, origin, flags, key_id } = headings.read(from)?;
            let group = from.count("items", count - items.len(), LEAST_ITEM)?;
            if group == 0 {
                return Err(from.malformed("group of items"));
            }
            let mut counter: Counter = 0;
            for _ in 0..group {
                counter = from.counter(counter)?;
                let bytes = from.bytes("update", limits::UPDATE)?;
                items.push(PushItem { kind, document, counter, origin, flags, key_id, bytes });
            }
        }
        Ok(Self { trace, items })
    }
}
