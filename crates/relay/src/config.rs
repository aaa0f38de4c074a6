//! What an operator decides about a relay, and every bound that it keeps.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use sheaf_protocol::rest::RelayAddress;

use crate::accounts::limits::Rates;
use crate::error::{Error, Result};
use crate::websocket::Patience;

/// The address that a relay listens on when nobody says otherwise.
pub const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 7400);

/// What a team is called when nobody says otherwise.
pub const NAME: &str = "Our team";

/// The largest file that somebody may add when nobody says otherwise, in MiB.
pub const LARGEST_FILE: u64 = 1_024;

/// A relay's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder; made where it is missing.
    pub data: PathBuf,
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// What replicas call this relay; the listening address when unset.
    pub public_url: Option<String>,
    /// What the team is called.
    pub name: String,
    /// The operator insists on plain HTTP where others can reach it.
    pub insecure_http: bool,
    /// The proxy in front says in `X-Forwarded-For` where a request comes from. Set it only behind one that does:
    /// otherwise everybody may say so of themselves.
    pub trust_proxy: bool,
    /// How often one may try to sign in.
    pub rates: Rates,
    /// What a connection may take.
    pub bounds: Bounds,
}

impl Config {
    /// A relay on this folder with every default.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: LISTEN,
            public_url: None,
            name: NAME.to_owned(),
            insecure_http: false,
            trust_proxy: false,
            rates: Rates::default(),
            bounds: Bounds::default(),
        }
    }

    /// Refuses what would carry passwords in the clear, unless the operator insists; returns what replicas call the relay
    /// that listens on `listening`.
    pub(crate) fn address(&self, listening: SocketAddr) -> Result<RelayAddress> {
        if !listening.ip().is_loopback() && !self.insecure_http {
            return Err(Error::InsecureHttp { address: listening });
        }
        let text = self.public_url.clone().unwrap_or_else(|| format!("http://{listening}"));
        let address = RelayAddress::parse(&text).map_err(|_| Error::PublicUrl { text: text.clone() })?;
        let private = address.is_encrypted() || address.is_loopback() || self.insecure_http;
        if private { Ok(address) } else { Err(Error::PublicUrl { text }) }
    }
}

/// The bounds of connections.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Connections from one neighbourhood that have not said who they are; from loopback, where a TLS proxy speaks for
    /// many, only `all_strangers` counts.
    pub strangers: usize,
    /// Connections that have not said who they are, from everywhere.
    pub all_strangers: usize,
    /// Connections of one device, each a replica of its own. A replica that comes again takes the place of its old
    /// connection, so honest devices need one for each profile.
    pub replicas: usize,
    /// For the head of a request.
    pub handshake: Duration,
    /// From the upgrade to a valid hello.
    pub hello: Duration,
    /// For a silent peer.
    pub patience: Patience,
    /// Bytes that may wait for one connection before it is told to catch up later.
    pub outgoing: usize,
    /// Bytes of frames that may wait for the writer, from all connections together.
    pub incoming: usize,
    /// Bytes of the largest file.
    pub largest_file: u64,
    /// For connections to take their last words when the relay stops.
    pub farewell: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            strangers: 100,
            all_strangers: 4_096,
            replicas: 8,
            handshake: Duration::from_secs(15),
            hello: Duration::from_secs(10),
            patience: Patience { ping: Duration::from_secs(15), dead: Duration::from_secs(30) },
            outgoing: 4 * 1024 * 1024,
            incoming: 64 * 1024 * 1024,
            largest_file: LARGEST_FILE << 20,
            farewell: Duration::from_secs(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(listen: &str, public_url: Option<&str>, insecure_http: bool) -> Result<RelayAddress> {
        let listen = listen.parse().unwrap();
        let public_url = public_url.map(str::to_owned);
        Config { listen, public_url, insecure_http, ..Config::new("unused") }.address(listen)
    }

    #[test]
    fn plain_http_leaves_the_machine_only_when_somebody_insists() {
        assert!(with("127.0.0.1:7400", None, false).is_ok());
        assert!(matches!(with("0.0.0.0:7400", None, false), Err(Error::InsecureHttp { .. })));
        assert!(with("0.0.0.0:7400", None, true).is_ok());
        assert!(with("127.0.0.1:7400", Some("https://sheaf.example.org"), false).is_ok());
        assert!(matches!(
            with("127.0.0.1:7400", Some("http://sheaf.example.org"), false),
            Err(Error::PublicUrl { .. })
        ));
        assert!(with("127.0.0.1:7400", Some("http://sheaf.example.org"), true).is_ok());
        assert!(matches!(
            with("127.0.0.1:7400", Some("sheaf.example.org"), false),
            Err(Error::PublicUrl { .. })
        ));
    }
}
