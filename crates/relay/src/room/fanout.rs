//! A durable group on its way to everyone who follows: encoded once, shared by all.
//!
//! Whoever wrote a good part of the group gets a frame of its own in which its entries are only counted, because its
//! acks carried them; there can be only a few of these. The others get their own few entries back with the rest, which
//! costs less than a frame for each of them, and a replica knows its own.

use std::collections::BTreeMap;

use sheaf_protocol::codec::encode;
use sheaf_protocol::entry::{Entry, Millis, Seq};
use sheaf_protocol::frame::{Frame, Stretch};

use super::members::{Reading, goodbye};
use super::{Conn, Output, Room};
use sheaf_protocol::problem::Code;

/// Who wrote at least this part of a group's bytes gets a frame of its own.
const GOOD_PART: usize = 4;
/// What an entry weighs beside its bytes.
const HEADER: usize = 64;

/// A group that has just become durable.
pub struct Fresh {
    first: Seq,
    entries: Vec<Entry>,
    /// Who was acked for each entry.
    writers: Vec<Option<Conn>>,
    bytes: usize,
    share: BTreeMap<Conn, usize>,
}

impl Fresh {
    /// Returns an empty group with room for `len` entries, numbered from `first`.
    pub fn new(first: Seq, len: usize) -> Self {
        let (entries, writers) = (Vec::with_capacity(len), Vec::with_capacity(len));
        Self { first, entries, writers, bytes: 0, share: BTreeMap::new() }
    }

    /// Adds the next entry.
    pub fn add(&mut self, entry: Entry, writer: Option<Conn>) {
        let size = entry.draft.bytes.len() + HEADER;
        self.bytes += size;
        if let Some(conn) = writer {
            *self.share.entry(conn).or_default() += size;
        }
        self.entries.push(entry);
        self.writers.push(writer);
    }

    /// Returns the last number.
    pub fn last(&self) -> Seq {
        self.first + self.entries.len() as u64 - 1
    }

    fn wrote_a_good_part(&self, conn: Conn) -> bool {
        self.share.get(&conn).is_some_and(|share| share * GOOD_PART >= self.bytes)
    }

    /// Returns the group with one writer's entries only counted.
    fn without(&self, conn: Conn) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        for (entry, writer) in self.entries.iter().zip(&self.writers) {
            match (stretches.last_mut(), *writer == Some(conn)) {
                (Some(Stretch::Skip(_, count)), true) => *count += 1,
                (Some(Stretch::Run(run)), false) => run.push(entry.clone()),
                (_, true) => stretches.push(Stretch::Skip(entry.seq, 1)),
                (_, false) => stretches.push(Stretch::Run(vec![entry.clone()])),
            }
        }
        stretches
    }
}

impl Room {
    /// Sends a group to everyone who follows, and keeps it for those who are about to. Whoever only reads it comes first:
    /// people wait for one another's words, and nobody waits for an ack.
    pub(super) fn fan_out(&mut self, now: Millis, fresh: Fresh, out: &mut Vec<Output>) {
        let (first, last) = (fresh.first, fresh.last());
        let (mut readers, mut writers, mut counted) = (Vec::new(), Vec::new(), Vec::new());
        let mut stray = Vec::new();
        let mut catching_up = false;
        for (&conn, member) in &mut self.members {
            catching_up |= member.reading != Reading::Idle || !member.reads.is_empty();
            match member.following {
                // The page that made it a follower held this group already.
                Some(through) if through >= last => {}
                Some(through) if through + 1 == first => {
                    member.following = Some(last);
                    if fresh.wrote_a_good_part(conn) {
                        counted.push(Output::Send(conn, Frame::Entries(fresh.without(conn))));
                    } else if self.answers.has(conn) {
                        writers.push(conn);
                    } else {
                        readers.push(conn);
                    }
                }
                Some(_) => stray.push(conn),
                None => {}
            }
        }
        let nobody = readers.is_empty() && writers.is_empty() && !catching_up;
        let frame = (!nobody).then(|| encode(&Frame::Entries(vec![Stretch::Run(fresh.entries)])));
        match &frame {
            Some(frame) => self.tail.push(first, last, frame.clone()),
            None => self.tail.reset(last),
        }
        let broadcast = |conns: Vec<Conn>| {
            let frame = frame.clone().filter(|_| !conns.is_empty())?;
            Some(Output::Broadcast(conns, frame))
        };
        out.extend(broadcast(readers));
        self.answers.send(&self.members, out);
        out.extend(broadcast(writers));
        out.append(&mut counted);
        // Storage numbered otherwise than this room was told: whoever misses something reads it from the log.
        for conn in stray {
            self.dismiss(now, conn, goodbye(Code::RESYNC, Some(0)), out);
        }
    }
}
