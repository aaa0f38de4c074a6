//! Frames as bytes: one type byte, then fields in a fixed order. `docs/protocol.md` has the tables.
//!
//! The reader believes nothing: a count is held against the bytes that are left before anything is allocated, every
//! text and list has a bound of [`crate::limits`], and an update is a slice of the message, never a copy. The writer
//! cannot fail; keeping a frame under the limits is the task of who builds it. A frame that is longer than a message
//! goes through [`crate::cut`], a page may be packed by [`crate::pack`] before that.

mod entries;
mod greeting;
mod headings;
mod log;
mod presence;
mod push;
mod reader;
mod record;
mod writer;

#[cfg(test)]
mod arbitrary;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;

use bytes::Bytes;

use crate::frame::Frame;
use crate::limits;
use crate::pack;
use crate::problem::Code;
use reader::Reader;
pub(crate) use record::{decode_record, decode_records, encode_record, encode_records};
use writer::Writer;

/// The first byte of every message.
pub(crate) mod kind {
    pub const HELLO: u8 = 0x01;
    pub const WELCOME: u8 = 0x02;
    pub const GOODBYE: u8 = 0x03;
    pub const PUSH: u8 = 0x10;
    pub const ANSWERS: u8 = 0x11;
    pub const ENTRIES: u8 = 0x12;
    pub const CATCH_UP: u8 = 0x20;
    pub const MORE: u8 = 0x21;
    pub const PAGE: u8 = 0x22;
    pub const BACKFILL: u8 = 0x23;
    pub const BRING_BACK: u8 = 0x25;
    pub const OPEN: u8 = 0x30;
    pub const PRESENCE: u8 = 0x31;
    pub const PRESENT: u8 = 0x32;
    /// An envelope: a piece of a long frame.
    pub const PART: u8 = 0xf0;
    /// An envelope: a compressed page.
    pub const PACKED: u8 = 0xf1;
}

/// Who sent a message: each side may send only its own frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// A replica.
    Replica,
    /// The relay.
    Relay,
}

/// Why bytes are not a frame. The connection that sent them ends with [`WireError::code`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// It ends before its last field.
    #[error("the frame ends early, at byte {at}")]
    Short {
        /// Where.
        at: usize,
    },
    /// A field is not of its form.
    #[error("{what} is malformed, at byte {at}")]
    Malformed {
        /// Which field.
        what: &'static str,
        /// Where.
        at: usize,
    },
    /// A length or count is over its limit.
    #[error("{what}: {size} is over the limit of {limit}")]
    TooLarge {
        /// Of what.
        what: &'static str,
        /// As claimed.
        size: u64,
        /// As allowed.
        limit: usize,
    },
    /// The other side sends frames of this type.
    #[error("a frame of type {0:#04x} does not come from this side")]
    WrongWay(u8),
}

impl WireError {
    /// Returns the code to say goodbye with.
    pub fn code(&self) -> Code {
        match self {
            Self::TooLarge { .. } => Code::TOO_LARGE,
            Self::Short { .. } | Self::Malformed { .. } | Self::WrongWay(_) => Code::PROTOCOL,
        }
    }
}

/// What has a form in bytes.
trait Wire: Sized {
    /// The fewest bytes that one takes in a list; a claimed count is held against it.
    const LEAST: usize = 1;

    /// Appends it.
    fn write(&self, to: &mut Writer);

    /// Reads one.
    fn read(from: &mut Reader) -> Result<Self, WireError>;
}

/// Returns the frame's bytes: encoded once, shared by all who receive it.
pub fn encode(frame: &Frame) -> Bytes {
    let mut to = Writer::with_capacity(room_for(frame));
    match frame {
        Frame::Hello(hello) => to.typed(kind::HELLO, hello),
        Frame::Welcome(welcome) => to.typed(kind::WELCOME, welcome),
        Frame::Goodbye(goodbye) => to.typed(kind::GOODBYE, goodbye),
        Frame::Push(push) => to.typed(kind::PUSH, push),
        Frame::Answers(answers) => {
            to.byte(kind::ANSWERS);
            to.list(answers);
        }
        Frame::Entries(stretches) => {
            to.byte(kind::ENTRIES);
            entries::write_stretches(stretches, &mut to);
        }
        Frame::CatchUp(request) => to.typed(kind::CATCH_UP, request),
        Frame::More => to.byte(kind::MORE),
        Frame::Page(page) => to.typed(kind::PAGE, page),
        Frame::Backfill(document) => to.typed(kind::BACKFILL, document),
        Frame::BringBack(entries) => {
            to.byte(kind::BRING_BACK);
            entries::write_runs(entries, &mut to);
        }
        Frame::Open(documents) => {
            to.byte(kind::OPEN);
            to.list(documents);
        }
        Frame::Presence(presence) => to.typed(kind::PRESENCE, presence),
        Frame::Present(present) => to.typed(kind::PRESENT, present),
        Frame::Unknown(kind) => to.byte(*kind),
    }
    to.finish()
}

/// Reads the frame that this side sent, whole (see [`crate::cut::Joiner`]); opens it if it is packed.
///
/// A type that this version does not know is [`Frame::Unknown`], whatever follows it. A known frame ends with its
/// last field; only a hello and a goodbye, which are read before a version is agreed, may carry more.
pub fn decode(message: Bytes, from: Side) -> Result<Frame, WireError> {
    if message.len() > limits::FRAME {
        return Err(WireError::TooLarge { what: "frame", size: message.len() as u64, limit: limits::FRAME });
    }
    let kind = *message.first().ok_or(WireError::Short { at: 0 })?;
    if sender(kind).is_some_and(|side| side != from) {
        return Err(WireError::WrongWay(kind));
    }
    let message = if kind == kind::PACKED { pack::unpack(&message)? } else { message };
    let mut reader = Reader::new(message);
    let at = &mut reader;
    let frame = match at.byte()? {
        kind::HELLO => return Wire::read(at).map(Frame::Hello),
        kind::GOODBYE => return Wire::read(at).map(Frame::Goodbye),
        kind::WELCOME => Frame::Welcome(Wire::read(at)?),
        kind::PUSH => Frame::Push(Wire::read(at)?),
        kind::ANSWERS => Frame::Answers(at.list("answers", limits::ENTRIES)?),
        kind::ENTRIES => Frame::Entries(entries::read_stretches(at)?),
        kind::CATCH_UP => Frame::CatchUp(Wire::read(at)?),
        kind::MORE => Frame::More,
        kind::PAGE => Frame::Page(Wire::read(at)?),
        kind::BACKFILL => Frame::Backfill(Wire::read(at)?),
        kind::BRING_BACK => Frame::BringBack(entries::read_runs(at)?),
        kind::OPEN => Frame::Open(at.list("open documents", limits::DOCUMENTS)?),
        kind::PRESENCE => Frame::Presence(Wire::read(at)?),
        kind::PRESENT => Frame::Present(Wire::read(at)?),
        kind::PART | kind::PACKED => return Err(at.malformed("envelope")),
        unknown => return Ok(Frame::Unknown(unknown)),
    };
    at.end()?;
    Ok(frame)
}

/// Who sends frames of this type; `None` for both, or for a type of a later version.
fn sender(kind: u8) -> Option<Side> {
    match kind {
        kind::HELLO
        | kind::PUSH
        | kind::CATCH_UP
        | kind::MORE
        | kind::BACKFILL
        | kind::BRING_BACK
        | kind::OPEN
        | kind::PRESENCE => Some(Side::Replica),
        kind::WELCOME
        | kind::GOODBYE
        | kind::ANSWERS
        | kind::ENTRIES
        | kind::PAGE
        | kind::PRESENT
        | kind::PACKED => Some(Side::Relay),
        _ => None,
    }
}

/// How much room a frame will need, so that the frames of the hot path are written without growing.
fn room_for(frame: &Frame) -> usize {
    match frame {
        Frame::Push(push) => push.items.iter().map(|item| item.bytes.len() + 8).sum::<usize>() + 64,
        Frame::Entries(stretches) => entries::room_for(stretches),
        Frame::Page(page) => {
            let snapshots = page.snapshots.iter().map(|snapshot| snapshot.bytes.len() + 32).sum::<usize>();
            snapshots + entries::room_for(&page.stretches) + 64
        }
        Frame::Answers(answers) => answers.len() * 80 + 16,
        _ => 128,
    }
}
