//! What neighbouring entries share, said once.
//!
//! A heading that comes back (two people typing in turn) is named by how many new headings ago it was said.

use sheaf_document::ids::DocumentId;

use super::reader::Reader;
use super::writer::Writer;
use super::{Wire, WireError};
use crate::entry::{Flags, Kind, Origin};

/// How far back a heading may be named.
const REMEMBERED: usize = 128;

/// The headings said in a frame so far.
pub(super) struct Headings<H>(Vec<H>);

impl<H: Wire + PartialEq + Copy> Headings<H> {
    /// Returns the headings of a frame that has said none.
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    /// Names the heading, or says it for the first time.
    pub(super) fn write(&mut self, heading: H, to: &mut Writer) {
        let back = self.0.iter().rev().take(REMEMBERED).position(|said| *said == heading);
        to.varint(back.map_or(0, |back| back as u64 + 1));
        if back.is_none() {
            heading.write(to);
            self.0.push(heading);
        }
    }

    /// Reads a heading, or looks up the one that is named.
    pub(super) fn read(&mut self, from: &mut Reader) -> Result<H, WireError> {
        let back: usize = from.number("heading")?;
        if back == 0 {
            let heading = H::read(from)?;
            self.0.push(heading);
            return Ok(heading);
        }
        let said = self.0.iter().rev().take(REMEMBERED).nth(back - 1);
        said.copied().ok_or_else(|| from.malformed("heading"))
    }
}

/// What pushed items share.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Matter {
    pub(super) document: DocumentId,
    pub(super) kind: Kind,
    pub(super) origin: Origin,
    pub(super) flags: Flags,
    pub(super) key_id: u32,
}

impl Wire for Matter {
    fn write(&self, to: &mut Writer) {
        self.document.write(to);
        self.kind.write(to);
        self.origin.write(to);
        self.flags.write(to);
        to.varint(self.key_id.into());
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            document: Wire::read(from)?,
            kind: Wire::read(from)?,
            origin: Wire::read(from)?,
            flags: Wire::read(from)?,
            key_id: from.number("key id")?,
        })
    }
}
