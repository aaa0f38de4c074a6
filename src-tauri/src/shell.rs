//! What the commands work on: the profile, the workspaces of it that are alive, and the one that is open in the window.
//!
//! A window that starts, or loads its page anew, takes its seat anew. Joining a team only adds its workspace: the old one goes
//! on being written until the window, with everything saved, starts over, and stays in step after that.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::import::Progress;
use sheaf_client::keychain::Vault;
use sheaf_client::team::TeamError;
use sheaf_client::{Clock, Profile, publish, team};
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_protocol::secret::Secret;
use tauri::async_runtime;
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::sync::{OnceCell, RwLock};
use tokio::task::spawn_blocking;

use crate::commands::transfer::told;
use crate::events::{Ear, Told};
use crate::house::{House, notice};
use crate::seat::Seat;
use crate::shapes::{
    Invitation, JoinRequest, Members, Problem, ProblemCode, SignInRequest, Start, Visit, Workspace,
};
use crate::translate;

/// How long the end of the app waits for the disk. Everything that was called saved is there already.
const FAREWELL: Duration = Duration::from_secs(2);

/// The shell of one profile.
pub struct Shell {
    folder: PathBuf,
    /// Held while the profile is begun: a first start makes it, once.
    beginning: tokio::sync::Mutex<()>,
    clock: Clock,
    ear: Ear,
    house: Arc<House>,
    /// The page's process ended, and the next page does not know it yet.
    lost_page: AtomicBool,
    /// The document that a link led to, until the window asks for it.
    wanted: Mutex<Option<DocumentId>>,
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
        Self::with(folder, OnceCell::new())
    }

    /// The same, with secrets that are opened already or else in the system's keychain.
    fn with(folder: PathBuf, vault: OnceCell<Vault>) -> Self {
        let (clock, ear) = (Clock::system(), Ear::default());
        Self {
            folder,
            beginning: tokio::sync::Mutex::default(),
            house: House::new(clock.clone(), ear.clone(), vault),
            clock,
            ear,
            lost_page: AtomicBool::default(),
            wanted: Mutex::default(),
            seat: RwLock::default(),
        }
    }

    /// Returns the profile's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Tells the window everything through this channel, from its next start on.
    pub fn listen(&self, window: Channel<InvokeResponseBody>) {
        self.ear.turn_to(Some(window));
    }

    /// The window's page is gone, and another one is being loaded: it will be told so.
    #[cfg(target_os = "linux")]
    pub fn lose_page(&self) {
        self.ear.turn_to(None);
        self.lost_page.store(true, Ordering::SeqCst);
    }

    /// Somebody followed a link to a document: the window hears of it, now or when it starts.
    pub fn lead_to(&self, document: DocumentId) {
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = Some(document);
        self.ear.tell(&Told::Visit);
    }

    /// Returns where the link led that somebody followed last, once, and which workspace has the document.
    ///
    /// # Errors
    /// When none has it, or the profile cannot be read.
    pub async fn visit(&self) -> Result<Option<Visit>, Problem> {
        let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(document) = wanted else { return Ok(None) };
        let (profile, here) = self.begin().await?;
        let workspace = self.house.holder_of(&profile, here, document).await?;
        let not_here = || Problem::new(ProblemCode::NotHere, "no workspace of this device has the document");
        let workspace = workspace.ok_or_else(not_here)?.to_string();
        Ok(Some(Visit { document: document.to_string(), workspace }))
    }

    /// Returns what tells the window how far an import or export is.
    pub fn teller(&self) -> impl FnMut(Progress) + Send + 'static {
        let ear = self.ear.clone();
        move |step| _ = ear.tell(&told(step))
    }

    /// Returns what time it is.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Asks the window whether it may close; says whether it can hear that.
    pub fn ask_to_close(&self) -> bool {
        self.ear.tell(&Told::Closing)
    }

    /// Opens the profile's workspace for the window, or gives the window a new seat at it. The one that the window comes from
    /// goes on.
    ///
    /// # Errors
    /// When the profile or the workspace cannot be opened; the files are as they were.
    pub async fn start(&self) -> Result<Start, Problem> {
        let mut place = self.seat.write().await;
        if let Some(before) = place.take() {
            before.leave().await;
        }
        let (profile, workspace) = self.begin().await?;
        let living = self.house.enter(&profile, workspace).await?;
        let seat = Arc::new(Seat::take(living, self.ear.channel()).await?);
        let start = seat.describe().await;
        *place = Some(seat);
        let mut start = start?;
        start.revived = self.lost_page.swap(false, Ordering::SeqCst);
        Ok(start)
    }

    /// Returns the workspaces that the window can go to, the one among them that it starts with marked, whether or not that
    /// opens. Those of teams that are not alive yet are woken.
    ///
    /// # Errors
    /// When the profile cannot be read.
    pub async fn workspaces(&self) -> Result<Vec<Workspace>, Problem> {
        let (profile, _) = self.begin().await?;
        let rows = self.house.list(&profile).await?;
        async_runtime::spawn(self.house.clone().wake(profile));
        Ok(rows)
    }

    /// Makes another workspace of the profile the one that the window's next start opens.
    ///
    /// # Errors
    /// When there is none of this id, or the disk fails.
    pub async fn go_to(&self, workspace: WorkspaceId) -> Result<(), Problem> {
        let (profile, here) = self.begin().await?;
        if workspace == here {
            return Ok(());
        }
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
        let vault = self.house.vault().await;
        let joined = Account::join(&link, insist, who, vault.clone(), profile.folder()).await;
        let (account, session) = joined.map_err(TeamError::from)?;
        self.house.take_in(&profile, account, &session, insist, None).await?;
        profile.remember(session.workspace, &self.clock)?;
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
        let (claim, vault) = (publish::claim(&seat.replica), self.house.vault().await);
        let joined = Account::join_with(claim, &link, insist, who, vault.clone(), profile.folder()).await;
        let (account, session) = joined.map_err(TeamError::from)?;
        self.house.take_in(&profile, account, &session, insist, Some(claim.workspace)).await?;
        profile.remember(session.workspace, &self.clock)?;
        Ok(notice(&vault))
    }

    /// Signs this workspace's person in again.
    ///
    /// # Errors
    /// As the relay says, or because it is another person; the workspace stays open as it is.
    pub async fn sign_in(&self, request: SignInRequest) -> Result<Option<ProblemCode>, Problem> {
        let seat = self.seat().await?;
        let (profile, _) = self.begin().await?;
        let (vault, password) = (self.house.vault().await, Secret::new(request.password));
        vault.retry().await; // perhaps it is unlocked by now
        let account = team::sign_in(&seat.replica, &profile, request.email, password, vault.clone()).await?;
        seat.living.connect(account);
        Ok(notice(&vault))
    }

    /// Returns who is in this workspace's team: as far as this device knows, or, if `ask`, as the relay says now.
    ///
    /// # Errors
    /// As the relay says, or when the disk fails.
    pub async fn members(&self, ask: bool) -> Result<Members, Problem> {
        let seat = self.seat().await?;
        if ask {
            let asked = seat.living.learn(&self.clock).await?;
            return Ok(translate::members(Some(asked), Vec::new()));
        }
        let asked = team::members(&seat.replica).await?;
        Ok(translate::members(asked, seat.replica.members().await?))
    }

    /// Makes an invitation to this workspace's team, for one more person.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn invite(&self) -> Result<Invitation, Problem> {
        let account = self.seat().await?.living.account()?;
        Ok(translate::invitation(&account.invite().await?))
    }

    /// Tries at once to reach every relay that is waited for.
    pub fn hurry(&self) {
        self.house.hurry();
    }

    /// Ends every workspace in order.
    pub async fn end(&self) {
        if tokio::time::timeout(FAREWELL, self.house.end()).await.is_err() {
            tracing::warn!("a workspace takes long to end; the app goes");
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

    async fn begin(&self) -> Result<(Profile, WorkspaceId), Problem> {
        let _alone = self.beginning.lock().await;
        let (folder, clock) = (self.folder.clone(), self.clock.clone());
        let begun = spawn_blocking(move || {
            let profile = Profile::open(folder)?;
            let workspace = profile.begin(&clock)?;
            Ok::<_, Problem>((profile, workspace))
        });
        let (profile, workspace) =
            begun.await.map_err(|error| Problem::new(ProblemCode::Internal, error))??;
        self.house.face(workspace);
        Ok((profile, workspace))
    }
}

#[cfg(test)]
mod tests;
