//! The shapes that cross to the window, and nothing else: `ui/src/backend/bindings.ts` is made from them, and a test
//! fails when it is stale.
//!
//! Times are milliseconds since 1970 and fit a double; ids are text.

mod files;
mod search;
mod transfer;
mod tree;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use files::{FileRow, FileState};
pub use search::{About, Found, FoundIn, FoundPerson, Hit, Passage};
pub use transfer::{Choice, Exported, Format, Imported, Left, LeftOut, Scope, Surveyed};
pub use tree::{Level, PlaceRow, RefusedRecord, SettleRecord, Spot, TreeView};

/// What there is when the window opens.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Start {
    /// The workspace's name; none for one that is on this device alone.
    pub workspace: Option<String>,
    /// Whether a relay holds it too.
    pub shared: bool,
    /// Who writes here.
    pub me: Me,
    /// Where the person was when the app ended.
    pub place: Option<Place>,
    /// What the person sees of the tree.
    pub tree: TreeView,
    /// The state of the connection.
    pub sync: Sync,
    /// Whether this page stands in for one whose process ended.
    pub revived: bool,
}

/// A workspace of this profile that a person may want to go to.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Workspace {
    /// Its id.
    pub id: String,
    /// Its name; none for the one that is on this device alone.
    pub name: Option<String>,
    /// Whether it is the one that the window opens.
    pub here: bool,
    /// How it stands; null while it is not open.
    pub sync: Option<Sync>,
    /// Why it does not open.
    pub problem: Option<ProblemCode>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Visit {
    /// The document.
    pub document: String,
    /// The workspace that has it.
    pub workspace: String,
}

/// The person at this device.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Me {
    /// Their id.
    pub id: String,
    /// Their name; empty before they joined a team.
    pub name: String,
}

/// The honest state of what was written here.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Sync {
    /// There is no relay; everything is saved on this device.
    Local,
    /// The relay cannot be reached.
    Offline {
        /// Changes that wait for it.
        waiting: u32,
    },
    /// A connection is being made.
    Connecting {
        /// Changes that wait for it.
        waiting: u32,
    },
    /// What others wrote is arriving.
    CatchingUp {
        /// Entries stored so far.
        through: f64,
        /// Entries in all.
        head: f64,
    },
    /// Changes are on their way.
    Sending {
        /// How many.
        waiting: u32,
    },
    /// The relay holds everything that was written here.
    Synced,
    /// The relay refused changes; a person has to look.
    Refused {
        /// Documents with refused changes; none where changes of the tree alone were refused.
        documents: u32,
    },
    /// The session ended; documents stay open and editable.
    SignedOut {
        /// Changes that wait.
        waiting: u32,
    },
    /// The relay does not serve this device; documents stay open and editable.
    TurnedAway {
        /// Why.
        code: ProblemCode,
        /// Changes that wait.
        waiting: u32,
    },
}

/// A colleague who is here.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Person {
    /// Names their connection.
    pub session: String,
    /// Who they are.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their caret, as the editor wrote it; null when they only look.
    pub caret: Option<String>,
}

/// Who is in a team, as far as this device knows.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct Members {
    /// When the relay was asked last; null where it never was.
    pub at: Option<f64>,
    /// Everyone.
    pub people: Vec<Member>,
}

/// Somebody of a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Member {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they may do; null where the relay was not asked since they came.
    pub role: Option<Role>,
}

/// What somebody may do in a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// Write and invite.
    Member,
}

/// An invitation to a team.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Invitation {
    /// The link to hand on, good for one person.
    pub link: String,
    /// When it lapses.
    pub expires_at: f64,
}

/// What there is to know about this device.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Device {
    /// What it is called at relays.
    pub name: String,
    /// The version of Sheaf.
    pub version: String,
    /// The folder where everything of it lies.
    pub folder: String,
}

/// Where a person is.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Place {
    /// The document.
    pub document: String,
    /// The caret, as the editor wrote it.
    pub caret: Option<String>,
}

/// Joining a team, or bringing this device's workspace to a relay.
#[derive(Clone, Deserialize, TS)]
pub struct JoinRequest {
    /// The invitation link.
    pub invitation: String,
    /// The person's name.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their password.
    pub password: String,
    /// Whether they insist on a relay that is not encrypted.
    pub insist: bool,
}

/// What the relay refused of a document.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Refused {
    /// A code of the catalogue.
    pub code: String,
    /// The passages that only this device has, a line each.
    pub words: String,
}

/// How a person settles refused changes.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Settlement {
    /// Send them again.
    Retry,
    /// Keep the document as it is here as another one.
    KeepCopy {
        /// The other one's title.
        title: String,
    },
    /// Let them go.
    Discard,
}

/// Signing in again.
#[derive(Clone, Deserialize, TS)]
pub struct SignInRequest {
    /// The person's e-mail address.
    pub email: String,
    /// Their password.
    pub password: String,
}

/// What can go wrong, or is to be known, as far as people are told: the catalogue has one sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The disk is full.
    DiskFull,
    /// The workspace's file is damaged.
    Corrupt,
    /// A newer version wrote the file.
    Newer,
    /// Another program writes the workspace.
    Locked,
    /// The change is no sound one.
    Invalid,
    /// The change is over a limit.
    TooLarge,
    /// There is no such document.
    NotFound,
    /// No workspace of this device has the document that a link leads to.
    NotHere,
    /// Something that no person can act on.
    Internal,
    /// The invitation is wrong, used or expired.
    Invitation,
    /// Address or password is wrong.
    Credentials,
    /// The address has an account, with another password.
    EmailTaken,
    /// A field is out of its limits.
    Field,
    /// The team knows this device as another person's.
    OtherPerson,
    /// The relay holds another workspace than it did.
    OtherWorkspace,
    /// The session ended.
    SignedOut,
    /// The relay is not encrypted, and nobody insisted.
    Insecure,
    /// Nothing answers.
    Unreachable,
    /// Something answers that is no relay.
    NotARelay,
    /// App and relay have no protocol in common.
    Version,
    /// The relay has too much to do, or is about to stop.
    Busy,
    /// The session ends with the app, for there is no keychain that works.
    NoKeychain,
    /// The session ends with the app, for the keychain is locked.
    KeychainLocked,
    /// Not every document of this device came over to the team.
    NotBrought,
    /// The document would be inside itself.
    Cycle,
    /// There is nothing to put it under.
    NoParent,
    /// It would lie deeper than the tree may be.
    TooDeep,
    /// The file is larger than the relay takes.
    FileTooLarge,
    /// There is no room for the file on this device.
    FileNoRoom,
    /// The relay has lost the file.
    FileGone,
    /// The file could not be read or written.
    FileFailed,
    /// Somebody ended it; nothing is left of it.
    Cancelled,
}

/// Why a command failed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Problem {
    /// A code of the catalogue.
    pub code: ProblemCode,
    /// Detail for a report; never shown by itself.
    pub detail: String,
}

#[cfg(test)]
mod tests;
