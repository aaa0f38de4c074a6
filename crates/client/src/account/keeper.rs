//! A signed-in device: hands out access tokens and replaces the refresh secret, one question at a time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sheaf_document::ids::{DeviceId, WorkspaceId};
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{
    Claim, Device, Invitation, InvitationLink, Join, Refresh, RelayAddress, Session, SignIn, Workspace,
};
use sheaf_protocol::secret::Secret;
use tokio::sync::Mutex;

use super::AccountError;
use super::api::{Insist, RelayApi};
use super::filed::{self, Filed, Pending, fresh_secret};
use crate::keychain::Vault;

/// An access token is replaced this long before it ends.
const MARGIN: Duration = Duration::from_secs(60);
/// How often a question is asked again while another rotation of this device is being stored.
const ROTATING_TRIES: u32 = 5;

/// A person on a device, before the relay knows the device.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// The person's name; only for joining.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: Secret,
    /// The device, made at its first start and kept.
    pub device: DeviceId,
    /// What they call the device.
    pub device_name: String,
}

/// A device that is signed in at a relay; clones share it.
#[derive(Clone)]
pub struct Account {
    shared: Arc<Shared>,
}

struct Shared {
    api: RelayApi,
    vault: Vault,
    /// The name of this device's secret in the vault.
    filed_as: String,
    /// The file whose lock keeps two programs on one profile from refreshing this session at the same time.
    lock: PathBuf,
    access: Mutex<Option<Access>>,
}

/// An access token and when it ends, by this process's own clock.
#[derive(Clone)]
struct Access {
    token: Secret,
    ends: Instant,
}

impl Account {
    /// Joins a team by an invitation. Who has an account there is signed in instead: the answer to an earlier attempt may
    /// have been lost, or this is a second device of theirs.
    ///
    /// # Errors
    /// As [`AccountError`] says; the invitation is used up only by success.
    pub async fn join(
        link: &str,
        insist: Insist,
        who: Enrolment,
        vault: Vault,
        profile: &Path,
    ) -> Result<(Self, Session), AccountError> {
        Self::enter(link, insist, who, None, vault, profile).await
    }

    /// As [`Account::join`], with the workspace that this device wrote alone: an empty relay takes its ids over, as the
    /// session then says.
    ///
    /// # Errors
    /// As [`Account::join`].
    pub async fn join_with(
        claim: Claim,
        link: &str,
        insist: Insist,
        who: Enrolment,
        vault: Vault,
        profile: &Path,
    ) -> Result<(Self, Session), AccountError> {
        Self::enter(link, insist, who, Some(claim), vault, profile).await
    }

    async fn enter(
        link: &str,
        insist: Insist,
        who: Enrolment,
        claim: Option<Claim>,
        vault: Vault,
        profile: &Path,
    ) -> Result<(Self, Session), AccountError> {
        let link = InvitationLink::parse(link).map_err(|_| AccountError::Link)?;
        let api = RelayApi::at(link.relay, insist)?;
        let secret = fresh_secret();
        let join = Join {
            invitation: link.secret,
            name: who.name,
            email: who.email,
            password: who.password,
            device: Device { id: who.device, name: who.device_name },
            next: secret.hash().into(),
            claim,
        };
        join.check()
            .map_err(|fault| AccountError::Refused { code: fault.code, field: Some(fault.field.into()) })?;
        api.health().await?;
        let session = match api.join(&join).await {
            Err(refused @ AccountError::Refused { code: Code::INVITATION | Code::EMAIL_TAKEN, .. }) => {
                let Join { email, password, device, next, .. } = join;
                api.sign_in(&SignIn { email, password, device, next }).await.map_err(|_| refused)?
            }
            answer => answer?,
        };
        Self::enrolled(api, session, secret, vault, profile).await
    }

    /// Signs a person in who has an account.
    ///
    /// # Errors
    /// As [`AccountError`] says.
    pub async fn sign_in(
        address: RelayAddress,
        insist: Insist,
        who: Enrolment,
        vault: Vault,
        profile: &Path,
    ) -> Result<(Self, Session), AccountError> {
        let api = RelayApi::at(address, insist)?;
        let secret = fresh_secret();
        let sign_in = SignIn {
            email: who.email,
            password: who.password,
            device: Device { id: who.device, name: who.device_name },
            next: secret.hash().into(),
        };
        sign_in
            .check()
            .map_err(|fault| AccountError::Refused { code: fault.code, field: Some(fault.field.into()) })?;
        api.health().await?;
        let session = api.sign_in(&sign_in).await?;
        Self::enrolled(api, session, secret, vault, profile).await
    }

    /// Returns the account of a device that signed in earlier. Asks nobody: the first access token does.
    ///
    /// # Errors
    /// [`AccountError::Insecure`] as when it was made.
    pub fn resume(
        address: RelayAddress,
        insist: Insist,
        workspace: WorkspaceId,
        device: DeviceId,
        vault: Vault,
        profile: &Path,
    ) -> Result<Self, AccountError> {
        let filed_as = filed::name(workspace, device);
        let lock = lock_of(profile, workspace);
        Ok(Self::new(RelayApi::at(address, insist)?, filed_as, vault, lock))
    }

    /// Returns the relay's API.
    pub fn api(&self) -> &RelayApi {
        &self.shared.api
    }

    /// Returns an access token that is good for a while; a new one if `renew`, because the relay refused the last.
    ///
    /// # Errors
    /// [`AccountError::SignedOut`] when the session ended; [`AccountError::Unreachable`] when the relay is, and
    /// [`AccountError::Keychain`] when the keychain is.
    pub async fn access(&self, renew: bool) -> Result<Secret, AccountError> {
        let mut access = self.shared.access.lock().await; // one question at a time in this process
        if let Some(access) = access.as_ref().filter(|access| !renew && access.ends > Instant::now() + MARGIN)
        {
            return Ok(access.token.clone());
        }
        let session = self.shared.rotate().await?;
        let fresh = Access::of(&session);
        let token = fresh.token.clone();
        *access = Some(fresh);
        Ok(token)
    }

    /// Makes an invitation for one more member.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn invite(&self) -> Result<Invitation, AccountError> {
        self.with_access(|api, access| async move { api.invite(&access).await }).await
    }

    /// Returns the workspace and who is in it.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn workspace(&self) -> Result<Workspace, AccountError> {
        self.with_access(|api, access| async move { api.workspace(&access).await }).await
    }

    /// Asks with an access token; once more with a new one when it is refused, for a machine that slept does not know how
    /// much of a token's time has passed.
    pub(super) async fn with_access<T, A>(
        &self,
        question: impl Fn(RelayApi, Secret) -> A,
    ) -> Result<T, AccountError>
    where
        A: Future<Output = Result<T, AccountError>>,
    {
        let api = &self.shared.api;
        match question(api.clone(), self.access(false).await?).await {
            Err(AccountError::SignedOut) => question(api.clone(), self.access(true).await?).await,
            answer => answer,
        }
    }

    /// Signs this device out. The documents stay; the relay is told if it can be reached.
    pub async fn sign_out(&self) {
        let told = self.with_access(|api, access| async move { api.sign_out(&access).await }).await;
        if let Err(error) = told {
            tracing::info!(%error, "the relay does not know yet that this device signed out");
        }
        *self.shared.access.lock().await = None;
        Filed::forget(&self.shared.vault, &self.shared.filed_as).await;
    }

    async fn enrolled(
        api: RelayApi,
        session: Session,
        secret: Secret,
        vault: Vault,
        profile: &Path,
    ) -> Result<(Self, Session), AccountError> {
        let filed_as = filed::name(session.workspace, session.device);
        Filed { secret, pending: None }.write(&vault, &filed_as).await;
        let account = Self::new(api, filed_as, vault, lock_of(profile, session.workspace));
        *account.shared.access.lock().await = Some(Access::of(&session));
        Ok((account, session))
    }

    fn new(api: RelayApi, filed_as: String, vault: Vault, lock: PathBuf) -> Self {
        Self { shared: Arc::new(Shared { api, vault, filed_as, lock, access: Mutex::new(None) }) }
    }
}

/// Returns the lock of this profile's session in a workspace: no relay that is slow to answer holds up another's.
fn lock_of(profile: &Path, workspace: WorkspaceId) -> PathBuf {
    profile.join(format!("refresh-{workspace}.lock"))
}

impl Shared {
    /// Replaces the refresh secret and returns the session that comes with it.
    async fn rotate(&self) -> Result<Session, AccountError> {
        let _lock = self.lock_profile().await?;
        let filed = Filed::read(&self.vault, &self.filed_as).await?;
        let refused = match self.ask(filed.clone()).await {
            Err(AccountError::SignedOut) => AccountError::SignedOut,
            answer => return answer,
        };
        let Some(pending) = filed.pending.clone() else { return Err(refused) };
        // Perhaps the relay took the rotation and has forgotten the question since: then the next secret is the present one.
        let answer = self.ask(Filed { secret: pending.next, pending: None }).await;
        if matches!(answer, Err(AccountError::SignedOut)) {
            // Or this is another relay than ours, put there by mistake: nothing that ours may still take is thrown away.
            filed.write(&self.vault, &self.filed_as).await;
        }
        answer
    }

    /// Asks once, with the rotation that is under way or a new one.
    async fn ask(&self, mut filed: Filed) -> Result<Session, AccountError> {
        let pending = filed.pending.get_or_insert_with(Pending::begin).clone();
        filed.write(&self.vault, &self.filed_as).await; // before the question: its answer may be lost
        let question =
            Refresh { secret: filed.secret, rotation: pending.rotation, next: pending.next.hash().into() };
        let mut tries = 0;
        let session = loop {
            match self.api.refresh(&question).await {
                Err(AccountError::Refused { code: Code::ROTATING, .. }) if tries < ROTATING_TRIES => {
                    tries += 1
                }
                answer => break answer?,
            }
            tokio::time::sleep(Duration::from_millis(200 << tries)).await;
        };
        Filed { secret: pending.next, pending: None }.write(&self.vault, &self.filed_as).await;
        Ok(session)
    }

    /// Takes the lock that every program on this profile takes before it refreshes this session.
    async fn lock_profile(&self) -> Result<File, AccountError> {
        let path = self.lock.clone();
        let locked = tokio::task::spawn_blocking(move || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.lock()?;
            Ok(file)
        });
        locked.await.map_err(std::io::Error::other).flatten().map_err(AccountError::Folder)
    }
}

impl Access {
    fn of(session: &Session) -> Self {
        Self {
            token: session.access.clone(),
            ends: Instant::now() + Duration::from_secs(session.expires_in.into()),
        }
    }
}
