//! How alike two blocks are that are not equal: whether one is the other, changed.
//!
//! Blocks of another kind never are: Yjs cannot make a heading of a paragraph. Of text, words in common count, or pairs of
//! letters where there are few words; of what has no text, attributes.

use crate::text;
use crate::tree::{Element, Node};

/// Of a hundred: what is less alike is something else.
const ENOUGH: u32 = 50;
/// Fewer words than this say too little.
const FEW: usize = 5;

/// What is compared of a block.
pub(super) struct Bag<'a> {
    element: Option<&'a Element>,
    words: Vec<String>,
    pairs: Vec<(char, char)>,
}

impl<'a> Bag<'a> {
    /// Returns what is compared of this one.
    pub(super) fn of(node: &'a Node) -> Self {
        let element = match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        };
        let text = element.map(text::plain).unwrap_or_default();
        let mut words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
        let mut pairs: Vec<_> = text.chars().zip(text.chars().skip(1)).collect();
        words.sort_unstable();
        pairs.sort_unstable();
        Self { element, words, pairs }
    }

    /// Returns how alike two are, of a hundred; `None` where it is not enough.
    pub(super) fn likeness(&self, other: &Self) -> Option<u32> {
        let (one, two) = self.element.zip(other.element).filter(|(one, two)| one.name == two.name)?;
        let likeness = match (self.words.is_empty(), other.words.is_empty()) {
            (true, true) => {
                let shares = one.attributes.iter().any(|(key, value)| two.attributes.get(key) == Some(value));
                let are_plain = one.attributes.is_empty() && two.attributes.is_empty();
                if shares || are_plain { 100 } else { 0 }
            }
            // A paragraph that was emptied, or filled.
            (true, false) | (false, true) => ENOUGH,
            _ if self.words.len().min(other.words.len()) < FEW => shared(&self.pairs, &other.pairs),
            _ => shared(&self.words, &other.words),
        };
        (likeness >= ENOUGH).then_some(likeness)
    }
}

/// How much of two sorted lists is in both, of a hundred.
fn shared<T: Ord>(one: &[T], other: &[T]) -> u32 {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let mut both = 0;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                both += 2;
                left.next();
                right.next();
            }
        }
    }
    (both * 100 / (one.len() + other.len()).max(1)) as u32
}
