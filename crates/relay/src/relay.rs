//! A running relay: everything put together on one data folder, and taken apart again in order.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use sheaf_protocol::rest::RelayAddress;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts::limits::Limits;
use crate::accounts::passwords::Passwords;
use crate::accounts::tokens::Tokens;
use crate::blobs::Blobs;
use crate::clock;
use crate::config::Config;
use crate::error::Result;
use crate::folder::{Folder, FolderLock};
use crate::http::{self, App};
use crate::invitation;
use crate::keys::Keys;
use crate::listen;
use crate::readers::Readers;
use crate::snapshots::Snapshots;
use crate::storage::sqlite::Sqlite;
use crate::writer::{self, Tools, Writer};

/// Threads that read while the writer writes.
const READERS: usize = 2;

/// The relay.
pub struct Relay;

/// A running relay. Call [`RelayHandle::stop`]; dropped without it, it ends like a killed one, which loses nothing.
pub struct RelayHandle {
    /// Where it listens.
    pub addr: SocketAddr,
    /// The owner's invitation link, while nobody has used it.
    pub owner_invitation: Option<String>,
    stop: CancellationToken,
    tasks: TaskTracker,
    app: Arc<App>,
    threads: Vec<JoinHandle<()>>,
    database: std::path::PathBuf,
    _lock: FolderLock,
}

impl Relay {
    /// Starts a relay; it serves when this returns.
    pub async fn start(config: Config) -> Result<RelayHandle> {
        crate::install_crypto();
        let folder = Folder::create(&config.data)?;
        let lock = folder.lock()?;
        let listener = listen::bind(config.listen)?;
        let addr =
            listener.local_addr().map_err(|source| crate::Error::System { doing: "listening", source })?;
        let address = config.address(addr)?;

        if !folder.database().exists() {
            Keys::create_missing(&folder)?;
        }
        let keys = Keys::load(&folder)?;
        let mut database = Sqlite::open(&folder.database())?;
        if let Err(error) = database.lay_out_log() {
            tracing::warn!(%error, "no room for the write-ahead log in advance; commits take longer");
        }
        let owner_invitation = invitation::prepare(&folder, &mut database, &address)?;

        let (readers, mut threads) = Readers::start(&folder.database(), READERS)?;
        let tasks = TaskTracker::new();
        let (writer, waiting) = Writer::new(config.bounds.incoming);
        let (snapshots, thread) = Snapshots::start(&folder.database(), writer.reports())?;
        threads.push(thread);
        let blobs = Arc::new(Blobs::new(folder.blobs(), config.bounds.largest_file));
        let tools = Tools {
            database,
            path: folder.database(),
            readers: readers.clone(),
            snapshots,
            blobs: blobs.clone(),
            jobs: writer.reports(),
            seal_key: keys.seal.clone(),
            hash_key: clock::chance()?,
            replicas: config.bounds.replicas,
            now: clock::now(),
        };
        threads.push(writer::start(tools, waiting)?);
        let stop = CancellationToken::new();
        let app = Arc::new(App {
            tokens: Tokens::new(&keys),
            passwords: Passwords::new(),
            limits: Limits::new(config.rates),
            readers,
            writer,
            blobs,
            folder,
            origin: origin(&address),
            address,
            name: config.name,
            trust_proxy: config.trust_proxy,
            bounds: config.bounds,
            tasks: tasks.clone(),
        });
        let router = http::router(app.clone());
        tasks.spawn(listen::serve(listener, router, config.bounds, stop.clone(), tasks.clone()));
        tasks.spawn(tidy(app.clone(), stop.clone()));
        tracing::info!(%addr, "the relay serves");
        let database = app.folder.database();
        let owner_invitation = owner_invitation.map(|link| link.expose().to_owned());
        Ok(RelayHandle { addr, owner_invitation, stop, tasks, app, threads, database, _lock: lock })
    }
}

/// Forgets addresses and accounts that have not tried for a while, so that counting them costs no memory, and uploads that
/// nobody goes on with.
async fn tidy(app: Arc<App>, stop: CancellationToken) {
    let mut minute = tokio::time::interval(Duration::from_secs(60));
    while stop.run_until_cancelled(minute.tick()).await.is_some() {
        app.limits.tidy();
        let app = app.clone();
        let tidied = tokio::task::spawn_blocking(move || app.blobs.tidy(SystemTime::now())).await;
        if let Ok(Err(error)) = tidied {
            tracing::warn!(%error, "unfinished uploads cannot be tidied");
        }
    }
}

/// Returns scheme, host and port of an address, as browsers write an origin.
fn origin(address: &RelayAddress) -> String {
    address.to_string().split('/').take(3).collect::<Vec<_>>().join("/")
}

impl RelayHandle {
    /// Resolves when the relay cannot go on: its writing thread has ended and nobody asked it to. Nothing that was
    /// acknowledged is lost; what is left to do is to start again.
    pub async fn broken(&self) {
        self.app.writer.ended().await;
    }

    /// Stops in order: no new connections, last words to the present ones, what is queued committed, the log folded into
    /// the database file.
    pub async fn stop(self) -> Result<()> {
        let began = clock::now();
        self.stop.cancel();
        self.app.writer.stop().await;
        self.tasks.close();
        self.tasks.wait().await;
        drop(self.app);
        let (threads, database) = (self.threads, self.database);
        let done = tokio::task::spawn_blocking(move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a thread of the relay had panicked");
                }
            }
            Sqlite::open(&database)?.checkpoint()
        });
        done.await.map_err(|_| crate::Error::Stopping)??;
        tracing::info!(duration_ms = clock::now().saturating_sub(began), "the relay has stopped");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_relay_whose_writer_is_gone_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let relay = Relay::start(Config { listen, ..Config::new(folder.path()) }).await.unwrap();
        let writer = relay.app.writer.clone();
        assert!(writer.is_alive(), "it serves");
        let lost = writer.call(|_| -> Result<()> { panic!("a bug in a job") }).await;
        assert!(lost.is_err(), "the job has no answer");
        relay.broken().await;
        assert!(!writer.is_alive(), "and the health check can tell");
    }
}
