//! Several people at one document: each has a replica of it, and hears of the others exactly when the trace says so.

use std::collections::BTreeSet;

use sheaf_document::Document;
use sheaf_document::typist::Typist;
use sheaf_document::update::{DocState, Limits};

use super::Step;
use crate::trace::{Edit, Turn};

/// Says that a trace cannot be played: a turn edits what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("transaction {turn} edits beyond the end of the text")]
pub struct Broken {
    /// The transaction, from 0.
    pub turn: usize,
}

/// A person's replica of the document.
struct Person {
    client: u64,
    document: Document,
    state: DocState,
    /// How many turns of each person are in it.
    seen: Vec<usize>,
}

/// Plays the turns; the first person prepares the text, which everybody has from the start.
pub(super) fn perform(start: Option<&Edit>, turns: &[Turn], clients: &[u64]) -> Result<Vec<Step>, Broken> {
    let mut cast: Vec<Person> = clients.iter().map(|client| Person::new(*client, clients.len())).collect();
    let mut steps = Vec::new();
    let Some(first) = cast.first_mut() else { return Ok(steps) };
    let (_, block) = Typist::begin(first.client);
    first.hear(&block);
    let mut prepared = vec![block];
    prepared.extend(start.and_then(|edit| first.edit(edit)));
    for update in prepared {
        cast.iter_mut().skip(1).for_each(|person| person.hear(&update));
        steps.push(Step { person: 0, update, needs: Vec::new() });
    }
    // The steps that each turn became, and the turns of each person.
    let mut made: Vec<std::ops::Range<usize>> = Vec::with_capacity(turns.len());
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); clients.len()];
    for (number, turn) in turns.iter().enumerate() {
        let broken = Broken { turn: number };
        let person = cast.get_mut(turn.person).ok_or(broken)?;
        for turn in person.learn(&turn.knows, &of) {
            let news = made.get(turn).and_then(|range| steps.get(range.clone())).unwrap_or_default();
            news.iter().for_each(|step| person.hear(&step.update));
        }
        let needs = person.needs();
        let from = steps.len();
        for edit in &turn.edits {
            let update = person.edit(edit).ok_or(broken)?;
            steps.push(Step { person: turn.person, update, needs: needs.clone() });
        }
        made.push(from..steps.len());
        if let Some(own) = of.get_mut(turn.person) {
            own.push(number);
        }
        if let Some(own) = person.seen.get_mut(turn.person) {
            *own += 1;
        }
    }
    Ok(steps)
}

impl Person {
    fn new(client: u64, people: usize) -> Self {
        // Nothing in a play is a map, so nothing is kept under this key.
        let state = DocState::new([0; 16]);
        Self { client, document: Document::new(client), state, seen: vec![0; people] }
    }

    /// Returns the turns that are news, in the order in which they happened, and counts them as seen.
    fn learn(&mut self, knows: &[usize], of: &[Vec<usize>]) -> BTreeSet<usize> {
        let mut news = BTreeSet::new();
        for ((seen, known), turns) in self.seen.iter_mut().zip(knows).zip(of) {
            news.extend(turns.get(*seen..*known).unwrap_or_default());
            *seen = *known;
        }
        news
    }

    fn hear(&mut self, update: &[u8]) {
        let applied = self.state.admit(update, &Limits::BULK).map(|admitted| self.document.apply(&admitted));
        debug_assert!(matches!(applied, Ok(Ok(()))), "a play is in causal order: {applied:?}");
    }

    fn edit(&mut self, edit: &Edit) -> Option<Vec<u8>> {
        let [at, delete] = [edit.at, edit.delete].map(|number| u32::try_from(number).ok());
        let update = self.document.splice(at?, delete?, &edit.insert)?;
        // What it wrote itself counts as heard.
        self.state.admit(&update, &Limits::BULK).ok()?;
        Some(update)
    }

    fn needs(&self) -> Vec<(u64, u32)> {
        self.state.state_vector().iter().filter(|(client, _)| *client != self.client).collect()
    }
}
