//! The shapes of the tree.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A part of the tree that is read at once.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// What lies right below a document, or at the top.
    Under(Option<String>),
    /// What was put into the trash.
    Trash,
    /// What has no way to the top.
    Recovered,
    /// What this person keeps at hand.
    Favourites,
}

/// A document as the tree shows it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PlaceRow {
    /// The document.
    pub id: String,
    /// What it lies under; none at the top.
    pub parent: Option<String>,
    /// Its place among its siblings: text that sorts as they do; of equal ones the lesser id comes first.
    pub order: String,
    /// Its title; empty when it has none.
    pub title: String,
    /// Its icon; empty when it has none.
    pub icon: String,
    /// How many documents lie right below it, without those in the trash.
    pub children: u32,
    /// Whether it was put into the trash.
    pub trashed: bool,
    /// Whether no way leads from it to the top.
    pub recovered: bool,
    /// Whether it is one of this person's favourites.
    pub favourite: bool,
    /// Why the relay refused changes of its text, if it did.
    pub refused: Option<String>,
    /// When it was last changed here.
    pub updated_at: f64,
}

/// Where a level is read on: behind the row with this order and this document.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Spot {
    /// The row's order.
    pub order: String,
    /// Its document.
    pub id: String,
}

/// What a person sees of the tree.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct TreeView {
    /// The documents below which is seen what lies there.
    pub expanded: Vec<String>,
    /// How far the tree is scrolled, in pixels.
    pub scroll: f64,
}

/// A change of the tree that the relay refused.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct RefusedRecord {
    /// Names it.
    pub row: f64,
    /// Why, as a code of the catalogue.
    pub code: String,
    /// The document that it is about; none for one about a person or a file.
    pub document: Option<String>,
    /// That document's title, or the file's name.
    pub title: String,
    /// What the document should have gone under, where it should have gone somewhere.
    pub parent: Option<String>,
}

/// How a person settles such a change.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SettleRecord {
    /// Offer it again.
    Retry,
    /// Let it go.
    Discard,
}
