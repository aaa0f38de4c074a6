//! How much an update may hold, by the road it came on.
//!
//! The figures bound time and memory of whoever reads the update later: yrs and Yjs are quadratic in several of them.
//! What no road may exceed (nesting, names, clocks) stands here too.

/// The bounds of one update. Rule A1, the client count of A3 and the cost of A14.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole update.
    pub bytes: usize,
    /// Structs of all clients together.
    pub structs: usize,
    /// Clients that write.
    pub clients: usize,
    /// Clients whose content is deleted (A12).
    pub deleted: usize,
    /// Bytes that a reader joining chained structs one by one would copy.
    pub chain_bytes: u64,
}

impl Limits {
    /// What somebody wrote: a keystroke, an import, a large paste, the answer to a long absence.
    pub const BULK: Self =
        Self { bytes: 16 << 20, structs: 131_072, clients: 4_096, deleted: 4_096, chain_bytes: 8 << 20 };
    /// A whole document as another's merge wrote it; four bytes may be copied for each one read.
    pub const SNAPSHOT: Self =
        Self { bytes: 64 << 20, structs: 1 << 20, clients: 4_096, deleted: 4_096, chain_bytes: 256 << 20 };
    /// A whole document as our own merge wrote it, of pieces that were taken one by one: as much as they came to, for it
    /// must be read however long it has grown. Every count is still bounded by the bytes that are there, and what a
    /// reader would join is joined already. Only offsets end, at four gigabytes.
    pub const WHOLE: Self = Self {
        bytes: u32::MAX as usize,
        structs: usize::MAX,
        clients: usize::MAX,
        deleted: usize::MAX,
        chain_bytes: u64::MAX,
    };
}

/// No clock reaches this number (A4): yrs counts in 32 bits and adds without looking.
pub(super) const CLOCK_END: u64 = 1 << 31;
/// No number reaches this one (A2): the first that JavaScript cannot tell from its neighbour is one further.
pub(super) const NUMBER_END: u64 = 1 << 53;
/// Bytes of a binary value (A6).
pub(super) const MAX_BINARY: usize = 64 << 10;
/// Bytes of a root name, key, mark or element name (A9).
pub(super) const MAX_NAME: usize = 1_024;
/// Nesting of arrays and objects in a value (A10, A11). Web editors run out of stack at about a thousand.
pub(super) const MAX_VALUE_DEPTH: usize = 64;
/// Nesting of shared types (B9).
pub(super) const MAX_TYPE_DEPTH: u16 = 100;
/// What A14 counts for one value, whose bytes say little about its size in memory.
pub(super) const VALUE_COST: u64 = 48;
