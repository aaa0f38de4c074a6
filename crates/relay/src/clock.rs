//! The only place where the relay asks the system for time and chance.

use std::time::{SystemTime, UNIX_EPOCH};

use sheaf_protocol::entry::Millis;

use crate::error::Result;

/// Returns the system's time in milliseconds since 1970.
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

/// Returns `N` random bytes from the system.
pub fn chance<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
