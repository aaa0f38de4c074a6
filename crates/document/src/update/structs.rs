//! What an update says, as read and not yet believed: structs by client, then deleted ranges.
//!
//! Everything points into the update's bytes by offset, so that the tables can be used again for the next update and
//! a merge can copy bytes it has no reason to understand.

use super::delete_set::DeleteSet;

/// Names one unit of content: the client that wrote it and that client's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// The writer, below 2^53.
    pub client: u64,
    /// The writer's clock, below 2^31.
    pub clock: u32,
}

/// A stretch of the update's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub(super) fn of(self, bytes: &[u8]) -> &[u8] {
        bytes.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// The shared types that documents hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeKind {
    /// A list of values.
    Array,
    /// Values by key.
    Map,
    /// Text with formats and embeds.
    Text,
    /// A named element with attributes and children.
    XmlElement,
    /// Children without a name.
    XmlFragment,
    /// Text among the children of an element.
    XmlText,
}

/// What a struct holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Gc,
    Deleted,
    Binary,
    String,
    Embed,
    Format,
    Type(TypeKind),
    Any,
}

/// How a struct hangs in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// A collected range hangs nowhere.
    Nowhere,
    /// Behind `origin` and before `right` when it was written; at least one is there.
    Between { origin: Option<Id>, right: Option<Id> },
    /// The first of a root, by name.
    Root { name: Span, key: Option<Span> },
    /// The first of a shared type.
    Inside { parent: Id, key: Option<Span> },
}

impl Link {
    pub(super) const fn origin(&self) -> Option<Id> {
        match self {
            Self::Between { origin, .. } => *origin,
            _ => None,
        }
    }

    pub(super) const fn right(&self) -> Option<Id> {
        match self {
            Self::Between { right, .. } => *right,
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Struct {
    pub clock: u32,
    /// In clocks: UTF-16 units of a text, values of an Any, 1 or any number of a deleted range.
    pub len: u32,
    pub content: Content,
    pub link: Link,
    /// Offset of the info byte.
    pub start: u32,
    /// Offset behind origin, right origin, parent and key.
    pub content_at: u32,
    /// Offset behind the length that a text or a list of values begins with; elsewhere as `content_at`.
    pub payload_at: u32,
    pub end: u32,
}

impl Struct {
    /// First clock behind it.
    pub(super) const fn next(&self) -> u32 {
        self.clock + self.len
    }

    /// The ids that must be known before it.
    pub(super) fn refers_to(&self) -> impl Iterator<Item = Id> {
        let ids = match self.link {
            Link::Nowhere | Link::Root { .. } => [None, None],
            Link::Between { origin, right } => [origin, right],
            Link::Inside { parent, .. } => [Some(parent), None],
        };
        ids.into_iter().flatten()
    }
}

/// The structs of one client, in clock order without holes: `first..end` in [`Parsed::structs`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Group {
    pub client: u64,
    pub first: usize,
    pub end: usize,
    /// Offset of the group's header.
    pub at: usize,
}

/// An update as read. Empty it is the scratch for the next one.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pub groups: Vec<Group>,
    pub structs: Vec<Struct>,
    pub deletes: DeleteSet,
}

impl Parsed {
    pub(super) fn heap_bytes(&self) -> usize {
        self.groups.capacity() * size_of::<Group>()
            + self.structs.capacity() * size_of::<Struct>()
            + self.deletes.heap_bytes()
    }
}
