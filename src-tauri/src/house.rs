//! Every workspace of the profile that is alive: the one in the window, and those of teams, each in step with its own relay.
//!
//! What was opened stays open until the app ends: going elsewhere stops nothing, and coming back waits for nothing. The one in
//! the window is first; the others are woken once it is on the screen, one after the other, and one that does not open keeps
//! no other away.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sheaf_client::account::{Account, Insist};
use sheaf_client::keychain::{SystemKeychain, Vault};
use sheaf_client::team::TeamError;
use sheaf_client::{Clock, Profile, Replica, ReplicaError, publish, team};
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_protocol::rest::Session;
use tauri::async_runtime;
use tokio::sync::OnceCell;
use tokio::task::{JoinSet, spawn_blocking};

use crate::events::{Ear, Told};
use crate::living::Living;
use crate::shapes::{Problem, ProblemCode, Workspace};
use crate::workspaces;

/// The workspaces that are alive.
pub struct House {
    clock: Clock,
    vault: OnceCell<Vault>,
    ear: Ear,
    rooms: Mutex<Rooms>,
    /// Held while the others are woken.
    waking: tokio::sync::Mutex<()>,
    /// Somebody was told of their keychain.
    warned: AtomicBool,
}

#[derive(Default)]
struct Rooms {
    /// Each is filled by the first who wants it open.
    living: BTreeMap<WorkspaceId, Arc<OnceCell<Arc<Living>>>>,
    /// Why some did not open when they were tried last.
    shut: BTreeMap<WorkspaceId, ProblemCode>,
    /// The one that the window opens.
    front: Option<WorkspaceId>,
    has_ended: bool,
}

impl House {
    /// Returns a house in which nothing is alive. The window hears of changes through this ear. Secrets that nobody opened yet
    /// are in the system's keychain.
    pub fn new(clock: Clock, ear: Ear, vault: OnceCell<Vault>) -> Arc<Self> {
        Arc::new(Self {
            clock,
            vault,
            ear,
            rooms: Mutex::default(),
            waking: tokio::sync::Mutex::default(),
            warned: AtomicBool::default(),
        })
    }

    /// Returns the app's secrets; the keychain is asked when somebody wants them first.
    pub async fn vault(&self) -> Vault {
        let open = async || {
            let vault = Vault::open(SystemKeychain).await;
            if let Some(trouble) = vault.trouble() {
                tracing::warn!(%trouble, "the session ends with the app");
            }
            vault
        };
        self.vault.get_or_init(open).await.clone()
    }

    /// This is the workspace that the window opens.
    pub fn face(&self, workspace: WorkspaceId) {
        self.rooms().front = Some(workspace);
    }

    /// Returns a workspace of the profile, alive: as it is, or opened.
    ///
    /// # Errors
    /// When it does not open; its files are as they were.
    pub async fn enter(
        self: &Arc<Self>,
        profile: &Profile,
        workspace: WorkspaceId,
    ) -> Result<Arc<Living>, Problem> {
        let (living, is_new) = self.open(profile, workspace).await?;
        if is_new {
            async_runtime::spawn(self.clone().settle_down(living.clone(), profile.clone()));
        }
        Ok(living)
    }

    /// Returns the workspace of a team that this device just signed in to, alive and in step with its relay. Should it bring
    /// along what another workspace holds, that is planned before it is begun.
    ///
    /// # Errors
    /// As [`TeamError`] says; the device stays signed in.
    pub async fn take_in(
        self: &Arc<Self>,
        profile: &Profile,
        account: Account,
        session: &Session,
        insist: Insist,
        bring: Option<WorkspaceId>,
    ) -> Result<(), Problem> {
        let (made, named, clock) = (profile.clone(), session.clone(), self.clock.clone());
        let made = spawn_blocking(move || team::prepare(&made, &named, &clock)).await;
        made.map_err(|error| Problem::new(ProblemCode::Internal, error))??;
        let (living, _) = self.open(profile, session.workspace).await?;
        if !team::settle_in(&living.replica, &account, session, insist).await? {
            return Err(TeamError::OtherWorkspace.into());
        }
        if let Some(from) = bring.filter(|from| *from != session.workspace) {
            publish::plan(&living.replica, from).await?;
        }
        living.connect(account);
        self.warned.store(true, Ordering::SeqCst); // whoever asked for this is told of the keychain by its answer
        async_runtime::spawn(self.clone().settle_down(living, profile.clone()));
        Ok(())
    }

    /// Wakes the workspaces of teams that are not alive yet, one after the other.
    pub async fn wake(self: Arc<Self>, profile: Profile) {
        let Ok(_alone) = self.waking.try_lock() else { return };
        let found = profile.clone();
        let Ok(Ok(all)) = spawn_blocking(move || workspaces::of_teams(&found)).await else { return };
        for workspace in all {
            if self.living().contains_key(&workspace) {
                continue;
            }
            if let Err(problem) = self.enter(&profile, workspace).await {
                tracing::warn!(%workspace, code = ?problem.code, detail = problem.detail, "a workspace does not open");
                self.tell_shut(&profile, workspace).await;
            }
        }
    }

    /// Returns the workspaces that the window can go to, in the order in which they were made.
    ///
    /// # Errors
    /// When the profile cannot be read.
    pub async fn list(&self, profile: &Profile) -> Result<Vec<Workspace>, Problem> {
        let (living, front) = (self.living(), self.rooms().front);
        let (alive, shut) = (living.keys().copied().collect::<BTreeSet<_>>(), self.rooms().shut.clone());
        let profile = profile.clone();
        let asleep = spawn_blocking(move || workspaces::list(&profile, front, &alive, &shut)).await;
        let mut rows = asleep.map_err(|error| Problem::new(ProblemCode::Internal, error))??;
        for (workspace, living) in living {
            let here = front == Some(workspace);
            let row = living.row(here).await;
            rows.extend(row.unwrap_or_else(|error| Some(workspaces::unreadable(workspace, here, error))));
        }
        rows.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(rows)
    }

    /// Returns the workspace that has a document: this one first, then those that can be opened.
    ///
    /// # Errors
    /// When the profile cannot be read.
    pub async fn holder_of(
        self: &Arc<Self>,
        profile: &Profile,
        first: WorkspaceId,
        document: DocumentId,
    ) -> Result<Option<WorkspaceId>, Problem> {
        let mut all = profile.workspaces()?;
        all.sort_by_key(|workspace| *workspace != first);
        for workspace in all {
            let Ok(living) = self.enter(profile, workspace).await else { continue };
            if living.replica.places(vec![document]).await.is_ok_and(|rows| !rows.is_empty()) {
                return Ok(Some(workspace));
            }
        }
        Ok(None)
    }

    /// Tries at once to reach every relay that is waited for.
    pub fn hurry(&self) {
        self.living().values().for_each(|living| living.replica.hurry());
    }

    /// Ends all of them in order.
    pub async fn end(&self) {
        let living = self.living();
        self.rooms().has_ended = true;
        let mut stopping = JoinSet::new();
        for (_, living) in living {
            stopping.spawn(async move { living.replica.stop().await });
        }
        stopping.join_all().await;
    }

    /// Returns a workspace, alive, and whether it is only now.
    async fn open(
        self: &Arc<Self>,
        profile: &Profile,
        workspace: WorkspaceId,
    ) -> Result<(Arc<Living>, bool), Problem> {
        let room = self.rooms().living.entry(workspace).or_default().clone();
        let mut is_new = false;
        let opening = async {
            let replica = Replica::open(profile, workspace, self.clock.clone()).await?;
            is_new = true;
            Ok::<_, ReplicaError>(Arc::new(Living::of(replica)))
        };
        let opened = room.get_or_try_init(|| opening).await.cloned().map_err(Problem::from);
        let has_ended = {
            let mut rooms = self.rooms();
            match &opened {
                Ok(_) => rooms.shut.remove(&workspace),
                Err(problem) => rooms.shut.insert(workspace, problem.code),
            };
            rooms.has_ended
        };
        let living = opened?;
        if has_ended {
            living.replica.stop().await;
            return Err(ReplicaError::Stopped.into());
        }
        if is_new {
            async_runtime::spawn(self.clone().follow(living.clone()));
        }
        Ok((living, is_new))
    }

    /// Does what a workspace that was opened still lacks: it brings along what publishing planned, and finds its team's relay.
    /// The documents are there already: neither keeps anybody from writing. What a person should know of it they are told.
    async fn settle_down(self: Arc<Self>, living: Arc<Living>, profile: Profile) {
        if let Err(error) = publish::go_on(&living.replica, &profile).await {
            self.ear.tell(&Told::Trouble { problem: Problem::new(ProblemCode::NotBrought, error) });
        }
        if living.replica.setting(team::RELAY).await.is_ok_and(|relay| relay.is_none()) {
            return;
        }
        let vault = self.vault().await;
        if let Some(code) = notice(&vault)
            && !self.warned.swap(true, Ordering::SeqCst)
        {
            let problem = Problem::new(code, "the keychain did not open");
            self.ear.tell(&Told::Trouble { problem });
        }
        living.find_relay(&profile, &vault).await;
    }

    /// Tells how a workspace stands whenever that changes, and learns who is in the team each time its relay answers again. Of
    /// the one in front the window is told everything anyway.
    async fn follow(self: Arc<Self>, living: Arc<Living>) {
        let mut status = living.replica.follow_status();
        let mut was_in_touch = false;
        loop {
            let is_in_touch = living.is_in_touch();
            if is_in_touch && !was_in_touch {
                async_runtime::spawn(self.clone().learn(living.clone()));
            }
            was_in_touch = is_in_touch;
            if self.rooms().front != Some(living.workspace()) {
                self.tell_of(&living).await;
            }
            if status.changed().await.is_err() {
                return;
            }
        }
    }

    async fn learn(self: Arc<Self>, living: Arc<Living>) {
        match living.learn(&self.clock).await {
            Ok(_) => self.tell_of(&living).await,
            Err(problem) => {
                tracing::info!(code = ?problem.code, "who is in the team stays as it was known");
            }
        }
    }

    async fn tell_of(&self, living: &Living) {
        let here = self.rooms().front == Some(living.workspace());
        if let Ok(Some(workspace)) = living.row(here).await {
            self.ear.tell(&Told::Workspace { workspace });
        }
    }

    async fn tell_shut(&self, profile: &Profile, workspace: WorkspaceId) {
        if let Ok(rows) = self.list(profile).await
            && let Some(workspace) = rows.into_iter().find(|row| row.id == workspace.to_string())
        {
            self.ear.tell(&Told::Workspace { workspace });
        }
    }

    fn living(&self) -> BTreeMap<WorkspaceId, Arc<Living>> {
        let rooms = self.rooms();
        rooms.living.iter().filter_map(|(id, room)| Some((*id, room.get()?.clone()))).collect()
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns what a person should know of where their session is kept.
pub fn notice(vault: &Vault) -> Option<ProblemCode> {
    vault.trouble().map(ProblemCode::from)
}
