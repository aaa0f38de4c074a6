//! Hello, welcome, goodbye: how a connection begins and ends.

use super::reader::Reader;
use super::writer::Writer;
use super::{Wire, WireError};
use crate::frame::{Goodbye, Hello, Welcome};
use crate::limits;
use crate::secret::Secret;

impl Wire for Hello {
    fn write(&self, to: &mut Writer) {
        self.versions.write(to);
        to.varint(self.features);
        self.schemas.write(to);
        self.workspace.write(to);
        self.replica.write(to);
        self.epoch.write(to);
        to.varint(self.cursor);
        to.fixed(&self.trace.to_le_bytes());
        self.token.write(to);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            versions: Wire::read(from)?,
            features: from.varint()?,
            schemas: Wire::read(from)?,
            workspace: Wire::read(from)?,
            replica: Wire::read(from)?,
            epoch: Wire::read(from)?,
            cursor: from.varint()?,
            trace: from.fixed().map(u64::from_le_bytes)?,
            token: Wire::read(from)?,
        })
    }
}

impl Wire for Secret {
    fn write(&self, to: &mut Writer) {
        to.bytes(self.expose().as_bytes());
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        from.text("token", limits::TOKEN).map(Self::new)
    }
}

impl Wire for Welcome {
    fn write(&self, to: &mut Writer) {
        to.varint(self.version.into());
        to.varint(self.features);
        self.schemas.write(to);
        self.epoch.write(to);
        to.list(&self.lineage);
        to.varint(self.head);
        self.person.write(to);
        self.device.write(to);
        to.varint(self.at);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok(Self {
            version: from.number("version")?,
            features: from.varint()?,
            schemas: Wire::read(from)?,
            epoch: Wire::read(from)?,
            lineage: from.list("lineage", limits::LINEAGE)?,
            head: from.varint()?,
            person: Wire::read(from)?,
            device: Wire::read(from)?,
            at: from.varint()?,
        })
    }
}

impl Wire for Goodbye {
    fn write(&self, to: &mut Writer) {
        self.code.write(to);
        self.again_after_ms.map(u64::from).write(to);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        let code = Wire::read(from)?;
        let again_after_ms = from.flag("delay")?.then(|| from.number("delay")).transpose()?;
        Ok(Self { code, again_after_ms })
    }
}
