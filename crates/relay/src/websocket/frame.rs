//! One WebSocket frame's header, read and written (RFC 6455, section 5.2).

use bytes::{BufMut, Bytes, BytesMut};

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opcode {
    /// Goes on with a message that came in pieces.
    Continuation,
    /// Begins (and mostly is) a binary message.
    Binary,
    /// Ends the connection.
    Close,
    /// Asks for a pong.
    Ping,
    /// Answers a ping.
    Pong,
}

/// Why a connection is closed, as RFC 6455 section 7.4.1 numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// All was said.
    Normal,
    /// The peer broke this protocol.
    Protocol,
    /// The peer sent text.
    Unsupported,
    /// The message was too long.
    TooBig,
}

impl Close {
    /// Returns the number on the wire.
    pub fn code(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::Protocol => 1002,
            Self::Unsupported => 1003,
            Self::TooBig => 1009,
        }
    }
}

/// A frame's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Whether the message ends with this frame.
    pub last: bool,
    /// What the frame is.
    pub opcode: Opcode,
    /// What the payload is masked with.
    pub mask: [u8; 4],
    /// Bytes of the header.
    pub header: usize,
    /// Bytes of the payload.
    pub payload: usize,
}

/// Reads a client's frame header from the front of `bytes`; `None` when more bytes are needed.
pub fn read(bytes: &[u8], longest: usize) -> Result<Option<Header>, Close> {
    let [first, second, rest @ ..] = bytes else { return Ok(None) };
    if first & 0x70 != 0 || second & 0x80 == 0 {
        // Extension bits that nobody agreed on, or a client that does not mask.
        return Err(Close::Protocol);
    }
    let last = first & 0x80 != 0;
    let opcode = match first & 0x0f {
        0 => Opcode::Continuation,
        1 => return Err(Close::Unsupported),
        2 => Opcode::Binary,
        8 => Opcode::Close,
        9 => Opcode::Ping,
        10 => Opcode::Pong,
        _ => return Err(Close::Protocol),
    };
    let short = usize::from(second & 0x7f);
    let control = matches!(opcode, Opcode::Close | Opcode::Ping | Opcode::Pong);
    if control && (!last || short > 125) {
        return Err(Close::Protocol);
    }
    let (payload, mask, header) = match (short, rest) {
        (126, [a, b, rest @ ..]) => (u64::from(u16::from_be_bytes([*a, *b])), rest, 8),
        (127, [a, b, c, d, e, f, g, h, rest @ ..]) => {
            (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), rest, 14)
        }
        (126 | 127, _) => return Ok(None),
        (short, rest) => (short as u64, rest, 6),
    };
    let payload = usize::try_from(payload).ok().filter(|length| *length <= longest).ok_or(Close::TooBig)?;
    let [a, b, c, d, ..] = mask else { return Ok(None) };
    Ok(Some(Header { last, opcode, mask: [*a, *b, *c, *d], header, payload }))
}

/// Takes the mask off (or puts it on).
pub fn unmask(payload: &mut [u8], mask: [u8; 4]) {
    let mut chunks = payload.chunks_exact_mut(4);
    for chunk in &mut chunks {
        chunk.iter_mut().zip(mask).for_each(|(byte, key)| *byte ^= key);
    }
    chunks.into_remainder().iter_mut().zip(mask).for_each(|(byte, key)| *byte ^= key);
}

/// Appends a server's frame to a buffer.
pub fn write(opcode: Opcode, payload: &[u8], to: &mut impl BufMut) {
    to.put_u8(
        0x80 | match opcode {
            Opcode::Continuation => 0,
            Opcode::Binary => 2,
            Opcode::Close => 8,
            Opcode::Ping => 9,
            Opcode::Pong => 10,
        },
    );
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..=125), _) => to.put_u8(short),
        (_, Ok(middle)) => {
            to.put_u8(126);
            to.put_u16(middle);
        }
        _ => {
            to.put_u8(127);
            to.put_u64(payload.len() as u64);
        }
    }
    to.put_slice(payload);
}

/// Returns binary messages as they go over the line. A server does not mask, so every receiver gets these same bytes.
pub fn framed(messages: impl IntoIterator<Item = Bytes>) -> Bytes {
    let mut line = BytesMut::new();
    for message in messages {
        line.reserve(message.len() + 10);
        write(Opcode::Binary, &message, &mut line);
    }
    line.freeze()
}
