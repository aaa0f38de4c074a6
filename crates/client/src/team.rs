//! A workspace that belongs to a team: which relay holds it, and how a device that joined finds back to it.
//!
//! The relay's address is remembered in the workspace itself, so that a copied folder still knows its team; who is signed
//! in is the keychain's to know. Nothing here asks a person anything.

use std::sync::Arc;

use sheaf_protocol::rest::{RelayAddress, Session};

use crate::account::{Account, AccountError, Insist};
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
/// The person's name, as the relay knows it.
pub const NAME: &str = "person.name";

/// Why a workspace and its team did not come together.
#[derive(Debug, thiserror::Error)]
pub enum TeamError {
    /// The account did not do its part.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The replica did not do its part.
    #[error(transparent)]
    Replica(#[from] ReplicaError),
    /// The team's workspace is on this device under another person's name.
    #[error("this team's workspace is here already, as another person's")]
    OtherPerson,
}

/// Opens the workspace of a team that this device just signed in to, making it where there is none, and remembers it as
/// the one to open next time.
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
    profile.join(session.workspace, session.person, session.device, clock)?;
    if Reader::open(profile, session.workspace)?.identity()?.author.person != session.person {
        return Err(TeamError::OtherPerson);
    }
    let replica = Replica::open(profile, session.workspace, clock.clone()).await?;
    replica.put_setting(RELAY, Some(account.api().address().to_string())).await?;
    replica.put_setting(INSISTED, (insist == Insist::AnyRelay).then(|| "yes".to_owned())).await?;
    replica.put_setting(NAME, Some(session.name.clone())).await?;
    profile.remember(session.workspace, clock)?;
    Ok(replica)
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
    let account = account.clone();
    Relay::new(
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
    )
}
