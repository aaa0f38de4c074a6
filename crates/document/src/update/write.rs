//! Writes the primitives of the encoding (lib0, v1) and updates cut out of others.

/// Appends an unsigned number in its shortest form.
pub(super) fn number(to: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        to.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    to.push(value.to_le_bytes()[0]);
}
