//! The tree of documents, for the desktop shell and the command line: read a level at a time, changed by drafts.

use sheaf_document::ids::DocumentId;
use sheaf_document::tree::Node;
use sheaf_protocol::entry::Origin;
use sheaf_protocol::record::{FavouriteWrite, Parent, PlaceWrite};
use sheaf_store::{Level, MemberRow, Place, PlaceRow, RefusedRecord, Settle, Spot};

use super::Replica;
use crate::desk::Newborn;
use crate::engine::Command;
use crate::error::Result;

impl Replica {
    /// Returns some of a level of the tree in its order, after a spot on it.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn level(&self, level: Level, after: Option<Spot>, limit: usize) -> Result<Vec<PlaceRow>> {
        self.read(move |store| store.level(level, after.as_ref(), limit)).await
    }

    /// Returns the rows of these documents, as many as there are.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn places(&self, documents: Vec<DocumentId>) -> Result<Vec<PlaceRow>> {
        self.read(move |store| store.places(&documents)).await
    }

    /// Returns the id, title and icon of everything that a document stands under, from the top, and its own at the end;
    /// nothing for one that is not here.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn path(&self, document: DocumentId) -> Result<Vec<(DocumentId, String, String)>> {
        let path = self.read(move |store| store.path(document)).await?;
        Ok(path.into_iter().map(|row| (row.id, row.title, row.icon)).collect())
    }

    /// Makes a document somewhere in the tree and returns its id.
    ///
    /// # Errors
    /// [`crate::ReplicaError::Rule`] when nothing may stand there, or when the disk fails; then there is no such document.
    pub async fn create_in(
        &self,
        parent: Parent,
        beside: Place,
        title: &str,
        blocks: Vec<Node>,
        origin: Origin,
    ) -> Result<DocumentId> {
        let title = title.to_owned();
        self.inner.desk.ask(move |desk| desk.create(parent, beside, &title, blocks, origin)).await
    }

    /// Puts a document somewhere else, with everything that stands under it.
    ///
    /// # Errors
    /// [`crate::ReplicaError::Rule`] when it may not stand there, and when there is no such document, or the disk fails;
    /// then nothing was written. So it is with everything that follows.
    pub async fn move_to(&self, document: DocumentId, parent: Parent, beside: Place) -> Result<()> {
        self.inner.desk.ask(move |desk| desk.move_to(document, parent, beside)).await
    }

    /// Changes the letters of a title that are to be others; an open editor hears it as an update.
    ///
    /// # Errors
    /// As [`Replica::move_to`].
    pub async fn rename(&self, document: DocumentId, title: &str) -> Result<()> {
        let title = title.to_owned();
        self.inner.desk.ask(move |desk| desk.rename(document, &title)).await
    }

    /// Gives a document another sign beside its title; an empty one for none.
    ///
    /// # Errors
    /// As [`Replica::move_to`].
    pub async fn set_icon(&self, document: DocumentId, icon: String) -> Result<()> {
        self.inner.desk.ask(move |desk| desk.set_icon(document, icon)).await
    }

    /// Puts a document into the trash with everything that stands under it, or takes it out: to where it was, or to the
    /// top where that is in the trash itself.
    ///
    /// # Errors
    /// As [`Replica::move_to`].
    pub async fn trash(&self, document: DocumentId, trashed: bool) -> Result<()> {
        self.inner.desk.ask(move |desk| desk.trash(document, trashed)).await
    }

    /// Keeps a document at hand for this person, or no more.
    ///
    /// # Errors
    /// As [`Replica::move_to`].
    pub async fn favourite(&self, document: DocumentId, on: bool) -> Result<()> {
        self.inner.desk.ask(move |desk| desk.favourite(document, on)).await
    }

    /// Brings along places and favourites from another workspace of this person, parents first; what has a place here
    /// keeps it.
    pub(crate) async fn bring(&self, places: Vec<PlaceWrite>, favourites: Vec<FavouriteWrite>) -> Result<()> {
        self.inner.desk.ask(move |desk| desk.bring(places, favourites)).await
    }

    /// Makes documents, those first that others stand under. All of them are there when this returns, or none.
    pub(crate) async fn make_all(&self, newborn: Vec<Newborn>, origin: Origin) -> Result<()> {
        self.inner.desk.ask(move |desk| desk.make_all(newborn, origin)).await
    }

    /// Returns everyone in the workspace, in the order of their names.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn members(&self) -> Result<Vec<MemberRow>> {
        self.read(|store| store.members()).await
    }

    /// Returns the records that the relay refused, in the order in which they were written.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn refused_records(&self) -> Result<Vec<RefusedRecord>> {
        self.read(|store| store.refused_records()).await
    }

    /// Settles a record that the relay refused: it is offered again, or taken back.
    ///
    /// # Errors
    /// When the disk fails; then it is as it was.
    pub async fn settle_record(&self, row: i64, how: Settle) -> Result<()> {
        self.inner.desk.ask(move |desk| desk.settle_record(row, how)).await?;
        self.command(Command::Settled);
        Ok(())
    }
}
