//! Which names (replica, counter) are being decided right now.
//!
//! A name is *open* from its arrival to its answer, and open once: the same bytes again, on whatever connection, wait for
//! the same answer; other bytes are a fork. So no two entries are pushed into the log under one name, and whether an older
//! name is taken is a question to storage, not a cache here. Only after a restore two copies of a profile may each hold
//! an entry that was acknowledged under the same name: what is brought back is told apart by its hash as well.

use std::collections::BTreeMap;

use sheaf_document::ids::{ContentHash, DocumentId, ReplicaId};
use sheaf_protocol::entry::{Counter, Draft};

use super::Conn;

/// The least hash there can be.
const LEAST: ContentHash = ContentHash::from_bytes([0; 32]);
/// The greatest hash there can be.
const GREATEST: ContentHash = ContentHash::from_bytes([0xff; 32]);

/// The open names, and how far each replica's names go.
#[derive(Default)]
pub struct Names(BTreeMap<ReplicaId, Known>);

#[derive(Default)]
struct Known {
    /// The highest counter that was opened here or that storage told of.
    highest: Counter,
    /// Whether storage was asked: otherwise the log may hold more than `highest` says.
    is_learned: bool,
    open: BTreeMap<(Counter, ContentHash), Open>,
}

/// A name that is being decided.
pub struct Open {
    pub document: DocumentId,
    /// Who pushed it and waits for the answer.
    pub pushed_by: Vec<Conn>,
    /// Who brought it back and waits until it is durable.
    pub brought_by: Vec<Conn>,
}

/// Who sends a name, and how.
#[derive(Clone, Copy)]
pub enum By {
    Push(Conn),
    BringBack(Conn),
}

/// What became of an attempt to open a name.
pub enum Opened {
    /// It is new here. `fresh` says that the log cannot hold it.
    New { fresh: bool },
    /// It is open already with the same bytes. `more` says that one more waits for the answer.
    Again { more: bool },
    /// It is open already with other bytes.
    Fork(ContentHash),
}

impl Names {
    /// Learns how far the log goes for a replica that came.
    pub fn learn(&mut self, replica: ReplicaId, highest: Counter) {
        let known = self.0.entry(replica).or_default();
        known.highest = known.highest.max(highest);
        known.is_learned = true;
    }

    /// Opens a name.
    pub fn open(
        &mut self,
        replica: ReplicaId,
        counter: Counter,
        document: DocumentId,
        hash: ContentHash,
        by: By,
    ) -> Opened {
        let known = self.0.entry(replica).or_default();
        if let Some(open) = known.open.get_mut(&(counter, hash)).filter(|open| open.document == document) {
            return Opened::Again { more: open.add(by) };
        }
        let is_free = |holds: ContentHash| holds != hash && matches!(by, By::BringBack(_));
        let mut others = known.open.range((counter, LEAST)..=(counter, GREATEST));
        if let Some(((_, holds), _)) = others.find(|((_, holds), _)| !is_free(*holds)) {
            return Opened::Fork(*holds);
        }
        let mut open = Open { document, pushed_by: Vec::new(), brought_by: Vec::new() };
        open.add(by);
        known.open.insert((counter, hash), open);
        let fresh = known.is_learned && counter > known.highest;
        known.highest = known.highest.max(counter);
        Opened::New { fresh }
    }

    /// Closes a name and says who waits for its answer.
    pub fn close(&mut self, draft: &Draft) -> Option<Open> {
        self.0.get_mut(&draft.author.replica)?.open.remove(&(draft.counter, draft.hash))
    }

    /// Says whether a replica has open names up to this counter.
    pub fn any_open_through(&self, replica: ReplicaId, counter: Counter) -> bool {
        let first = self.0.get(&replica).and_then(|known| known.open.first_key_value());
        first.is_some_and(|(&(first, _), _)| first <= counter)
    }

    /// Says whether anybody waits for this name.
    pub fn is_awaited(&self, draft: &Draft) -> bool {
        let known = self.0.get(&draft.author.replica);
        let open = known.and_then(|known| known.open.get(&(draft.counter, draft.hash)));
        open.is_some_and(|open| !open.pushed_by.is_empty() || !open.brought_by.is_empty())
    }

    /// Forgets a connection: nobody waits there any more.
    pub fn leave(&mut self, conn: Conn) {
        for open in self.0.values_mut().flat_map(|known| known.open.values_mut()) {
            open.pushed_by.retain(|&waiting| waiting != conn);
            open.brought_by.retain(|&waiting| waiting != conn);
        }
    }

    /// Forgets replicas that have nothing open, except those that are here.
    pub fn tidy(&mut self, here: impl Fn(ReplicaId) -> bool) {
        self.0.retain(|&replica, known| !known.open.is_empty() || here(replica));
    }
}

impl Open {
    fn add(&mut self, by: By) -> bool {
        let (list, conn) = match by {
            By::Push(conn) => (&mut self.pushed_by, conn),
            By::BringBack(conn) => (&mut self.brought_by, conn),
        };
        let more = !list.contains(&conn);
        if more {
            list.push(conn);
        }
        more
    }
}
