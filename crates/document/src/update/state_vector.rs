//! What a replica has of a document: the next clock of every client that wrote there.
//!
//! The encoding is Yjs's (v1): a count, then client and clock of each. Bounded like everything from outside.

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::refusal::Refusal;

/// Clients a state vector from outside may name: sixteen times what a document may have.
const MAX_CLIENTS: usize = 65_536;

/// The next clock of each client; a client that wrote nothing is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateVector(BTreeMap<u64, u32>);

/// Says that bytes are not a state vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateVectorError {
    /// The bytes end early, or a number is out of range.
    #[error("not a state vector: {0}")]
    Unreadable(#[from] Refusal),
    /// More than 65,536 clients.
    #[error("the state vector names too many clients")]
    TooMany,
    /// The same client twice.
    #[error("the state vector names client {0} twice")]
    Twice(u64),
    /// Bytes behind the last client.
    #[error("bytes follow the state vector")]
    Trailing,
}

impl StateVector {
    /// Returns the next clock of a client: 0 for one that wrote nothing.
    pub fn next(&self, client: u64) -> u32 {
        self.0.get(&client).copied().unwrap_or(0)
    }

    /// Sets the next clock of a client.
    pub fn set(&mut self, client: u64, next: u32) {
        if next == 0 {
            self.0.remove(&client);
        } else {
            self.0.insert(client, next);
        }
    }

    /// Returns each client and its next clock, by client.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u32)> {
        self.0.iter().map(|(client, next)| (*client, *next))
    }

    /// Returns how many clients wrote.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether nobody wrote anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether everything `other` has is here too.
    pub fn covers(&self, other: &Self) -> bool {
        other.iter().all(|(client, next)| self.next(client) >= next)
    }

    /// Writes it as Yjs does, the highest client first.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + self.len() * 12);
        super::write::number(&mut bytes, self.len() as u64);
        for (client, next) in self.0.iter().rev() {
            super::write::number(&mut bytes, *client);
            super::write::number(&mut bytes, u64::from(*next));
        }
        bytes
    }

    /// Reads one. Clients with clock 0 are left out.
    pub fn decode(bytes: &[u8]) -> Result<Self, StateVectorError> {
        let mut from = Cursor::new(bytes);
        let count = from.count(2)?;
        if count > MAX_CLIENTS {
            return Err(StateVectorError::TooMany);
        }
        let mut read = BTreeMap::new();
        for _ in 0..count {
            let id = from.id()?;
            if read.insert(id.client, id.clock).is_some() {
                return Err(StateVectorError::Twice(id.client));
            }
        }
        if from.left() > 0 {
            return Err(StateVectorError::Trailing);
        }
        read.retain(|_, next| *next > 0);
        Ok(Self(read))
    }
}

impl FromIterator<(u64, u32)> for StateVector {
    fn from_iter<T: IntoIterator<Item = (u64, u32)>>(clocks: T) -> Self {
        Self(clocks.into_iter().filter(|(_, next)| *next > 0).collect())
    }
}
