//! People's replicas at work: their programs start, crash and write, and what a session asks for is carried out.

use sheaf_client::session::{self, TICK};
use sheaf_document::ids::{ContentHash, DocumentId, ReplicaId};
use sheaf_document::update::StateVector;
use sheaf_protocol::frame::Frame;
use sheaf_relay::room::Conn;

use crate::world::{Event, World};

impl World {
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

    /// Someone pastes this many characters.
    pub fn paste(&mut self, who: usize, document: DocumentId, len: usize) {
        if let Some(bytes) = self.people[who].paste(document, len, &mut self.chance) {
            self.saved.push((document, ContentHash::of(&bytes)));
            self.tell(who, session::Input::Bell);
        }
    }

    /// Someone opens a document and puts their caret behind all that they see there.
    pub fn look_at(&mut self, who: usize, document: DocumentId) {
        let Some((open, caret)) = self.people[who].look_at(document, who, &mut self.chance) else { return };
        self.tell(who, session::Input::Open(open));
        self.tell(who, session::Input::Caret(caret));
    }

    /// Tells someone's session what happened, unless its program has died since.
    pub fn tell_life(&mut self, who: usize, life: u64, input: session::Input) {
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

    fn wire_of(&self, who: usize, link: session::Link) -> Option<Conn> {
        let life = self.people[who].life;
        let mut theirs = self.wires.iter().rev().filter(|(_, wire)| (wire.person, wire.life) == (who, life));
        theirs.find(|(_, wire)| wire.link == link).map(|(conn, _)| *conn)
    }

    fn carry_out(&mut self, who: usize, output: session::Output) {
        use session::Output;
        let life = self.people[who].life;
        match output {
            Output::Connect { link, .. } => self.soon(300, Event::Opened(who, life, link)),
            Output::Send(link, frame) => {
                if let Frame::Push(push) = &frame {
                    self.people[who].pushed += push.items.iter().map(|item| item.bytes.len()).sum::<usize>();
                }
                if let Some(conn) = self.wire_of(who, link) {
                    self.send_up(conn, &frame);
                }
            }
            Output::Ping(link) => {
                let conn = self.wire_of(who, link);
                if let Some(conn) = conn.filter(|conn| !self.wires[conn].is_cut()) {
                    self.soon(400, Event::Alive(conn));
                }
            }
            Output::Close(link) => {
                if let Some(conn) = self.wire_of(who, link) {
                    self.close_here(conn);
                }
                self.people[who].see_nobody();
            }
            Output::Status(status) => {
                if let Some(program) = &mut self.people[who].program {
                    program.status = Some(status);
                }
            }
            Output::Present(present) => {
                let (archive, is_meddled) = (&self.relay.archive, self.is_meddled);
                // A caret that overtook the words around it cannot be known from one that did not.
                self.people[who].see(present, |document, seen| is_meddled || archive.forgot(document, seen));
            }
            Output::WakeAt(at) => self.at(at.max(self.now), Event::Store(who, life, Output::WakeAt(at))),
            store @ (Output::ReadOutbox { .. }
            | Output::Acknowledge { .. }
            | Output::Store(_)
            | Output::TakeNewIdentity
            | Output::Stick { .. }
            | Output::Refuse(_)
            | Output::Mend { .. }
            | Output::ReadForgotten { .. }
            | Output::SetApart { .. }
            | Output::Unfold { .. }) => {
                let delay = self.chance.between(1, 25);
                let Some(program) = &mut self.people[who].program else { return };
                program.store_free = program.store_free.max(self.now) + delay;
                let at = program.store_free;
                self.at(at, Event::Store(who, life, store));
            }
        }
    }

    /// A replica's store does what its session asked for.
    pub fn store(&mut self, who: usize, output: session::Output) {
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
                self.settled.extend(settled);
                Input::Acknowledged
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
            Output::Refuse(records) => {
                records.into_iter().for_each(|(counter, code, _)| disk.refuse(counter, code));
                return;
            }
            Output::SetApart { epoch } => {
                disk.set_apart(epoch);
                return;
            }
            Output::Mend { document, have } => {
                let have = StateVector::decode(&have).expect("the relay's vector");
                let lacking = disk.lacking(document, &have);
                // The relay asked for them again.
                person.allowed += person.waiting();
                Input::Mended(document, lacking)
            }
            Output::ReadForgotten { kept, after } => {
                let (entries, next) = disk.forgotten(&kept, after);
                Input::Forgotten { entries, next }
            }
            Output::Unfold { kept } => {
                let written = person.unfold(&kept);
                self.saved
                    .extend(written.iter().map(|(document, bytes)| (*document, ContentHash::of(bytes))));
                Input::Bell
            }
            Output::Connect { .. }
            | Output::Send(..)
            | Output::Ping(_)
            | Output::Close(_)
            | Output::Status(_)
            | Output::Present(_) => unreachable!("that is not for the store"),
        };
        self.tell(who, input);
    }
}
