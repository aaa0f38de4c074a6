//! Addresses of relays, and invitation links: `https://relay.example.org/join#SECRET`.
//!
//! The secret is in the fragment, which no browser sends and no proxy logs. An address is an origin and perhaps a base
//! path, in plain ASCII; anything cleverer (user names, queries, backslashes) is refused, for a link that reads as one
//! host and leads to another is how people are robbed. Whether plain `http` is acceptable is for the caller to decide.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use super::{Fault, check_secret};
use crate::problem::Code;
use crate::secret::Secret;

const JOIN: &str = "/join";
const LONGEST: usize = 2_000;

/// Where a relay is: scheme, host, perhaps a port and a base path, no slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayAddress(String);

impl RelayAddress {
    /// Reads an address such as `https://relay.example.org` or `http://127.0.0.1:8040/team`.
    ///
    /// # Errors
    /// The field `relay`, when it is no plain http or https address.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let text = text.trim().trim_end_matches('/');
        let address = Self(text.to_owned());
        let (authority, path) = address.rest().split_once('/').unwrap_or((address.rest(), ""));
        let (host, port) = address.host_and_port();
        let in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let in_path = |c: char| in_name(c) || matches!(c, '_' | '~' | '/');
        let named = match authority.starts_with('[') {
            true => host.parse::<Ipv6Addr>().is_ok(),
            false => !host.is_empty() && host.chars().all(in_name),
        };
        let ported =
            port.is_none_or(|port| !port.starts_with('+') && port.parse::<u16>().is_ok_and(|port| port > 0));
        let placed = path.chars().all(in_path) && !path.contains("..");
        let known = text.starts_with("https://") || text.starts_with("http://");
        if known && named && ported && placed && text.len() <= LONGEST {
            Ok(address)
        } else {
            Err(Fault { field: "relay", code: Code::FIELD })
        }
    }

    /// Says whether what is sent there is encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Says whether it is this very machine: `localhost` or a loopback address.
    pub fn is_loopback(&self) -> bool {
        let (host, _) = self.host_and_port();
        host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
    }

    /// Returns the address of a [`super::path`] on this relay.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// Returns the WebSocket's address.
    pub fn socket(&self) -> String {
        let scheme = if self.is_encrypted() { "wss" } else { "ws" };
        format!("{scheme}://{}{}", self.rest(), super::path::SOCKET)
    }

    /// What follows the scheme.
    fn rest(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// The host, without the brackets of an IPv6 address, and the port's text.
    fn host_and_port(&self) -> (&str, Option<&str>) {
        let authority = self.rest().split('/').next().unwrap_or_default();
        match authority.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
            Some((host, "")) => (host, None),
            // Anything but a port after the bracket is no number, and refused as one.
            Some((host, after)) => (host, Some(after.strip_prefix(':').unwrap_or(after))),
            None => match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            },
        }
    }
}

impl fmt::Display for RelayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An invitation as people pass it on. It has no `Display`: the whole link is a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationLink {
    /// The relay that made it.
    pub relay: RelayAddress,
    /// What proves that it did.
    pub secret: Secret,
}

impl InvitationLink {
    /// Reads a link.
    ///
    /// # Errors
    /// The field `link`, when it is no link; `relay` or `invitation`, when that part of it is wrong.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let no_link = Fault { field: "link", code: Code::FIELD };
        let (address, secret) = text.trim().split_once('#').ok_or(no_link)?;
        let relay = RelayAddress::parse(address.strip_suffix(JOIN).ok_or(no_link)?)?;
        let secret = Secret::new(secret);
        check_secret("invitation", &secret)?;
        Ok(Self { relay, secret })
    }

    /// Returns the link as text.
    pub fn to_text(&self) -> Secret {
        Secret::new(format!("{}{JOIN}#{}", self.relay, self.secret.expose()))
    }
}
