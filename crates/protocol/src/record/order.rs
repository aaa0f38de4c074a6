//! Keys that put neighbours in order, with room for one more between any two.
//!
//! A key is a string of bytes and keys are compared as such (fractional indexing, as described by David Greenspan, "Implementing Fractional Indexing", 2020,
//! in base 256). Whoever is moved gets a new key and nobody else does, so two people who move different things never disturb
//! each other. Chance keeps apart what two people put into one gap at the same time.
//!
//! The first eight bytes are counted in wide steps, so that lists which grow at their ends keep short keys.

use std::fmt;

/// Between two neighbours at the end of a list.
const STEP: u64 = 1 << 40;
/// Where a list begins: in the middle of what eight bytes can say.
const BEGIN: u64 = 1 << 63;
/// Narrower gaps of the first eight bytes are divided byte by byte.
const NARROW: u64 = 1 << 20;

/// A key among neighbours: 1 to 64 bytes, the last of them not zero.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Order(Box<[u8]>);

/// Two neighbours stand so close that no key fits between them: the neighbours need new ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no room is left between two neighbours")]
pub struct Crowded;

impl Order {
    /// As many bytes may a key have.
    pub const LONGEST: usize = 64;

    /// Returns the key with these bytes, if they are one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let is_key = bytes.len() <= Self::LONGEST && bytes.last().is_some_and(|&last| last != 0);
        is_key.then(|| Self(bytes.into()))
    }

    /// Returns the key's bytes; they sort as the key does.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns a key after one neighbour and before another; `None` for the end of the list. Of two neighbours that are not
    /// in order, as two that bear one key, only the first counts.
    ///
    /// # Errors
    /// [`Crowded`] when no key of 64 bytes lies between them.
    pub fn between(before: Option<&Self>, after: Option<&Self>, chance: u64) -> Result<Self, Crowded> {
        let step = STEP + chance % (STEP / 2);
        let counted = match (before.map(Self::head), after.map(Self::head)) {
            (None, None) => Some(BEGIN + chance % STEP),
            (Some(before), None) => before.checked_add(step),
            (None, Some(after)) => after.checked_sub(step).filter(|&head| head > 0),
            (Some(before), Some(after)) => {
                let gap = after.saturating_sub(before);
                (gap >= NARROW).then(|| before + gap / 4 + chance % (gap / 2))
            }
        };
        match counted {
            Some(head) => Ok(Self::of_head(head)),
            None => divide(before.map_or(&[], Self::as_bytes), after.map(Self::as_bytes), chance),
        }
    }

    /// Returns the first eight bytes as a number.
    fn head(&self) -> u64 {
        let mut head = [0; 8];
        head.iter_mut().zip(&self.0).for_each(|(to, from)| *to = *from);
        u64::from_be_bytes(head)
    }

    /// Returns the shortest key of this head, which is not zero.
    fn of_head(head: u64) -> Self {
        let kept = 8 - head.trailing_zeros() as usize / 8;
        Self(head.to_be_bytes().into_iter().take(kept).collect())
    }
}

/// Returns a key between two, byte by byte: along what they have in common, then into the first gap.
fn divide(low: &[u8], high: Option<&[u8]>, mut chance: u64) -> Result<Order, Crowded> {
    let mut high = high.filter(|high| *high > low);
    let mut key = Vec::new();
    while key.len() + 2 <= Order::LONGEST {
        let from = low.get(key.len()).copied().unwrap_or_default();
        let to = high.map_or(256, |high| high.get(key.len()).copied().unwrap_or_default().into());
        let gap = to - u16::from(from);
        if gap < 2 {
            key.push(from);
            // One less than the other here: whatever follows stays below it.
            high = high.filter(|_| gap == 0);
            continue;
        }
        let inner = u64::from(gap - 1);
        let at = inner / 4 + chance % (inner / 2).max(1);
        // Below 256, for it lies inside the gap; the byte after it only keeps apart whoever chose the same.
        key.push(from + 1 + u8::try_from(at).unwrap_or_default());
        chance /= 256;
        key.push(1 + (chance % 255) as u8);
        return Ok(Order(key.into()));
    }
    Err(Crowded)
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_put_where_stands_there(moves in prop::collection::vec(any::<(u16, u64)>(), 1..300)) {
            let mut list: Vec<Order> = Vec::new();
            for (at, chance) in moves {
                let at = usize::from(at) % (list.len() + 1);
                let before = at.checked_sub(1).and_then(|at| list.get(at));
                let key = Order::between(before, list.get(at), chance).expect("there is room in a list like this");
                prop_assert_eq!(Order::from_bytes(key.as_bytes()), Some(key.clone()), "it is a key");
                list.insert(at, key);
                prop_assert!(list.is_sorted_by(|one, next| one < next), "and stands where it was put: {list:?}");
            }
        }
    }

    #[test]
    fn a_list_that_grows_at_its_end_keeps_short_keys() {
        let mut last = Order::between(None, None, 7).unwrap();
        for chance in 0..100_000 {
            let next = Order::between(Some(&last), None, chance * 7_919).unwrap();
            assert!(next > last && next.as_bytes().len() <= 8, "after a hundred thousand still: {next:?}");
            last = next;
        }
    }

    #[test]
    fn hundreds_fit_between_two_neighbours_before_they_need_new_keys() {
        let first = Order::between(None, None, 0).unwrap();
        for towards_first in [true, false] {
            let (mut low, mut high) = (first.clone(), Order::between(Some(&first), None, 0).unwrap());
            let mut fitted = 0;
            while let Ok(key) = Order::between(Some(&low), Some(&high), fitted * 104_729) {
                assert!(low < key && key < high, "{low:?} < {key:?} < {high:?}");
                if towards_first {
                    high = key
                } else {
                    low = key
                }
                fitted += 1;
            }
            assert!(fitted > 200, "somebody who adds at one place all day finds room: {fitted}");
        }
    }

    #[test]
    fn beside_two_that_bear_one_key_is_after_the_first() {
        let twin = Order::from_bytes(&[0x80]).unwrap();
        let key = Order::between(Some(&twin), Some(&twin), 3).unwrap();
        assert!(key > twin, "two people chose the same place at once, and nobody is lost: {key:?}");
    }

    #[test]
    fn bytes_that_leave_no_room_below_are_no_key() {
        for bytes in [&[][..], &[0], &[1, 0], &[1; 65]] {
            assert_eq!(Order::from_bytes(bytes), None, "{bytes:?}");
        }
    }
}
