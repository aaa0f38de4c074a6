//! The engine: the one task that keeps a replica and its relay in step.
//!
//! It waits for the next [`Event`], hands it to the [`Session`], which decides, and carries out what that says: the socket
//! sends, the desk stores. Nothing else can happen here. It holds nothing that matters; the next engine goes on from the
//! store.

mod carry_out;
mod people;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_document::schema;
use sheaf_protocol::entry::Millis;
use sheaf_protocol::frame::Frame;
use sheaf_protocol::negotiate::Offer;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior};

use crate::chance;
use crate::clock::{Clock, Elapsing};
use crate::desk::DeskHandle;
use crate::error::Result;
use crate::replica::{Hub, Relay, WatcherId};
use crate::session::{Caret, Input, Link, Output, Session, Setup, Status, Stopped, TICK};
use crate::socket::{Heard, Socket};
use people::People;

/// As many frames wait for the engine before the relay has to.
const HEARD: usize = 64;

/// What people want of the engine.
#[derive(Debug)]
pub enum Command {
    /// Be in step with this relay.
    Connect(Relay),
    /// Be offline.
    Disconnect,
    /// Try at once what would be tried later.
    Hurry,
    /// A person settled a fork, or a record that was refused, or a file was brought that a record waited for.
    Settled,
    /// A watcher has a document in front.
    Opened(WatcherId, DocumentId),
    /// A watcher closed a document.
    Closed(WatcherId, DocumentId),
    /// This person's caret in a watcher's document is somewhere else.
    Caret(WatcherId, Caret),
    /// End.
    Stop,
}

/// Everything that can happen to the engine.
#[derive(Debug)]
enum Event {
    Command(Command),
    /// The outbox has new rows, or the desk distrusts a document.
    Bell,
    /// The socket of this name has something to say.
    Socket(Link, Heard),
    /// The desk has done, or failed to do, what it was asked.
    Desk(Vec<Input>),
    /// Time has passed.
    Tick,
}

/// The engine of one replica.
pub struct Engine {
    desk: DeskHandle,
    hub: Arc<Hub>,
    clock: Clock,
    time: Elapsing,
    relay: Option<Relay>,
    session: Option<Session>,
    socket: Option<(Link, Socket)>,
    /// The life of the relay's log, as its welcome told.
    epoch: Option<Epoch>,
    wake_at: Option<Millis>,
    people: People,
    /// What is open here, the one in front last.
    open: Vec<(WatcherId, DocumentId)>,
    caret: Option<Caret>,
    /// Documents that were asked for from their beginning on this connection.
    distrusted: BTreeSet<DocumentId>,
    /// Whether it was looked, with everything here that the relay has, if the workspace has a tree.
    has_tree: bool,
    heard: mpsc::Sender<(Link, Heard)>,
    done: mpsc::UnboundedSender<Vec<Input>>,
}

/// Where events come from.
struct Sources {
    commands: mpsc::UnboundedReceiver<Command>,
    bell: mpsc::Receiver<()>,
    heard: mpsc::Receiver<(Link, Heard)>,
    done: mpsc::UnboundedReceiver<Vec<Input>>,
    tick: Interval,
}

impl Engine {
    /// Starts the engine; it ends with its last commander.
    pub fn start(
        desk: DeskHandle,
        hub: Arc<Hub>,
        clock: Clock,
        bell: mpsc::Receiver<()>,
    ) -> mpsc::UnboundedSender<Command> {
        let (commander, commands) = mpsc::unbounded_channel();
        let (heard, hearing) = mpsc::channel(HEARD);
        let (done, doing) = mpsc::unbounded_channel();
        let mut tick = tokio::time::interval(Duration::from_millis(TICK));
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let sources = Sources { commands, bell, heard: hearing, done: doing, tick };
        let engine = Self {
            desk,
            hub,
            time: Elapsing::since(clock.read()),
            clock,
            relay: None,
            session: None,
            socket: None,
            epoch: None,
            wake_at: None,
            people: People::default(),
            open: Vec::new(),
            caret: None,
            distrusted: BTreeSet::new(),
            has_tree: false,
            heard,
            done,
        };
        tokio::spawn(engine.run(sources));
        commander
    }

    async fn run(mut self, mut sources: Sources) {
        while let Some(event) = self.next(&mut sources).await {
            match event {
                Event::Command(Command::Stop) => break,
                Event::Command(command) => self.command(command).await,
                Event::Bell => self.heed_bell(),
                Event::Socket(link, heard) => self.hear(link, heard),
                Event::Desk(inputs) => inputs.into_iter().for_each(|input| self.feed(input)),
                Event::Tick if self.session.is_none() => self.begin().await,
                Event::Tick => self.feed(Input::Tick),
            }
        }
        self.hub.close();
    }

    /// Waits for the next event; `None` when nobody is left to command.
    async fn next(&mut self, sources: &mut Sources) -> Option<Event> {
        let now = self.now();
        let wake = self.wake_at.map(|at| Instant::now() + Duration::from_millis(at.saturating_sub(now)));
        Some(tokio::select! {
            command = sources.commands.recv() => Event::Command(command?),
            Some(inputs) = sources.done.recv() => Event::Desk(inputs),
            Some(()) = sources.bell.recv() => Event::Bell,
            Some((link, heard)) = sources.heard.recv() => Event::Socket(link, heard),
            _ = sources.tick.tick(), if self.relay.is_some() => Event::Tick,
            () = tokio::time::sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {
                self.wake_at = None;
                Event::Tick
            }
        })
    }

    fn now(&mut self) -> Millis {
        self.time.at(self.clock.read())
    }

    async fn command(&mut self, command: Command) {
        match command {
            Command::Connect(relay) => {
                self.relay = Some(relay);
                match self.session {
                    Some(_) => self.feed(Input::Start),
                    None => self.begin().await,
                }
            }
            Command::Disconnect if self.session.is_none() => {
                self.relay = None;
                self.be_offline();
            }
            Command::Disconnect => self.feed(Input::Stop(Stopped::ByPerson)),
            Command::Hurry => self.feed(Input::Hurry),
            Command::Settled => self.feed(Input::Settled),
            Command::Opened(watcher, document) => self.bring_to_front(watcher, document),
            Command::Closed(watcher, document) => {
                self.open.retain(|open| *open != (watcher, document));
                self.tell_open();
            }
            Command::Caret(watcher, caret) => self.move_caret(watcher, caret),
            Command::Stop => {}
        }
    }

    /// Hears of what rang the bell, once there is a session that can do something about it.
    fn heed_bell(&mut self) {
        if self.session.is_some() {
            self.hub.take_distrusted().into_iter().for_each(|document| self.feed(Input::Distrust(document)));
            self.feed(Input::Bell);
        }
    }

    /// Begins to sync. While the disk does not say from where, this replica is offline, and every tick tries again.
    async fn begin(&mut self) {
        match self.session_from_the_store().await {
            Ok(session) => {
                self.session = Some(session);
                self.tell_open();
                if let Some(caret) = self.caret.clone() {
                    self.feed(Input::Caret(caret));
                }
                self.heed_bell();
                self.feed(Input::Start);
            }
            Err(error) => {
                if self.be_offline() {
                    tracing::error!(%error, "the workspace cannot be synced; trying again");
                }
            }
        }
    }

    /// Tells people so, before there is a session that does; says whether that is news.
    fn be_offline(&mut self) -> bool {
        let since = self.now();
        let is_known = matches!(self.hub.status().relay, Some(Status::Offline { .. }));
        if !is_known {
            self.hub.tell(|all| all.relay = Some(Status::Offline { since }));
        }
        !is_known
    }

    async fn session_from_the_store(&self) -> Result<Session> {
        let identity = self.desk.ask(|desk| desk.read(|store| store.identity())).await?;
        let position = self.desk.ask(|desk| Ok(desk.position())).await?;
        let reach = self.desk.ask(|desk| desk.read(|store| store.reach())).await?;
        let forks = self.desk.ask(|desk| desk.read(|store| store.forks())).await?;
        let stuck = forks.into_iter().map(|fork| fork.document).collect();
        Ok(Session::new(Setup {
            workspace: identity.workspace,
            replica: identity.author.replica,
            epoch: position.epoch,
            cursor: position.cursor,
            reach,
            stuck,
            offer: Offer::ours((schema::OLDEST, schema::VERSION)),
            seed: u64::from_le_bytes(chance::bytes()),
        }))
    }

    fn bring_to_front(&mut self, watcher: WatcherId, document: DocumentId) {
        self.open.retain(|open| *open != (watcher, document));
        self.open.push((watcher, document));
        self.tell_open();
    }

    /// A caret may come later than the closing of its document, and the end of one later than the opening of the next.
    fn move_caret(&mut self, watcher: WatcherId, caret: Caret) {
        let at = (watcher, caret.document);
        if !self.open.contains(&at) {
            return;
        }
        if !caret.caret.is_empty() && self.open.last() != Some(&at) {
            self.bring_to_front(watcher, caret.document);
        }
        self.caret = Some(caret.clone());
        self.feed(Input::Caret(caret));
    }

    /// Tells the session what is open, the one in front first.
    fn tell_open(&mut self) {
        let mut seen = BTreeSet::new();
        let documents = self.open.iter().rev().map(|(_, document)| *document);
        let documents: Vec<_> = documents.filter(|document| seen.insert(*document)).collect();
        self.people.keep(&documents);
        self.caret.take_if(|caret| !documents.contains(&caret.document));
        self.feed(Input::Open(documents));
    }

    fn hear(&mut self, link: Link, heard: Heard) {
        if self.socket.as_ref().is_none_or(|(current, _)| *current != link) {
            return;
        }
        match heard {
            Heard::Open(token) => self.feed(Input::Connected(link, Some(token))),
            Heard::Frame(frame) => {
                if let Frame::Welcome(welcome) = &frame {
                    self.epoch = Some(welcome.epoch);
                    self.claim(welcome.person, welcome.device);
                }
                self.feed(Input::Received(link, frame));
            }
            Heard::Alive => self.feed(Input::Alive(link)),
            Heard::Lost => self.feed(Input::Lost(link)),
            Heard::SignedOut => self.feed(Input::Stop(Stopped::SignedOut)),
        }
    }

    /// Hands the session one input and carries out what it says.
    fn feed(&mut self, input: Input) {
        let now = self.now();
        let Some(session) = &mut self.session else { return };
        if let Input::Distrust(document) = &input
            && !self.distrusted.insert(*document)
        {
            return;
        }
        let mut outputs = Vec::new();
        session.handle(now, input, &mut outputs);
        outputs.into_iter().for_each(|output: Output| self.carry_out(output));
    }
}
