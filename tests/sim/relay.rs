//! The relay's machine: it starts, crashes, is restored from a backup, and does what its room asks for.

use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::ids::{DocumentId, Epoch, ReplicaId};
use sheaf_protocol::codec::encode;
use sheaf_protocol::entry::{Author, Counter, Millis, SealKey, Seq};
use sheaf_protocol::frame::{Answer, Frame};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::problem::Code;
use sheaf_relay::room::{self, Conn, Group, Plan, Room};

use crate::archive::Archive;
use crate::person::{Person, WORKSPACE};
use crate::world::{Event, FORBIDDEN, World};

/// The relay's machine.
pub struct Relay {
    pub archive: Archive,
    pub backup: Option<Archive>,
    pub room: Option<Room>,
    /// Counts its starts: what an earlier one asked for does not reach a later one.
    pub life: u64,
    /// When it started, and with which head.
    started: (Millis, Seq),
    read_at: Millis,
}

impl Relay {
    pub fn new(archive: Archive) -> Self {
        Self { archive, backup: None, room: None, life: 0, started: (0, 0), read_at: 0 }
    }
}

impl World {
    /// Starts the relay from what its disk holds.
    pub fn start_relay(&mut self) {
        if self.relay.room.is_some() {
            return;
        }
        self.relay.started = (self.now, self.relay.archive.head());
        let archive = &self.relay.archive;
        self.relay.room = Some(Room::new(room::Setup {
            workspace: WORKSPACE,
            epoch: archive.epoch,
            lineage: archive.lineage.clone(),
            head: archive.head(),
            seal_key: SealKey::new([5; 32]),
            hash_key: [6; 16],
            offer: Offer::ours((1, 1)),
        }));
    }

    /// Kills the relay, wherever it is, and starts it again after a while.
    pub fn crash_relay(&mut self) {
        self.mishaps += 1;
        self.relay.life += 1;
        self.relay.room = None;
        let conns: Vec<Conn> = self.wires.keys().copied().collect();
        for conn in conns {
            let is_told = self.chance.percent(80);
            let wire = self.wires.get_mut(&conn).expect("it is listed");
            wire.up.is_heard = false;
            wire.cut(&mut self.chance);
            if is_told {
                self.soon(2_000, Event::PersonNotices(conn));
            }
        }
        self.soon(5_000, Event::RelayStarts);
    }

    /// Brings the relay back from its backup, as another life of the log.
    pub fn restore(&mut self) {
        if let Some(backup) = self.relay.backup.take() {
            self.crash_relay();
            self.relay.archive = backup.restored(Epoch::from_bytes(self.chance.id()));
            // An ack that never arrived is forgotten with what it named; the writer pushes again, under whatever name.
            self.acked.clear();
        }
    }

    /// Puts the backup back and says nothing of it: the log lost its end and goes by its old name.
    pub fn put_back(&mut self) {
        let epoch = self.relay.archive.epoch;
        if let Some(backup) = self.relay.backup.take_if(|backup| backup.epoch == epoch) {
            self.crash_relay();
            self.relay.archive = backup.put_back();
            self.acked.clear();
        }
    }

    /// Tells the relay that someone reads too slowly.
    pub fn slow(&mut self, who: usize) {
        for conn in self.lines_of(who) {
            self.tell_room(room::Input::Slow(conn));
        }
    }

    /// Bytes arrive at the relay.
    pub fn at_relay(&mut self, conn: Conn, piece: &Bytes) {
        if let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.up.is_heard) {
            wire.up.take(piece);
            self.read_from(conn);
        }
    }

    /// The relay reads what has arrived from someone, until it has enough.
    fn read_from(&mut self, conn: Conn) {
        while let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.up.is_heard && !wire.is_paused)
            && let Some(frame) = wire.up.next()
        {
            let (who, is_first) = (wire.person, !std::mem::replace(&mut wire.is_greeted, true));
            let input = match frame {
                Frame::Hello(hello) if is_first => {
                    let person = &self.people[who];
                    let author = Author { replica: hello.replica, ..person.disk.author };
                    let (name, highest) = (person.name.clone(), self.relay.archive.highest(hello.replica));
                    let (offer, epoch, cursor) = (Offer::from(&hello), hello.epoch, hello.cursor);
                    room::Input::Join(conn, room::Member { author, name, offer, epoch, cursor, highest })
                }
                frame => room::Input::Received(conn, frame),
            };
            self.tell_room(input);
        }
    }

    /// Tells the room what happened, and does what it asks for.
    pub fn tell_room(&mut self, input: room::Input) {
        let Some(room) = &mut self.relay.room else { return };
        let mut outputs = Vec::new();
        room.handle(self.now, input, &mut outputs);
        let mut slow = Vec::new();
        for output in outputs {
            self.carry_out_for_room(output, &mut slow);
        }
        for conn in slow {
            self.tell_room(room::Input::Slow(conn));
        }
        // Often more arrives before the disk is ready for the next group.
        if self.chance.percent(50) {
            self.write_next();
        } else {
            self.soon(3, Event::WriteNext(self.relay.life));
        }
    }

    /// Takes what waits for the disk to it, unless it is busy.
    pub fn write_next(&mut self) {
        let (life, archive) = (self.relay.life, &self.relay.archive);
        // A log that lost its end without a word can be known only while it is shorter than what somebody has seen of it.
        let is_ahead = |person: &Person| {
            person.disk.epoch == Some(archive.epoch) && person.disk.reach() > archive.head()
        };
        if self.people.iter().any(is_ahead) {
            self.mishaps += 1;
            return self.soon(100, Event::WriteNext(life));
        }
        let Some(group) = self.relay.room.as_mut().and_then(|room| room.next_group(self.now)) else { return };
        if self.fails(4) {
            self.soon(20, Event::Relay(life, room::Input::CommitFailed));
        } else {
            self.soon(30, Event::Durable(life, group));
        }
    }

    fn carry_out_for_room(&mut self, output: room::Output, slow: &mut Vec<Conn>) {
        use room::Output;
        let life = self.relay.life;
        match output {
            Output::Send(conn, frame) => {
                self.note(conn, &frame);
                slow.extend(self.send_down(conn, encode(&frame)).then_some(conn));
            }
            Output::Broadcast(conns, frame) => {
                slow.extend(conns.into_iter().filter(|&conn| self.send_down(conn, frame.clone())));
            }
            Output::Whisper(conns, frame) => {
                for conn in conns {
                    // Who has too much waiting misses it.
                    self.send_down(conn, frame.clone());
                }
            }
            Output::Close(conn, frame) => self.close_there(conn, encode(&frame)),
            Output::Pause(conn) | Output::Resume(conn) => {
                let is_paused = matches!(output, Output::Pause(_));
                if let Some(wire) = self.wires.get_mut(&conn) {
                    wire.is_paused = is_paused;
                }
                // What arrived meanwhile is read.
                self.soon(1, Event::AtRelay(conn, Bytes::new()));
            }
            Output::Load(document) => self.soon(40, Event::Load(life, document)),
            Output::Lookup(replica, counters) => {
                let delay = self.chance.between(1, 20);
                self.relay.read_at = self.relay.read_at.max(self.now) + delay;
                self.at(self.relay.read_at, Event::Lookup(life, replica, counters));
            }
            // Nobody adds files here.
            Output::Measure(hash) => self.soon(20, Event::Relay(life, room::Input::Measured(hash, Ok(None)))),
            Output::ReadPage(conn, plan) => self.soon(60, Event::ReadPage(life, conn, plan)),
            Output::WakeAt(at) => self.at(at.max(self.now), Event::Relay(life, room::Input::Wake)),
        }
    }

    /// A group is on the disk; the room hears of it a little later.
    pub fn durable(&mut self, group: &Arc<Group>) {
        let first = self.relay.archive.append(self.relay.started, group);
        self.soon(20, Event::Relay(self.relay.life, room::Input::Committed(first)));
    }

    /// Storage has read a document.
    pub fn load(&mut self, document: DocumentId) {
        let stored = if document == FORBIDDEN {
            Err(room::Unloadable::Closed(Code::FORBIDDEN))
        } else if self.fails(3) {
            Err(room::Unloadable::Storage)
        } else {
            Ok(self.relay.archive.document(document))
        };
        self.tell_room(room::Input::Loaded(document, stored));
    }

    /// Storage has looked names up.
    pub fn look_up(&mut self, replica: ReplicaId, counters: &[Counter]) {
        let named = (!self.fails(3)).then(|| self.relay.archive.named(replica, counters));
        self.tell_room(room::Input::Found(replica, named));
    }

    /// Storage has read a page.
    pub fn read_page(&mut self, conn: Conn, plan: &Plan) {
        let page = (!self.fails(3)).then(|| self.relay.archive.page(plan));
        self.tell_room(room::Input::PageRead(conn, page));
    }

    /// Notes what is promised and what may be asked for again. An ack is a promise: what it names must be in the log at
    /// this moment.
    fn note(&mut self, conn: Conn, frame: &Frame) {
        let Some(who) = self.wires.get(&conn).map(|wire| wire.person) else { return };
        let answers = match frame {
            Frame::Answers(answers) => answers.as_slice(),
            Frame::Welcome(_) => {
                let (mishaps, person) = (self.mishaps, &mut self.people[who]);
                if std::mem::replace(&mut person.mishaps, mishaps) != mishaps {
                    person.allowed += person.waiting();
                }
                return;
            }
            _ => return,
        };
        for answer in answers {
            let Answer::Ack(ack) = answer else { continue };
            let entry = self.relay.archive.log.get(ack.seq as usize - 1);
            let draft =
                &entry.unwrap_or_else(|| panic!("an ack for a number that is not in the log: {ack:?}")).draft;
            assert_eq!(
                (draft.counter, draft.hash, draft.author.person),
                (ack.counter, ack.hash, self.people[who].disk.author.person),
                "an ack names what the log holds under its number"
            );
            self.acked.push((draft.author.replica, ack.counter, ack.hash));
        }
    }
}
