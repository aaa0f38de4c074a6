//! Who is where.

use super::reader::Reader;
use super::writer::Writer;
use super::{Wire, WireError};
use crate::frame::{Here, Presence, Present};
use crate::limits;

impl Wire for Presence {
    fn write(&self, to: &mut Writer) {
        self.document.write(to);
        to.varint(self.after);
        to.bytes(&self.caret);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            document: Wire::read(from)?,
            after: from.counter(0)?,
            caret: from.bytes("caret", limits::CARET)?,
        })
    }
}

impl Wire for Present {
    fn write(&self, to: &mut Writer) {
        self.document.write(to);
        to.list(&self.people);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self { document: Wire::read(from)?, people: from.list("people", limits::PEOPLE)? })
    }
}

impl Wire for Here {
    const LEAST: usize = 19;

    fn write(&self, to: &mut Writer) {
        to.varint(self.session);
        self.person.write(to);
        to.bytes(self.name.as_bytes());
        to.byte(self.caret.is_some().into());
        if let Some(caret) = &self.caret {
            to.bytes(caret);
        }
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            session: from.varint()?,
            person: Wire::read(from)?,
            name: from.text("name", limits::NAME)?,
            caret: from.flag("caret")?.then(|| from.bytes("caret", limits::CARET)).transpose()?,
        })
    }
}
