//! Replays plain-text edits as live Yjs updates, without a document: 260,000 of them in well under a second.
//!
//! An editing trace says "at 12, delete 1, insert x". A CRDT library answers by searching its list (70 µs in an old
//! document); the typist only needs to know which unit stands where, so it keeps the ids of the living units in a gap
//! buffer and writes each update directly. What it writes is what Yjs would write for the same edits by one client.
//! The text lies in one `codeBlock`, where line breaks are legal. It takes no updates from others: it is one hand,
//! typing alone.

use crate::writer::{Id, Place, Writer, units};

/// One client that types into a code block of its own.
#[derive(Debug)]
pub struct Typist {
    client: u64,
    next: u32,
    text: Id,
    left: Vec<Unit>,
    right: Vec<Unit>,
    /// The last deleted unit behind the last living one.
    tail: Option<u32>,
}

/// A living UTF-16 unit.
#[derive(Debug, Clone, Copy)]
struct Unit {
    clock: u32,
    /// The deleted unit right before it, if there is one: Yjs inserts behind it.
    grave: Option<u32>,
}

impl Typist {
    /// Returns a typist and the update that makes its empty code block, the first block of an empty document.
    pub fn begin(client: u64) -> (Self, Vec<u8>) {
        let mut writer = Writer::new(client, 0);
        let block = writer.element(Place::Root(crate::document::BODY), "codeBlock");
        let text = writer.text(Place::Inside(block));
        let typist =
            Self { client, next: text.clock + 1, text, left: Vec::new(), right: Vec::new(), tail: None };
        (typist, writer.finish())
    }

    /// Returns how many UTF-16 units the text has.
    pub fn len(&self) -> usize {
        self.left.len() + self.right.len()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Deletes `delete` UTF-16 units from `at` on, then inserts there; returns the update. What lies beyond the end
    /// counts as the end.
    pub fn edit(&mut self, at: usize, delete: usize, insert: &str) -> Vec<u8> {
        self.move_to(at);
        let mut writer = Writer::new(self.client, self.next);
        for (from, count) in self.delete(delete) {
            writer.delete(from, count);
        }
        if !insert.is_empty() {
            let grave = self.right.last().map_or(self.tail, |unit| unit.grave);
            let before =
                grave.or_else(|| self.left.last().map(|unit| unit.clock)).map(|clock| self.id(clock));
            let after = self.right.last().map(|unit| self.id(unit.clock));
            let place = match (before, after) {
                (None, None) => Place::Inside(self.text),
                beside => Place::Between(beside.0, beside.1),
            };
            writer.characters(place, insert);
            let end = self.next + units(insert);
            let made = (self.next..end).map(|clock| Unit { clock, grave: None });
            let first = self.left.len();
            self.left.extend(made);
            if let Some(unit) = self.left.get_mut(first) {
                unit.grave = grave;
            }
            *self.grave_at_gap() = None;
            self.next = end;
        }
        writer.finish()
    }

    /// Takes units away behind the gap; returns their clocks as sorted ranges that do not meet.
    fn delete(&mut self, count: usize) -> Vec<(u32, u32)> {
        let kept = self.right.len().saturating_sub(count);
        let mut clocks: Vec<u32> = self.right.drain(kept..).map(|unit| unit.clock).collect();
        // `right` runs backwards, so the last of the deleted in the text is the first here.
        if let Some(last) = clocks.first().copied() {
            self.grave_at_gap().get_or_insert(last);
        }
        clocks.sort_unstable();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for clock in clocks {
            match ranges.last_mut() {
                Some((from, count)) if *from + *count == clock => *count += 1,
                _ => ranges.push((clock, 1)),
            }
        }
        ranges
    }

    fn grave_at_gap(&mut self) -> &mut Option<u32> {
        match self.right.last_mut() {
            Some(unit) => &mut unit.grave,
            None => &mut self.tail,
        }
    }

    fn move_to(&mut self, at: usize) {
        while self.left.len() > at {
            self.right.extend(self.left.pop());
        }
        while self.left.len() < at
            && let Some(unit) = self.right.pop()
        {
            self.left.push(unit);
        }
    }

    fn id(&self, clock: u32) -> Id {
        Id { client: self.client, clock }
    }
}

#[cfg(test)]
mod tests;
