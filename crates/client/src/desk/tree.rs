//! The tree, as people on this device change it. Every change is a draft, held against the rules before it is written.

use std::collections::BTreeSet;

use bytes::Bytes;
use sheaf_document::ids::DocumentId;
use sheaf_document::schema;
use sheaf_document::tree::Node;
use sheaf_protocol::entry::{Counter, Origin};
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{FavouriteWrite, MemberWrite, Order, Parent, PlaceWrite, Position, Record};
use sheaf_store::{Changed, Level, Place, PlaceRow, RefusedRecord, Settle};

use super::Desk;
use crate::chance;
use crate::error::{ReplicaError, Result};
use crate::replica::{Edit, ReplicaEvent};
use crate::team;
use crate::writing::{compose, place_behind};

/// As many rows of a level are read at a time.
const PAGE: usize = 1_000;

impl Desk {
    /// Makes a document somewhere and returns its id: its place and its text are there together, or neither.
    pub fn create(
        &mut self,
        parent: Parent,
        beside: Place,
        title: &str,
        blocks: Vec<Node>,
        origin: Origin,
    ) -> Result<DocumentId> {
        let document = chance::id(self.clock.now(), DocumentId::fresh);
        let (order, mut records) = self.order(parent, beside, None)?;
        let schema = Some(schema::VERSION);
        let place = PlaceWrite { schema, ..PlaceWrite::at(document, parent, order) };
        records.push(Record::Place(place));
        let edit = |bytes| Edit { document, bytes, origin, by: None };
        let edits: Vec<_> = compose(self.hand, title, blocks).into_iter().map(edit).collect();
        let (_, proofs) = self.commit_with(records, &edits)?;
        self.show(&edits, &proofs);
        self.store()?.put_title(document, title)?;
        self.hub.broadcast(&ReplicaEvent::Documents);
        Ok(document)
    }

    /// Puts a document somewhere else.
    pub fn move_to(&mut self, document: DocumentId, parent: Parent, beside: Place) -> Result<()> {
        self.row(document)?;
        if beside == Place::After(document) {
            return Ok(());
        }
        let (order, mut records) = self.order(parent, beside, Some(document))?;
        records.push(Record::Place(PlaceWrite::at(document, parent, order)));
        self.commit_with(records, &[]).map(drop)
    }

    /// Gives a document another sign beside its title.
    pub fn set_icon(&mut self, document: DocumentId, icon: String) -> Result<()> {
        let row = self.row(document)?;
        let (position, mut records) = if has_place(&row) { Default::default() } else { self.at_the_top()? };
        let write = PlaceWrite { icon: Some(icon), position, ..PlaceWrite::of(document) };
        records.push(Record::Place(write));
        self.commit_with(records, &[]).map(drop)
    }

    /// Puts a document into the trash, or takes it out; one whose parent is in the trash then stands at the top.
    pub fn trash(&mut self, document: DocumentId, trashed: bool) -> Result<()> {
        let row = self.row(document)?;
        let stays = if trashed { has_place(&row) } else { self.stands_outside_the_trash(&row)? };
        let (position, mut records) = if stays { Default::default() } else { self.at_the_top()? };
        records.push(Record::Place(PlaceWrite {
            trashed: Some(trashed),
            position,
            ..PlaceWrite::of(document)
        }));
        self.commit_with(records, &[]).map(drop)
    }

    /// Keeps a document at hand for this person, or no more.
    pub fn favourite(&mut self, document: DocumentId, on: bool) -> Result<()> {
        self.row(document)?;
        self.commit_with(vec![Record::Favourite(FavouriteWrite { document, on })], &[]).map(drop)
    }

    /// Changes the letters of a title that are to be others; whoever has the document open hears it as an update.
    pub fn rename(&mut self, document: DocumentId, title: &str) -> Result<()> {
        let (loaded, mut read) = self.load(document)?;
        if loaded.updates == 0 {
            return Err(ReplicaError::NotFound(document));
        }
        let bytes = Bytes::from(read.set_title(title));
        let edits = [Edit { document, bytes, origin: Origin::TYPED, by: None }];
        let (_, proofs) = self.commit(&edits)?;
        self.show(&edits, &proofs);
        self.store()?.put_title(document, title)?;
        self.hub.broadcast(&ReplicaEvent::Documents);
        self.show_places([document].into());
        Ok(())
    }

    /// Says who this person is, where the others do not know it as it is.
    pub fn introduce(&mut self) -> Result<()> {
        let store = self.store()?;
        let person = store.identity()?.author.person;
        let Some(name) = store.setting(team::NAME)? else { return Ok(()) };
        let is_known = store.members()?.iter().any(|member| member.person == person && member.name == name);
        // A relay that does not take it will not take it any better on the next connection.
        let is_refused = |it: &RefusedRecord| matches!(it.record, Record::Member(_));
        if is_known || store.refused_records()?.iter().any(is_refused) {
            return Ok(());
        }
        self.commit_with(vec![Record::Member(MemberWrite { person, name })], &[]).map(drop)
    }

    /// Gives every document a place, the oldest first, in a workspace where none has one: it is from a time without a tree.
    /// To be called where nobody else can have given any that did not come here yet.
    pub fn plant(&mut self) -> Result<()> {
        let store = self.store()?;
        let has_tree = !store.level(Level::Under(None), None, 1)?.is_empty()
            || !store.level(Level::Trash, None, 1)?.is_empty();
        // A relay that does not take places will not take them any better at the next start.
        let is_place = |it: &RefusedRecord| matches!(it.record, Record::Place(_));
        if has_tree || store.refused_records()?.iter().any(is_place) {
            return Ok(());
        }
        let mut homeless = store.level(Level::Recovered, None, usize::MAX)?;
        homeless.retain(|row| !has_place(row));
        let (mut last, mut records) = (None, Vec::new());
        for row in homeless.iter().rev() {
            let order = place_behind(last.as_ref())?;
            records.push(Record::Place(PlaceWrite::at(row.id, None, order.clone())));
            last = Some(order);
        }
        self.commit_with(records, &[]).map(drop)
    }

    /// All that the relay's log held has been here: what stands nowhere does so for good.
    pub fn be_whole(&mut self) -> Result<()> {
        if self.store()?.be_whole()? {
            self.hub.broadcast(&ReplicaEvent::Places(None));
        }
        Ok(())
    }

    /// Brings along places from elsewhere, parents first, each unless its document has one here, and with it whether it
    /// is kept at hand. All of it is there when this returns, or nothing.
    pub fn bring(&mut self, places: Vec<PlaceWrite>, favourites: Vec<FavouriteWrite>) -> Result<()> {
        let ids: Vec<_> = places.iter().map(|write| write.document).collect();
        let here: BTreeSet<_> =
            self.store()?.places(&ids)?.iter().filter(|row| has_place(row)).map(|row| row.id).collect();
        let places = places.into_iter().filter(|write| !here.contains(&write.document)).map(Record::Place);
        let favourites = favourites.into_iter().filter(|write| !here.contains(&write.document));
        let records: Vec<_> = places.chain(favourites.map(Record::Favourite)).collect();
        self.commit_with(records, &[]).map(drop)
    }

    /// The relay will not take these records: they wait for a person.
    pub fn refuse(&mut self, records: &[(Counter, Code, String)]) -> Result<()> {
        for (counter, code, detail) in records {
            tracing::warn!(counter, code = code.name(), detail, "the relay refused a record; it is kept");
        }
        let changed = self.store()?.refuse(records)?;
        if records.iter().any(|(_, code, _)| *code == Code::NO_FILE) {
            self.hub.learn_of_files(None);
        }
        self.count()?;
        self.show_changed(changed);
        Ok(())
    }

    /// Settles a refused record as a person decided.
    pub fn settle_record(&mut self, row: i64, how: Settle) -> Result<()> {
        let changed = self.store()?.settle_record(row, how)?;
        self.count()?;
        self.show_changed(changed);
        Ok(())
    }

    /// Tells what is shown in another way now.
    pub(super) fn show_changed(&self, changed: Changed) {
        let Changed { places, members } = changed;
        self.show_places(places);
        if members {
            self.hub.broadcast(&ReplicaEvent::Members);
        }
    }

    /// Tells that rows of the tree are others now.
    pub(super) fn show_places(&self, places: BTreeSet<DocumentId>) {
        if !places.is_empty() {
            self.hub.broadcast(&ReplicaEvent::Places(Some(places)));
        }
    }

    pub(super) fn row(&mut self, document: DocumentId) -> Result<PlaceRow> {
        let rows = self.store()?.places(&[document])?;
        rows.into_iter().next().ok_or(ReplicaError::NotFound(document))
    }

    /// Returns the order of what is put somewhere, and what makes room for it where there is none.
    pub(super) fn order(
        &mut self,
        parent: Parent,
        beside: Place,
        moved: Option<DocumentId>,
    ) -> Result<(Order, Vec<Record>)> {
        let (before, after) = self.store()?.neighbours(parent, beside, moved)?;
        match Order::between(before.as_ref(), after.as_ref(), any_number()) {
            Ok(order) => Ok((order, Vec::new())),
            Err(_) => self.spread(parent, before, moved),
        }
    }

    /// Gives everything on a level a new order, with room behind one of them.
    fn spread(
        &mut self,
        parent: Parent,
        before: Option<Order>,
        moved: Option<DocumentId>,
    ) -> Result<(Order, Vec<Record>)> {
        let mut level: Vec<PlaceRow> = Vec::new();
        loop {
            let after = level.last().map(PlaceRow::spot);
            let page = self.store()?.level(Level::Under(parent), after.as_ref(), PAGE)?;
            if page.is_empty() {
                break;
            }
            level.extend(page);
        }
        level.retain(|row| Some(row.id) != moved);
        let is_before =
            |row: &&PlaceRow| before.as_ref().is_some_and(|it| row.order.as_slice() <= it.as_bytes());
        let place = level.iter().take_while(is_before).count();
        let (mut last, mut room, mut records) = (None, None, Vec::new());
        for at in 0..=level.len() {
            if at == place {
                let order = place_behind(last.as_ref())?;
                room = Some(order.clone());
                last = Some(order);
            }
            if let Some(row) = level.get(at) {
                let order = place_behind(last.as_ref())?;
                records.push(Record::Place(PlaceWrite::at(row.id, parent, order.clone())));
                last = Some(order);
            }
        }
        Ok((room.ok_or(ReplicaError::Broken)?, records))
    }

    /// Returns the last place at the top, and what makes room for it where there is none.
    fn at_the_top(&mut self) -> Result<(Option<Position>, Vec<Record>)> {
        let (order, records) = self.order(None, Place::Last, None)?;
        Ok((Some(Position { parent: None, order }), records))
    }

    fn stands_outside_the_trash(&mut self, row: &PlaceRow) -> Result<bool> {
        let Some(parent) = row.parent else { return Ok(!row.recovered) };
        Ok(!self.store()?.is_in_trash(parent)?)
    }
}

fn has_place(row: &PlaceRow) -> bool {
    !row.order.is_empty()
}

fn any_number() -> u64 {
    u64::from_le_bytes(chance::bytes())
}
