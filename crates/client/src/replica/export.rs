//! Taking documents out, for the desktop shell: beside the desk, as reading is.

use std::path::PathBuf;

use tokio_util::sync::CancellationToken;

use super::Replica;
use crate::error::ReplicaError;
use crate::export::{ExportError, Format, Report, Scope, export};
use crate::import::Progress;
use crate::reader::Reader;

impl Replica {
    /// Takes documents out into a folder, as a new file or folder there; see [`export`].
    ///
    /// # Errors
    /// As [`ExportError`] says; nothing is left of it then.
    pub async fn export(
        &self,
        scope: Scope,
        format: Format,
        into: PathBuf,
        cancel: CancellationToken,
        tell: impl FnMut(Progress) + Send + 'static,
    ) -> Result<Report, ExportError> {
        let (path, shelf) = (self.inner.beside.path().to_owned(), self.inner.porter.shelf().clone());
        let work = move || {
            let reader = Reader::open_file(&path)?;
            export(&reader, &shelf, scope, format, &into, &cancel, tell)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| ReplicaError::Broken)?
    }
}
