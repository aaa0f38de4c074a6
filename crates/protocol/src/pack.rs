//! Pages on their way, compressed (zstd) when both ends can ([`crate::negotiate::PACKED_PAGES`]) and when it helps.
//!
//! The declared size bounds what comes out, and what comes out bounds the memory: a bomb stops at the declared size, a
//! false declaration buys nothing. Only pages are packed: what is small or on the way to a writer must not wait.

use std::io::Read;

use bytes::Bytes;

use crate::codec::{WireError, kind};
use crate::limits;

/// A page below this size is sent as it is.
const WORTH_PACKING: usize = 1024;
/// The quickest of zstd's own levels: on documents a third of the bytes, as its default gives, in less than half of its time.
const LEVEL: i32 = 1;
/// The largest window, as a power of two, that a receiver grants: 8 MiB.
const WINDOW_LOG: u32 = 23;

/// Returns the frame packed, or as it is when it is no page or packing does not make it shorter.
pub fn pack(frame: Bytes) -> Bytes {
    if frame.first() != Some(&kind::PAGE) || frame.len() < WORTH_PACKING {
        return frame;
    }
    let Ok(packed) = zstd::bulk::compress(&frame, LEVEL) else { return frame };
    let mut message = Vec::with_capacity(packed.len() + 5);
    message.push(kind::PACKED);
    // A frame is far below 4 GiB; a longer one could not be sent in any form.
    message.extend_from_slice(&(frame.len() as u32).to_le_bytes());
    message.extend_from_slice(&packed);
    if message.len() < frame.len() { message.into() } else { frame }
}

/// Returns the page in a packed message; it must be exactly as long as declared.
pub(crate) fn unpack(message: &Bytes) -> Result<Bytes, WireError> {
    let malformed = WireError::Malformed { what: "packed page", at: 0 };
    let (size, packed) =
        message.get(1..).and_then(<[u8]>::split_first_chunk).ok_or(WireError::Short { at: 1 })?;
    let size = u32::from_le_bytes(*size);
    if size as usize > limits::FRAME {
        return Err(WireError::TooLarge { what: "packed page", size: size.into(), limit: limits::FRAME });
    }
    let read = || -> std::io::Result<Vec<u8>> {
        let mut decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
        decoder.window_log_max(WINDOW_LOG)?;
        let mut page = Vec::new();
        decoder.take(u64::from(size) + 1).read_to_end(&mut page)?;
        Ok(page)
    };
    let page = read().map_err(|_| malformed.clone())?;
    if page.len() != size as usize || page.first() != Some(&kind::PAGE) {
        return Err(malformed);
    }
    Ok(page.into())
}
