//! Merging a line of text: characters, their marks, and what stands among them.
//!
//! Characters are aligned without their marks, so that making a word bold is no new word. In the document a line is a row of
//! shared texts and elements; what is inserted goes into the text that is there, so that somebody who types in it stays
//! where they are. Only an element in the middle of a text cuts it, as in the editor.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;
use yrs::types::Attrs;
use yrs::{Any, Text as _, TransactionMut, XmlElementRef, XmlFragment as _, XmlOut, XmlTextRef};

use super::steps::{Step, steps};
use super::{align, write};
use crate::document::read;
use crate::markdown::normal;
use crate::tree::{Element, Node, Span};

type Marks = BTreeMap<String, Value>;

/// One character, or one element.
#[derive(Debug, Clone)]
struct Unit {
    what: What,
    marks: Rc<Marks>,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    Letter(char),
    Atom(Element),
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

/// Where a unit is stored: in which child, and in a text from where on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    child: u32,
    within: Option<Stretch>,
}

/// UTF-16 units of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    from: u32,
    len: u32,
}

/// Brings what changed between the base's line and the file's into this one.
pub(super) fn children(txn: &mut TransactionMut<'_>, line: &XmlElementRef, base: &[Node], file: &[Node]) {
    let (base, file) = (units(base), units(file));
    let (here, spots): (Vec<Unit>, Vec<Spot>) = stored(txn, line).into_iter().unzip();
    let align = |other: &[Unit]| align::words(&base, other, Unit::joins, PartialEq::eq);
    let (to_file, to_here) = (align(&file), align(&here));
    let steps = steps(&to_file, file.len(), &to_here, here.len());
    mark(txn, line, &steps, [&base, &file, &here], &spots);
    let mut gone: Range<usize> = 0..0;
    for step in steps.into_iter().rev() {
        match step {
            Step::Gone { here: at, .. } if at + 1 == gone.start => gone.start = at,
            Step::Gone { here: at, .. } => {
                remove(txn, line, &spots, std::mem::replace(&mut gone, at..at + 1));
            }
            Step::New { at, beside, file: new } => {
                remove(txn, line, &spots, std::mem::take(&mut gone));
                let (new, beside) = (file.get(new).unwrap_or_default(), here.get(beside).unwrap_or_default());
                if !is_there(beside, new) {
                    let left = at.checked_sub(1).and_then(|at| spots.get(at)).copied();
                    insert(txn, line, left, &nodes(new));
                }
            }
            Step::Both { .. } | Step::Missing { .. } => {}
        }
    }
    remove(txn, line, &spots, gone);
}

/// Says whether the document has at this place already what the file has new there.
pub(super) fn is_there<T: PartialEq>(beside: &[T], new: &[T]) -> bool {
    beside.starts_with(new) || beside.ends_with(new)
}

impl Unit {
    fn joins(&self) -> bool {
        matches!(self.what, What::Letter(letter) if align::is_of_a_word(letter))
    }
}

fn units(nodes: &[Node]) -> Vec<Unit> {
    let mut units = Vec::new();
    for node in nodes {
        match node {
            Node::Text(span) => {
                let marks = Rc::new(span.marks.clone());
                units.extend(
                    span.text.chars().map(|letter| Unit { what: What::Letter(letter), marks: marks.clone() }),
                );
            }
            Node::Element(atom) => units.push(Unit { what: What::Atom(atom.clone()), marks: Rc::default() }),
        }
    }
    units
}

fn nodes(units: &[Unit]) -> Vec<Node> {
    let node = |unit: &Unit| match &unit.what {
        What::Letter(letter) => Node::Text(Span { text: letter.to_string(), marks: (*unit.marks).clone() }),
        What::Atom(atom) => Node::Element(atom.clone()),
    };
    normal(units.iter().map(node).collect())
}

/// Returns the line as it is stored.
fn stored(txn: &TransactionMut<'_>, line: &XmlElementRef) -> Vec<(Unit, Spot)> {
    let mut found = Vec::new();
    for (child, handle) in (0..).zip(line.children(txn)) {
        let is_text = matches!(handle, XmlOut::Text(_));
        let mut nodes = Vec::new();
        read::node(txn, handle, &mut nodes);
        let mut from = 0;
        for unit in units(&normal(nodes)) {
            let len = match unit.what {
                What::Letter(letter) => letter.len_utf16() as u32,
                What::Atom(_) => 1,
            };
            let within = is_text.then_some(Stretch { from, len });
            from += len;
            found.push((unit, Spot { child, within }));
        }
    }
    found
}

/// Sets and takes off the marks that the file changed, on what all three have.
fn mark(
    txn: &mut TransactionMut<'_>,
    line: &XmlElementRef,
    steps: &[Step],
    [base, file, here]: [&[Unit]; 3],
    spots: &[Spot],
) {
    let mut changes: Vec<(Spot, BTreeMap<String, Option<Value>>)> = Vec::new();
    for step in steps {
        let Step::Both { base: old, file: new, here: at } = step else { continue };
        let (Some(old), Some(new), Some(now), Some(spot)) =
            (base.get(*old), file.get(*new), here.get(*at), spots.get(*at))
        else {
            continue;
        };
        if old.marks == new.marks {
            continue;
        }
        let names: BTreeSet<&String> = old.marks.keys().chain(new.marks.keys()).collect();
        let change: BTreeMap<_, _> = names
            .into_iter()
            .filter(|name| old.marks.get(*name) != new.marks.get(*name))
            .filter(|name| now.marks.get(*name) != new.marks.get(*name))
            .map(|name| (name.clone(), new.marks.get(name).cloned()))
            .collect();
        match (changes.last_mut(), spot.within) {
            (Some((Spot { child, within: Some(last) }, same)), Some(next))
                if *child == spot.child && last.from + last.len == next.from && *same == change =>
            {
                last.len += next.len;
            }
            _ => changes.push((*spot, change)),
        }
    }
    for (spot, change) in changes {
        let (Some(text), Some(stretch)) = (text_at(txn, line, spot.child), spot.within) else { continue };
        let marks: Attrs = change
            .into_iter()
            .map(|(name, value)| {
                let stored = value.map_or(Any::Null, |value| write::mark(&name, &value));
                (Arc::from(name), stored)
            })
            .collect();
        if !marks.is_empty() {
            text.format(txn, stretch.from, stretch.len, marks);
        }
    }
}

/// Deletes units that stand one behind the other.
fn remove(txn: &mut TransactionMut<'_>, line: &XmlElementRef, spots: &[Spot], range: Range<usize>) {
    let spots = spots.get(range).unwrap_or_default();
    for group in spots.chunk_by(|a, b| a.child == b.child).rev() {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        match (first.within, last.within, text_at(txn, line, first.child)) {
            // The text itself stays, also without a letter in it: somebody may be typing there.
            (Some(first), Some(last), Some(text)) => {
                text.remove_range(txn, first.from, last.from + last.len - first.from);
            }
            _ => line.remove_range(txn, first.child, 1),
        }
    }
}

/// Inserts behind a unit, or at the beginning of the line.
fn insert(txn: &mut TransactionMut<'_>, line: &XmlElementRef, left: Option<Spot>, new: &[Node]) {
    let begins = new.iter().take_while(|node| matches!(node, Node::Text(_))).count();
    let (words, rest) = new.split_at(begins);
    let behind = left.map_or(0, |spot| spot.child + 1);
    match left.and_then(|spot| Some((text_at(txn, line, spot.child)?, spot.within?))) {
        Some((text, last)) => {
            let at = last.from + last.len;
            if rest.is_empty() {
                write::spans(txn, &text, at, words);
                return;
            }
            let tail = cut(txn, &text, at);
            write::spans(txn, &text, at, words);
            write::nodes(txn, line, behind, &[rest, &tail].concat());
        }
        None => match text_at(txn, line, behind) {
            Some(text) if rest.is_empty() => write::spans(txn, &text, 0, words),
            _ => write::nodes(txn, line, behind, new),
        },
    }
}

/// Takes everything out of a text from some place on, and returns it.
fn cut(txn: &mut TransactionMut<'_>, text: &XmlTextRef, at: u32) -> Vec<Node> {
    let mut whole = Vec::new();
    read::node(txn, XmlOut::Text(text.clone()), &mut whole);
    let mut passed = 0;
    let tail = units(&normal(whole)).into_iter().skip_while(|unit| {
        let is_before = passed < at;
        passed += match unit.what {
            What::Letter(letter) => letter.len_utf16() as u32,
            What::Atom(_) => 1,
        };
        is_before
    });
    let tail = nodes(&tail.collect::<Vec<_>>());
    let len = text.len(txn);
    if len > at {
        text.remove_range(txn, at, len - at);
    }
    tail
}

fn text_at(txn: &TransactionMut<'_>, line: &XmlElementRef, child: u32) -> Option<XmlTextRef> {
    line.get(txn, child).and_then(XmlOut::into_xml_text)
}
