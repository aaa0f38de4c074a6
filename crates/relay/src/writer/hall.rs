//! A room and what stands around it: carries its outputs out, in order, and reports back.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, ReplicaId, WorkspaceId};
use sheaf_document::schema;
use sheaf_protocol::entry::{Author, Counter, Millis};
use sheaf_protocol::frame::Hello;
use sheaf_protocol::negotiate::{Offer, PACKED_PAGES};
use sheaf_protocol::problem::Code;

use super::reads::{Read, Reads};
use super::seat::{Seat, ending, last_words, line};
use super::{Job, Tools};
use crate::accounts::tokens::Bearer;
use crate::error::Result;
use crate::room::{Conn, Input, Member, Output, Plan, Room, Setup, Unloadable};
use crate::storage::sqlite::Sqlite;
use crate::websocket::Outgoing;

/// When somebody who takes another replica id may come back, in milliseconds.
const SOON: u32 = 1_000;

/// One workspace's room with its connections.
pub(crate) struct Hall {
    workspace: WorkspaceId,
    offer: Offer,
    room: Room,
    seats: BTreeMap<Conn, Seat>,
    wake: Option<Millis>,
    reads: Reads,
}

impl Hall {
    /// Opens a workspace's room; `None` when there is no such workspace.
    pub fn open(tools: &Tools, workspace: WorkspaceId) -> Result<Option<Self>> {
        let stored = tools.database.workspaces()?.into_iter().find(|stored| stored.workspace == workspace);
        Ok(stored.map(|stored| {
            let offer = Offer::ours((schema::OLDEST, schema::VERSION));
            let room = Room::new(Setup {
                workspace,
                epoch: stored.epoch,
                lineage: stored.lineage,
                head: stored.head,
                seal_key: tools.seal_key.clone(),
                hash_key: tools.hash_key,
                offer,
            });
            Self { workspace, offer, room, seats: BTreeMap::new(), wake: None, reads: Reads::default() }
        }))
    }

    /// The workspace.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// When the room wants to be woken.
    pub fn wakes_at(&self) -> Option<Millis> {
        self.wake
    }

    /// Lets a connection in whose token is good, if its device is still signed in and speaks for itself.
    pub fn join(
        &mut self,
        tools: &mut Tools,
        conn: Conn,
        bearer: Bearer,
        hello: &Hello,
        outgoing: Arc<Outgoing>,
    ) {
        let member = match member(&tools.database, bearer, hello) {
            Ok(Ok(member)) => member,
            Ok(Err((code, again_after_ms))) => return outgoing.finish(&last_words(code, again_after_ms)),
            Err(error) => {
                tracing::error!(%error, "cannot look up who joins");
                return outgoing.finish(&last_words(Code::STORAGE, Some(5_000)));
            }
        };
        let others = |seat: &&Seat| seat.bearer.device == bearer.device && seat.replica != hello.replica;
        if self.seats.values().filter(others).count() >= tools.replicas {
            return outgoing.finish(&last_words(Code::BUSY, Some(30_000)));
        }
        let packs = self.offer.agree(&member.offer).is_ok_and(|agreed| agreed.features & PACKED_PAGES != 0);
        let replica = hello.replica;
        self.seats.insert(conn, Seat { bearer, replica, outgoing, packs });
        self.tell(tools, Input::Join(conn, member));
    }

    /// Ends the connections of a device that was signed out.
    pub fn sign_out(&mut self, tools: &mut Tools, device: DeviceId) {
        let theirs = self.seats.extract_if(.., |_, seat| seat.bearer.device == device).collect::<Vec<_>>();
        for (conn, seat) in theirs {
            seat.outgoing.finish(&last_words(Code::REVOKED, None));
            self.tell(tools, Input::Leave(conn));
        }
    }

    /// Wakes the room if its time has come.
    pub fn wake(&mut self, tools: &mut Tools) {
        if self.wake.is_some_and(|at| at <= tools.now) {
            self.wake = None;
            self.tell(tools, Input::Wake);
        }
    }

    /// Commits until the room has nothing more to commit.
    pub fn commit(&mut self, tools: &mut Tools) {
        while let Some(group) = self.room.next_group(tools.now) {
            let input = match tools.database.append(self.workspace, &group) {
                Ok(first) => {
                    tools.snapshots.grown(self.workspace, &group);
                    Input::Committed(first)
                }
                Err(error) => {
                    tracing::error!(%error, entries = group.lines.len(), "a commit failed; nothing of it was acknowledged");
                    reopen(tools);
                    Input::CommitFailed
                }
            };
            self.tell(tools, input);
        }
    }

    /// Tells the room what happened and carries out what it answers.
    pub fn tell(&mut self, tools: &mut Tools, input: Input) {
        let mut inputs = VecDeque::from([input]);
        let mut outputs = Vec::new();
        while let Some(input) = inputs.pop_front() {
            match input {
                Input::Leave(conn) => drop(self.seats.remove(&conn)),
                Input::Loaded(..) | Input::Measured(..) | Input::PageRead(..) => {
                    self.reads.done();
                    inputs.extend(self.read_on(tools));
                }
                _ => {}
            }
            self.room.handle(tools.now, input, &mut outputs);
            for output in outputs.drain(..) {
                inputs.extend(self.carry_out(tools, output));
            }
        }
    }

    /// Carries out one output; returns what is known at once.
    fn carry_out(&mut self, tools: &Tools, output: Output) -> Vec<Input> {
        match output {
            Output::Send(conn, frame) => match self.seats.get(&conn) {
                Some(seat) if seat.send(frame).is_err() => vec![Input::Slow(conn)],
                _ => Vec::new(),
            },
            Output::Broadcast(conns, frame) => {
                let line = line(frame);
                let full =
                    |conn: &Conn| self.seats.get(conn).is_some_and(|seat| seat.outgoing.push(&line).is_err());
                conns.into_iter().filter(full).map(Input::Slow).collect()
            }
            Output::Whisper(conns, frame) => {
                let line = line(frame);
                for seat in conns.iter().filter_map(|conn| self.seats.get(conn)) {
                    // Who is full misses a caret and gets the next one.
                    let _ = seat.outgoing.push(&line);
                }
                Vec::new()
            }
            Output::Close(conn, frame) => {
                if let Some(seat) = self.seats.remove(&conn) {
                    seat.outgoing.finish(&ending(&frame));
                }
                Vec::new()
            }
            Output::Pause(conn) => self.pause(conn, true),
            Output::Resume(conn) => self.pause(conn, false),
            Output::Load(document) => self.load(tools, document),
            Output::Lookup(replica, counters) => vec![self.lookup(tools, replica, &counters)],
            Output::Measure(hash) => self.measure(tools, hash),
            Output::ReadPage(conn, plan) => self.read_page(tools, conn, plan),
            Output::WakeAt(at) => {
                self.wake = Some(at);
                Vec::new()
            }
        }
    }

    fn pause(&self, conn: Conn, paused: bool) -> Vec<Input> {
        if let Some(seat) = self.seats.get(&conn) {
            seat.outgoing.pause(paused);
        }
        Vec::new()
    }

    fn lookup(&self, tools: &Tools, replica: ReplicaId, counters: &[Counter]) -> Input {
        // Read where it is written: a name must not be missed because a reader's view is a moment old.
        let found = tools.database.named(self.workspace, replica, counters);
        let log = |error: &_| tracing::error!(%error, replica.id = %replica, "cannot look names up");
        Input::Found(replica, found.inspect_err(log).ok())
    }

    fn load(&mut self, tools: &Tools, document: DocumentId) -> Vec<Input> {
        let workspace = self.workspace;
        let read = move |database: &mut Sqlite| match database.document(workspace, document) {
            Ok((stored, _)) => Input::Loaded(document, Ok(stored)),
            Err(error) => {
                tracing::error!(%error, document.id = %document, "cannot read a document");
                Input::Loaded(document, Err(Unloadable::Storage))
            }
        };
        let busy = Input::Loaded(document, Err(Unloadable::Storage));
        self.reads.documents.push_back(Read { read: Box::new(read), busy });
        self.read_on(tools)
    }

    /// Looks at a file where the disk may take its time.
    fn measure(&mut self, tools: &Tools, hash: ContentHash) -> Vec<Input> {
        let (workspace, blobs) = (self.workspace, tools.blobs.clone());
        let read = move |_: &mut Sqlite| {
            let size = blobs.measure(workspace, hash).map_err(|error| {
                tracing::error!(%error, "cannot look at a blob");
                Unloadable::Storage
            });
            Input::Measured(hash, size)
        };
        let busy = Input::Measured(hash, Err(Unloadable::Storage));
        self.reads.documents.push_back(Read { read: Box::new(read), busy });
        self.read_on(tools)
    }

    fn read_page(&mut self, tools: &Tools, conn: Conn, plan: Plan) -> Vec<Input> {
        let Some(scope) = self.seats.get(&conn).map(|seat| seat.bearer.scope) else { return Vec::new() };
        let read = move |database: &mut Sqlite| match database.page(scope, &plan) {
            Ok(page) => Input::PageRead(conn, Some(page)),
            Err(error) => {
                tracing::error!(%error, "cannot read a page of the log");
                Input::PageRead(conn, None)
            }
        };
        self.reads.pages.push_back(Read { read: Box::new(read), busy: Input::PageRead(conn, None) });
        self.read_on(tools)
    }

    /// Reads on other threads, which report to this one; returns what cannot be read because all of them are busy with others.
    fn read_on(&mut self, tools: &Tools) -> Vec<Input> {
        let mut busy = Vec::new();
        while let Some(next) = self.reads.next() {
            let (workspace, reports) = (self.workspace, tools.jobs.clone());
            let queued = tools.readers.send(move |database| {
                let input = (next.read)(database);
                if let Some(reports) = reports.upgrade() {
                    // The thread has ended: nobody waits for the answer.
                    let _ = reports.blocking_send(Job::Input(workspace, input, None));
                }
            });
            if !queued {
                busy.push(next.busy);
            }
        }
        busy
    }
}

/// Returns who joins, or why they may not and when they may come back.
///
/// Every entry tells its replica's id to everyone. So an id is believed only of the device under which the log has it;
/// one that the log does not have was told to nobody.
fn member(
    database: &Sqlite,
    bearer: Bearer,
    hello: &Hello,
) -> Result<std::result::Result<Member, (Code, Option<u32>)>> {
    let Some(session) = database.session(bearer.scope, bearer.device)? else {
        return Ok(Err((Code::REVOKED, None)));
    };
    if database.is_replica_of_another(bearer.scope, hello.replica, bearer.device)? {
        return Ok(Err((Code::REPLICA_TAKEN, Some(SOON))));
    }
    let highest = database.highest_counter(bearer.scope, hello.replica)?;
    let offer = Offer { versions: hello.versions, features: hello.features, schemas: hello.schemas };
    let author = Author { person: bearer.scope.person, device: bearer.device, replica: hello.replica };
    let (epoch, cursor) = (hello.epoch, hello.cursor);
    Ok(Ok(Member { author, name: session.account.name, offer, epoch, cursor, highest }))
}

/// After a failed commit what the connection believes about the file may be wrong (a failed fsync is not to be repeated
/// as if nothing had been): the file is opened anew.
fn reopen(tools: &mut Tools) {
    match Sqlite::open(&tools.path) {
        Ok(database) => tools.database = database,
        Err(error) => tracing::error!(%error, "cannot open the database again"),
    }
}
