//! What an admitted update does, in a few numbers: for ownership of client ids, quotas, pages and logs.

use super::structs::Content;

/// What one client wrote in an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientSummary {
    /// The client.
    pub client: u64,
    /// First clock in the update.
    pub start: u32,
    /// The client's next clock before the update.
    pub known: u32,
    /// The client's next clock after it; equal to `known` when the update only repeats.
    pub next: u32,
}

impl ClientSummary {
    /// Returns how many clocks are new.
    pub const fn added(&self) -> u32 {
        self.next - self.known
    }
}

/// Clocks of one client that an update deletes (again, perhaps).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletedRange {
    /// Whose content.
    pub client: u64,
    /// First clock.
    pub start: u32,
    /// First clock behind it.
    pub end: u32,
}

/// The kinds of content among the new structs of an update.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    pub(super) const fn add(&mut self, content: Content) {
        self.0 |= match content {
            Content::Gc => 1,
            Content::Deleted => 2,
            Content::Binary => 4,
            Content::String => 8,
            Content::Embed => 16,
            Content::Format => 32,
            Content::Type(_) => 64,
            Content::Any => 128,
        };
    }

    /// Returns whether text was written.
    pub const fn text(self) -> bool {
        self.0 & 8 != 0
    }

    /// Returns whether marks were set or ended.
    pub const fn formats(self) -> bool {
        self.0 & 32 != 0
    }

    /// Returns whether elements or other shared types were made.
    pub const fn types(self) -> bool {
        self.0 & 64 != 0
    }

    /// Returns whether values, binaries or embeds were set.
    pub const fn values(self) -> bool {
        self.0 & (4 | 16 | 128) != 0
    }

    /// Returns whether ranges came without their content, as their writer had deleted or collected it.
    pub const fn emptied(self) -> bool {
        self.0 & (1 | 2) != 0
    }
}

/// What an admitted update does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Who wrote, in the update's order.
    pub clients: Vec<ClientSummary>,
    /// What is deleted, by client and clock.
    pub deletes: Vec<DeletedRange>,
    /// Structs in the update, known ones among them.
    pub structs: usize,
    /// Kinds of content among the new structs.
    pub kinds: Kinds,
}

impl Summary {
    /// Returns whether the update has neither a new struct nor a deletion. One that deletes what is deleted already
    /// counts as adding something: the validator's state does not hold what is deleted.
    pub fn adds_nothing(&self) -> bool {
        self.deletes.is_empty() && self.writers().next().is_none()
    }

    /// Returns the clients with new structs.
    pub fn writers(&self) -> impl Iterator<Item = &ClientSummary> {
        self.clients.iter().filter(|client| client.added() > 0)
    }
}
