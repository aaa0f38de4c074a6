//! The writer, and the forms of what is in every frame: numbers, ids, lists.

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};

use super::reader::Reader;
use super::{Wire, WireError};
use crate::entry::{Flags, Kind, Origin, Seal};
use crate::problem::Code;

/// A frame being written.
pub(super) struct Writer(Vec<u8>);

impl Writer {
    /// Starts a frame of about this length.
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// Returns the frame.
    pub(super) fn finish(self) -> Bytes {
        self.0.into()
    }

    /// Appends a byte.
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Appends a type byte and what follows it.
    pub(super) fn typed(&mut self, kind: u8, body: &impl Wire) {
        self.byte(kind);
        body.write(self);
    }

    /// Appends bytes whose number the reader knows.
    pub(super) fn fixed(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Appends a varint: seven bits a byte, the lowest first.
    pub(super) fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            // The low seven bits are meant; the rest follows.
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Appends bytes, their length first.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.fixed(bytes);
    }

    /// Appends a list, its count first.
    pub(super) fn list<T: Wire>(&mut self, items: &[T]) {
        self.varint(items.len() as u64);
        for item in items {
            item.write(self);
        }
    }
}

macro_rules! fixed {
    ($($name:ident: $size:literal;)*) => {$(
        impl Wire for $name {
            const LEAST: usize = $size;
            fn write(&self, to: &mut Writer) {
                to.fixed(self.as_bytes());
            }
            fn read(from: &mut Reader) -> Result<Self, WireError> {
                from.fixed().map(Self::from_bytes)
            }
        }
    )*};
}

fixed! {
    WorkspaceId: 16;
    DocumentId: 16;
    PersonId: 16;
    DeviceId: 16;
    ReplicaId: 16;
    Epoch: 16;
    ContentHash: 32;
}

macro_rules! single_bytes {
    ($($name:ident),*) => {$(
        impl Wire for $name {
            fn write(&self, to: &mut Writer) {
                to.byte(self.0);
            }
            fn read(from: &mut Reader) -> Result<Self, WireError> {
                from.byte().map(Self)
            }
        }
    )*};
}

single_bytes!(Kind, Origin, Flags);

impl Wire for Seal {
    const LEAST: usize = 16;
    fn write(&self, to: &mut Writer) {
        to.fixed(&self.0);
    }
    fn read(from: &mut Reader) -> Result<Self, WireError> {
        from.fixed().map(Self)
    }
}

impl Wire for Code {
    fn write(&self, to: &mut Writer) {
        to.varint(self.0.into());
    }
    fn read(from: &mut Reader) -> Result<Self, WireError> {
        from.number("code").map(Self)
    }
}

impl Wire for u64 {
    fn write(&self, to: &mut Writer) {
        to.varint(*self);
    }
    fn read(from: &mut Reader) -> Result<Self, WireError> {
        from.varint()
    }
}

impl Wire for (u16, u16) {
    fn write(&self, to: &mut Writer) {
        to.varint(self.0.into());
        to.varint(self.1.into());
    }
    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok((from.number("version")?, from.number("version")?))
    }
}

/// A thing and how far it goes.
impl<T: Wire> Wire for (T, u64) {
    const LEAST: usize = T::LEAST + 1;
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
        to.varint(self.1);
    }
    fn read(from: &mut Reader) -> Result<Self, WireError> {
        Ok((T::read(from)?, from.varint()?))
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, to: &mut Writer) {
        to.byte(self.is_some().into());
        if let Some(value) = self {
            value.write(to);
        }
    }
    fn read(from: &mut Reader) -> Result<Self, WireError> {
        if from.flag("option")? { T::read(from).map(Some) } else { Ok(None) }
    }
}
