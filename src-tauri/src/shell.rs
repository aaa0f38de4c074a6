//! What the commands work on: the profile, and the workspace that is open in the window.
//!
//! A window that starts, or loads its page anew, takes its seat anew. Joining a team only prepares its workspace: the old
//! one stays open and goes on being written until the window, with everything saved, starts over.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::keychain::{SystemKeychain, Vault};
use sheaf_client::team::TeamError;
use sheaf_client::{Clock, Profile, Replica, publish, team};
use sheaf_document::ids::WorkspaceId;
use sheaf_protocol::secret::Secret;
use tauri::async_runtime;
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::sync::{OnceCell, RwLock};
use tokio::task::spawn_blocking;

use crate::events;
use crate::seat::Seat;
use crate::shapes::{JoinRequest, Problem, ProblemCode, SignInRequest, Start, Workspace};
use crate::workspaces;

/// How long the end of the app waits for the disk. Everything that was called saved is there already.
const FAREWELL: Duration = Duration::from_secs(2);

/// The window's ear, once it listens.
type Window = Arc<Mutex<Option<Channel<InvokeResponseBody>>>>;

/// The shell of one profile.
pub struct Shell {
    folder: PathBuf,
    /// Held while the profile is begun: a first start makes it, once.
    beginning: tokio::sync::Mutex<()>,
    clock: Clock,
    vault: Arc<OnceCell<Vault>>,
    window: Window,
    /// The page's process ended, and the next page does not know it yet.
    lost_page: AtomicBool,
    seat: RwLock<Option<Arc<Seat>>>,
}

/// What a person wrote into the dialog.
struct Wish {
    link: String,
    insist: Insist,
    who: Enrolment,
}

impl Shell {
    /// Returns the shell of the profile in this folder. Nothing is opened yet.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            beginning: tokio::sync::Mutex::default(),
            clock: Clock::system(),
            vault: Arc::default(),
            window: Window::default(),
            lost_page: AtomicBool::default(),
            seat: RwLock::default(),
        }
    }

    /// Tells the window everything through this channel, from its next start on.
    pub fn listen(&self, window: Channel<InvokeResponseBody>) {
        *self.window.lock().unwrap_or_else(PoisonError::into_inner) = Some(window);
    }

    /// The window's page is gone, and another one is being loaded: it will be told so.
    #[cfg(target_os = "linux")]
    pub fn lose_page(&self) {
        *self.window.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.lost_page.store(true, Ordering::SeqCst);
    }

    /// Asks the window whether it may close; says whether it can hear that.
    pub fn ask_to_close(&self) -> bool {
        let window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        window.as_ref().is_some_and(events::tell_closing)
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
        let mut start = start?;
        start.revived = self.lost_page.swap(false, Ordering::SeqCst);
        Ok(start)
    }

    /// Returns the workspaces that the window can go to, the one among them that it starts with marked, whether or not that
    /// opens.
    ///
    /// # Errors
    /// When the profile cannot be read.
    pub async fn workspaces(&self) -> Result<Vec<Workspace>, Problem> {
        let (profile, here) = self.begin().await?;
        let listed = spawn_blocking(move || workspaces::list(&profile, here)).await;
        listed.map_err(|error| Problem::new(ProblemCode::Internal, error))?
    }

    /// Makes another workspace of the profile the one that the window's next start opens.
    ///
    /// # Errors
    /// When there is none of this id, or the disk fails.
    pub async fn go_to(&self, workspace: WorkspaceId) -> Result<(), Problem> {
        let (profile, _) = self.begin().await?;
        if !profile.workspaces()?.contains(&workspace) {
            return Err(Problem::new(ProblemCode::Internal, "the profile has no such workspace"));
        }
        Ok(profile.remember(workspace, &self.clock)?)
    }

    /// Returns the window's seat.
    ///
    /// # Errors
    /// When no workspace is open.
    pub async fn seat(&self) -> Result<Arc<Seat>, Problem> {
        self.seat
            .read()
            .await
            .clone()
            .ok_or_else(|| Problem::new(ProblemCode::Internal, "no workspace is open"))
    }

    /// Joins a team: its workspace is the one that the window's next start opens. Returns what the person should know of
    /// their keychain, if anything.
    ///
    /// # Errors
    /// As the relay says; this device's own workspace is as it was.
    pub async fn join(&self, request: JoinRequest) -> Result<Option<ProblemCode>, Problem> {
        let (profile, _) = self.begin().await?;
        let Wish { link, insist, who } = self.wish(&profile, request)?;
        let vault = self.vault().await;
        let joined = Account::join(&link, insist, who, vault.clone(), profile.folder()).await;
        let (account, session) = joined.map_err(TeamError::from)?;
        let seat = self.seat().await?;
        if team::settle_in(&seat.replica, &account, &session, insist).await? {
            seat.replica.connect(team::relay(&account));
        } else {
            team::settle(&profile, &account, &session, insist, &self.clock).await?.stop().await;
            profile.remember(session.workspace, &self.clock)?;
        }
        Ok(notice(&vault))
    }

    /// Brings this workspace to a relay, with everything that is here.
    ///
    /// # Errors
    /// As [`Shell::join`].
    pub async fn publish(&self, request: JoinRequest) -> Result<Option<ProblemCode>, Problem> {
        let seat = self.seat().await?;
        if seat.is_shared() {
            return Err(Problem::new(ProblemCode::Internal, "a relay holds this workspace already"));
        }
        let (profile, _) = self.begin().await?;
        let Wish { link, insist, who } = self.wish(&profile, request)?;
        let vault = self.vault().await;
        let (account, session) =
            publish::begin(&seat.replica, &profile, &link, insist, who, vault.clone(), &self.clock).await?;
        if session.workspace == seat.replica.identity().workspace {
            seat.replica.connect(team::relay(&account));
        }
        Ok(notice(&vault))
    }

    /// Signs this workspace's person in again.
    ///
    /// # Errors
    /// As the relay says, or because it is another person; the workspace stays open as it is.
    pub async fn sign_in(&self, request: SignInRequest) -> Result<Option<ProblemCode>, Problem> {
        let seat = self.seat().await?;
        let (profile, _) = self.begin().await?;
        let (vault, password) = (self.vault().await, Secret::new(request.password));
        vault.retry().await; // perhaps it is unlocked by now
        let account = team::sign_in(&seat.replica, &profile, request.email, password, vault.clone()).await?;
        seat.replica.connect(team::relay(&account));
        Ok(notice(&vault))
    }

    /// Ends the replica in order.
    pub async fn end(&self) {
        if let Some(seat) = self.seat.write().await.take() {
            let _ = tokio::time::timeout(FAREWELL, seat.replica.stop()).await;
        }
    }

    fn wish(&self, profile: &Profile, request: JoinRequest) -> Result<Wish, Problem> {
        let who = Enrolment {
            name: request.name,
            email: request.email,
            password: Secret::new(request.password),
            device: profile.device(&self.clock)?,
            device_name: team::device_name(),
        };
        let insist = if request.insist { Insist::AnyRelay } else { Insist::Encrypted };
        Ok(Wish { link: request.invitation, insist, who })
    }

    async fn enter(&self, profile: &Profile, workspace: WorkspaceId) -> Result<Replica, Problem> {
        let replica = Replica::open(profile, workspace, self.clock.clone()).await?;
        let (opened, profile) = (replica.clone(), profile.clone());
        let (vault, window) = (self.vault.clone(), self.window.clone());
        async_runtime::spawn(async move {
            if let Err(problem) = settle_down(opened, profile, &vault).await
                && let Some(window) = window.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            {
                events::tell_trouble(window, problem);
            }
        });
        Ok(replica)
    }

    async fn begin(&self) -> Result<(Profile, WorkspaceId), Problem> {
        let _alone = self.beginning.lock().await;
        let (folder, clock) = (self.folder.clone(), self.clock.clone());
        let begun = spawn_blocking(move || {
            let profile = Profile::open(folder)?;
            let workspace = profile.begin(&clock)?;
            Ok((profile, workspace))
        });
        begun.await.map_err(|error| Problem::new(ProblemCode::Internal, error))?
    }

    async fn vault(&self) -> Vault {
        self.vault.get_or_init(open_vault).await.clone()
    }
}

/// Does what a workspace that was opened still lacks: it brings along what publishing planned, and finds its team's relay.
/// The documents are there already: neither keeps anybody from writing.
///
/// # Errors
/// What a person should know of it.
async fn settle_down(replica: Replica, profile: Profile, vault: &OnceCell<Vault>) -> Result<(), Problem> {
    let brought = publish::go_on(&replica, &profile).await;
    if replica.setting(team::RELAY).await?.is_some() {
        let vault = vault.get_or_init(open_vault).await.clone();
        async_runtime::spawn(Seat::connect(replica, profile, vault.clone()));
        if let Some(code) = notice(&vault) {
            return Err(Problem::new(code, "the keychain did not open"));
        }
    }
    brought.map_err(|error| Problem::new(ProblemCode::NotBrought, error))
}

async fn open_vault() -> Vault {
    let vault = Vault::open(SystemKeychain).await;
    if let Some(trouble) = vault.trouble() {
        tracing::warn!(%trouble, "the session ends with the app");
    }
    vault
}

/// Returns what a person should know of where their session is kept.
fn notice(vault: &Vault) -> Option<ProblemCode> {
    vault.trouble().map(ProblemCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_profile_is_begun_once_however_many_ask_at_the_same_time() {
        let folder = tempfile::tempdir().unwrap();
        let shell = Shell::new(folder.path().to_owned());
        let (one, other, third) = tokio::join!(shell.workspaces(), shell.workspaces(), shell.begin());
        let (profile, _) = third.expect("the first start of a profile does not fail for being asked about");
        assert_eq!(one.unwrap(), other.unwrap(), "all are told the same");
        assert_eq!(profile.workspaces().unwrap().len(), 1, "and there is one workspace");
    }
}
