//! What a relay says of records: others' entries, this device's own with their numbers, foldings, new lives of the log.

use bytes::Bytes;
use sheaf_document::ids::PersonId;
use sheaf_protocol::entry::{Draft, Flags, Kind, Seq};
use sheaf_protocol::frame::Snapshot;
use sheaf_protocol::record::Records;

use super::{Thing, Tree, read};
use crate::error::Result;
use crate::store::Pen;
use crate::table::agreed::Said;
use crate::table::{agreed, favourite, file, folded, member, records, upload};

impl Tree<'_> {
    /// Says whether an entry is a record that this version can read.
    pub(crate) fn is_about(&self, draft: &Draft) -> bool {
        draft.kind == Kind::RECORD && draft.document == self.stream && draft.flags == Flags::default()
    }

    /// Says whether a snapshot is one of records.
    pub(crate) fn is_folded_in(&self, snapshot: &Snapshot) -> bool {
        snapshot.document == self.stream
    }

    /// Takes an entry that somebody wrote, or this device earlier.
    pub(crate) fn hear(&mut self, by: PersonId, number: Seq, bytes: &Bytes) -> Result<()> {
        if number > self.covered()?
            && let Some(record) = read(bytes)
            && self.agree(by, number, &record)?.changed
        {
            self.unsettle();
        }
        Ok(())
    }

    /// Takes the number of a row that waited here until now, or was set aside.
    pub(crate) fn hear_own(
        &mut self,
        pen: &Pen,
        row: i64,
        number: Seq,
        bytes: &Bytes,
        was_shown: bool,
    ) -> Result<()> {
        let Some(record) = read(bytes) else { return Ok(()) };
        let said = if number > self.covered()? {
            self.agree(self.me, number, &record)?
        } else {
            Said { overtaken: true, ..Said::default() }
        };
        // The lowest sheet of glass has become a part of what it lay upon.
        let is_lowest = was_shown && pen.drafts_hold && !records::has_draft_before(self.connection, row)?;
        if said.overtaken || !is_lowest {
            self.touch(self.me, &record);
        }
        Ok(())
    }

    /// Takes a folding of the stream: what it does not name is not.
    pub(crate) fn hear_folding(&mut self, folding: &Snapshot) -> Result<()> {
        // One that cannot be read is kept like everything that a relay sends; the next one replaces it.
        let Ok(all) = Records::unfold(&folding.bytes) else { return Ok(()) };
        let through = folding.through;
        self.covered = Some(self.covered()?.max(through));
        for (person, document) in favourite::clear(self.connection, through)? {
            self.touched.insert(Thing::Favourite(person, document));
        }
        for (by, record) in all.rows() {
            self.agree(by, through, &record)?;
        }
        self.unsettle();
        Ok(())
    }

    /// The log began a new life: whatever it says from now on is later than what is here.
    pub(crate) fn hear_of_new_life(&self) -> Result<()> {
        agreed::forget_numbers(self.connection)?;
        favourite::forget_numbers(self.connection)?;
        member::forget_numbers(self.connection)?;
        file::forget_numbers(self.connection)?;
        upload::put_all(self.connection)
    }

    /// Returns the number through which a folding has said everything: what an entry up to there says is in it.
    fn covered(&mut self) -> Result<Seq> {
        if let (None, Some(life)) = (self.covered, self.life) {
            self.covered = Some(folded::through(self.connection, self.stream, life)?);
        }
        Ok(self.covered.unwrap_or_default())
    }
}
