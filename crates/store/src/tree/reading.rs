//! Reading the tree, a level and a page at a time, each by an index: what it costs does not grow with the workspace.

use sheaf_document::ids::{DocumentId, PersonId};
use sheaf_protocol::entry::Millis;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{Order, Parent};

use crate::error::Result;
use crate::store::Store;
use crate::table::{level, member, place, replica};

/// A part of the tree that is read at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// What stands right below a document, or at the top, in its order. Without what is in the trash.
    Under(Parent),
    /// What somebody put into the trash, the youngest document first. What stands below it is in the trash with it.
    Trash,
    /// What stands nowhere, the youngest document first: it has no place, or its parent has none or stands under it. Nothing
    /// before all that the relay's log holds has been here once: what is missing is on its way.
    Recovered,
    /// What this person keeps at hand, the oldest document first.
    Favourites,
}

/// A row's spot on a level: where the next page goes on, wherever the row itself may stand by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The order of the row.
    pub order: Vec<u8>,
    /// Its document.
    pub id: DocumentId,
}

/// Where something is put among those that stand there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before all of them.
    First,
    /// Behind all of them.
    Last,
    /// Behind this one; where that does not stand there, behind all of them.
    After(DocumentId),
}

/// A document, as the tree shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRow {
    /// The document.
    pub id: DocumentId,
    /// What it stands under; `None` at the top, and where it stands nowhere.
    pub parent: Parent,
    /// Its order among those that stand there too; equal ones go by their ids.
    pub order: Vec<u8>,
    /// Its title, as it was last read.
    pub title: String,
    /// The sign beside it; empty for none.
    pub icon: String,
    /// How many stand right below it and are not in the trash.
    pub children: u64,
    /// Whether it was put into the trash.
    pub trashed: bool,
    /// Whether it stands nowhere in the tree, and so among what was recovered unless it is in the trash.
    pub recovered: bool,
    /// Whether this person keeps it at hand.
    pub favourite: bool,
    /// Why the relay does not take changes of its text.
    pub refused: Option<Code>,
    /// When its text last changed; 0 before there is any.
    pub updated_at: Millis,
}

impl PlaceRow {
    /// Returns where the rows behind it are read on.
    pub fn spot(&self) -> Spot {
        Spot { order: self.order.clone(), id: self.id }
    }
}

/// Somebody in the workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Who.
    pub person: PersonId,
    /// What others call them.
    pub name: String,
}

impl Store {
    /// Returns some of a level in its order, after a spot on it.
    pub fn level(&self, level: Level, after: Option<&Spot>, limit: usize) -> Result<Vec<PlaceRow>> {
        self.read(|connection| {
            let me = replica::identity(connection)?.author.person;
            level::page(connection, me, level, after, limit)
        })
    }

    /// Returns the rows of these documents, as many as there are.
    pub fn places(&self, documents: &[DocumentId]) -> Result<Vec<PlaceRow>> {
        self.read(|connection| {
            let me = replica::identity(connection)?.author.person;
            let rows = documents.iter().map(|document| level::row(connection, me, *document));
            Ok(rows.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    /// Returns the way to a document: the rows of those that it stands under, from the top, and its own at the end.
    pub fn path(&self, document: DocumentId) -> Result<Vec<PlaceRow>> {
        self.read(|connection| {
            let me = replica::identity(connection)?.author.person;
            level::path(connection, me, document)
        })
    }

    /// Says whether a document is in the trash, or stands under one that is.
    pub fn is_in_trash(&self, document: DocumentId) -> Result<bool> {
        Ok(self.path(document)?.iter().any(|row| row.trashed))
    }

    /// Returns the orders between which a document is to be put: of the neighbour before it, and of the one behind it.
    /// The document itself is no neighbour.
    pub fn neighbours(
        &self,
        parent: Parent,
        beside: Place,
        moved: Option<DocumentId>,
    ) -> Result<(Option<Order>, Option<Order>)> {
        self.read(|connection| {
            let (first, last) = (level::Edge::First, level::Edge::Last);
            Ok(match beside {
                Place::First => (None, level::edge(connection, parent, first, moved)?),
                Place::Last => (level::edge(connection, parent, last, moved)?, None),
                Place::After(one) => match place::get(connection, one)?
                    .filter(|place| place.lost == place::STANDS && place.parent == parent)
                {
                    Some(place) => {
                        let next = level::behind(connection, parent, &place.order, one, moved)?;
                        (Order::from_bytes(&place.order), next)
                    }
                    None => (level::edge(connection, parent, last, moved)?, None),
                },
            })
        })
    }

    /// All that the relay's log held when it was asked has been here: from now on, what stands nowhere is shown. Says whether
    /// that is news.
    pub fn be_whole(&mut self) -> Result<bool> {
        if self.read(replica::is_whole)? {
            return Ok(false);
        }
        self.write(|transaction, _| replica::be_whole(transaction))?;
        Ok(true)
    }

    /// Returns everyone in the workspace, in the order of their names.
    pub fn members(&self) -> Result<Vec<MemberRow>> {
        let members = self.read(member::all)?;
        Ok(members.into_iter().map(|(person, name)| MemberRow { person, name }).collect())
    }
}
