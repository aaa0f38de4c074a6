//! Long frames as parts: no message is longer than [`limits::MESSAGE`], so that a small frame never waits long behind
//! a large one and a socket's buffers stay small.
//!
//! One frame is in parts at a time, and other frames may pass between its parts. The first part tells the frame's
//! whole length; the joiner's memory grows with what has arrived, not with what was told.

use bytes::Bytes;

use crate::codec::{WireError, kind};
use crate::limits;

/// Marks a part that begins a frame; the frame's length follows, four bytes, little-endian.
const BEGINS: u8 = 1;
/// Marks a part that goes on.
const GOES_ON: u8 = 0;
/// The longest head of a part.
const HEAD: usize = 6;

/// Returns the frame as messages: itself, or its parts in order.
pub fn cut(frame: Bytes) -> impl Iterator<Item = Bytes> {
    let size = frame.len();
    let mut rest = frame;
    let mut begun = false;
    std::iter::from_fn(move || {
        if size <= limits::MESSAGE {
            return (!std::mem::replace(&mut begun, true)).then(|| std::mem::take(&mut rest));
        }
        if rest.is_empty() {
            return None;
        }
        let piece = rest.split_to(rest.len().min(limits::MESSAGE - HEAD));
        let mut part = Vec::with_capacity(piece.len() + HEAD);
        if std::mem::replace(&mut begun, true) {
            part.extend_from_slice(&[kind::PART, GOES_ON]);
        } else {
            part.extend_from_slice(&[kind::PART, BEGINS]);
            part.extend_from_slice(&(size as u32).to_le_bytes());
        }
        part.extend_from_slice(&piece);
        Some(part.into())
    })
}

/// Puts the parts of one connection's frames together again.
#[derive(Debug, Default)]
pub struct Joiner {
    /// What has arrived of the frame in parts.
    joined: Vec<u8>,
    /// Its whole length; 0 between frames.
    size: usize,
}

impl Joiner {
    /// Returns a joiner that holds nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a message; returns a frame when one is whole.
    ///
    /// # Errors
    /// A part out of order, empty, past the told length, or of a frame over [`limits::FRAME`].
    pub fn push(&mut self, message: Bytes) -> Result<Option<Bytes>, WireError> {
        let malformed = |at| WireError::Malformed { what: "part", at };
        let Some((&kind::PART, part)) = message.split_first() else { return Ok(Some(message)) };
        let piece = match part {
            [GOES_ON, piece @ ..] if self.size > 0 => piece,
            [BEGINS, a, b, c, d, piece @ ..] if self.size == 0 => {
                let size = u32::from_le_bytes([*a, *b, *c, *d]);
                if size as usize > limits::FRAME {
                    return Err(WireError::TooLarge {
                        what: "frame",
                        size: size.into(),
                        limit: limits::FRAME,
                    });
                }
                self.size = size as usize;
                piece
            }
            _ => return Err(malformed(1)),
        };
        let arrived = self.joined.len() + piece.len();
        if piece.is_empty() || arrived > self.size {
            return Err(malformed(HEAD));
        }
        if arrived > self.joined.capacity() {
            let room = (2 * arrived).min(self.size);
            self.joined.reserve_exact(room - self.joined.len());
        }
        self.joined.extend_from_slice(piece);
        if arrived < self.size {
            return Ok(None);
        }
        self.size = 0;
        Ok(Some(std::mem::take(&mut self.joined).into()))
    }

    /// Returns how many bytes it holds for a frame that is not whole yet.
    pub fn held(&self) -> usize {
        self.joined.capacity()
    }
}
