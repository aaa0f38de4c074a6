//! The porter: carries files between this device's shelf and the relay, whenever that is within reach.
//!
//! Two tasks, one for each way. Each asks the store what is to be carried, takes the best, and begins anew: so whatever ends
//! it, a crash or a broken line, the next one goes on. Small files go first, and what somebody looks at before what nobody
//! does; a long one makes way, for it goes on later where it was. The relay hears of a file by a record only once it has
//! its bytes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sheaf_document::ids::ContentHash;
use sheaf_protocol::problem::Code;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::delay::Delays;
use super::{FileError, Progress, Shelf, Trouble, download, upload};
use crate::account::{Account, AccountError};
use crate::chance;
use crate::desk::DeskHandle;
use crate::engine::Command;
use crate::error::{ReplicaError, Result};
use crate::replica::Hub;
use crate::session::Status;

/// A file of no more bytes is carried to its end once it is begun, and what nobody looks at is fetched up to this size.
const SHORT: u64 = 8 << 20;
/// As many files are asked for at a time.
const SOME: usize = 256;
/// As many files may somebody look at.
const WANTED: usize = 1_000;
/// After the disk failed.
const PAUSE: Duration = Duration::from_secs(5);

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// Carries files. Dropped, it stops wherever it is.
pub struct Porter {
    load: Arc<Load>,
    tasks: [JoinHandle<()>; 2],
}

/// What the porter and those who ask it know.
struct Load {
    shelf: Shelf,
    desk: DeskHandle,
    hub: Arc<Hub>,
    engine: mpsc::UnboundedSender<Command>,
    account: watch::Sender<Option<Account>>,
    notes: Mutex<Notes>,
}

#[derive(Default)]
struct Notes {
    /// What somebody looks at, the last one first: by how many were wanted before it.
    wanted: BTreeMap<ContentHash, u64>,
    asked: u64,
    done: BTreeMap<ContentHash, u64>,
    delays: Delays,
}

/// What is next on a way.
enum Next {
    Carry(Item),
    /// Nothing, or nothing before this time.
    Nothing(Option<Instant>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Item {
    hash: ContentHash,
    size: u64,
    is_wanted: bool,
}

impl Porter {
    /// Starts to carry as soon as there is an account.
    pub fn start(
        shelf: Shelf,
        desk: DeskHandle,
        hub: Arc<Hub>,
        engine: mpsc::UnboundedSender<Command>,
    ) -> Self {
        let (account, notes) = (watch::Sender::new(None), Mutex::default());
        let load = Arc::new(Load { shelf, desk, hub, engine, account, notes });
        let tasks = [Way::Up, Way::Down].map(|way| tokio::spawn(load.clone().work(way)));
        Self { load, tasks }
    }

    /// Returns where the files are.
    pub fn shelf(&self) -> &Shelf {
        &self.load.shelf
    }

    /// Carries to and from this account's relay from now on.
    pub fn turn_to(&self, account: Option<Account>) {
        self.load.notes().delays.clear();
        self.load.account.send_replace(account);
    }

    /// Somebody looks at these and they are not here.
    pub fn want(&self, hashes: &[ContentHash]) {
        let mut notes = self.load.notes();
        if notes.wanted.len() + hashes.len() > WANTED {
            notes.wanted.clear();
        }
        let mut is_news = false;
        for hash in hashes.iter().take(WANTED) {
            notes.asked += 1;
            let asked = notes.asked;
            is_news |= notes.wanted.insert(*hash, asked).is_none();
        }
        drop(notes);
        if is_news {
            self.load.hub.errands().fetch.notify_one();
        }
    }

    /// Returns how far a file is on its way, and what keeps it.
    pub fn progress(&self, hash: ContentHash) -> (u64, Option<Trouble>) {
        let notes = self.load.notes();
        (notes.done.get(&hash).copied().unwrap_or_default(), notes.delays.trouble(hash))
    }
}

impl Drop for Porter {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Load {
    async fn work(self: Arc<Self>, way: Way) {
        loop {
            let Some(account) = self.in_reach().await else { return };
            match self.next(way).await {
                Ok(Next::Carry(item)) => self.carry(way, &account, item).await,
                Ok(Next::Nothing(until)) => self.rest(way, until).await,
                Err(ReplicaError::Stopped) => return,
                Err(error) => {
                    tracing::error!(%error, "the disk does not say which files are to be carried");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits until the relay is within reach; `None` when it never will be again.
    async fn in_reach(&self) -> Option<Account> {
        let (mut account, mut status) = (self.account.subscribe(), self.hub.follow());
        loop {
            if let Some(account) = account.borrow_and_update().clone()
                && status.borrow_and_update().relay.as_ref().is_some_and(is_in_reach)
            {
                return Some(account);
            }
            tokio::select! {
                changed = account.changed() => changed.ok()?,
                changed = status.changed() => changed.ok()?,
            }
        }
    }

    /// Waits until there may be something to carry.
    async fn rest(&self, way: Way, until: Option<Instant>) {
        let mut account = self.account.subscribe();
        tokio::select! {
            () = self.hub.errands().of(way == Way::Up).notified() => {}
            // It is never gone before this.
            _ = account.changed() => {}
            () = tokio::time::sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => {}
        }
    }

    async fn carry(&self, way: Way, account: &Account, item: Item) {
        let carried = tokio::select! {
            carried = self.carry_whole(way, account, item.hash) => carried,
            () = self.is_overtaken(way, item) => return,
        };
        if let Err(error) = carried {
            if matches!(error, FileError::Replica(ReplicaError::Stopped)) {
                return;
            }
            tracing::info!(%error, ?way, "a file was not carried; it is kept");
            self.fail(way, item.hash, &error).await;
        }
        self.notes().done.remove(&item.hash);
        self.hub.tell_of_files([item.hash].into());
    }

    async fn carry_whole(
        &self,
        way: Way,
        account: &Account,
        hash: ContentHash,
    ) -> std::result::Result<(), FileError> {
        let tell = |Progress { done, .. }: Progress| {
            self.notes().done.insert(hash, done);
            self.hub.tell_of_files([hash].into());
        };
        match way {
            Way::Up => {
                upload(account, &self.shelf, hash, tell).await?;
                self.desk.ask(move |desk| desk.brought(hash)).await?;
                // What waited for this goes out now. An engine that has stopped will find it.
                let _ = self.engine.send(Command::Settled);
            }
            Way::Down => {
                download(account, &self.shelf, hash, u64::MAX, tell).await?;
                self.desk.ask(move |desk| desk.hold(hash, true)).await?;
                self.notes().wanted.remove(&hash);
            }
        }
        self.notes().delays.forget(hash);
        Ok(())
    }

    async fn fail(&self, way: Way, hash: ContentHash, error: &FileError) {
        self.notes().delays.note(hash, error, Instant::now(), u64::from_le_bytes(chance::bytes()));
        let may_be_damaged = match error {
            FileError::Relay(AccountError::Refused { code, .. }) => *code == Code::BLOB_MISMATCH,
            FileError::Disk(error) => error.kind() == std::io::ErrorKind::NotFound,
            _ => false,
        };
        if way == Way::Up && may_be_damaged {
            let shelf = self.shelf.clone();
            let looked = tokio::task::spawn_blocking(move || match shelf.discard_damaged(hash) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
                looked => looked.unwrap_or(false),
            });
            if looked.await.unwrap_or(false) {
                tracing::error!("a file on this device is damaged or gone; whoever has it may add it again");
                // A disk that fails is told of elsewhere.
                let _ = self.desk.ask(move |desk| desk.hold(hash, false)).await;
            }
        }
    }

    /// Waits until something else should be carried before this, or nothing to this relay.
    async fn is_overtaken(&self, way: Way, item: Item) {
        let mut account = self.account.subscribe();
        loop {
            tokio::select! {
                () = self.hub.errands().of(way == Way::Up).notified() => {}
                _ = account.changed() => return,
            }
            if item.size <= SHORT || item.is_wanted {
                continue;
            }
            if let Ok(Next::Carry(next)) = self.next(way).await
                && next != item
            {
                return;
            }
        }
    }

    async fn next(&self, way: Way) -> Result<Next> {
        let (wanted, unwanted) = match way {
            Way::Up => (Vec::new(), self.desk.ask(|desk| desk.read(|store| store.to_bring(SOME))).await?),
            Way::Down => (
                self.wanted().await?,
                self.desk.ask(|desk| desk.read(|store| store.to_fetch(SHORT, SOME))).await?,
            ),
        };
        let all = wanted.into_iter().map(|it| (it, true)).chain(unwanted.into_iter().map(|it| (it, false)));
        let all: Vec<_> = all.map(|((hash, size), is_wanted)| Item { hash, size, is_wanted }).collect();
        let (notes, now) = (self.notes(), Instant::now());
        let due = all.iter().find(|item| notes.delays.is_due(item.hash, now));
        Ok(match due {
            Some(item) => Next::Carry(*item),
            None => Next::Nothing(notes.delays.next(all.iter().map(|item| item.hash))),
        })
    }

    /// Returns what somebody looks at that the relay has and this device has not, the last one first.
    async fn wanted(&self) -> Result<Vec<(ContentHash, u64)>> {
        let mut wanted: Vec<_> = self.notes().wanted.iter().map(|(hash, asked)| (*asked, *hash)).collect();
        wanted.sort_unstable_by(|one, other| other.cmp(one));
        let hashes: Vec<_> = wanted.into_iter().map(|(_, hash)| hash).collect();
        let rows = self.desk.ask(move |desk| desk.read(|store| store.files(&hashes))).await?;
        let lacking = rows.into_iter().filter(|row| row.is_agreed && !row.is_held);
        Ok(lacking.map(|row| (row.file.hash, row.file.size)).collect())
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_in_reach(status: &Status) -> bool {
    matches!(status, Status::CatchingUp { .. } | Status::Synced | Status::Waiting { .. })
}
