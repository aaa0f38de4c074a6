//! The bounded reader: a position in a message that never passes its end.
//!
//! Updates and other opaque bytes are slices that share the message's memory.

use bytes::Bytes;

use super::{Wire, WireError};
use crate::entry::Counter;
use crate::limits;

/// A message and how far it has been read.
pub(super) struct Reader {
    message: Bytes,
    at: usize,
}

impl Reader {
    /// Starts at the message's first byte.
    pub(super) fn new(message: Bytes) -> Self {
        Self { message, at: 0 }
    }

    /// Returns the error that a field read just now is not of its form.
    pub(super) fn malformed(&self, what: &'static str) -> WireError {
        WireError::Malformed { what, at: self.at }
    }

    /// Takes one byte.
    pub(super) fn byte(&mut self) -> Result<u8, WireError> {
        let byte = *self.message.get(self.at).ok_or(WireError::Short { at: self.at })?;
        self.at += 1;
        Ok(byte)
    }

    /// Takes a byte that says no or yes.
    pub(super) fn flag(&mut self, what: &'static str) -> Result<bool, WireError> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.malformed(what)),
        }
    }

    /// Takes a fixed number of bytes.
    pub(super) fn fixed<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let rest = self.message.get(self.at..).and_then(|rest| rest.first_chunk());
        let bytes = *rest.ok_or(WireError::Short { at: self.at })?;
        self.at += N;
        Ok(bytes)
    }

    /// Takes a varint: seven bits a byte, the lowest first, in the shortest form only.
    pub(super) fn varint(&mut self) -> Result<u64, WireError> {
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            let lost = shift == 63 && bits > 1;
            let padded = shift > 0 && byte == 0;
            if lost || padded {
                return Err(self.malformed("number"));
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.malformed("number"))
    }

    /// Takes a varint that fits a smaller number.
    pub(super) fn number<T: TryFrom<u64>>(&mut self, what: &'static str) -> Result<T, WireError> {
        let value = self.varint()?;
        T::try_from(value).map_err(|_| self.malformed(what))
    }

    /// Takes an entry's counter, told as the difference to one before it.
    pub(super) fn counter(&mut self, before: Counter) -> Result<Counter, WireError> {
        let counter = before.wrapping_add(self.varint()?);
        if counter <= limits::COUNTER { Ok(counter) } else { Err(self.malformed("counter")) }
    }

    /// Takes a length or count that is at most `limit` and that the bytes left can hold.
    pub(super) fn count(
        &mut self,
        what: &'static str,
        limit: usize,
        least: usize,
    ) -> Result<usize, WireError> {
        let claimed = self.varint()?;
        if claimed > limit as u64 {
            return Err(WireError::TooLarge { what, size: claimed, limit });
        }
        let left = self.message.len() - self.at;
        if claimed > (left / least.max(1)) as u64 {
            return Err(WireError::Short { at: self.message.len() });
        }
        usize::try_from(claimed).map_err(|_| self.malformed(what))
    }

    /// Takes bytes with their length before them, without copying.
    pub(super) fn bytes(&mut self, what: &'static str, limit: usize) -> Result<Bytes, WireError> {
        let len = self.count(what, limit, 1)?;
        let bytes = self.message.slice(self.at..self.at + len);
        self.at += len;
        Ok(bytes)
    }

    /// Takes a text with its length in bytes before it.
    pub(super) fn text(&mut self, what: &'static str, limit: usize) -> Result<String, WireError> {
        let bytes = self.bytes(what, limit)?;
        std::str::from_utf8(&bytes).map(str::to_owned).map_err(|_| self.malformed(what))
    }

    /// Takes a list with its count before it.
    pub(super) fn list<T: Wire>(&mut self, what: &'static str, limit: usize) -> Result<Vec<T>, WireError> {
        let count = self.count(what, limit, T::LEAST)?;
        (0..count).map(|_| T::read(self)).collect()
    }

    /// Takes everything that is left.
    pub(super) fn rest(&mut self) -> Bytes {
        let rest = self.message.slice(self.at..);
        self.at = self.message.len();
        rest
    }

    /// Says whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.at == self.message.len()
    }

    /// Says that the last field has been read.
    pub(super) fn end(&self) -> Result<(), WireError> {
        if self.is_done() { Ok(()) } else { Err(self.malformed("end of the frame")) }
    }
}
