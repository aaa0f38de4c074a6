//! How things stand, for people.

use crate::session;

/// How a replica stands with its disk, its relay and its person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// How it stands with its relay; `None` for a workspace that lives on this device alone.
    pub relay: Option<session::Status>,
    /// Changes that are saved here and that no relay has acknowledged.
    pub waiting: u64,
    /// Documents with changes that the relay refused, for a person to settle.
    pub forks: u64,
    /// Records that the relay refused, such as moves, for a person to settle.
    pub refused_records: u64,
}

impl Status {
    /// Says whether the relay holds everything that was written here, and this replica everything that it holds.
    pub fn is_synced(&self) -> bool {
        self.relay == Some(session::Status::Synced) && self.waiting == 0
    }
}
