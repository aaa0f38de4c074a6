//! Messages out of the bytes that arrive, in whatever portions.

use bytes::{Bytes, BytesMut};

use super::frame::{self, Close, Opcode};

/// What a client sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A binary message, unmasked and whole.
    Binary(Bytes),
    /// A question whether we live, to be answered with the same bytes.
    Ping(Bytes),
    /// The answer to our own.
    Pong,
    /// The client takes its leave.
    Close,
}

/// Collects bytes and yields messages. Holds no memory while nothing is half-read.
#[derive(Debug)]
pub struct Reader {
    longest: usize,
    arrived: BytesMut,
    /// The beginning of a message that comes in pieces.
    begun: Option<BytesMut>,
}

impl Reader {
    /// Accepts messages of up to `longest` bytes.
    pub fn new(longest: usize) -> Self {
        Self { longest, arrived: BytesMut::new(), begun: None }
    }

    /// Changes how long a message may be.
    pub fn accept_up_to(&mut self, longest: usize) {
        self.longest = longest;
    }

    /// Takes bytes in. Call [`Self::message`] until it is empty before the next portion.
    pub fn take_in(&mut self, bytes: &[u8]) {
        self.arrived.extend_from_slice(bytes);
    }

    /// Returns the next whole message, `None` when more bytes are needed, or how to close.
    pub fn message(&mut self) -> Result<Option<Message>, Close> {
        while let Some(header) = frame::read(&self.arrived, self.longest)? {
            let whole = header.header + header.payload;
            if self.arrived.len() < whole {
                self.arrived.reserve(whole - self.arrived.len());
                break;
            }
            let mut payload = self.arrived.split_to(whole).split_off(header.header);
            frame::unmask(&mut payload, header.mask);
            match (header.opcode, self.begun.take()) {
                (Opcode::Close, _) => return Ok(Some(Message::Close)),
                (Opcode::Ping, begun) => {
                    self.begun = begun;
                    return Ok(Some(Message::Ping(payload.freeze())));
                }
                (Opcode::Pong, begun) => {
                    self.begun = begun;
                    return Ok(Some(Message::Pong));
                }
                (Opcode::Binary, None) if header.last => return Ok(Some(Message::Binary(payload.freeze()))),
                (Opcode::Binary, None) => self.begun = Some(payload),
                (Opcode::Continuation, Some(mut begun)) => {
                    if begun.len() + payload.len() > self.longest {
                        return Err(Close::TooBig);
                    }
                    begun.extend_from_slice(&payload);
                    if header.last {
                        return Ok(Some(Message::Binary(begun.freeze())));
                    }
                    self.begun = Some(begun);
                }
                (Opcode::Binary, Some(_)) | (Opcode::Continuation, None) => return Err(Close::Protocol),
            }
        }
        if self.arrived.is_empty() {
            // The allocation goes with the messages that were cut from it.
            self.arrived = BytesMut::new();
        }
        Ok(None)
    }
}
