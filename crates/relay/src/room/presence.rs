//! Who is here and where their caret is: stamped, merged, never stored.
//!
//! Everyone has one seat, named after their replica, so that a quick reconnect finds it again and nobody flickers. Changes
//! are merged per document and told at most every [`MERGE`] milliseconds. A caret waits until what its replica pushed
//! before is durable, and goes out after it, so that it never points at text that a receiver lacks.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DocumentId, PersonId, ReplicaId};
use sheaf_protocol::codec::encode;
use sheaf_protocol::entry::{Counter, Millis};
use sheaf_protocol::frame::{Frame, Here, Presence, Present};
use sheaf_protocol::limits;

use super::members::Connection;
use super::{Conn, Output, Room};

/// How long changes of one document are gathered.
const MERGE: Millis = 50;
/// How long a seat is kept for someone whose connection is gone.
const LEASE: Millis = 3_000;
/// As many documents as one connection may have open; more are not heard.
const OPEN: usize = 256;
/// As many entries that were not taken are remembered of a connection; behind others a caret does not wait.
const LACKING: usize = 8_192;

/// Everyone's place in the room.
#[derive(Default)]
pub struct Presences {
    seats: BTreeMap<u64, Seat>,
    /// What changed since it was told, per document and in the workspace.
    changed: BTreeMap<Option<DocumentId>, BTreeMap<u64, Here>>,
    /// When `changed` is told.
    due: Option<Millis>,
    /// Who is gone, and until when their seat is kept.
    leaving: BTreeMap<u64, Millis>,
    /// Whose caret waits for a commit.
    held: BTreeSet<Conn>,
    /// The last wish to be woken.
    wished: Option<Millis>,
}

struct Seat {
    person: PersonId,
    name: String,
    document: Option<DocumentId>,
    caret: Bytes,
}

/// Returns the name of a replica's seat, which does not give the replica's id away.
fn seat_of(replica: ReplicaId) -> u64 {
    let hash = ContentHash::of(replica.as_bytes());
    hash.as_bytes().first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
}

impl Presences {
    fn note(&mut self, now: Millis, document: Option<DocumentId>, session: u64, caret: Option<Bytes>) {
        let Some(seat) = self.seats.get(&session) else { return };
        let here = Here { session, person: seat.person, name: seat.name.clone(), caret };
        self.changed.entry(document).or_default().insert(session, here);
        self.due.get_or_insert(now + MERGE);
    }

    fn leave_document(&mut self, now: Millis, session: u64) {
        let document = self.seats.get_mut(&session).and_then(|seat| seat.document.take());
        if document.is_some() {
            self.note(now, document, session, None);
        }
    }

    fn people(&self, document: Option<DocumentId>, without: u64) -> Vec<Here> {
        let there = |(_, seat): &(&u64, &Seat)| document.is_none() || seat.document == document;
        let others = self.seats.iter().filter(|(session, _)| **session != without).filter(there);
        let here = others.map(|(&session, seat)| {
            let caret = Some(if document.is_some() { seat.caret.clone() } else { Bytes::new() });
            Here { session, person: seat.person, name: seat.name.clone(), caret }
        });
        here.take(limits::PEOPLE).collect()
    }
}

impl Connection {
    /// Notes whether the log takes what was pushed.
    pub(super) fn note_taken(&mut self, document: DocumentId, counter: Counter, is_taken: bool) {
        if is_taken {
            self.lacking.remove(&(document, counter));
        } else if self.lacking.len() < LACKING {
            self.lacking.insert((document, counter));
        }
    }
}

impl Room {
    /// Gives someone who joined a seat.
    pub(super) fn seat(&mut self, now: Millis, member: &Connection) {
        let session = seat_of(member.author.replica);
        let presences = &mut self.presences;
        presences.leaving.remove(&session);
        if let Entry::Vacant(vacant) = presences.seats.entry(session) {
            let (person, name) = (member.author.person, member.name.clone());
            vacant.insert(Seat { person, name, document: None, caret: Bytes::new() });
            presences.note(now, None, session, Some(Bytes::new()));
        }
    }

    /// Keeps someone's seat for a while.
    pub(super) fn unseat(&mut self, now: Millis, conn: Conn, member: &Connection) {
        self.presences.held.remove(&conn);
        self.presences.leaving.insert(seat_of(member.author.replica), now + LEASE);
    }

    /// Tells a new follower who is here.
    pub(super) fn greet(&mut self, conn: Conn, out: &mut Vec<Output>) {
        let Some(member) = self.members.get(&conn) else { return };
        let own = seat_of(member.author.replica);
        for document in std::iter::once(None).chain(member.open.iter().map(|&open| Some(open))) {
            let people = self.presences.people(document, own);
            if !people.is_empty() {
                out.push(Output::Send(conn, Frame::Present(Present { document, people })));
            }
        }
    }

    /// Someone opened other documents.
    pub(super) fn opened(&mut self, conn: Conn, documents: Vec<DocumentId>, out: &mut Vec<Output>) {
        let Some(member) = self.members.get_mut(&conn) else { return };
        let own = seat_of(member.author.replica);
        let before = std::mem::take(&mut member.open);
        member.open = documents.into_iter().take(OPEN).collect();
        if member.following.is_none() {
            return;
        }
        for &document in member.open.difference(&before) {
            let people = self.presences.people(Some(document), own);
            if !people.is_empty() {
                let present = Present { document: Some(document), people };
                out.push(Output::Send(conn, Frame::Present(present)));
            }
        }
    }

    /// Someone is somewhere else.
    pub(super) fn moved(&mut self, conn: Conn, presence: Presence) {
        if let Some(member) = self.members.get_mut(&conn)
            && presence.caret.len() <= limits::CARET
        {
            member.heading = Some(presence);
            self.presences.held.insert(conn);
        }
    }

    /// Lets carets go whose text is durable.
    pub(super) fn release_carets(&mut self, now: Millis) {
        let (members, names) = (&mut self.members, &self.names);
        let mut free = Vec::new();
        self.presences.held.retain(|conn| {
            let Some(member) = members.get_mut(conn) else { return false };
            let (replica, lacking) = (member.author.replica, &member.lacking);
            let presence = member.heading.take_if(|presence| {
                let is_lacking = presence.document.is_some_and(|document| {
                    lacking.range((document, 0)..=(document, Counter::MAX)).next().is_some()
                });
                let may_point = !is_lacking || presence.caret.is_empty();
                may_point && !names.any_open_through(replica, presence.after)
            });
            free.extend(presence.map(|presence| (seat_of(replica), presence)));
            member.heading.is_some()
        });
        for (session, presence) in free {
            let seat = self.presences.seats.get(&session);
            if seat.is_some_and(|seat| seat.document != presence.document) {
                self.presences.leave_document(now, session);
            }
            let Some(seat) = self.presences.seats.get_mut(&session) else { continue };
            seat.document = presence.document;
            seat.caret = presence.caret.clone();
            if presence.document.is_some() {
                self.presences.note(now, presence.document, session, Some(presence.caret));
            }
        }
    }

    /// Tells what changed when it is time, and asks to be woken for the rest.
    pub(super) fn present(&mut self, now: Millis, out: &mut Vec<Output>) {
        while let Some((&session, _)) = self.presences.leaving.iter().find(|(_, until)| **until <= now) {
            self.presences.leaving.remove(&session);
            self.presences.leave_document(now, session);
            self.presences.note(now, None, session, None);
            self.presences.seats.remove(&session);
        }
        if self.presences.due.is_some_and(|due| due <= now) {
            self.presences.due = None;
            for (document, people) in std::mem::take(&mut self.presences.changed) {
                self.tell(document, people, out);
            }
        }
        let wish = self.presences.leaving.values().copied().chain(self.presences.due).min();
        if wish != self.presences.wished {
            self.presences.wished = wish;
            out.extend(wish.map(Output::WakeAt));
        }
    }

    /// Tells everyone whom it concerns who changed; nobody is told of themselves.
    fn tell(&self, document: Option<DocumentId>, people: BTreeMap<u64, Here>, out: &mut Vec<Output>) {
        let frame = |people: Vec<Here>| encode(&Frame::Present(Present { document, people }));
        // The next caret makes up for a missed one; nothing does for a missed farewell.
        let may_be_missed = people.values().all(|here| here.caret.is_some());
        let say = if may_be_missed { Output::Whisper } else { Output::Broadcast };
        let mut others = Vec::new();
        for (&conn, member) in &self.members {
            let is_concerned = document.is_none_or(|document| member.open.contains(&document));
            if member.following.is_none() || !is_concerned {
                continue;
            }
            let own = seat_of(member.author.replica);
            if !people.contains_key(&own) {
                others.push(conn);
            } else if people.len() > 1 {
                let rest = people.values().filter(|here| here.session != own).take(limits::PEOPLE);
                out.push(say(vec![conn], frame(rest.cloned().collect())));
            }
        }
        if !others.is_empty() {
            let people = people.into_values().take(limits::PEOPLE).collect();
            out.push(say(others, frame(people)));
        }
    }
}
