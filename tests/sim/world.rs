//! A world in virtual time: people, a relay, and lines between them that misbehave. Everything comes from the seed.
//!
//! This is the clock and what may happen; who does what then stands in `replicas`, `lines` and `relay`.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use sheaf_client::session::{self, Link, TICK};
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_protocol::entry::{Author, Counter, Millis};
use sheaf_relay::room::{self, Conn, Group, Plan};

use crate::archive::Archive;
use crate::chance::Chance;
use crate::disk::{Disk, Name};
use crate::middlebox::{self, Way};
use crate::person::Person;
use crate::relay::Relay;
use crate::wire::Wire;

/// The names of those who write.
const NAMES: [&str; 6] = ["Imke", "Tomás", "Ada", "Bo", "Chidi", "Dara"];
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
    pub events: u64,
    pub people: Vec<Person>,
    pub relay: Relay,
    pub wires: BTreeMap<Conn, Wire>,
    /// Whether storage may fail and lines may be slow.
    pub is_faulty: bool,
    /// Whether a broken middlebox stands in every line.
    pub is_meddled: bool,
    /// What went wrong on purpose, for the report of a failure.
    pub faults: Vec<String>,
    /// How often something went wrong behind which rows may go out again.
    pub mishaps: u64,
    /// What this life of the relay acknowledged.
    pub acked: Vec<Name>,
    /// What replicas have stored as acknowledged, in whatever life of the relay.
    pub settled: Vec<Name>,
    /// What a replica called saved.
    pub saved: Vec<(DocumentId, ContentHash)>,
}

/// What is going to happen.
pub enum Event {
    Start(usize),
    Tick(usize, u64),
    Opened(usize, u64, Link),
    AtPerson(Conn, Bytes),
    Alive(Conn),
    ReadsOn(Conn),
    PersonNotices(Conn),
    AtRelay(Conn, Bytes),
    RelayNotices(Conn),
    LetGo(Conn, Way),
    Store(usize, u64, session::Output),
    RelayStarts,
    WriteNext(u64),
    Durable(u64, Arc<Group>),
    Relay(u64, room::Input),
    Load(u64, DocumentId),
    Lookup(u64, ReplicaId, Vec<Counter>),
    ReadPage(u64, Conn, Plan),
}

impl World {
    pub fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let relay = Relay::new(Archive::new(Epoch::from_bytes(chance.id())));
        let mut world = Self {
            now: 1_800_000_000_000,
            chance,
            queue: BTreeMap::new(),
            events: 0,
            people: vec![],
            relay,
            wires: BTreeMap::new(),
            is_faulty: true,
            is_meddled: seed.is_multiple_of(middlebox::RARELY),
            faults: vec![],
            mishaps: 0,
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

    /// Lets something happen at this time.
    pub fn at(&mut self, at: Millis, event: Event) {
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
            Event::Opened(who, life, link) if self.people[who].life == life => self.open_line(who, link),
            Event::Store(who, life, output) if self.people[who].life == life => self.store(who, output),
            Event::AtPerson(conn, piece) => self.at_person(conn, &piece),
            Event::Alive(conn) => self.alive(conn),
            Event::ReadsOn(conn) => self.reads_on(conn),
            Event::PersonNotices(conn) => self.person_notices(conn),
            Event::AtRelay(conn, piece) => self.at_relay(conn, &piece),
            Event::RelayNotices(conn) => self.relay_notices(conn),
            Event::LetGo(conn, way) => self.let_go(conn, way),
            Event::RelayStarts => self.start_relay(),
            Event::WriteNext(life) if life == self.relay.life => self.write_next(),
            Event::Durable(life, group) if life == self.relay.life => self.durable(&group),
            Event::Relay(life, input) if life == self.relay.life => self.tell_room(input),
            Event::Load(life, document) if life == self.relay.life => self.load(document),
            Event::Lookup(life, replica, counters) if life == self.relay.life => {
                self.look_up(replica, &counters);
            }
            Event::ReadPage(life, conn, plan) if life == self.relay.life => self.read_page(conn, &plan),
            // It was asked for by a program that has died since.
            _ => {}
        }
    }

    /// Says whether something fails that does so this many times in a hundred.
    pub fn fails(&mut self, percent: u64) -> bool {
        let fails = self.is_faulty && self.chance.percent(percent);
        self.mishaps += u64::from(fails);
        fails
    }
}
