//! The server's side of RFC 6455, in the few lines that a relay needs.
//!
//! Why not a library: an idle connection must cost a few kilobytes, one encoded frame must serve every receiver, and all
//! that waits for a connection must leave in one write. So: no read buffer while nothing arrives, one outgoing buffer
//! that the fan-out appends finished frames to, one task. No extensions, no text messages, no client role.

mod connection;
mod frame;
mod handshake;
mod outgoing;
mod reader;
#[cfg(test)]
mod tests;

pub use connection::{Connection, Ended, Patience, close_line};
pub use frame::{Close, framed};
pub use handshake::{Unfit, accept};
pub use outgoing::{Full, Later, Outgoing};
pub use reader::{Message, Reader};
