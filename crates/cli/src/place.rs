//! Where the workspace is: the profile's folder, and the workspace in it that was open last.

use std::path::PathBuf;

use sheaf_client::{Clock, Profile, Reader, Replica};
use sheaf_document::ids::WorkspaceId;

use crate::failure::{Exit, Failure};

/// A profile's folder, which may not be there yet.
#[derive(Debug, Clone)]
pub struct Place {
    /// The folder.
    pub folder: PathBuf,
    /// What time it is.
    pub clock: Clock,
}

impl Place {
    /// Returns the folder that was named, or the app's own.
    ///
    /// # Errors
    /// When the system does not say where a person's data are.
    pub fn find(named: Option<PathBuf>) -> Result<Self, Failure> {
        let folder = named.or_else(Profile::default_folder).ok_or_else(|| {
            Failure::new(
                Exit::Usage,
                "The system does not say where your data are; name a folder with --profile.",
            )
        })?;
        Ok(Self { folder, clock: Clock::system() })
    }

    /// Opens the profile, making it where there is none.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn profile(&self) -> Result<Profile, Failure> {
        Ok(Profile::open(&self.folder)?)
    }

    /// Opens the workspace for reading, beside whoever writes it. Makes nothing.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn read(&self) -> Result<(WorkspaceId, Reader), Failure> {
        let nothing = || {
            let here = self.folder.display();
            Failure::new(
                Exit::NotFound,
                format!(
                    "There is no workspace in {here} yet. Make a document with sheaf new, or join a team."
                ),
            )
        };
        if !self.folder.join("workspaces").is_dir() {
            return Err(nothing());
        }
        let profile = self.profile()?;
        if profile.workspaces()?.is_empty() {
            return Err(nothing());
        }
        let workspace = profile.begin(&self.clock)?;
        Ok((workspace, Reader::open(&profile, workspace)?))
    }

    /// Opens the workspace for writing; an empty profile gets one on this device.
    ///
    /// # Errors
    /// When another program writes it, or it cannot be opened.
    pub async fn write(&self) -> Result<Replica, Failure> {
        let profile = self.profile()?;
        let workspace = profile.begin(&self.clock)?;
        Ok(Replica::open(&profile, workspace, self.clock.clone()).await?)
    }
}
