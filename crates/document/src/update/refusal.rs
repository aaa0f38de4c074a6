//! Why an update was refused: one code for each rule, where it broke, and a sentence.
//!
//! A refusal changes nothing. Whether it can ever be different is all that callers act on: after
//! [`RefusalCode::needs_resync`] the same bytes may pass once what they build on has arrived.

use super::structs::Id;

/// Says that an update was not admitted, and where it broke which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{code} (at byte {at})")]
pub struct Refusal {
    /// The rule.
    pub code: RefusalCode,
    /// Offset in the update of the struct, range or value that broke it.
    pub at: usize,
    /// The id that the rule was about, where it was about one: the missing neighbour, the hole's first clock.
    pub about: Option<Id>,
}

impl Refusal {
    pub(super) const fn new(code: RefusalCode, at: usize) -> Self {
        Self { code, at, about: None }
    }

    /// Refuses unless the rule is kept.
    pub(super) fn unless(kept: bool, code: RefusalCode, at: usize) -> Result<(), Self> {
        code.unless(kept).map_err(|code| Self::new(code, at))
    }

    pub(super) const fn about(code: RefusalCode, at: usize, id: Id) -> Self {
        Self { code, at, about: Some(id) }
    }
}

/// The rules, each by what breaks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum RefusalCode {
    /// A1.
    #[error("the update is larger than this way in allows")]
    Size,
    /// A1.
    #[error("the update has more structs than this way in allows")]
    Structs,
    /// Any rule of A: the bytes end, or a count is higher than the bytes left could hold.
    #[error("the update ends before what it announces")]
    Truncated,
    /// A2.
    #[error("a number is not written in its shortest form or is 2^53 or more")]
    Varint,
    /// A3.
    #[error("more clients write in the update than this way in allows")]
    Clients,
    /// A3.
    #[error("a client writes in two places of the update")]
    DuplicateClient,
    /// A3.
    #[error("a client is named without a struct")]
    EmptyClient,
    /// A4.
    #[error("a clock or length reaches 2^31")]
    ClockRange,
    /// A5.
    #[error("a collected range carries flags")]
    GcFlags,
    /// A5.
    #[error("a parent is neither an id nor a root's name")]
    ParentInfo,
    /// A6.
    #[error("a content kind that documents never hold")]
    ContentKind,
    /// A6.
    #[error("a skipped range: the update leaves something out")]
    Skip,
    /// A6.
    #[error("a binary value is larger than 64 KiB")]
    BinarySize,
    /// A7.
    #[error("a shared type that documents never hold")]
    TypeKind,
    /// A8.
    #[error("a struct of length 0")]
    ZeroLength,
    /// A9.
    #[error("a text that is not UTF-8")]
    Utf8,
    /// A9.
    #[error("a name or key is longer than 1,024 bytes")]
    NameLength,
    /// A10.
    #[error("a value of unknown kind")]
    ValueKind,
    /// A10.
    #[error("a value is nested deeper than 64 levels")]
    ValueDepth,
    /// A11.
    #[error("an embed or mark whose value is not JSON that every reader takes")]
    Json,
    /// A12.
    #[error("the deleted ranges are empty, unsorted, overlapping or of too many clients")]
    DeleteSet,
    /// A13.
    #[error("bytes follow the end of the update")]
    Trailing,
    /// A14.
    #[error("too long a chain of small pieces; send them as separate updates or joined")]
    ChainCost,
    /// B1.
    #[error("the client's earlier structs are not here")]
    Hole,
    /// B2.
    #[error("a struct that is known refers to what is not")]
    KnownReference,
    /// B3.
    #[error("a struct refers to itself or to a later one of its client")]
    OwnFuture,
    /// B3.
    #[error("structs refer to each other in a circle")]
    Cycle,
    /// B3.
    #[error("a struct refers to one that is not here")]
    MissingDependency,
    /// B4.
    #[error("the two neighbours of a struct are in different lists")]
    MixedLists,
    /// B4.
    #[error("a root that documents do not have")]
    UnknownRoot,
    /// B4.
    #[error("the parent of a struct is not a shared type")]
    NotAType,
    /// B5.
    #[error("both neighbours of a struct are the same")]
    SameNeighbours,
    /// B6.
    #[error("a kind of content that its place cannot hold")]
    Misfit,
    /// B7.
    #[error("a map's entry holds more than one value, and not all of it is deleted")]
    LongMapEntry,
    /// B8.
    #[error("a struct that is known in part goes on in another list")]
    Straddle,
    /// B9.
    #[error("shared types are nested deeper than 100 levels")]
    TypeDepth,
    /// B10.
    #[error("a deleted range that is not here")]
    DeleteAhead,
    /// B11.
    #[error("a client begins a list that it has begun before")]
    SecondBeginning,
    /// The caller's: who may write is not in the update.
    #[error("a client id that belongs to another device")]
    Stranger,
}

impl RefusalCode {
    /// Refuses unless the rule is kept. This is the one place where tests can switch a rule off, to see that it is
    /// missed.
    pub(super) fn unless(self, kept: bool) -> Result<(), Self> {
        #[cfg(test)]
        let kept = kept || super::tests::is_off(self);
        if kept { Ok(()) } else { Err(self) }
    }

    /// Returns whether something that the update builds on is missing, so that it may pass once that has arrived.
    pub const fn needs_resync(self) -> bool {
        matches!(self, Self::Skip | Self::Hole | Self::MissingDependency | Self::DeleteAhead)
    }
}
