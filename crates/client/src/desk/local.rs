//! What people and programs on this device do: open, write, create, settle.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::markdown::Parsed;
use sheaf_document::tree::Node;
use sheaf_document::update::Admitted;
use sheaf_protocol::entry::Origin;
use sheaf_protocol::record::Record;
use sheaf_store::{Changed, LocalRecord, LocalWrite, Place, Settle, Store};

use super::Desk;
use super::view::View;
use crate::chance;
use crate::error::{ReplicaError, Result};
use crate::gatekeeper::Loaded;
use crate::replica::{Edit, Mailbox, ReplicaEvent, Saved, Settlement, WatcherId};

/// A document of more updates than this is folded when it is read.
pub const LONG: usize = 1_000;

impl Desk {
    /// Runs a read of the store.
    pub fn read<T>(
        &mut self,
        read: impl FnOnce(&Store) -> std::result::Result<T, sheaf_store::StoreError>,
    ) -> Result<T> {
        Ok(read(self.store()?)?)
    }

    /// Runs a write that touches no document.
    pub fn put<T>(
        &mut self,
        write: impl FnOnce(&mut Store) -> std::result::Result<T, sheaf_store::StoreError>,
    ) -> Result<T> {
        Ok(write(self.store()?)?)
    }

    /// Opens a document for a watcher, who gets every update after this one.
    ///
    /// The answer is given as soon as it is known, which for most documents is before they are in memory here.
    pub fn open(
        &mut self,
        document: DocumentId,
        watcher: WatcherId,
        mailbox: &Arc<Mailbox>,
        answer: impl FnOnce(Result<Bytes>),
    ) {
        let known = self.attempt(|desk| desk.known(document));
        if let Ok(Some(known)) = known {
            mailbox.forget(document);
            answer(Ok(known));
            self.unseated.push((document, watcher, mailbox.clone()));
        } else {
            answer(self.attempt(|desk| desk.open_wholly(document, watcher, mailbox)));
        }
    }

    /// Builds the documents whose bytes were given out already.
    pub(super) fn seat(&mut self) {
        for (document, watcher, mailbox) in std::mem::take(&mut self.unseated) {
            let opened = self.attempt(|desk| desk.open_wholly(document, watcher, &mailbox));
            if opened.is_err() {
                mailbox.put(ReplicaEvent::Reopen(document));
            }
        }
    }

    pub(super) fn open_wholly(
        &mut self,
        document: DocumentId,
        watcher: WatcherId,
        mailbox: &Arc<Mailbox>,
    ) -> Result<Bytes> {
        let (loaded, read) = self.load(document)?;
        if loaded.updates == 0 {
            return Err(ReplicaError::NotFound(document));
        }
        let mut view = View::of(document, read);
        if let Some(old) = self.views.remove(&document) {
            view.replace(old);
            view.tell();
        }
        view.seat(watcher, mailbox.clone());
        mailbox.forget(document);
        self.views.insert(document, view);
        self.vouch(document, &loaded);
        Ok(loaded.update.into())
    }

    /// Ends a watcher's interest in a document.
    pub fn close(&mut self, document: DocumentId, watcher: WatcherId) {
        self.unseated.retain(|(other, who, _)| (*other, *who) != (document, watcher));
        if let Some(view) = self.views.get_mut(&document)
            && !view.leave(watcher)
        {
            self.views.remove(&document);
        }
    }

    /// Commits changes: all of them are on the disk when this returns, or none.
    ///
    /// Returns with each the proof that it may be shown, for [`Desk::show`]: whoever waits for the disk need not wait
    /// for that.
    pub fn commit<'e>(&mut self, edits: &'e [Edit]) -> Result<(Saved, Vec<Admitted<'e>>)> {
        self.commit_with(Vec::new(), edits)
    }

    /// The same, behind records.
    ///
    /// # Errors
    /// [`ReplicaError::Rule`] for the first record that breaks one.
    pub fn commit_with<'e>(
        &mut self,
        records: Vec<Record>,
        edits: &'e [Edit],
    ) -> Result<(Saved, Vec<Admitted<'e>>)> {
        let outcome = self.admit_and_write(records, edits);
        if outcome.is_err() {
            // The states may hold what was admitted and not written.
            edits.iter().for_each(|edit| self.gate.forget(edit.document));
        }
        outcome
    }

    fn admit_and_write<'e>(
        &mut self,
        records: Vec<Record>,
        edits: &'e [Edit],
    ) -> Result<(Saved, Vec<Admitted<'e>>)> {
        let at = self.clock.now();
        self.store()?;
        let store = self.store.as_mut().ok_or(ReplicaError::Stopped)?;
        let mut proofs = Vec::with_capacity(edits.len());
        let mut writes = Vec::with_capacity(edits.len());
        for edit in edits {
            let document = edit.document;
            if document == self.stream {
                return Err(ReplicaError::NotFound(document));
            }
            let admitted = self.gate.admit(store, document, &edit.bytes)?;
            // A change that is sent again, because an answer was lost, is saved already.
            if !admitted.summary().adds_nothing() {
                writes.push(LocalWrite { document, origin: edit.origin, at, bytes: edit.bytes.clone() });
            }
            proofs.push(admitted);
        }
        let origin = edits.first().map_or(Origin::TYPED, |edit| edit.origin);
        let draft = |record| LocalRecord { record, origin, at };
        let records: Vec<_> = records.into_iter().map(draft).collect();
        let (written, changed) = match (records.as_slice(), writes.as_slice()) {
            ([], []) => (None, Changed::default()),
            ([], [one]) => (Some(store.commit_local(one)?), Changed::default()),
            ([], many) => (store.commit_local_all(many)?.pop(), Changed::default()),
            (records, updates) => {
                let mut drafted = store.commit_records(records, updates)?;
                (drafted.written.pop(), drafted.changed)
            }
        };
        let counter = written.map_or_else(|| self.hub.written(), |written| written.counter);
        self.hub.wrote(counter, (records.len() + writes.len()) as u64);
        self.show_changed(changed);
        self.wrote();
        Ok((Saved { counter }, proofs))
    }

    /// Shows committed changes to everyone else who has their documents open.
    pub fn show(&mut self, edits: &[Edit], proofs: &[Admitted<'_>]) {
        self.take(edits, proofs);
        edits.iter().for_each(|edit| self.tell(edit.document));
    }

    /// Tells those who have a document open what arrived in it.
    pub(super) fn tell(&mut self, document: DocumentId) {
        if let Some(view) = self.views.get_mut(&document) {
            view.tell();
        }
    }

    /// Takes committed changes into the open documents, to be told.
    fn take(&mut self, edits: &[Edit], proofs: &[Admitted<'_>]) {
        for (edit, admitted) in edits.iter().zip(proofs) {
            let Some(view) = self.views.get_mut(&edit.document) else { continue };
            if let Err(error) = view.take(edit.by, admitted, edit.bytes.clone()) {
                tracing::error!(document.id = %edit.document, %error, "a document in memory is broken; reading it again");
                self.rebuild(edit.document);
            }
        }
    }

    /// Commits and shows what this device wrote without an editor.
    fn write(&mut self, document: DocumentId, origin: Origin, updates: Vec<Bytes>) -> Result<()> {
        let edits: Vec<_> =
            updates.into_iter().map(|bytes| Edit { document, bytes, origin, by: None }).collect();
        let (_, proofs) = self.commit(&edits)?;
        self.show(&edits, &proofs);
        Ok(())
    }

    /// Adds blocks at a document's end.
    pub fn append(&mut self, document: DocumentId, blocks: &[Node], origin: Origin) -> Result<()> {
        let (loaded, mut read) = self.load(document)?;
        if loaded.updates == 0 {
            return Err(ReplicaError::NotFound(document));
        }
        let update = read.append(blocks).into();
        self.write(document, origin, vec![update])
    }

    /// Brings what changed between two readings of a file into a document; returns its title then.
    pub fn reconcile(&mut self, document: DocumentId, base: &Parsed, file: &Parsed) -> Result<String> {
        let (loaded, mut read) = self.load(document)?;
        if loaded.updates == 0 {
            return Err(ReplicaError::NotFound(document));
        }
        let update = read.reconcile(base, file);
        self.write(document, Origin::TYPED, vec![update.into()])?;
        Ok(read.title())
    }

    /// Settles a document's fork as a person decided; returns the copy, if one was made.
    pub fn settle(&mut self, document: DocumentId, how: &Settlement) -> Result<Option<DocumentId>> {
        let copy = match how {
            Settlement::KeepCopy { title } => {
                let (_, read) = self.load(document)?;
                let beside = Place::After(document);
                let parent = self.row(document)?.parent;
                Some(self.create(parent, beside, title, read.tree().children, Origin::RESTORED)?)
            }
            Settlement::Retry | Settlement::Discard => None,
        };
        let how = if *how == Settlement::Retry { Settle::Retry } else { Settle::Discard };
        self.store()?.settle(document, how)?;
        if how == Settle::Discard {
            // Its clocks went with what was taken out.
            self.hand = chance::client();
            self.read_anew(document);
            // A row to which no text will ever come helps nobody.
            if !self.store()?.has_words(document)? && !self.row(document)?.trashed {
                self.trash(document, true)?;
            }
        }
        self.count()?;
        self.hub.broadcast(&ReplicaEvent::Documents);
        self.show_places([document].into());
        Ok(copy)
    }

    /// What a document is made of is another than before: whoever has it open opens it again.
    pub(super) fn read_anew(&mut self, document: DocumentId) {
        self.gate.forget(document);
        self.rebuild(document);
        if let Some(view) = self.views.get_mut(&document) {
            view.reopen();
        }
        self.untidy = true;
    }

    /// Reads a whole document into memory, to be written in under this process's client id; folds it on the disk when it
    /// is long, and distrusts it when something in it is not sound: the relay may have it whole.
    pub(super) fn load(&mut self, document: DocumentId) -> Result<(Loaded, Document)> {
        let mut read = Document::new(self.hand);
        self.store()?;
        if document == self.stream {
            return Err(ReplicaError::NotFound(document));
        }
        let store = self.store.as_mut().ok_or(ReplicaError::Stopped)?;
        // A defect that one document brings to light concerns that document.
        let load = || self.gate.load(store, document, Some(&mut read));
        let loaded = catch_unwind(AssertUnwindSafe(load))
            .unwrap_or_else(|_| Err(ReplicaError::Unreadable("a defect".into())))?;
        if loaded.updates > LONG
            && loaded.unsound == 0
            && let Err(error) = store.put_snapshot(document, loaded.through, &loaded.update)
        {
            // Only a cache: the document opens on a full disk too.
            tracing::warn!(document.id = %document, %error, "a long document could not be folded");
        }
        if loaded.unsound > 0 {
            self.hub.distrust(document);
        }
        Ok((loaded, read))
    }

    /// Reads an open document again and has it reopened if that made a difference; what arrived in it is still to be told.
    pub(super) fn rebuild(&mut self, document: DocumentId) {
        let Some(mut old) = self.views.remove(&document) else { return };
        match self.load(document) {
            Ok((_, read)) => {
                let mut view = View::of(document, read);
                view.replace(old);
                self.views.insert(document, view);
            }
            Err(error) => {
                tracing::error!(document.id = %document, %error, "an open document cannot be read again");
                old.reopen();
            }
        }
    }
}
