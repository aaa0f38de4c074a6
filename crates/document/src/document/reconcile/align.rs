//! Which items of one sequence are which of another: equal ones by the shortest edit script, the rest by likeness.
//!
//! The script is Myers's (*An O(ND) Difference Algorithm and Its Variations*, 1986), greedy, with what both ends share
//! taken off first. Past [`MOST`] differences it gives up and calls the middle all different: merging then replaces it,
//! which loses nothing, only precision.

use std::ops::Range;

use super::likeness::Bag;
use super::steps::Places;
use crate::tree::Node;

/// More differences than this are not told apart. Looking costs the square of it.
const MOST: usize = 1_000;
/// Unequal blocks are compared with each other in stretches of at most so many pairs.
const PAIRS: usize = 10_000;

/// Aligns equal items.
pub(super) fn equal<T>(one: &[T], other: &[T], same: impl Fn(&T, &T) -> bool) -> Places {
    let start = one.iter().zip(other).take_while(|(a, b)| same(a, b)).count();
    let [one_rest, other_rest] = [one, other].map(|all| all.get(start..).unwrap_or_default());
    let end = one_rest.iter().rev().zip(other_rest.iter().rev()).take_while(|(a, b)| same(a, b)).count();
    let middle = one_rest.len() - end;
    let mut places: Places = (0..start).map(Some).collect();
    places.resize(one.len() - end, None);
    places.extend((0..end).map(|at| Some(other.len() - end + at)));
    let pairs = script(middle, other_rest.len() - end, |a, b| {
        one_rest.get(a).zip(other_rest.get(b)).is_some_and(|(a, b)| same(a, b))
    });
    for (a, b) in pairs {
        put(&mut places, start + a, start + b);
    }
    places
}

/// Aligns blocks: equal ones, then among those that are left, in order, the ones that are most alike.
pub(super) fn blocks(base: &[Node], other: &[Node]) -> Places {
    let mut places = equal(base, other, |a, b| a == b);
    for (left, right) in stretches(&places, other.len()) {
        if left.len().saturating_mul(right.len()) > PAIRS {
            continue;
        }
        let [ones, others] = [(base, &left), (other, &right)]
            .map(|(nodes, range)| slice(nodes, range).iter().map(Bag::of).collect::<Vec<_>>());
        for (a, b) in most_alike(&ones, &others) {
            put(&mut places, left.start + a, right.start + b);
        }
    }
    places
}

/// Finds through the file what the document has of the base: both may have changed it alike, and far.
pub(super) fn through(to_file: &Places, file_to_here: &Places, to_here: &mut Places) {
    let mut last = None;
    for at in 0..to_here.len() {
        if to_here.get(at).copied().flatten().is_none() {
            let found =
                to_file.get(at).copied().flatten().and_then(|file| file_to_here.get(file).copied().flatten());
            let next = to_here.iter().skip(at).flatten().next().copied();
            if let Some(found) = found
                && last.is_none_or(|last| found > last)
                && next.is_none_or(|next| found < next)
            {
                put(to_here, at, found);
            }
        }
        last = to_here.get(at).copied().flatten().or(last);
    }
}

/// Aligns letters, and what else stands in a line: word by word, then within words what they share at both ends.
pub(super) fn words<T>(
    base: &[T],
    other: &[T],
    joins: impl Fn(&T) -> bool,
    same: impl Fn(&T, &T) -> bool,
) -> Places {
    let cut = |line: &[T]| -> Vec<Range<usize>> {
        let mut at = 0;
        let words = line.chunk_by(|a, b| joins(a) && joins(b));
        words
            .map(|word| {
                at += word.len();
                at - word.len()..at
            })
            .collect()
    };
    let (base_words, other_words) = (cut(base), cut(other));
    let alike = |a: &Range<usize>, b: &Range<usize>| {
        let (a, b) = (slice(base, a), slice(other, b));
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
    };
    let mut places: Places = vec![None; base.len()];
    let matched = equal(&base_words, &other_words, alike);
    for (word, twin) in base_words.iter().zip(&matched) {
        let Some(twin) = twin.and_then(|at| other_words.get(at)) else { continue };
        word.clone().zip(twin.clone()).for_each(|(a, b)| put(&mut places, a, b));
    }
    for (left, right) in stretches(&places, other.len()) {
        let (a, b) = (slice(base, &left), slice(other, &right));
        let start = a.iter().zip(b).take_while(|(a, b)| same(a, b)).count();
        let rest = a.len().min(b.len()) - start;
        let end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(a, b)| same(a, b)).count();
        (0..start).for_each(|at| put(&mut places, left.start + at, right.start + at));
        (1..=end).for_each(|at| put(&mut places, left.end - at, right.end - at));
    }
    places
}

/// Aligns letters of plain text.
pub(super) fn letters(base: &[char], other: &[char]) -> Places {
    words(base, other, |letter| is_of_a_word(*letter), |a, b| a == b)
}

/// Says whether letters like this make a word together. Scripts without spaces are told apart letter by letter.
pub(super) fn is_of_a_word(letter: char) -> bool {
    letter.is_alphanumeric() && letter < '\u{2e80}'
}

fn slice<'a, T>(line: &'a [T], range: &Range<usize>) -> &'a [T] {
    line.get(range.clone()).unwrap_or_default()
}

fn put(places: &mut Places, at: usize, other: usize) {
    if let Some(place) = places.get_mut(at) {
        *place = Some(other);
    }
}

/// Returns the stretches between what is aligned, where both sides have something.
fn stretches(places: &Places, others: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    let (mut left, mut right) = (0, 0);
    let ends = places.iter().enumerate().filter_map(|(at, place)| Some((at, (*place)?)));
    for (at, place) in ends.chain([(places.len(), others)]) {
        if at > left && place > right {
            found.push((left..at, right..place));
        }
        (left, right) = (at + 1, place + 1);
    }
    found
}

/// Returns pairs, rising on both sides, whose likeness adds up to most.
fn most_alike(one: &[Bag<'_>], other: &[Bag<'_>]) -> Vec<(usize, usize)> {
    // Behind each place, the most that what follows can add up to.
    let mut rows: Vec<Vec<u32>> = vec![vec![0; other.len() + 1]];
    let at = |row: Option<&Vec<u32>>, column: usize| {
        row.and_then(|row| row.get(column)).copied().unwrap_or_default()
    };
    for a in one.iter().rev() {
        let below = rows.last();
        let mut row = vec![0; other.len() + 1];
        for (column, b) in other.iter().enumerate().rev() {
            let paired = a.likeness(b).map_or(0, |likeness| likeness + at(below, column + 1));
            let best = paired.max(at(below, column)).max(at(Some(&row), column + 1));
            if let Some(cell) = row.get_mut(column) {
                *cell = best;
            }
        }
        rows.push(row);
    }
    rows.reverse();
    let (mut pairs, mut column) = (Vec::new(), 0);
    for (line, a) in one.iter().enumerate() {
        let (row, below) = (rows.get(line), rows.get(line + 1));
        while column < other.len() && at(row, column) == at(row, column + 1) {
            column += 1;
        }
        let is_pair =
            |b: &Bag<'_>| a.likeness(b).is_some_and(|it| it + at(below, column + 1) == at(row, column));
        if at(row, column) > at(below, column) && other.get(column).is_some_and(is_pair) {
            pairs.push((line, column));
            column += 1;
        }
    }
    pairs
}

/// How far each diagonal was followed; diagonals are counted from `-reach` on.
#[derive(Clone)]
struct Front {
    reach: isize,
    ends: Vec<isize>,
}

impl Front {
    fn get(&self, diagonal: isize) -> isize {
        usize::try_from(diagonal + self.reach).ok().and_then(|at| self.ends.get(at)).copied().unwrap_or(-1)
    }

    /// Returns from which diagonal one comes to this one with one more difference.
    fn before(&self, diagonal: isize) -> isize {
        if self.get(diagonal - 1) < self.get(diagonal + 1) { diagonal + 1 } else { diagonal - 1 }
    }
}

/// Returns the pairs of equal items along the shortest edit script, in falling order.
fn script(ones: usize, others: usize, same: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize)> {
    let (width, height) = (ones as isize, others as isize);
    let mut fronts: Vec<Front> = Vec::new();
    for differences in 0..=(ones + others).min(MOST) as isize {
        let last = fronts.last();
        let mut ends = Vec::with_capacity(2 * differences as usize + 1);
        let mut is_done = false;
        for diagonal in -differences..=differences {
            // Only every second diagonal can be reached; what lies between stays unreached.
            if (diagonal + differences) % 2 != 0 {
                ends.push(-1);
                continue;
            }
            let mut x = last.map_or(0, |front| {
                let from = front.before(diagonal);
                front.get(from) + isize::from(from < diagonal)
            });
            while x < width && x - diagonal < height && same(x as usize, (x - diagonal) as usize) {
                x += 1;
            }
            ends.push(x);
            is_done |= x >= width && x - diagonal >= height;
        }
        fronts.push(Front { reach: differences, ends });
        if is_done {
            return back(&fronts, width, height);
        }
    }
    Vec::new()
}

/// Follows the fronts back to the beginning.
fn back(fronts: &[Front], mut x: isize, mut y: isize) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for differences in (0..fronts.len()).rev() {
        let earlier = differences.checked_sub(1).and_then(|at| fronts.get(at));
        let (from_x, from_y) = earlier.map_or((0, 0), |front| {
            let from = front.before(x - y);
            (front.get(from), front.get(from) - from)
        });
        while x > from_x && y > from_y {
            (x, y) = (x - 1, y - 1);
            pairs.push((x as usize, y as usize));
        }
        (x, y) = (from_x, from_y);
    }
    pairs
}
