//! Randomness from the operating system: for ids and secrets, here and nowhere else in this crate.

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
