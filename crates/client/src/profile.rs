//! A profile: the folder in which one person's Sheaf keeps everything on this device.
//!
//! ```text
//! profile.json               this device's id, and the workspace that was open last
//! workspaces/<id>/sheaf.db   one replica per workspace, with its lock beside it
//! workspaces/<id>/files/     the bytes of what its documents show, each under its hash
//! ```
//!
//! Secrets are not here; they live in the keychain.

use std::env;
use std::fs::{self, DirBuilder, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sheaf_document::ids::{DeviceId, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::Author;
use sheaf_store::{Identity, Store, StoreError, sync_folder};

use crate::chance;
use crate::clock::Clock;
use crate::error::Result;
use crate::writing;

/// Sheaf's name among an operating system's folders for programs.
const APP: &str = "dev.sheaf.desktop";

/// A folder with workspaces in it.
#[derive(Debug, Clone)]
pub struct Profile {
    folder: PathBuf,
}

/// What is remembered of a profile as a whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Settings {
    device: DeviceId,
    last: Option<WorkspaceId>,
}

impl Profile {
    /// Returns the folder of a person who named none, where their system keeps programs' data; `None` where it does not
    /// say.
    pub fn default_folder() -> Option<PathBuf> {
        let folder = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let data = if cfg!(windows) {
            folder("APPDATA")
        } else if cfg!(target_os = "macos") {
            folder("HOME").map(|home| home.join("Library/Application Support"))
        } else {
            folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")))
        };
        Some(data?.join(APP))
    }

    /// Opens the profile in a folder, which is made if it is not there; only this person may look into it.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self> {
        let folder = folder.into();
        make_folder(&folder.join("workspaces"))?;
        Ok(Self { folder })
    }

    /// Returns the folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the path of a workspace's database, whether or not it is there.
    pub fn database(&self, workspace: WorkspaceId) -> PathBuf {
        self.folder.join("workspaces").join(workspace.to_string()).join("sheaf.db")
    }

    /// Returns the folder of a workspace's files.
    pub fn files(&self, workspace: WorkspaceId) -> PathBuf {
        self.folder.join("workspaces").join(workspace.to_string()).join("files")
    }

    /// Returns the workspaces that are here, in the order in which they were made.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn workspaces(&self) -> Result<Vec<WorkspaceId>> {
        let mut found = Vec::new();
        for folder in fs::read_dir(self.folder.join("workspaces"))? {
            let name = folder?.file_name();
            if let Some(workspace) = name.to_str().and_then(|name| name.parse().ok())
                && self.database(workspace).try_exists()?
            {
                found.push(workspace);
            }
        }
        found.sort();
        Ok(found)
    }

    /// Returns the workspace to open: the last one, or any; in an empty profile one on this device is founded, with a
    /// short welcome in it.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn begin(&self, clock: &Clock) -> Result<WorkspaceId> {
        let here = self.workspaces()?;
        let last = self.settings(clock)?.last;
        if let Some(workspace) = last.filter(|last| here.contains(last)).or_else(|| here.first().copied()) {
            return Ok(workspace);
        }
        let now = clock.now();
        let author = Author {
            person: chance::id(now, PersonId::fresh),
            device: self.device(clock)?,
            replica: chance::id(now, ReplicaId::fresh),
        };
        let workspace = chance::id(now, WorkspaceId::fresh);
        self.found(Identity { workspace, author }, |store| writing::welcome(store, now))?;
        self.remember(workspace, clock)?;
        Ok(workspace)
    }

    /// Makes an empty replica of a team's workspace for this person and device, unless there is one.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn join(
        &self,
        workspace: WorkspaceId,
        person: PersonId,
        device: DeviceId,
        clock: &Clock,
    ) -> Result<()> {
        if self.database(workspace).try_exists()? {
            return Ok(());
        }
        let replica = chance::id(clock.now(), ReplicaId::fresh);
        self.found(Identity { workspace, author: Author { person, device, replica } }, |_| Ok(()))
    }

    /// Returns the id of this device, as enrolled or to be enrolled at a relay; made at the first call.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn device(&self, clock: &Clock) -> Result<DeviceId> {
        Ok(self.settings(clock)?.device)
    }

    /// Remembers which workspace is open, for the next start.
    ///
    /// # Errors
    /// When the folder cannot be read or written.
    pub fn remember(&self, workspace: WorkspaceId, clock: &Clock) -> Result<()> {
        self.put_settings(&Settings { last: Some(workspace), ..self.settings(clock)? })
    }

    /// Makes a workspace whole or not at all: it gets its name once everything is in it.
    fn found(&self, identity: Identity, fill: impl FnOnce(&mut Store) -> Result<()>) -> Result<()> {
        let name = identity.workspace.to_string();
        let workspaces = self.folder.join("workspaces");
        let unborn = workspaces.join(format!("{name}.new"));
        if unborn.try_exists()? {
            // An earlier attempt ended early, and nobody was told of it.
            fs::remove_dir_all(&unborn)?;
        }
        make_folder(&unborn)?;
        let mut store = Store::create(&unborn.join("sheaf.db"), None, identity)?;
        fill(&mut store)?;
        // Its file moves closed.
        drop(store);
        fs::rename(unborn, workspaces.join(name))?;
        Ok(sync_folder(&workspaces)?)
    }

    fn settings(&self, clock: &Clock) -> Result<Settings> {
        match fs::read(self.folder.join("profile.json")) {
            // What is here can be made anew, so a damaged file is no reason not to start.
            Ok(text) => match serde_json::from_slice(&text) {
                Ok(settings) => return Ok(settings),
                Err(error) => tracing::warn!(%error, "the profile's settings are damaged; making new ones"),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        let settings = Settings { device: chance::id(clock.now(), DeviceId::fresh), last: None };
        self.put_settings(&settings)?;
        Ok(settings)
    }

    /// Writes the settings whole or not at all.
    fn put_settings(&self, settings: &Settings) -> Result<()> {
        let text = serde_json::to_vec_pretty(settings).map_err(|error| StoreError::Io(error.into()))?;
        let unborn = self.folder.join("profile.json.new");
        let mut file = File::create(&unborn)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&unborn, self.folder.join("profile.json"))?;
        Ok(sync_folder(&self.folder)?)
    }
}

/// Makes a folder, and those above it, that only this person may look into.
pub(crate) fn make_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ReplicaError;
    use crate::reader::Reader;

    #[test]
    fn a_first_start_that_ended_early_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let profile = Profile::open(folder.path()).unwrap();
        let author = Author {
            person: PersonId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([2; 16]),
            replica: ReplicaId::from_bytes([3; 16]),
        };
        let identity = Identity { workspace: WorkspaceId::from_bytes([4; 16]), author };
        for _ in 0..2 {
            profile.found(identity, |_| Err(ReplicaError::Stopped)).expect_err("the power goes");
        }
        let workspace = profile.begin(&Clock::system()).unwrap();
        let documents = Reader::open(&profile, workspace).unwrap().documents().unwrap();
        assert_eq!(documents.len(), 1, "nobody begins without a document");
    }
}
