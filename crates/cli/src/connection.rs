//! The way from a workspace to its relay, for commands that need one.

use std::env;
use std::time::Duration;

use sheaf_client::account::{Account, AccountError};
use sheaf_client::keychain::{SystemKeychain, Vault};
use sheaf_client::team::{self, TeamError};
use sheaf_client::{Replica, Status, publish, session};
use sheaf_protocol::secret::Secret;

use crate::failure::{Exit, Failure};
use crate::output::count;
use crate::place::Place;

impl From<TeamError> for Failure {
    fn from(error: TeamError) -> Self {
        match error {
            TeamError::Account(error) => error.into(),
            TeamError::Replica(error) => error.into(),
            TeamError::OtherPerson => Self::new(
                Exit::Refused,
                "This team knows this device as another person's. Nothing was changed; take the address that you joined \
                 with, or another folder with --profile.",
            ),
            TeamError::OtherWorkspace => Self::new(
                Exit::Refused,
                "The relay at this address holds another workspace now. What you wrote is safe on this device.",
            ),
        }
    }
}

/// Connects a workspace to its relay, and stays connected through whatever happens to the line.
///
/// # Errors
/// As [`account`]. A relay that does not answer is none: it is asked again.
pub async fn connect(replica: &Replica, place: &Place) -> Result<(), Failure> {
    replica.connect(team::relay(&account(replica, place).await?));
    Ok(())
}

/// Returns the account of this workspace at its relay, signed in if the environment says as whom.
///
/// # Errors
/// When the workspace has no relay, or nobody is signed in.
pub async fn account(replica: &Replica, place: &Place) -> Result<Account, Failure> {
    let profile = place.profile()?;
    let vault = Vault::open(SystemKeychain).await;
    let Some(account) = team::resume(replica, &profile, vault.clone()).await? else {
        let sentence =
            "This workspace is on this device only. Everything in it is saved; join a team with sheaf join.";
        return Err(Failure::new(Exit::SignedOut, sentence));
    };
    match account.access(false).await {
        Err(AccountError::SignedOut) => sign_in(replica, place, vault).await,
        Err(AccountError::Unreachable(_)) | Ok(_) => Ok(account),
        Err(error) => Err(error.into()),
    }
}

/// Brings along what was planned when this workspace was published, and is not there yet.
///
/// # Errors
/// When some of it did not come. It keeps nothing else from being synced, so this is told when that is done.
pub async fn bring_along(team: &Replica, place: &Place) -> Result<(), Failure> {
    publish::go_on(team, &place.profile()?).await.map_err(|error| {
        let Failure { code, message } = error.into();
        let sentence =
            "So not every document came along; it is safe where it was, and sheaf sync tries again.";
        Failure::new(code, format!("{message} {sentence}"))
    })
}

/// Signs in for one run, where the environment says as whom.
async fn sign_in(replica: &Replica, place: &Place, vault: Vault) -> Result<Account, Failure> {
    let (Ok(email), Ok(password)) = (env::var("SHEAF_EMAIL"), env::var("SHEAF_PASSWORD")) else {
        return Err(AccountError::SignedOut.into());
    };
    Ok(team::sign_in(replica, &place.profile()?, email, Secret::new(password), vault).await?)
}

/// Waits until relay and replica hold the same, or nothing but a person can help, or for so long.
///
/// # Errors
/// Why they do not hold the same.
pub async fn until_synced(replica: &Replica, patience: Duration) -> Result<(), Failure> {
    let mut status = replica.follow_status();
    let settled = status.wait_for(|status| status.is_synced() || hopeless(status).is_some());
    match tokio::time::timeout(patience, settled).await {
        Ok(Ok(status)) => hopeless(&status).map_or(Ok(()), Err),
        _ => {
            let waiting = match replica.status().waiting {
                0 => "Nothing that was written here waits for it".to_owned(),
                waiting => format!("{} for it, safe on this device", waits(waiting)),
            };
            let message = format!("The relay did not answer in time. {waiting}. Try again with sheaf sync.");
            Err(Failure::new(Exit::Unreachable, message))
        }
    }
}

/// Says why waiting does not help.
fn hopeless(status: &Status) -> Option<Failure> {
    match &status.relay {
        Some(session::Status::SignedOut) => Some(AccountError::SignedOut.into()),
        Some(session::Status::Refused { code }) => Some(Failure::new(
            Exit::Refused,
            format!("The relay refused this device ({}). What you wrote is safe here.", code.name()),
        )),
        Some(session::Status::Synced) if status.forks > 0 => Some(Failure::new(
            Exit::Refused,
            format!(
                "The relay refused changes in {}. They are kept here, and sheaf status names them; settle this in the \
                 app. Everything else is synced.",
                count(status.forks, "document")
            ),
        )),
        Some(session::Status::Synced) if status.refused_records > 0 => Some(Failure::new(
            Exit::Refused,
            format!(
                "The relay refused {}, such as a move. Every text is synced; settle this in the app.",
                count(status.refused_records, "change")
            ),
        )),
        _ => None,
    }
}

fn waits(changes: u64) -> String {
    format!("{} {}", count(changes, "change"), if changes == 1 { "waits" } else { "wait" })
}
