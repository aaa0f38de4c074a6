//! Reads the primitives of the encoding (lib0, v1) from bytes nobody vouches for.
//!
//! Every read is checked against the bytes that are left before anything is believed, and every failure knows where
//! it happened. Nothing is copied: texts and blobs come back as slices.

use super::limits::{CLOCK_END, MAX_NAME, NUMBER_END};
use super::refusal::{Refusal, RefusalCode};
use super::structs::{Id, Span};

pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    end: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, end: bytes.len() }
    }

    /// Offset of the next byte.
    pub(super) const fn at(&self) -> usize {
        self.end - self.rest.len()
    }

    pub(super) const fn left(&self) -> usize {
        self.rest.len()
    }

    pub(super) const fn refuse(&self, code: RefusalCode) -> Refusal {
        Refusal::new(code, self.at())
    }

    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, Refusal> {
        let Some((first, rest)) = self.rest.split_first() else {
            return Err(self.refuse(RefusalCode::Truncated));
        };
        self.rest = rest;
        Ok(*first)
    }

    /// Reads an unsigned number below 2^53 in its shortest form (A2).
    #[inline]
    pub(super) fn number(&mut self) -> Result<u64, Refusal> {
        let first = self.byte()?;
        if first < 0x80 { Ok(u64::from(first)) } else { self.rest_of_number(u64::from(first & 0x7f), 7) }
    }

    /// Reads past a signed number (A2). A negative zero is one, and JavaScript writes it.
    pub(super) fn signed(&mut self) -> Result<(), Refusal> {
        let first = self.byte()?;
        if first & 0x80 != 0 {
            self.rest_of_number(u64::from(first & 0x3f), 6)?;
        }
        Ok(())
    }

    fn rest_of_number(&mut self, low: u64, mut shift: u32) -> Result<u64, Refusal> {
        let at = self.at();
        let mut value = low;
        loop {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                Refusal::unless(byte != 0 && value < NUMBER_END, RefusalCode::Varint, at)?;
                return Ok(value);
            }
            // Eight bytes hold 2^53; a ninth would only hide zeros or overflow.
            if shift > 55 {
                return Err(Refusal::new(RefusalCode::Varint, at));
            }
        }
    }

    /// Reads a clock or a length in clocks (A4).
    #[inline]
    pub(super) fn clock(&mut self) -> Result<u32, Refusal> {
        let at = self.at();
        let value = self.number()?;
        match u32::try_from(value) {
            Ok(clock) if value < CLOCK_END => Ok(clock),
            _ => Err(Refusal::new(RefusalCode::ClockRange, at)),
        }
    }

    #[inline]
    pub(super) fn id(&mut self) -> Result<Id, Refusal> {
        Ok(Id { client: self.number()?, clock: self.clock()? })
    }

    /// Reads a count of things that take at least `each` bytes: no more than could follow.
    pub(super) fn count(&mut self, each: usize) -> Result<usize, Refusal> {
        let at = self.at();
        let count = usize::try_from(self.number()?).unwrap_or(usize::MAX);
        if count > self.left() / each { Err(Refusal::new(RefusalCode::Truncated, at)) } else { Ok(count) }
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Refusal> {
        let Some((taken, rest)) = self.rest.split_at_checked(len) else {
            return Err(self.refuse(RefusalCode::Truncated));
        };
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn blob(&mut self) -> Result<&'a [u8], Refusal> {
        let len = self.count(1)?;
        self.take(len)
    }

    /// Reads a text: its length in bytes, then UTF-8 (A9).
    pub(super) fn text(&mut self) -> Result<&'a str, Refusal> {
        let at = self.at();
        std::str::from_utf8(self.blob()?).map_err(|_| Refusal::new(RefusalCode::Utf8, at))
    }

    /// Reads a name or key (A9) and returns where it stands.
    pub(super) fn name(&mut self) -> Result<Span, Refusal> {
        let at = self.at();
        let len = self.text()?.len();
        Refusal::unless(len <= MAX_NAME, RefusalCode::NameLength, at)?;
        Ok(Span { start: offset(self.at() - len), end: offset(self.at()) })
    }
}

/// Offsets are kept in 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "A1 bounds the update below 4 GiB")]
pub(super) const fn offset(at: usize) -> u32 {
    at as u32
}
