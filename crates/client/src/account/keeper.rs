//! A signed-in device: hands out access tokens and replaces the refresh secret, one question at a time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sheaf_document::ids::{DeviceId, WorkspaceId};
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Device, InvitationLink, Join, Refresh, RelayAddress, Session, SignIn};
use sheaf_protocol::secret::Secret;
use tokio::sync::Mutex;

use super::AccountError;
use super::api::{Insist, RelayApi};
use super::filed::{Filed, Pending, fresh_secret};
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
    workspace: WorkspaceId,
    /// The file whose lock keeps two programs on one profile from refreshing at the same time.
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
    /// Joins a team by an invitation.
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
        };
        join.check()
            .map_err(|fault| AccountError::Refused { code: fault.code, field: Some(fault.field.into()) })?;
        api.health().await?;
        let session = api.join(&join).await?;
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
        vault: Vault,
        profile: &Path,
    ) -> Result<Self, AccountError> {
        Ok(Self::new(RelayApi::at(address, insist)?, workspace, vault, profile))
    }

    /// Returns the relay's API.
    pub fn api(&self) -> &RelayApi {
        &self.shared.api
    }

    /// Returns an access token that is good for a while; a new one if `renew`, because the relay refused the last.
    ///
    /// # Errors
    /// [`AccountError::SignedOut`] when the session ended; [`AccountError::Unreachable`] when the relay is.
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

    /// Signs this device out. The documents stay; the relay is told if it can be reached.
    pub async fn sign_out(&self) {
        if let Ok(access) = self.access(false).await
            && let Err(error) = self.shared.api.sign_out(&access).await
        {
            tracing::info!(%error, "the relay does not know yet that this device signed out");
        }
        *self.shared.access.lock().await = None;
        Filed::forget(&self.shared.vault, self.shared.workspace).await;
    }

    async fn enrolled(
        api: RelayApi,
        session: Session,
        secret: Secret,
        vault: Vault,
        profile: &Path,
    ) -> Result<(Self, Session), AccountError> {
        Filed { secret, pending: None }.write(&vault, session.workspace).await;
        let account = Self::new(api, session.workspace, vault, profile);
        *account.shared.access.lock().await = Some(Access::of(&session));
        Ok((account, session))
    }

    fn new(api: RelayApi, workspace: WorkspaceId, vault: Vault, profile: &Path) -> Self {
        let lock = profile.join("refresh.lock");
        Self { shared: Arc::new(Shared { api, vault, workspace, lock, access: Mutex::new(None) }) }
    }
}

impl Shared {
    /// Replaces the refresh secret and returns the session that comes with it.
    async fn rotate(&self) -> Result<Session, AccountError> {
        let _lock = self.lock_profile().await?;
        let mut filed = Filed::read(&self.vault, self.workspace).await?;
        let unanswered = filed.pending.is_some();
        match self.ask(&mut filed).await {
            // The relay took an earlier rotation and forgot the question since: the device owns the next secret already.
            Err(AccountError::SignedOut) if unanswered => {
                let Some(pending) = filed.pending.take() else { return Err(AccountError::SignedOut) };
                filed.secret = pending.next;
                self.ask(&mut filed).await
            }
            answer => answer,
        }
    }

    /// Asks once, with the rotation that is under way or a new one.
    async fn ask(&self, filed: &mut Filed) -> Result<Session, AccountError> {
        let pending = filed.pending.get_or_insert_with(Pending::begin).clone();
        filed.write(&self.vault, self.workspace).await; // before the question: its answer may be lost
        let question = Refresh {
            secret: filed.secret.clone(),
            rotation: pending.rotation,
            next: pending.next.hash().into(),
        };
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
        *filed = Filed { secret: pending.next, pending: None };
        filed.write(&self.vault, self.workspace).await;
        Ok(session)
    }

    /// Takes the lock that every program on this profile takes before it refreshes.
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
