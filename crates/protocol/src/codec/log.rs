//! Answers to pushes, and what a catch-up is made of.

use sheaf_document::ids::DocumentId;

use super::reader::Reader;
use super::writer::Writer;
use super::{Wire, WireError, entries};
use crate::frame::{Ack, Answer, CatchUp, Page, Snapshot};
use crate::limits;

const ACK: u8 = 0;
const MISSING: u8 = 1;
const FORKED: u8 = 2;
const NEVER: u8 = 3;

impl Wire for Answer {
    const LEAST: usize = 19;

    fn write(&self, to: &mut Writer) {
        match self {
            Self::Ack(ack) => to.typed(ACK, ack),
            Self::Missing { counter, document, have } => {
                to.typed(MISSING, counter);
                document.write(to);
                to.bytes(have);
            }
            Self::Forked { counter, holds } => {
                to.typed(FORKED, counter);
                holds.write(to);
            }
            Self::Never { counter, document, code, detail } => {
                to.typed(NEVER, counter);
                document.write(to);
                code.write(to);
                let end = detail.floor_char_boundary(limits::DETAIL);
                to.bytes(detail.as_bytes().get(..end).unwrap_or_default());
            }
        }
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(match from.byte()? {
            ACK => Self::Ack(Wire::read(from)?),
            MISSING => Self::Missing {
                counter: from.counter(0)?,
                document: Wire::read(from)?,
                have: from.bytes("state vector", limits::STATE_VECTOR)?,
            },
            FORKED => Self::Forked { counter: from.counter(0)?, holds: Wire::read(from)? },
            NEVER => Self::Never {
                counter: from.counter(0)?,
                document: Wire::read(from)?,
                code: Wire::read(from)?,
                detail: from.text("detail", limits::DETAIL)?,
            },
            _ => return Err(from.malformed("answer")),
        })
    }
}

impl Wire for Ack {
    const LEAST: usize = 51;

    fn write(&self, to: &mut Writer) {
        to.varint(self.counter);
        self.hash.write(to);
        to.varint(self.seq);
        to.varint(self.at);
        self.seal.write(to);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            counter: from.counter(0)?,
            hash: Wire::read(from)?,
            seq: from.varint()?,
            at: from.varint()?,
            seal: Wire::read(from)?,
        })
    }
}

impl Wire for CatchUp {
    fn write(&self, to: &mut Writer) {
        to.varint(self.since);
        to.list(&self.held);
        to.list(&self.first);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            since: from.varint()?,
            held: from.list("held documents", limits::DOCUMENTS)?,
            first: from.list::<DocumentId>("first documents", limits::DOCUMENTS)?,
        })
    }
}

impl Wire for Page {
    fn write(&self, to: &mut Writer) {
        self.backfill.write(to);
        to.varint(self.head);
        to.varint(self.through);
        to.byte(self.more.into());
        to.list(&self.snapshots);
        entries::write_stretches(&self.stretches, to);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            backfill: Wire::read(from)?,
            head: from.varint()?,
            through: from.varint()?,
            more: from.flag("more")?,
            snapshots: from.list("snapshots", limits::DOCUMENTS)?,
            stretches: entries::read_stretches(from)?,
        })
    }
}

impl Wire for Snapshot {
    const LEAST: usize = 19;

    fn write(&self, to: &mut Writer) {
        self.document.write(to);
        to.varint(self.through);
        to.varint(self.at);
        to.bytes(&self.bytes);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            document: Wire::read(from)?,
            through: from.varint()?,
            at: from.varint()?,
            bytes: from.bytes("snapshot", limits::UPDATE)?,
        })
    }
}
