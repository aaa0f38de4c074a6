//! Reads past values (lib0's Any) without building them and without recursion (A10).

use super::cursor::Cursor;
use super::limits::MAX_VALUE_DEPTH;
use super::refusal::{Refusal, RefusalCode};

/// An array or object that is being read: what is still to come, and whether keys stand before the values.
#[derive(Clone, Copy)]
struct Open {
    left: usize,
    keyed: bool,
}

/// Reads one value.
pub(super) fn value(from: &mut Cursor<'_>) -> Result<(), Refusal> {
    let Some(outermost) = head(from)? else { return Ok(()) };
    let mut open = [outermost; MAX_VALUE_DEPTH];
    let mut depth = 1_usize;
    while let Some(current) = depth.checked_sub(1).and_then(|top| open.get_mut(top)) {
        if current.left == 0 {
            depth -= 1;
            continue;
        }
        current.left -= 1;
        if current.keyed {
            from.text()?;
        }
        let at = from.at();
        if let Some(inner) = head(from)? {
            *open.get_mut(depth).ok_or(Refusal::new(RefusalCode::ValueDepth, at))? = inner;
            depth += 1;
        }
    }
    Ok(())
}

/// Reads a whole plain value, or the beginning of an array or object.
fn head(from: &mut Cursor<'_>) -> Result<Option<Open>, Refusal> {
    let at = from.at();
    match from.byte()? {
        // undefined, null, false, true
        127 | 126 | 121 | 120 => {}
        125 => from.signed()?,
        124 => drop(from.take(4)?),
        // float64, bigint
        123 | 122 => drop(from.take(8)?),
        119 => drop(from.text()?),
        118 => return Ok(Some(Open { left: from.count(2)?, keyed: true })),
        117 => return Ok(Some(Open { left: from.count(1)?, keyed: false })),
        116 => drop(from.blob()?),
        _ => return Err(Refusal::new(RefusalCode::ValueKind, at)),
    }
    Ok(None)
}
