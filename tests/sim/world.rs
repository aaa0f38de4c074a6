//! A world in virtual time: people, a relay, and lines between them that misbehave. Everything comes from the seed.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use sheaf_client::session::{self, Link, TICK};
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_protocol::codec::{Side, decode};
use sheaf_protocol::entry::{Author, Counter, Millis, SealKey, Seq};
use sheaf_protocol::frame::{Answer, Frame};
use sheaf_protocol::negotiate::Offer;
use sheaf_relay::room::{self, Conn, Group, Plan, Room};

use crate::archive::Archive;
use crate::chance::Chance;
use crate::disk::{Disk, Name};
use crate::person::{Person, WORKSPACE};

/// The names of those who write.
pub const NAMES: [&str; 6] = ["Imke", "Tomás", "Ada", "Bo", "Chidi", "Dara"];
/// The documents; the relay takes nothing for the last.
pub const DOCUMENTS: [DocumentId; 4] = [
    DocumentId::from_bytes([0xa1; 16]),
    DocumentId::from_bytes([0xa2; 16]),
    DocumentId::from_bytes([0xa3; 16]),
    FORBIDDEN,
];
/// The document that the relay takes nothing for.
pub const FORBIDDEN: DocumentId = DocumentId::from_bytes([0xff; 16]);

/// Everything.
pub struct World {
    pub now: Millis,
    pub chance: Chance,
    queue: BTreeMap<(Millis, u64), Event>,
    events: u64,
    pub people: Vec<Person>,
    pub relay: Relay,
    wires: BTreeMap<Conn, Wire>,
    /// Whether storage may fail and lines may be slow.
    pub is_faulty: bool,
    /// What went wrong on purpose, for the report of a failure.
    pub faults: Vec<String>,
    /// What this life of the relay acknowledged.
    pub acked: Vec<Name>,
    /// What replicas have stored as acknowledged, in whatever life of the relay.
    pub settled: Vec<Name>,
    /// What a replica called saved.
    pub saved: Vec<(DocumentId, ContentHash)>,
}

/// The relay's machine.
pub struct Relay {
    pub archive: Archive,
    pub backup: Option<Archive>,
    pub room: Option<Room>,
    pub life: u64,
    started: Millis,
    read_at: Millis,
}

/// A connection.
struct Wire {
    person: usize,
    life: u64,
    link: Link,
    /// When the last frame arrives in each direction: a connection keeps the order.
    at_relay: Millis,
    at_person: Millis,
    /// Whether frames still go in.
    is_cut: bool,
    /// Whether each end still takes what arrives.
    person_hears: bool,
    relay_hears: bool,
}

/// What is going to happen.
pub enum Event {
    Start(usize),
    Tick(usize, u64),
    Opened(usize, u64, Link),
    AtPerson(Conn, Frame),
    Alive(Conn),
    PersonNotices(Conn),
    AtRelay(Conn, Frame),
    RelayNotices(Conn),
    Store(usize, u64, session::Output),
    RelayStarts,
    Durable(u64, Arc<Group>),
    Relay(u64, room::Input),
    Load(u64, DocumentId),
    Lookup(u64, ReplicaId, Vec<Counter>),
    ReadPage(u64, Conn, Plan),
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let archive = Archive::new(Epoch::from_bytes(chance.id()));
        let relay = Relay { archive, backup: None, room: None, life: 0, started: 0, read_at: 0 };
        let mut world = Self {
            now: 1_800_000_000_000,
            chance,
            queue: BTreeMap::new(),
            events: 0,
            people: vec![],
            relay,
            wires: BTreeMap::new(),
            is_faulty: true,
            faults: vec![],
            acked: vec![],
            settled: vec![],
            saved: vec![],
        };
        for name in &NAMES[..world.chance.between(2, 7) as usize] {
            let author = Author {
                person: PersonId::from_bytes(world.chance.id()),
                device: DeviceId::from_bytes(world.chance.id()),
                replica: ReplicaId::from_bytes(world.chance.id()),
            };
            world.people.push(Person::new(name, Disk::new(author)));
            world.soon(500, Event::Start(world.people.len() - 1));
        }
        world.soon(1, Event::RelayStarts);
        world
    }

    /// Lets something happen within this time.
    pub fn soon(&mut self, within: Millis, event: Event) {
        let at = self.now + self.chance.between(1, within + 2);
        self.at(at, event);
    }

    fn at(&mut self, at: Millis, event: Event) {
        self.events += 1;
        self.queue.insert((at, self.events), event);
    }

    /// Lets time pass.
    pub fn run_until(&mut self, until: Millis) {
        while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= until) {
            let ((at, _), event) = entry.remove_entry();
            self.now = at;
            self.happen(event);
        }
        self.now = until;
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Start(who) => self.start(who),
            Event::Tick(who, life) if self.people[who].life == life => {
                self.at(self.now + TICK, Event::Tick(who, life));
                self.tell(who, session::Input::Tick);
            }
            Event::Opened(who, life, link) if self.people[who].life == life => self.open(who, link),
            Event::AtPerson(conn, frame) => {
                if let Some(wire) = self.wires.get(&conn).filter(|wire| wire.person_hears) {
                    self.tell_wire(wire.person, wire.life, session::Input::Received(wire.link, frame));
                }
            }
            Event::Alive(conn) => {
                if let Some(wire) = self.wires.get(&conn).filter(|wire| wire.person_hears) {
                    self.tell_wire(wire.person, wire.life, session::Input::Alive(wire.link));
                }
            }
            Event::PersonNotices(conn) => {
                if let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.person_hears) {
                    wire.person_hears = false;
                    let (who, life, link) = (wire.person, wire.life, wire.link);
                    self.tell_wire(who, life, session::Input::Lost(link));
                }
            }
            Event::AtRelay(conn, frame) => self.at_relay(conn, frame),
            Event::RelayNotices(conn) => {
                if let Some(wire) = self.wires.get_mut(&conn).filter(|wire| wire.relay_hears) {
                    wire.relay_hears = false;
                    self.tell_room(room::Input::Leave(conn));
                }
            }
            Event::Store(who, life, output) if self.people[who].life == life => self.store(who, output),
            Event::RelayStarts => self.start_relay(),
            Event::Durable(life, group) if life == self.relay.life => {
                let first = self.relay.archive.append(self.relay.started, &group);
                self.soon(20, Event::Relay(life, room::Input::Committed(first)));
            }
            Event::Relay(life, input) if life == self.relay.life => self.tell_room(input),
            Event::Load(life, document) if life == self.relay.life => {
                let stored = if document == FORBIDDEN {
                    Err(room::Unloadable::Closed(sheaf_protocol::problem::Code::FORBIDDEN))
                } else if self.fails(3) {
                    Err(room::Unloadable::Storage)
                } else {
                    Ok(self.relay.archive.document(document))
                };
                self.tell_room(room::Input::Loaded(document, stored));
            }
            Event::Lookup(life, replica, counters) if life == self.relay.life => {
                let named = (!self.fails(3)).then(|| self.relay.archive.named(replica, &counters));
                self.tell_room(room::Input::Found(replica, named));
            }
            Event::ReadPage(life, conn, plan) if life == self.relay.life => {
                let page = (!self.fails(3)).then(|| self.relay.archive.page(&plan));
                self.tell_room(room::Input::PageRead(conn, page));
            }
            // It was asked for by a program that has died since.
            _ => {}
        }
    }

    fn fails(&mut self, percent: u64) -> bool {
        self.is_faulty && self.chance.percent(percent)
    }

    // ---- people ----

    /// Starts someone's program.
    pub fn start(&mut self, who: usize) {
        if self.people[who].program.is_none() {
            self.people[who].start(&mut self.chance);
            self.at(self.now + TICK, Event::Tick(who, self.people[who].life));
            self.tell(who, session::Input::Start);
        }
    }

    /// Kills someone's program; the relay notices later.
    pub fn crash(&mut self, who: usize) {
        self.people[who].crash();
        for conn in self.lines_of(who) {
            self.cut(conn, false);
        }
    }

    /// Someone writes a little.
    pub fn write(&mut self, who: usize, document: DocumentId) {
        if let Some(bytes) = self.people[who].write(document, &mut self.chance) {
            self.saved.push((document, ContentHash::of(&bytes)));
            self.tell(who, session::Input::Bell);
        }
    }

    fn tell_wire(&mut self, who: usize, life: u64, input: session::Input) {
        if self.people[who].life == life {
            self.tell(who, input);
        }
    }

    /// Tells someone's session what happened, and does what it asks for.
    pub fn tell(&mut self, who: usize, input: session::Input) {
        let now = self.now;
        let Some(program) = &mut self.people[who].program else { return };
        let mut outputs = Vec::new();
        program.session.handle(now, input, &mut outputs);
        for output in outputs {
            self.carry_out(who, output);
        }
    }

    fn carry_out(&mut self, who: usize, output: session::Output) {
        use session::Output;
        let life = self.people[who].life;
        let wire_of = |world: &Self, link| {
            let mut theirs = world.wires.iter().filter(|(_, wire)| (wire.person, wire.life) == (who, life));
            theirs.find(|(_, wire)| wire.link == link).map(|(conn, _)| *conn)
        };
        match output {
            Output::Connect { link, .. } => self.soon(300, Event::Opened(who, life, link)),
            Output::Send(link, frame) => {
                if let Frame::Push(push) = &frame {
                    self.people[who].pushed += push.items.iter().map(|item| item.bytes.len()).sum::<usize>();
                }
                if let Some(conn) = wire_of(self, link) {
                    self.send_up(conn, frame);
                }
            }
            Output::Ping(link) => {
                let conn = wire_of(self, link);
                if let Some(conn) = conn.filter(|conn| !self.wires[conn].is_cut) {
                    self.soon(400, Event::Alive(conn));
                }
            }
            Output::Close(link) => {
                if let Some(conn) = wire_of(self, link) {
                    self.close_here(conn);
                }
            }
            Output::Status(status) => {
                if let Some(program) = &mut self.people[who].program {
                    program.status = Some(status);
                }
            }
            Output::WakeAt(at) => self.at(at.max(self.now), Event::Store(who, life, Output::WakeAt(at))),
            Output::Present(_) | Output::Revoked(..) => {}
            store => {
                let delay = self.chance.between(1, 25);
                let Some(program) = &mut self.people[who].program else { return };
                program.store_free = program.store_free.max(self.now) + delay;
                let at = program.store_free;
                self.at(at, Event::Store(who, life, store));
            }
        }
    }

    /// A replica's store does what its session asked for.
    fn store(&mut self, who: usize, output: session::Output) {
        use session::{Input, Output};
        let fails = matches!(output, Output::Store(_)) && self.fails(2);
        let replica = ReplicaId::from_bytes(self.chance.id());
        let person = &mut self.people[who];
        let disk = &mut person.disk;
        let input = match output {
            Output::WakeAt(_) => Input::Tick,
            Output::ReadOutbox { after, bytes, rows } => Input::Outbox(disk.read_outbox(after, bytes, rows)),
            Output::Acknowledge { acks, cursor } => {
                let settled = disk.acknowledge(&acks, cursor);
                return self.settled.extend(settled);
            }
            Output::Store(_) if fails => Input::StoreFailed { epoch: disk.epoch, cursor: disk.cursor },
            Output::Store(batch) => {
                let fresh = disk.commit_remote(batch);
                person.show(&fresh);
                Input::Stored
            }
            Output::TakeNewIdentity => {
                disk.rename(replica);
                Input::Renamed(replica)
            }
            Output::Stick { document, .. } => {
                disk.stuck.insert(document);
                return;
            }
            Output::Mend { document, have } => {
                let have = sheaf_document::update::StateVector::decode(&have).expect("the relay's vector");
                let lacking = disk.lacking(document, &have);
                // The relay asked for them again.
                person.allowed += person.waiting();
                Input::Mended(document, lacking)
            }
            Output::ReadForgotten { above, after } => {
                let (entries, next) = disk.forgotten(above, after);
                Input::Forgotten { entries, next }
            }
            _ => return,
        };
        self.tell(who, input);
    }

    // ---- lines ----

    fn open(&mut self, who: usize, link: Link) {
        let life = self.people[who].life;
        if self.relay.room.is_none() || self.fails(15) {
            return self.tell(who, session::Input::Lost(link));
        }
        self.events += 1;
        let (at_relay, at_person) = (self.now, self.now);
        let wire = Wire {
            person: who,
            life,
            link,
            at_relay,
            at_person,
            is_cut: false,
            person_hears: true,
            relay_hears: true,
        };
        self.wires.insert(Conn(self.events), wire);
        self.tell(who, session::Input::Connected(link, None));
    }

    fn lines_of(&self, who: usize) -> Vec<Conn> {
        let theirs = self.wires.iter().filter(|(_, wire)| wire.person == who && !wire.is_cut);
        theirs.map(|(conn, _)| *conn).collect()
    }

    /// Cuts someone's line.
    pub fn cut_line_of(&mut self, who: usize) {
        for conn in self.lines_of(who) {
            let is_told = self.chance.percent(75);
            self.cut(conn, is_told);
        }
    }

    /// Cuts a line. What is on its way to the person is lost; what is on its way to the relay may still arrive.
    fn cut(&mut self, conn: Conn, person_is_told: bool) {
        let arrives = self.chance.percent(50);
        let late = if self.chance.percent(20) { 40_000 } else { 1_500 };
        let Some(wire) = self.wires.get_mut(&conn) else { return };
        wire.is_cut = true;
        let at = wire.at_relay;
        if person_is_told {
            self.soon(1_000, Event::PersonNotices(conn));
        }
        if arrives {
            let at = at.max(self.now) + self.chance.between(1, late);
            self.at(at, Event::RelayNotices(conn));
        } else {
            // Frames that arrive after the end of the line was noticed are not read.
            self.soon(20, Event::RelayNotices(conn));
        }
    }

    /// The person's end closes in order.
    fn close_here(&mut self, conn: Conn) {
        let Some(wire) = self.wires.get_mut(&conn) else { return };
        (wire.person_hears, wire.is_cut) = (false, true);
        let at = wire.at_relay.max(self.now) + self.chance.between(1, 300);
        self.at(at, Event::RelayNotices(conn));
    }

    fn latency(&mut self) -> Millis {
        let slow = self.is_faulty && self.chance.percent(3);
        if slow { self.chance.between(100, 3_000) } else { self.chance.between(1, 60) }
    }

    fn send_up(&mut self, conn: Conn, frame: Frame) {
        let latency = self.latency();
        let now = self.now;
        let Some(wire) = self.wires.get_mut(&conn).filter(|wire| !wire.is_cut) else { return };
        wire.at_relay = wire.at_relay.max(now + latency);
        let at = wire.at_relay;
        self.at(at, Event::AtRelay(conn, frame));
    }

    fn send_down(&mut self, conn: Conn, frame: Frame) {
        let latency = self.latency();
        let now = self.now;
        if let Frame::Answers(answers) = &frame {
            self.note_acks(conn, answers);
        }
        let Some(wire) = self.wires.get_mut(&conn).filter(|wire| !wire.is_cut) else { return };
        wire.at_person = wire.at_person.max(now + latency);
        let at = wire.at_person;
        if matches!(frame, Frame::Welcome(_)) {
            let who = wire.person;
            self.people[who].allowed += self.people[who].waiting();
        }
        self.at(at, Event::AtPerson(conn, frame));
    }

    // ---- the relay ----

    fn start_relay(&mut self) {
        if self.relay.room.is_some() {
            return;
        }
        self.relay.started = self.now;
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
        self.relay.life += 1;
        self.relay.room = None;
        let conns: Vec<Conn> = self.wires.keys().copied().collect();
        for conn in conns {
            let is_told = self.chance.percent(80);
            let wire = self.wires.get_mut(&conn).expect("it is listed");
            (wire.relay_hears, wire.is_cut) = (false, true);
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

    /// Tells the relay that someone reads too slowly.
    pub fn slow(&mut self, who: usize) {
        for conn in self.lines_of(who) {
            self.tell_room(room::Input::Slow(conn));
        }
    }

    fn at_relay(&mut self, conn: Conn, frame: Frame) {
        let Some(wire) = self.wires.get(&conn).filter(|wire| wire.relay_hears) else { return };
        let input = match frame {
            Frame::Hello(hello) => {
                let person = &self.people[wire.person];
                let author = Author { replica: hello.replica, ..person.disk.author };
                let offer =
                    Offer { versions: hello.versions, features: hello.features, schemas: hello.schemas };
                let (name, highest) = (person.name.clone(), self.relay.archive.highest(hello.replica));
                let (epoch, cursor) = (hello.epoch, hello.cursor);
                room::Input::Join(conn, room::Member { author, name, offer, epoch, cursor, highest })
            }
            frame => room::Input::Received(conn, frame),
        };
        self.tell_room(input);
    }

    fn tell_room(&mut self, input: room::Input) {
        let Some(room) = &mut self.relay.room else { return };
        let mut outputs = Vec::new();
        room.handle(self.now, input, &mut outputs);
        let group = room.next_group(self.now);
        for output in outputs {
            self.carry_out_for_room(output);
        }
        let life = self.relay.life;
        match group {
            Some(_) if self.fails(4) => self.soon(20, Event::Relay(life, room::Input::CommitFailed)),
            Some(group) => self.soon(30, Event::Durable(life, group)),
            None => {}
        }
    }

    fn carry_out_for_room(&mut self, output: room::Output) {
        use room::Output;
        let life = self.relay.life;
        match output {
            Output::Send(conn, frame) => self.send_down(conn, frame),
            Output::Broadcast(conns, bytes) | Output::Whisper(conns, bytes) => {
                for conn in conns {
                    self.send_down(conn, frame(&bytes));
                }
            }
            Output::Close(conn, frame) => {
                self.send_down(conn, frame);
                let Some(wire) = self.wires.get_mut(&conn) else { return };
                (wire.relay_hears, wire.is_cut) = (false, true);
                let at = wire.at_person + 1;
                self.at(at, Event::PersonNotices(conn));
            }
            Output::Load(document) => self.soon(40, Event::Load(life, document)),
            Output::Lookup(replica, counters) => {
                let delay = self.chance.between(1, 20);
                self.relay.read_at = self.relay.read_at.max(self.now) + delay;
                self.at(self.relay.read_at, Event::Lookup(life, replica, counters));
            }
            Output::ReadPage(conn, plan) => self.soon(60, Event::ReadPage(life, conn, plan)),
            Output::WakeAt(at) => self.at(at.max(self.now), Event::Relay(life, room::Input::Wake)),
            Output::Pause(_) | Output::Resume(_) => {}
        }
    }

    /// An ack is a promise: what it names must be in the log at this moment.
    fn note_acks(&mut self, conn: Conn, answers: &[Answer]) {
        let Some(wire) = self.wires.get(&conn) else { return };
        let who = wire.person;
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

    /// Returns the log's head.
    pub fn head(&self) -> Seq {
        self.relay.archive.head()
    }
}

fn frame(bytes: &Bytes) -> Frame {
    decode(bytes.clone(), Side::Relay).expect("the relay encodes what can be decoded")
}
