//! Words of titles that are nearly what somebody typed: one letter too many, too few, another or exchanged with its neighbour,
//! two in long words. The first letter has to be right, as it mostly is.

use rusqlite::{Connection, params};
use sheaf_document::search::{Query, Term};

use crate::error::Result;

/// Shorter words are too near to one another.
const SHORTEST: usize = 4;
/// From so many letters on two may be wrong.
const LONG: usize = 8;
/// As many words as begin with one letter are compared.
const COMPARED: i64 = 20_000;

/// Returns the query with the words of titles that are nearest to it; `None` where there are none, or it is right as it is.
pub(super) fn corrected(index: &Connection, query: &Query) -> Result<Option<Query>> {
    let mut query = query.clone();
    let mut is_other = false;
    for term in &mut query.all {
        if let [word] = term.words.as_mut_slice()
            && !is_known(index, word)?
        {
            let Some(near) = nearest(index, word)? else { return Ok(None) };
            *word = near;
            is_other = true;
        }
    }
    Ok(is_other.then_some(query))
}

fn is_known(index: &Connection, word: &str) -> Result<bool> {
    let mut known = index.prepare_cached("SELECT 1 FROM head WHERE head MATCH ?1 LIMIT 1")?;
    Ok(known.exists([super::expression::all(&[Term { words: vec![word.to_owned()], prefix: true }])])?)
}

/// Returns the word that is nearest, of those the one in most titles.
fn nearest(index: &Connection, word: &str) -> Result<Option<String>> {
    let wanted: Vec<char> = word.chars().collect();
    let Some(first) = wanted.first().filter(|_| wanted.len() >= SHORTEST) else { return Ok(None) };
    let most = if wanted.len() < LONG { 1 } else { 2 };
    let mut words = index.prepare_cached(
        "SELECT term, doc FROM head_words WHERE term >= ?1 AND term < ?2 AND length(term) BETWEEN ?3 AND ?4 LIMIT ?5",
    )?;
    let next = char::from_u32(*first as u32 + 1).unwrap_or(char::MAX);
    let (shortest, longest) = (wanted.len() - most, wanted.len() + most);
    let mut rows = words.query(params![first.to_string(), next.to_string(), shortest, longest, COMPARED])?;
    let mut best: Option<(usize, i64, String)> = None;
    while let Some(row) = rows.next()? {
        let (term, documents): (String, i64) = (row.get(0)?, row.get(1)?);
        let letters: Vec<char> = term.chars().collect();
        let distance = distance(&wanted, &letters);
        let is_nearer =
            best.as_ref().is_none_or(|(least, most, _)| (distance, -documents) < (*least, -*most));
        if distance <= most && is_nearer {
            best = Some((distance, documents, term));
        }
    }
    Ok(best.map(|(_, _, term)| term))
}

/// Counts letters that are missing, added, others, or exchanged with their neighbours (optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    let (mut older, mut old) = (Vec::new(), (0..=other.len()).collect::<Vec<_>>());
    let mut previous = None;
    for (row, a) in one.iter().enumerate() {
        let mut new = vec![row + 1];
        let mut before = None;
        for (column, b) in other.iter().enumerate() {
            let cost = |from: Option<&usize>, by: usize| from.map_or(usize::MAX, |from| from + by);
            let mut least = cost(old.get(column), usize::from(a != b));
            least = least.min(cost(old.get(column + 1), 1)).min(cost(new.get(column), 1));
            if previous == Some(b) && before == Some(a) {
                least = least.min(cost(older.get(column.wrapping_sub(1)), 1));
            }
            new.push(least);
            before = Some(b);
        }
        older = std::mem::replace(&mut old, new);
        previous = Some(a);
    }
    old.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_one_step() {
        let between = |one: &str, other: &str| {
            distance(&one.chars().collect::<Vec<_>>(), &other.chars().collect::<Vec<_>>())
        };
        for (one, other, steps) in [
            ("ferry", "ferry", 0),
            ("fery", "ferry", 1),
            ("ferrry", "ferry", 1),
            ("fetry", "ferry", 1),
            ("frery", "ferry", 1),
            ("timteable", "timetable", 1),
            ("crew", "crane", 3),
            ("", "abc", 3),
        ] {
            assert_eq!((between(one, other), between(other, one)), (steps, steps), "{one} and {other}");
        }
    }
}
