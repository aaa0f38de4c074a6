//! The relay's HTTP API as JSON shapes: joining, signing in, refreshing, inviting.
//!
//! Relay and client share these types, and both run the same [`check`]s: the client to warn while a person types, the
//! relay because it believes nobody. Unknown fields are ignored, so that either end may learn new ones first. Secrets are
//! [`Secret`]s and stand in bodies and headers, never in an address. What answers with a refusal answers with a
//! [`Problem`]. There are no handlers and no HTTP here.

mod check;
mod hex;
mod link;
mod problem;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use sheaf_document::ids::{DeviceId, PersonId, WorkspaceId};

use crate::entry::Millis;
use crate::secret::Secret;

pub use check::{Fault, check_device_name, check_email, check_name, check_password, check_secret};
pub use hex::{Hex, NotHex};
pub use link::{InvitationLink, RelayAddress};
pub use problem::Problem;

/// Where things are on a relay.
pub mod path {
    /// POST [`super::Join`] → [`super::Session`]; no token.
    pub const JOIN: &str = "/api/v1/join";
    /// POST [`super::SignIn`] → [`super::Session`]; no token. DELETE with a token: signs this device out, 204.
    pub const SESSIONS: &str = "/api/v1/sessions";
    /// POST [`super::Refresh`] → [`super::Session`]; no token, the secret is one.
    pub const REFRESH: &str = "/api/v1/sessions/refresh";
    /// POST [`super::Invite`] → [`super::Invitation`].
    pub const INVITATIONS: &str = "/api/v1/invitations";
    /// GET → [`super::Workspace`].
    pub const WORKSPACE: &str = "/api/v1/workspace";
    /// HEAD, PATCH and GET of a blob, under its hash; [`super::blob`] has the headers.
    pub const BLOB: &str = "/api/v1/blobs/{hash}";
    /// The WebSocket (`docs/protocol.md`).
    pub const SOCKET: &str = "/api/v1/socket";
    /// GET → [`super::Health`]; no token.
    pub const HEALTH: &str = "/healthz";
}

/// Headers of a blob's upload, after the draft "Resumable Uploads for HTTP" of the IETF.
pub mod blob {
    /// How many bytes the relay has.
    pub const OFFSET: &str = "upload-offset";
    /// How many there are in all.
    pub const LENGTH: &str = "upload-length";
}

/// Makes an account by an invitation, and enrols its first device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Join {
    /// The invitation link's secret.
    pub invitation: Secret,
    /// What others will call this person.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: Secret,
    /// The device they sit at.
    pub device: Device,
    /// The hash of the refresh secret that the device made for itself.
    pub next: Hex<32>,
    /// What the device wrote alone so far, for a relay that is still empty to take over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
}

/// A workspace that a device founded by itself, and who its person is there.
///
/// A relay honours it for an owner's invitation while its own workspace has no entry and no member: then it goes by
/// these ids, and the [`Session`] says them. In every other case it is ignored, so nobody gets at anything by a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The person who wrote in it.
    pub person: PersonId,
}

/// Signs a person in on a device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignIn {
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: Secret,
    /// The device they sit at.
    pub device: Device,
    /// The hash of the refresh secret that the device made for itself.
    pub next: Hex<32>,
}

/// A device, as it introduces itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Made by the device at its first start and kept: whoever signs in again on it is on the same device. A relay
    /// that knows the id as another person's refuses with [`crate::problem::Code::FORBIDDEN`].
    pub id: DeviceId,
    /// What its person calls it.
    pub name: String,
}

/// Asks for a new access token and replaces the refresh secret in the same step.
///
/// The device makes the next secret itself and stores it, marked as pending, before it asks. So a lost answer costs
/// nothing: the same request again gets the same answer, for 24 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refresh {
    /// The present refresh secret.
    pub secret: Secret,
    /// Names this rotation: 16 random bytes.
    pub rotation: Hex<16>,
    /// The hash of the next refresh secret.
    pub next: Hex<32>,
}

/// A device is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The access token (a JWT), for the `Authorization: Bearer` header or the hello.
    pub access: Secret,
    /// How long the access token is good for, in seconds from now; no clock is compared.
    pub expires_in: u32,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Who the relay takes you for.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The device.
    pub device: DeviceId,
}

/// What a person may do in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// Write and invite.
    Member,
}

/// Asks for an invitation link for one more member.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Invite {}

/// An invitation, told once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    /// The link to hand on ([`InvitationLink`]); good for one person.
    pub link: Secret,
    /// When it lapses, by the relay's clock.
    pub expires_at: Millis,
}

/// The workspace as its members see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// What its people call it, as the relay's operator named it.
    pub name: String,
    /// Who is in it.
    pub people: Vec<Member>,
    /// The most bytes that a file may have; `None` where the relay does not say.
    #[serde(default)]
    pub largest_file: Option<u64>,
}

/// One person of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their id.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// How a relay is, and that it is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// [`Health::SERVICE`].
    pub service: String,
    /// The relay's release.
    pub release: String,
    /// The oldest and newest protocol version that it speaks.
    pub versions: (u16, u16),
}

impl Health {
    /// What every relay calls itself; anything else that answers is not a relay.
    pub const SERVICE: &str = "sheaf-relay";
}

impl Join {
    /// Checks every field.
    ///
    /// # Errors
    /// The first field that is out of its limits.
    pub fn check(&self) -> Result<(), Fault> {
        check_secret("invitation", &self.invitation)?;
        check_name(&self.name)?;
        check_email(&self.email)?;
        check_password(&self.password)?;
        check_device_name(&self.device.name)
    }
}

impl SignIn {
    /// Checks every field but the password's length: an old password is still a password.
    ///
    /// # Errors
    /// The first field that is out of its limits.
    pub fn check(&self) -> Result<(), Fault> {
        check_email(&self.email)?;
        check::at_most("password", self.password.expose(), check::PASSWORD.1)?;
        check_device_name(&self.device.name)
    }
}

impl Refresh {
    /// Checks every field.
    ///
    /// # Errors
    /// The secret is out of its limits.
    pub fn check(&self) -> Result<(), Fault> {
        check_secret("secret", &self.secret)
    }
}
