//! Every bound of the protocol, in one place. A receiver checks them before it allocates or believes anything.
//!
//! What a document may hold is the validator's business (`sheaf_document::update::Limits`); here is only what may travel.

/// The only protocol version so far.
pub const PROTOCOL_VERSION: u16 = 1;

/// The longest WebSocket message: a longer frame travels as parts.
pub const MESSAGE: usize = 256 * 1024;
/// The longest first message: a hello. Nobody is known yet, so nobody gets more.
pub const HELLO: usize = 8 * 1024;
/// The longest frame, joined and unpacked: one update of [`UPDATE`] bytes and its headers.
pub const FRAME: usize = 17 * 1024 * 1024;
/// The longest bytes of one entry or snapshot. A document whose snapshot is longer is sent as its entries.
pub const UPDATE: usize = 16 * 1024 * 1024;
/// The most that an entry takes in a frame beyond its own bytes, when it shares its heading with no other.
pub const ENTRY_OVERHEAD: usize = 176;

/// The highest counter of an entry: every database and language can count so far.
pub const COUNTER: u64 = (1 << 53) - 1;
/// Entries or items in one frame.
pub const ENTRIES: usize = 65_536;
/// Documents named in one frame.
pub const DOCUMENTS: usize = 65_536;
/// Earlier lives of a log, as a welcome tells them.
pub const LINEAGE: usize = 64;
/// People in one presence frame.
pub const PEOPLE: usize = 4_096;
/// Bytes of an access token.
pub const TOKEN: usize = 4_096;
/// Bytes of a state vector in an answer.
pub const STATE_VECTOR: usize = 1024 * 1024;
/// Bytes of a caret.
pub const CARET: usize = 1_024;
/// Bytes of a person's name: 80 characters of at most four bytes.
pub const NAME: usize = 320;
/// Bytes of a refusal's detail; longer ones are shortened when sent.
pub const DETAIL: usize = 200;
/// Bytes of a record.
pub const RECORD: usize = 4_096;
/// Bytes of a place's icon: the longest emoji sequences have about thirty.
pub const ICON: usize = 64;
/// Bytes of a file's name, as most systems have it.
pub const FILE_NAME: usize = 255;
/// Bytes of a media type (RFC 6838: twice 127, of which nobody uses as many).
pub const MEDIA: usize = 127;
