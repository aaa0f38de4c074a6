//! Randomness from the operating system: for ids and secrets, here and nowhere else in this crate.

use sheaf_protocol::entry::Millis;

/// Returns random bytes.
///
/// # Panics
/// When the operating system has no randomness to give: no secret can be made then, and none must be guessed.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        panic!("the operating system has no randomness to give");
    }
    bytes
}

/// Returns a new id, by one of the `fresh` functions of `sheaf_document::ids`.
pub fn id<T>(now: Millis, fresh: impl FnOnce(u64, [u8; 10]) -> T) -> T {
    fresh(now, bytes())
}

/// Returns a client id that nobody else has in any document: 53 random bits, as many as JavaScript can tell apart.
pub fn client() -> u64 {
    u64::from_le_bytes(bytes()) >> 11
}
