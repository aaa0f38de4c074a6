//! What the commands work on: the profile, and the workspace that is open in the window.
//!
//! A window that starts, or loads its page anew, takes its seat anew. Joining a team only prepares its workspace: the old
//! one stays open and goes on being written until the window, with everything saved, starts over.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::keychain::{SystemKeychain, Vault};
use sheaf_client::{Clock, Profile, Replica, publish, team};
use sheaf_document::ids::WorkspaceId;
use sheaf_protocol::secret::Secret;
use tauri::async_runtime;
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::sync::{OnceCell, RwLock};
use tokio::task::spawn_blocking;

use crate::seat::Seat;
use crate::shapes::{JoinRequest, Problem, Start};

/// How long the end of the app waits for the disk. Everything that was called saved is there already.
const FAREWELL: Duration = Duration::from_secs(2);

/// The shell of one profile.
pub struct Shell {
    folder: PathBuf,
    clock: Clock,
    vault: Arc<OnceCell<Vault>>,
    window: Mutex<Option<Channel<InvokeResponseBody>>>,
    seat: RwLock<Option<Arc<Seat>>>,
}

impl Shell {
    /// Returns the shell of the profile in this folder. Nothing is opened yet.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            clock: Clock::system(),
            vault: Arc::default(),
            window: Mutex::default(),
            seat: RwLock::default(),
        }
    }

    /// Tells the window everything through this channel, from its next start on.
    pub fn listen(&self, window: Channel<InvokeResponseBody>) {
        *self.window.lock().unwrap_or_else(PoisonError::into_inner) = Some(window);
    }

    /// Opens the profile's workspace for the window, or gives the window a new seat at it.
    ///
    /// # Errors
    /// When the profile or the workspace cannot be opened; the files are as they were.
    pub async fn start(&self) -> Result<Start, Problem> {
        let mut place = self.seat.write().await;
        let before = place.take();
        let (profile, workspace) = self.begin().await?;
        let replica = match before {
            Some(seat) if seat.replica.identity().workspace == workspace => seat.replica.clone(),
            before => {
                if let Some(seat) = before {
                    seat.replica.stop().await;
                }
                self.enter(&profile, workspace).await?
            }
        };
        let window = self.window.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let seat = Arc::new(Seat::take(replica, window).await?);
        let start = seat.describe().await;
        *place = Some(seat);
        start
    }

    /// Returns the window's seat.
    ///
    /// # Errors
    /// When no workspace is open.
    pub async fn seat(&self) -> Result<Arc<Seat>, Problem> {
        self.seat.read().await.clone().ok_or_else(|| Problem::new("internal", "no workspace is open"))
    }

    /// Joins a team: its workspace is the one that the window's next start opens.
    ///
    /// # Errors
    /// As the relay says; this device's own workspace is as it was.
    pub async fn join(&self, request: JoinRequest) -> Result<(), Problem> {
        self.prepare(request).await?.stop().await;
        Ok(())
    }

    /// Brings this workspace to a relay: as [`Shell::join`], and everything that is here comes along.
    ///
    /// # Errors
    /// As [`Shell::join`].
    pub async fn publish(&self, request: JoinRequest) -> Result<(), Problem> {
        let seat = self.seat().await?;
        if seat.is_shared() {
            return Err(Problem::new("internal", "a relay holds this workspace already"));
        }
        let team = self.prepare(request).await?;
        publish::plan(&team, seat.replica.identity().workspace).await?;
        team.stop().await;
        Ok(())
    }

    /// Ends the replica in order.
    pub async fn end(&self) {
        if let Some(seat) = self.seat.write().await.take() {
            let _ = tokio::time::timeout(FAREWELL, seat.replica.stop()).await;
        }
    }

    async fn prepare(&self, request: JoinRequest) -> Result<Replica, Problem> {
        let (profile, _) = self.begin().await?;
        let who = Enrolment {
            name: request.name,
            email: request.email,
            password: Secret::new(request.password),
            device: profile.device(&self.clock)?,
            device_name: format!("Sheaf on {}", std::env::consts::OS),
        };
        let vault = self.vault().await;
        let insist = Insist::Encrypted;
        let (account, session) =
            Account::join(&request.invitation, insist, who, vault, profile.folder()).await?;
        Ok(team::settle(&profile, &account, &session, insist, &self.clock).await?)
    }

    async fn enter(&self, profile: &Profile, workspace: WorkspaceId) -> Result<Replica, Problem> {
        let replica = Replica::open(profile, workspace, self.clock.clone()).await?;
        publish::go_on(&replica, profile).await?;
        if replica.setting(team::RELAY).await?.is_some() {
            let (replica, profile, vault) = (replica.clone(), profile.clone(), self.vault.clone());
            async_runtime::spawn(async move {
                let vault = vault.get_or_init(open_vault).await.clone();
                Seat::connect(replica, profile, vault).await;
            });
        }
        Ok(replica)
    }

    async fn begin(&self) -> Result<(Profile, WorkspaceId), Problem> {
        let (folder, clock) = (self.folder.clone(), self.clock.clone());
        let begun = spawn_blocking(move || {
            let profile = Profile::open(folder)?;
            let workspace = profile.begin(&clock)?;
            Ok((profile, workspace))
        });
        begun.await.map_err(|error| Problem::new("internal", error))?
    }

    async fn vault(&self) -> Vault {
        self.vault.get_or_init(open_vault).await.clone()
    }
}

async fn open_vault() -> Vault {
    let vault = Vault::open(SystemKeychain).await;
    if let Some(trouble) = vault.trouble() {
        tracing::warn!(%trouble, "the session ends with the app");
    }
    vault
}
