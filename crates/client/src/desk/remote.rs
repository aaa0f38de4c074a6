//! What the engine has done on the disk: storing what a relay sent, reading what it is to get.

use std::collections::BTreeSet;

use bytes::Bytes;
use sheaf_document::ids::{DeviceId, DocumentId, Epoch, PersonId, ReplicaId};
use sheaf_document::update::{DocState, Limits, StateVector, Summary, diff};
use sheaf_protocol::entry::{Entry, Flags, Kind, Origin, Seq};
use sheaf_protocol::frame::Ack;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{Decoded, Record};
use sheaf_store::{Budget, LocalWrite, Position, RemoteBatch};

use super::Desk;
use crate::chance;
use crate::error::Result;
use crate::replica::ReplicaEvent;
use crate::session::{Batch, Row};

impl Desk {
    /// Stores what the relay sent and shows it to those who have it open. A document that holds something unsound since
    /// then is distrusted.
    pub fn store_remote(&mut self, batch: Batch) -> Result<()> {
        let Batch { entries, snapshots, cursor, epoch } = batch;
        let batch = RemoteBatch { entries, snapshots, cursor, epoch };
        let before = self.position.epoch;
        self.know_what_is_open();
        let outcome = self.store()?.commit_remote(&batch)?;
        if let Some(cursor) = cursor {
            self.position = Position { epoch: Some(epoch), cursor };
        }
        self.acknowledged(outcome.acknowledged.len())?;
        self.show_changed(outcome.changed);
        self.wrote();

        self.learn_of_files(&batch, &outcome.fresh);
        let mut unsound = BTreeSet::new();
        let mut touched = BTreeSet::new();
        // Records are the store's to understand; here is about texts.
        let stream = self.stream;
        for snapshot in batch.snapshots.iter().filter(|snapshot| snapshot.document != stream) {
            touched.insert(snapshot.document);
            self.arrive(snapshot.document, &snapshot.bytes, &Limits::SNAPSHOT, &mut unsound);
        }
        let fresh = outcome.fresh.iter().filter_map(|&index| batch.entries.get(index));
        for draft in fresh.map(|entry| &entry.draft) {
            if draft.kind == Kind::UPDATE && draft.document != stream && draft.flags == Flags::default() {
                touched.insert(draft.document);
                self.arrive(draft.document, &draft.bytes, &Limits::BULK, &mut unsound);
            }
        }
        for &document in &touched {
            if unsound.contains(&document) || self.gate.is_unsound(document) {
                self.gate.forget(document);
                self.rebuild(document);
            }
            self.tell(document);
        }
        if before.is_some_and(|before| before != epoch) {
            self.take_fresh_hands();
        }
        unsound.into_iter().for_each(|document| self.hub.distrust(document));
        Ok(())
    }

    /// Tells of the files that these entries tell of, or that a new life of the log may lack.
    fn learn_of_files(&self, batch: &RemoteBatch, fresh: &[usize]) {
        if batch.snapshots.iter().any(|snapshot| snapshot.document == self.stream) {
            return self.hub.learn_of_files(None);
        }
        let entries = fresh.iter().filter_map(|&index| batch.entries.get(index));
        let records = entries.filter(|entry| entry.draft.kind == Kind::RECORD);
        let files = records.filter_map(|entry| match Record::decode(&entry.draft.bytes) {
            Ok(Decoded::Known(Record::File(file)) | Decoded::Partly(Record::File(file))) => Some(file.hash),
            _ => None,
        });
        let files: BTreeSet<_> = files.collect();
        if !files.is_empty() {
            self.hub.learn_of_files(Some(files));
        }
    }

    /// The relay's log is not the one that went by this name.
    pub fn set_apart(&mut self, life: Epoch) -> Result<()> {
        tracing::warn!(%life, "the relay's log is not the one that went by this name; all of it is read again");
        self.store()?.set_apart(life)?;
        self.position = self.store()?.position()?;
        self.take_fresh_hands();
        Ok(())
    }

    /// A restored relay may have forgotten whose client ids are whose: everyone takes a fresh one. And files.
    fn take_fresh_hands(&mut self) {
        self.hand = chance::client();
        self.views.values_mut().for_each(super::View::reopen);
        self.hub.learn_of_files(None);
    }

    /// A commit that failed leaves no state behind. Who has the document open is to be given what arrives all the same.
    fn know_what_is_open(&mut self) {
        let open = self.views.keys().filter(|document| !self.gate.knows(**document));
        let unknown: Vec<_> = open.copied().collect();
        unknown.into_iter().for_each(|document| self.rebuild(document));
    }

    /// Admits an update that is stored already, if its document is in use, and gives it to who has that open.
    fn arrive(
        &mut self,
        document: DocumentId,
        bytes: &Bytes,
        limits: &Limits,
        unsound: &mut BTreeSet<DocumentId>,
    ) {
        match self.gate.admit_known(document, bytes, limits) {
            None => {}
            Some(Ok(admitted)) => {
                let taken =
                    self.views.get_mut(&document).map(|view| view.take(None, &admitted, bytes.clone()));
                if let Some(Err(error)) = taken {
                    tracing::error!(document.id = %document, %error, "a document in memory is broken; reading it again");
                    unsound.insert(document);
                }
            }
            Some(Err(refusal)) => {
                tracing::warn!(document.id = %document, %refusal, "the relay sent an update that is not sound; it is kept and not shown");
                unsound.insert(document);
            }
        }
    }

    /// Reads rows of the outbox. Fewer than asked for, in bytes and in rows, means that there are no more.
    pub fn read_outbox(&mut self, after: u64, bytes: usize, rows: usize) -> Result<Vec<Row>> {
        let store = self.store()?;
        let (mut read, mut size): (Vec<Row>, usize) = (Vec::new(), 0);
        while size < bytes && read.len() < rows {
            let after = read.last().map_or(after, |row| row.row);
            let drafts = store.outbox(after, Budget { bytes: bytes - size, rows: rows - read.len() })?;
            if drafts.is_empty() {
                break;
            }
            size += drafts.iter().map(|draft| draft.bytes.len()).sum::<usize>();
            read.extend(drafts.into_iter().map(|draft| Row { row: draft.counter, draft }));
        }
        Ok(read)
    }

    /// Takes acknowledged rows out of the outbox.
    pub fn acknowledge(&mut self, epoch: Epoch, acks: &[Ack], cursor: Option<Seq>) -> Result<()> {
        let acknowledged = self.store()?.acknowledge(epoch, acks, cursor)?;
        if let Some(cursor) = cursor {
            self.position = Position { epoch: Some(epoch), cursor };
        }
        self.acknowledged(acknowledged.left.len())?;
        self.show_changed(acknowledged.changed);
        for document in acknowledged.overruled {
            tracing::info!(document.id = %document, "the relay holds what was discarded here; it is there again");
            self.read_anew(document);
        }
        Ok(())
    }

    /// Tells how much has left the outbox. What a person was to settle may have left it with the rest.
    fn acknowledged(&mut self, rows: usize) -> Result<()> {
        self.hub.acknowledged(rows as u64);
        let status = self.hub.status();
        if rows > 0 && status.forks + status.refused_records > 0 { self.count() } else { Ok(()) }
    }

    /// The relay will not take this row: its document waits for a person.
    pub fn stick(&mut self, document: DocumentId, counter: u64, code: Code, detail: &str) -> Result<()> {
        tracing::warn!(document.id = %document, counter, code = code.name(), detail, "the relay refused a change; it is kept");
        self.store()?.stick(document, counter, code, detail)?;
        self.count()?;
        self.hub.broadcast(&ReplicaEvent::Documents);
        self.show_places([document].into());
        Ok(())
    }

    /// Takes a new name for this replica and everything that waits.
    pub fn take_new_identity(&mut self) -> Result<ReplicaId> {
        let replica = chance::id(self.clock.now(), ReplicaId::fresh);
        self.store()?.rename_replica(replica)?;
        Ok(replica)
    }

    /// Signs with the person and device that the relay takes us for, from now on and what waits.
    pub fn claim(&mut self, person: PersonId, device: DeviceId) -> Result<()> {
        let author = self.store()?.identity()?.author;
        if (author.person, author.device) != (person, device) {
            self.store()?.claim(person, device)?;
        }
        Ok(())
    }

    /// Returns the sealed entries of a document that a relay with this state vector lacks. What it lacks and nobody has as an
    /// entry is committed as a new row of the outbox.
    pub fn mend(&mut self, document: DocumentId, have: &StateVector) -> Result<Vec<Entry>> {
        let hash_key = chance::bytes();
        let mut covered = have.clone();
        let mut lacking = self.store()?.numbered_in(document)?;
        // Only what is in the outbox or can be brought back will reach the relay.
        let mut state = DocState::new(hash_key);
        lacking.retain(|entry| {
            let summary = state.admit(&entry.draft.bytes, &Limits::BULK).map(|it| it.summary().clone());
            summary.is_ok_and(|summary| cover(&mut covered, &summary))
        });
        for row in self.read_outbox(0, usize::MAX, usize::MAX)? {
            if row.draft.document == document
                && let Ok(admitted) = state.admit(&row.draft.bytes, &Limits::BULK)
            {
                cover(&mut covered, admitted.summary());
            }
        }
        let (loaded, read) = self.load(document)?;
        let ours = read.state_vector();
        if !covered.covers(&ours)
            && let Ok(rest) = diff(&loaded.update, &covered)
        {
            // Part of the document here already, so the gatekeeper has nothing to say.
            let at = self.clock.now();
            let write = LocalWrite { document, origin: Origin::RESTORED, at, bytes: rest.into() };
            let written = self.store()?.commit_local(&write)?;
            self.hub.wrote(written.counter, 1);
        }
        Ok(lacking)
    }
}

/// Adds what an update writes to what somebody has; says whether they lacked any of it.
fn cover(have: &mut StateVector, summary: &Summary) -> bool {
    let mut lacked = false;
    for client in &summary.clients {
        if client.start <= have.next(client.client) && client.next > have.next(client.client) {
            have.set(client.client, client.next);
            lacked = true;
        }
    }
    lacked
}
