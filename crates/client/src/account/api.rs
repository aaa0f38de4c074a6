//! The relay's HTTP API as calls: one method per path, errors told apart for people.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{
    Health, Invitation, Invite, Join, Problem, Refresh, RelayAddress, Session, SignIn, Workspace, path,
};
use sheaf_protocol::secret::Secret;

use super::AccountError;

/// How long a relay may take to answer. Passwords are hashed slowly on purpose, a few at a time.
const PATIENCE: Duration = Duration::from_secs(30);
/// No answer of a relay is longer than this.
const LONGEST_ANSWER: u64 = 4 * 1024 * 1024;
/// What a gateway in front of a relay answers while the relay is away.
const GATEWAY: [StatusCode; 3] =
    [StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];

/// Whether a person insists on a relay that is reached over plain http.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Insist {
    /// Only encrypted relays, and those on this very machine.
    #[default]
    Encrypted,
    /// Any relay: the person knows that everyone on the way can read along.
    AnyRelay,
}

/// One relay's HTTP API.
#[derive(Debug, Clone)]
pub struct RelayApi {
    pub(super) http: Client,
    address: RelayAddress,
}

impl RelayApi {
    /// Returns the API of the relay at this address.
    ///
    /// # Errors
    /// [`AccountError::Insecure`] for plain http beyond this machine, unless insisted.
    pub fn at(address: RelayAddress, insist: Insist) -> Result<Self, AccountError> {
        if !address.is_encrypted() && !address.is_loopback() && insist == Insist::Encrypted {
            return Err(AccountError::Insecure);
        }
        crate::install_crypto();
        let http = Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("sheaf/", env!("CARGO_PKG_VERSION")));
        // What is meant for this machine, passwords in plain http, is not handed to a proxy elsewhere.
        let http = if address.is_loopback() { http.no_proxy() } else { http };
        Ok(Self { http: http.build().map_err(unreachable)?, address })
    }

    /// Returns where the relay is.
    pub fn address(&self) -> &RelayAddress {
        &self.address
    }

    /// Asks whether this is a relay, and which.
    ///
    /// # Errors
    /// [`AccountError::NotARelay`] when something else answers.
    pub async fn health(&self) -> Result<Health, AccountError> {
        let health: Health = self.ask(self.http.get(self.address.at(path::HEALTH)), None).await?;
        if health.service == Health::SERVICE { Ok(health) } else { Err(AccountError::NotARelay) }
    }

    /// Makes an account by an invitation.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn join(&self, join: &Join) -> Result<Session, AccountError> {
        self.post(path::JOIN, join, None).await
    }

    /// Signs a person in on a device.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<Session, AccountError> {
        self.post(path::SESSIONS, sign_in, None).await
    }

    /// Asks for a new access token; the same question has the same answer.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn refresh(&self, refresh: &Refresh) -> Result<Session, AccountError> {
        self.post(path::REFRESH, refresh, None).await
    }

    /// Ends this device's session.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn sign_out(&self, access: &Secret) -> Result<(), AccountError> {
        self.send(self.http.delete(self.address.at(path::SESSIONS)), Some(access)).await?;
        Ok(())
    }

    /// Makes an invitation for one more member.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn invite(&self, access: &Secret) -> Result<Invitation, AccountError> {
        self.post(path::INVITATIONS, &Invite {}, Some(access)).await
    }

    /// Returns the workspace and who is in it.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn workspace(&self, access: &Secret) -> Result<Workspace, AccountError> {
        self.ask(self.http.get(self.address.at(path::WORKSPACE)), Some(access)).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        access: Option<&Secret>,
    ) -> Result<T, AccountError> {
        self.ask(self.http.post(self.address.at(path)).json(body), access).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        access: Option<&Secret>,
    ) -> Result<T, AccountError> {
        let body = self.send(request, access).await?;
        serde_json::from_slice(&body).map_err(|_| AccountError::NotARelay)
    }

    /// Returns the body of an answer that is no refusal.
    async fn send(&self, request: RequestBuilder, access: Option<&Secret>) -> Result<Vec<u8>, AccountError> {
        let request = match access {
            Some(access) => request.bearer_auth(access.expose()),
            None => request,
        };
        let response = request.send().await.map_err(unreachable)?;
        if response.status().is_client_error() || response.status().is_server_error() {
            return Err(self.refusal(response).await);
        }
        bounded(response, LONGEST_ANSWER).await
    }

    /// Returns why the relay, or what stands before it, did not do what it was asked.
    pub(super) async fn refusal(&self, response: reqwest::Response) -> AccountError {
        let Err(failure) = response.error_for_status_ref() else { return AccountError::NotARelay };
        let body = match bounded(response, LONGEST_ANSWER).await {
            Ok(body) => body,
            Err(error) => return error,
        };
        match serde_json::from_slice::<Problem>(&body).map(|problem| (problem.code(), problem.field)) {
            Ok((Code::UNAUTHENTICATED | Code::REVOKED, _)) => AccountError::SignedOut,
            Ok((code, field)) => AccountError::Refused { code, field },
            // A gateway says that the relay behind it is away: it will be back.
            Err(_) if failure.status().is_some_and(|status| GATEWAY.contains(&status)) => {
                unreachable(failure)
            }
            Err(_) => AccountError::NotARelay,
        }
    }
}

/// Reads an answer up to its limit: whatever sits at that address may never stop sending.
pub(super) async fn bounded(mut response: reqwest::Response, most: u64) -> Result<Vec<u8>, AccountError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        body.extend_from_slice(&chunk);
        if body.len() as u64 > most {
            return Err(AccountError::NotARelay);
        }
    }
    Ok(body)
}

pub(super) fn unreachable(error: reqwest::Error) -> AccountError {
    AccountError::Unreachable(Box::new(error.without_url()))
}
