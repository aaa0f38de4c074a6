//! A workspace that belongs to a team: which relay holds it, and how a device that joined finds back to it.
//!
//! The relay's address is remembered in the workspace itself, so that a copied folder still knows its team; who is signed
//! in is the keychain's to know. Nothing here asks a person anything.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sheaf_protocol::entry::Millis;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{Member, RelayAddress, Session};
use sheaf_protocol::secret::Secret;
use sheaf_store::StoreError;

use crate::account::{Account, AccountError, Enrolment, Insist};
use crate::clock::Clock;
use crate::error::ReplicaError;
use crate::keychain::Vault;
use crate::profile::Profile;
use crate::reader::Reader;
use crate::replica::{NoAccess, Relay, Replica};

/// The relay's address.
pub const RELAY: &str = "relay";
/// Present where a person insisted on a relay without encryption.
const INSISTED: &str = "relay.insisted";
/// What the team is called.
pub const TEAM: &str = "team.name";
/// The person's name, as the relay knows it.
pub const NAME: &str = "person.name";
/// The most bytes that a file may have, as the relay said.
const LARGEST_FILE: &str = "relay.largest_file";
/// The same where no relay said anything.
const LARGEST: u64 = 1 << 30;
/// Who is in the team, as JSON.
const MEMBERS: &str = "team.members";

/// Why a workspace and its team did not come together.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// The account did not do its part.
    #[error(transparent)]
    Account(AccountError),
    /// The replica did not do its part.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// The team knows this device as another person's.
    #[error("this device is another person's in this team")]
    OtherPerson,
    /// The relay holds another workspace than it did.
    #[error("the relay holds another workspace now")]
    OtherWorkspace,
}

impl From<AccountError> for TeamError {
    fn from(error: AccountError) -> Self {
        match error {
            // To somebody who joins or signs in, a relay forbids nothing but a device of somebody else.
            AccountError::Refused { code: Code::FORBIDDEN, .. } => Self::OtherPerson,
            other => Self::Account(other),
        }
    }
}

/// Who was in a team when its relay was asked last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Members {
    /// When that was, by this device's clock.
    pub at: Millis,
    /// Everyone.
    pub people: Vec<Member>,
}

/// Makes the workspace of a team that this device just signed in to, where there is none; does not open it.
///
/// # Errors
/// When this device is another person's in this team, or the disk fails; the device stays signed in.
pub fn prepare(profile: &Profile, session: &Session, clock: &Clock) -> Result<(), TeamError> {
    profile.join(session.workspace, session.person, session.device, clock)?;
    if Reader::open(profile, session.workspace)?.identity()?.author.person != session.person {
        return Err(TeamError::OtherPerson);
    }
    Ok(())
}

/// Opens the workspace of a team that this device just signed in to, making it where there is none. The caller says when it
/// is the profile's next one ([`Profile::remember`]). Nobody else may have it open.
///
/// # Errors
/// As [`TeamError`] says; the device stays signed in.
pub async fn settle(
    profile: &Profile,
    account: &Account,
    session: &Session,
    insist: Insist,
    clock: &Clock,
) -> Result<Replica, TeamError> {
    prepare(profile, session, clock)?;
    let replica = Replica::open(profile, session.workspace, clock.clone()).await?;
    remember(&replica, account, session, insist).await?;
    Ok(replica)
}

/// Remembers the team in the workspace that is open, if that is the team's; `false` where the team has another.
///
/// # Errors
/// As [`TeamError`] says; the device stays signed in.
pub async fn settle_in(
    open: &Replica,
    account: &Account,
    session: &Session,
    insist: Insist,
) -> Result<bool, TeamError> {
    let here = open.identity();
    if session.workspace != here.workspace {
        return Ok(false);
    }
    if session.person != here.author.person {
        return Err(TeamError::OtherPerson);
    }
    remember(open, account, session, insist).await?;
    Ok(true)
}

/// Remembers in a workspace which relay holds it, and as whom.
async fn remember(
    replica: &Replica,
    account: &Account,
    session: &Session,
    insist: Insist,
) -> Result<(), ReplicaError> {
    replica.put_setting(INSISTED, (insist == Insist::AnyRelay).then(|| "yes".to_owned())).await?;
    replica.put_setting(NAME, Some(session.name.clone())).await?;
    learn_name(replica, account).await?;
    replica.put_setting(RELAY, Some(account.api().address().to_string())).await
}

/// Asks the relay what the team is called, who is in it and how large a file may be, and remembers that.
///
/// # Errors
/// As the relay says, or when the disk fails; what was known stays known.
pub async fn learn(replica: &Replica, account: &Account, clock: &Clock) -> Result<Members, TeamError> {
    let workspace = account.workspace().await.map_err(TeamError::Account)?;
    let members = Members { at: clock.now(), people: workspace.people };
    let kept = serde_json::to_string(&members).map_err(|error| StoreError::Io(error.into()));
    replica.put_setting(TEAM, Some(workspace.name)).await?;
    replica.put_setting(LARGEST_FILE, workspace.largest_file.map(|bytes| bytes.to_string())).await?;
    replica.put_setting(MEMBERS, Some(kept.map_err(ReplicaError::Store)?)).await?;
    Ok(members)
}

/// Returns who is in the team, as this device last heard; `None` where it never did.
///
/// # Errors
/// When the disk fails.
pub async fn members(replica: &Replica) -> Result<Option<Members>, ReplicaError> {
    let kept = replica.setting(MEMBERS).await?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()))
}

/// Returns how many bytes a file may have in a workspace, as far as this device knows.
///
/// # Errors
/// When the disk fails.
pub(crate) async fn largest_file(replica: &Replica) -> Result<u64, ReplicaError> {
    let said = replica.setting(LARGEST_FILE).await?;
    Ok(said.and_then(|bytes| bytes.parse().ok()).unwrap_or(LARGEST))
}

/// Asks the relay what the team is called and remembers it. A relay that does not answer is no reason to fail.
async fn learn_name(replica: &Replica, account: &Account) -> Result<(), ReplicaError> {
    match account.workspace().await {
        Ok(workspace) => {
            let largest = workspace.largest_file.map(|bytes| bytes.to_string());
            replica.put_setting(LARGEST_FILE, largest).await?;
            replica.put_setting(TEAM, Some(workspace.name)).await
        }
        Err(error) => {
            tracing::info!(%error, "the team's name stays unknown for now");
            Ok(())
        }
    }
}

/// Signs this workspace's person in again, after their session ended; what was written meanwhile goes out once the replica
/// is connected with the account.
///
/// # Errors
/// As [`TeamError`] says; nothing changed.
pub async fn sign_in(
    replica: &Replica,
    profile: &Profile,
    email: String,
    password: Secret,
    vault: Vault,
) -> Result<Account, TeamError> {
    let (address, insist) = relay_of(replica).await?.ok_or(AccountError::SignedOut)?;
    let here = replica.identity();
    let who = Enrolment {
        name: String::new(), // the relay knows it
        email,
        password,
        device: here.author.device,
        device_name: device_name(),
    };
    let (account, session) = Account::sign_in(address, insist, who, vault, profile.folder()).await?;
    let wrong = if session.workspace != here.workspace {
        TeamError::OtherWorkspace
    } else if session.person != here.author.person {
        TeamError::OtherPerson
    } else {
        remember(replica, &account, &session, insist).await?;
        return Ok(account);
    };
    account.sign_out().await;
    Err(wrong)
}

/// Returns where a workspace's relay is and what its person insisted on; `None` for one on this device alone.
///
/// # Errors
/// When the disk fails, or the address is none.
pub async fn relay_of(replica: &Replica) -> Result<Option<(RelayAddress, Insist)>, TeamError> {
    let Some(address) = replica.setting(RELAY).await? else { return Ok(None) };
    let address = RelayAddress::parse(&address).map_err(|_| AccountError::Link)?;
    let insisted = replica.setting(INSISTED).await?.is_some();
    Ok(Some((address, if insisted { Insist::AnyRelay } else { Insist::Encrypted })))
}

/// Returns the account of a device that joined earlier; `None` for a workspace on this device alone. Asks nobody yet.
///
/// # Errors
/// As [`relay_of`].
pub async fn resume(
    replica: &Replica,
    profile: &Profile,
    vault: Vault,
) -> Result<Option<Account>, TeamError> {
    let Some((address, insist)) = relay_of(replica).await? else { return Ok(None) };
    let identity = replica.identity();
    let device = identity.author.device;
    Ok(Some(Account::resume(address, insist, identity.workspace, device, vault, profile.folder())?))
}

/// Returns the account's relay, for [`Replica::connect`].
pub fn relay(account: &Account) -> Relay {
    let socket = account.api().address().socket();
    let (carrier, account) = (account.clone(), account.clone());
    let relay = Relay::new(
        socket,
        Arc::new(move |renew| {
            let account = account.clone();
            Box::pin(async move {
                account.access(renew).await.map_err(|error| match error {
                    AccountError::SignedOut => NoAccess::SignedOut,
                    _ => NoAccess::Unreachable,
                })
            })
        }),
    );
    relay.with_files(carrier)
}

/// Returns what a device is called that nobody named: the program and its system.
pub fn device_name() -> String {
    format!("Sheaf on {}", std::env::consts::OS)
}
