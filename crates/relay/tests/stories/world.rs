//! A relay on a fresh folder, and people with names.

use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sheaf_document::ids::DeviceId;
use sheaf_protocol::problem::Code;
use sheaf_protocol::rest::{
    Device, Hex, Invitation, InvitationLink, Invite, Join, Problem, Refresh, Session, SignIn, path,
};
use sheaf_protocol::secret::Secret;
use sheaf_relay::accounts::limits::{Rate, Rates};
use sheaf_relay::{Config, Relay, RelayHandle};

pub const PASSWORD: &str = "correct horse battery";

/// A relay in this process.
pub struct World {
    pub data: PathBuf,
    pub relay: RelayHandle,
    api: Api,
    pub _dir: tempfile::TempDir,
}

/// A relay's HTTP API, wherever it runs.
pub struct Api {
    pub addr: SocketAddr,
    http: reqwest::Client,
}

impl Deref for World {
    type Target = Api;

    fn deref(&self) -> &Api {
        &self.api
    }
}

/// What a story expects of a request: an answer or a refusal.
pub type Answer<T> = Result<T, Problem>;

/// Rates that no story reaches by accident.
pub fn patient() -> Rates {
    let rate = Rate { burst: 10_000, every: Duration::from_millis(1) };
    Rates { address: rate, account: rate, anywhere: rate, all: rate }
}

pub fn config(data: &std::path::Path) -> Config {
    Config { listen: "127.0.0.1:0".parse().unwrap(), rates: patient(), ..Config::new(data) }
}

/// A refresh secret as a device makes it: any letters will do.
pub fn secret(text: &str) -> Secret {
    Secret::new(format!("{text}-0123456789-0123456789"))
}

pub fn code<T>(answer: Answer<T>) -> Code {
    match answer {
        Ok(_) => panic!("this should have been refused"),
        Err(problem) => problem.code(),
    }
}

/// A device that nobody else has.
pub fn device(name: &str) -> Device {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    Device { id: DeviceId::from_bytes([NEXT.fetch_add(1, Ordering::Relaxed); 16]), name: name.into() }
}

impl World {
    pub async fn start() -> Self {
        Self::start_with(patient()).await
    }

    pub async fn start_with(rates: Rates) -> Self {
        Self::with(|config| config.rates = rates).await
    }

    /// A relay for which the story decides more.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = config(&dir.path().join("relay"));
        change(&mut config);
        Self::around(Relay::start(config).await.unwrap(), dir)
    }

    /// The same relay, started once more.
    pub async fn again(data: PathBuf, _dir: tempfile::TempDir) -> Self {
        let relay = Relay::start(config(&data)).await.unwrap();
        Self { data, api: Api::at(relay.addr), relay, _dir }
    }

    /// A world around a relay that was started in another way, in the folder `relay` of this one.
    pub fn around(relay: RelayHandle, dir: tempfile::TempDir) -> Self {
        Self { data: dir.path().join("relay"), api: Api::at(relay.addr), relay, _dir: dir }
    }

    /// The link that the first start printed.
    pub fn owner_link(&self) -> InvitationLink {
        InvitationLink::parse(self.relay.owner_invitation.as_deref().unwrap()).unwrap()
    }
}

impl Api {
    pub fn at(addr: SocketAddr) -> Self {
        Self { addr, http: reqwest::Client::new() }
    }

    /// The same API for somebody whom the proxy in front sees at this address.
    pub fn seen_at(&self, address: &str) -> Self {
        let headers = [("x-forwarded-for".parse().unwrap(), address.parse().unwrap())].into_iter().collect();
        let http = reqwest::Client::builder().default_headers(headers).build().unwrap();
        Self { addr: self.addr, http }
    }

    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&Secret>,
        body: &impl Serialize,
    ) -> Answer<T> {
        let request = self.http.post(format!("http://{}{path}", self.addr)).json(body);
        answer(with(request, token)).await
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str, token: Option<&Secret>) -> Answer<T> {
        answer(with(self.http.get(format!("http://{}{path}", self.addr)), token)).await
    }

    pub async fn sign_out(&self, token: &Secret) {
        let url = format!("http://{}{}", self.addr, path::SESSIONS);
        let gone = with(self.http.delete(url), Some(token)).send().await.unwrap();
        assert_eq!(gone.status(), 204);
    }

    /// Somebody joins; their first refresh secret is `secret(name)`.
    pub async fn join(&self, name: &str, link: &InvitationLink) -> Answer<Session> {
        self.post(path::JOIN, None, &self.joining(name, link)).await
    }

    pub fn joining(&self, name: &str, link: &InvitationLink) -> Join {
        Join {
            invitation: link.secret.clone(),
            name: name.into(),
            email: format!("{}@example.org", name.to_lowercase()),
            password: Secret::new(PASSWORD),
            device: device("laptop"),
            next: secret(name).hash().into(),
            claim: None,
        }
    }

    pub async fn invite(&self, by: &Session) -> InvitationLink {
        let made: Invitation =
            self.post(path::INVITATIONS, Some(&by.access), &Invite::default()).await.unwrap();
        InvitationLink::parse(made.link.expose()).unwrap()
    }

    pub async fn sign_in(&self, email: &str, password: &str, next: &str) -> Answer<Session> {
        let wish = SignIn {
            email: email.into(),
            password: Secret::new(password),
            device: device("tablet"),
            next: secret(next).hash().into(),
        };
        self.post(path::SESSIONS, None, &wish).await
    }

    pub async fn refresh(&self, spent: &str, rotation: u8, next: &str) -> Answer<Session> {
        let wish = Refresh {
            secret: secret(spent),
            rotation: Hex([rotation; 16]),
            next: secret(next).hash().into(),
        };
        self.post(path::REFRESH, None, &wish).await
    }
}

fn with(request: reqwest::RequestBuilder, token: Option<&Secret>) -> reqwest::RequestBuilder {
    match token {
        Some(token) => request.bearer_auth(token.expose()),
        None => request,
    }
}

async fn answer<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Answer<T> {
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store", "answers carry secrets");
    if response.status().is_success() {
        return Ok(response.json().await.unwrap());
    }
    assert_eq!(response.headers()["content-type"], Problem::MEDIA_TYPE, "{}", response.status());
    Err(response.json().await.unwrap())
}
