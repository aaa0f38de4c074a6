//! The JSON of a trace, and how its version graph becomes counts.
//!
//! Fields that a replay does not need (times, numbers of children) are passed over.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};

use super::{Edit, MOST_PEOPLE, Script, Trace, TraceError, Turn};

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    kind: Option<String>,
    #[serde(default)]
    start_content: String,
    end_content: String,
    #[serde(default)]
    num_agents: usize,
    txns: Vec<Transaction>,
}

#[derive(serde::Deserialize)]
struct Transaction {
    #[serde(default)]
    agent: usize,
    #[serde(default)]
    parents: Vec<usize>,
    patches: Vec<Edit>,
}

impl<'de> Deserialize<'de> for Edit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Patch;
        impl<'de> Visitor<'de> for Patch {
            type Value = Edit;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a patch: [position, deleted, inserted]")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Edit, A::Error> {
                let short = |at| serde::de::Error::invalid_length(at, &self);
                let at = list.next_element()?.ok_or_else(|| short(0))?;
                let delete = list.next_element()?.ok_or_else(|| short(1))?;
                let insert = list.next_element()?.ok_or_else(|| short(2))?;
                // Some traces add the time of each patch.
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Edit { at, delete, insert })
            }
        }
        deserializer.deserialize_seq(Patch)
    }
}

/// Reads the JSON of a trace.
pub(super) fn parse(text: &[u8]) -> Result<Trace, TraceError> {
    let file: File = serde_json::from_slice(text)?;
    let inserts = file.txns.iter().flat_map(|txn| &txn.patches).map(|edit| edit.insert.as_str());
    if inserts.chain([file.start_content.as_str()]).any(|text| text.chars().any(|c| c > '\u{ffff}')) {
        return Err(TraceError::Astral);
    }
    let script = match file.kind.as_deref() {
        None | Some("sequential") => {
            Script::Alone(file.txns.into_iter().flat_map(|txn| txn.patches).collect())
        }
        Some("concurrent") => together(file.num_agents, file.txns)?,
        Some(other) => return Err(TraceError::Kind(other.to_owned())),
    };
    Ok(Trace { start: file.start_content, end: file.end_content, script })
}

/// Follows the graph in the order of the file, in which parents stand before their children.
fn together(people: usize, transactions: Vec<Transaction>) -> Result<Script, TraceError> {
    let graph = |turn, what| TraceError::Graph { turn, what };
    if people > MOST_PEOPLE {
        return Err(graph(0, "is one of more than 64 people"));
    }
    let mut order: Vec<usize> = Vec::new();
    let mut done = vec![0_usize; people];
    let mut turns: Vec<Turn> = Vec::with_capacity(transactions.len());
    for (index, transaction) in transactions.into_iter().enumerate() {
        let mut knows = vec![0; people];
        for parent in transaction.parents {
            let parent = turns.get(parent).ok_or_else(|| graph(index, "has a parent that comes later"))?;
            for (person, (known, theirs)) in knows.iter_mut().zip(&parent.knows).enumerate() {
                *known = (*theirs + usize::from(person == parent.person)).max(*known);
            }
        }
        let person = order.iter().position(|agent| *agent == transaction.agent).unwrap_or_else(|| {
            order.push(transaction.agent);
            order.len() - 1
        });
        let own = done.get_mut(person).ok_or_else(|| graph(index, "is by one person too many"))?;
        if knows.get(person) != Some(own) {
            return Err(graph(index, "forgets what its own writer did before"));
        }
        *own += 1;
        turns.push(Turn { person, knows, edits: transaction.patches });
    }
    Ok(Script::Together { people, turns })
}
