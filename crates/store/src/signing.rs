//! Under which name a replica writes: new names for what no relay has acknowledged yet.
//!
//! What was acknowledged keeps its name for ever, whatever this copy is called later.

use rusqlite::Transaction;
use sheaf_document::ids::{DeviceId, PersonId, ReplicaId};
use sheaf_protocol::entry::Author;

use crate::error::Result;
use crate::store::{Pen, Store};
use crate::table::{log, outbox, replica};
use crate::tree::Tree;

impl Store {
    /// Signs what is written from now on, and everything that no relay has acknowledged yet, with another replica id:
    /// the answer to *forked*, when this copy turned out to have a twin. Under a fresh id counters
    /// begin anew, in the old order.
    pub fn rename_replica(&mut self, to: ReplicaId) -> Result<()> {
        self.write(|transaction, pen| {
            let waiting = outbox::take_all(transaction)?;
            sign_as(transaction, pen, |author| Author { replica: to, ..author })?;
            for row in waiting {
                pen.counter += 1;
                log::rename(transaction, row, pen.author, pen.counter)?;
                outbox::add(transaction, pen.counter, row)?;
            }
            Ok(())
        })
    }

    /// Signs what is written from now on, and everything that no relay has acknowledged yet, with this person and
    /// device: somebody who wrote on this device alone has joined a relay. Counters stay.
    pub fn claim(&mut self, person: PersonId, device: DeviceId) -> Result<()> {
        self.write(|transaction, pen| {
            sign_as(transaction, pen, |author| Author { person, device, ..author })?;
            log::sign_waiting(transaction, pen.author)?;
            // What somebody keeps at hand is theirs, and they go by another id now.
            let mut tree = Tree::of(transaction)?;
            tree.unsettle();
            tree.finish(pen).map(drop)
        })
    }
}

fn sign_as(
    transaction: &Transaction<'_>,
    pen: &mut Pen,
    change: impl FnOnce(Author) -> Author,
) -> Result<()> {
    let author = change(replica::identity(transaction)?.author);
    replica::sign_as(transaction, author)?;
    *pen = Pen::take(transaction, author)?;
    Ok(())
}
