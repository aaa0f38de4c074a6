//! What the relay keeps on disk.
//!
//! One method is one transaction, so no caller can do half of something. A method that answers a person takes the
//! [`Scope`] that their token proved, and finds nothing outside of it. What many people's entries need together (a group
//! to append, names and documents to hold it against) and what the relay does for itself (setting up, snapshots) takes
//! the workspace, which comes from a room that only its people enter. So no query can forget whose data it reads.
//! SQLite only; another database implements the same methods, listed in [`sqlite`].

pub mod sqlite;

use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, PersonId, WorkspaceId};
use sheaf_protocol::entry::Millis;

/// In whose name and in which workspace a call is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The person.
    pub person: PersonId,
}

/// What a person may do in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Runs the workspace.
    Owner,
    /// Reads and writes everything, invites others.
    Member,
}

impl From<Role> for sheaf_protocol::rest::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Member => Self::Member,
        }
    }
}

impl Role {
    /// Returns the role's name as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Member => "member",
        }
    }

    /// Returns the role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "owner" => Some(Self::Owner),
            "member" => Some(Self::Member),
            _ => None,
        }
    }
}

/// A person's account.
#[derive(Debug, Clone)]
pub struct Account {
    /// The person and their workspace.
    pub scope: Scope,
    /// What others call them.
    pub name: String,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Argon2id, as a PHC string.
    pub password: String,
}

/// A device that signs in.
#[derive(Debug, Clone)]
pub struct NewDevice {
    /// Its id.
    pub device: DeviceId,
    /// What its person calls it.
    pub name: String,
    /// The hash of its first refresh secret.
    pub secret: ContentHash,
}

/// A signed-in device.
#[derive(Debug, Clone)]
pub struct Session {
    /// Whose it is.
    pub account: Account,
    /// The device.
    pub device: DeviceId,
}

/// What became of an attempt to join.
#[derive(Debug)]
pub enum Joined {
    /// The account is made and the device enrolled.
    Welcome(Session),
    /// The invitation is wrong, used or expired.
    Invitation,
    /// The address has an account.
    EmailTaken,
    /// The device is somebody else's.
    DeviceTaken,
}

/// A wish to replace a device's refresh secret (the idempotent rotation).
#[derive(Debug, Clone, Copy)]
pub struct Rotation {
    /// The hash of the secret being spent.
    pub spent: ContentHash,
    /// Names the attempt; the same in every repetition.
    pub id: [u8; 16],
    /// The hash of the secret that the device made for itself.
    pub next: ContentHash,
}

/// What became of a rotation.
#[derive(Debug)]
pub enum Rotated {
    /// Done, now or in an earlier repetition.
    Done(Session),
    /// Another rotation of the same secret won moments ago: wait and read what it left.
    Lost,
    /// The secret had been spent long ago, so somebody else has a copy: the device is signed out.
    Reused(DeviceId),
    /// The device was signed out.
    Ended,
    /// Nobody knows this secret, or the repetition comes too late.
    Unknown,
}

/// An invitation as it is kept.
#[derive(Debug, Clone, Copy)]
pub struct NewInvitation {
    /// The hash of the secret in the link.
    pub secret: ContentHash,
    /// What the invited will be.
    pub role: Role,
    /// When it lapses.
    pub expires_at: Millis,
}

/// A document whose snapshot is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stale {
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// The document.
    pub document: DocumentId,
}
