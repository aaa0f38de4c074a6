//! A window's seat at a workspace: the living replica, the hand that opens and writes, and where the person is.

use std::sync::{Arc, Mutex, PoisonError};

use sheaf_client::{Replica, Watcher, team};
use sheaf_document::ids::DocumentId;
use tauri::async_runtime::{self, JoinHandle};
use tauri::ipc::{Channel, InvokeResponseBody};

use crate::events;
use crate::intake::Intake;
use crate::living::{Living, name_of};
use crate::remembered::Remembered;
use crate::shapes::{Me, Place, Problem, ProblemCode, Start, TreeView};
use crate::transfer::Transfer;
use crate::translate;

/// Where the person was, as JSON.
const PLACE: &str = "window.place";

/// A window that has a workspace open. Dropping it closes the window's documents; the workspace lives on.
pub struct Seat {
    pub living: Arc<Living>,
    pub replica: Replica,
    pub watcher: Watcher,
    /// Tells the window what happens.
    teller: Mutex<Option<JoinHandle<()>>>,
    /// The relay's address, where a team has this workspace.
    relay: Option<String>,
    remembered: Remembered,
    /// Files that the window is handing over.
    pub intake: Intake,
    /// What the window brings in or takes out.
    pub transfer: Transfer,
}

impl Seat {
    /// Takes a seat and begins to tell the window what happens.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn take(
        living: Arc<Living>,
        window: Option<Channel<InvokeResponseBody>>,
    ) -> Result<Self, Problem> {
        let replica = living.replica.clone();
        let relay = replica.setting(team::RELAY).await?;
        let (watcher, events) = replica.watch();
        let teller = window.map(|window| {
            async_runtime::spawn(events::tell(replica.clone(), relay.is_some(), events, window))
        });
        let teller = Mutex::new(teller);
        Ok(Self {
            living,
            replica,
            watcher,
            teller,
            relay,
            remembered: Remembered::default(),
            intake: Intake::default(),
            transfer: Transfer::default(),
        })
    }

    /// Leaves the seat: when this returns, nothing more of this workspace is told.
    pub async fn leave(&self) {
        let teller = self.teller.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(teller) = teller {
            teller.abort();
            let _ = teller.await; // it has ended, one way or the other
        }
    }

    /// Says what there is.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn describe(&self) -> Result<Start, Problem> {
        let place = self.replica.setting(PLACE).await?;
        let shared = self.relay.is_some();
        let name = self.replica.setting(team::TEAM).await?;
        Ok(Start {
            workspace: name_of(name, self.relay.as_deref()),
            shared,
            me: Me {
                id: self.replica.identity().author.person.to_string(),
                name: self.replica.setting(team::NAME).await?.unwrap_or_default(),
            },
            place: self.still_there(place.and_then(|place| serde_json::from_str(&place).ok())).await?,
            tree: self.remembered.tree(&self.replica).await?,
            sync: translate::sync(&self.replica.status(), shared),
            revived: false,
        })
    }

    /// Remembers where the person is.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn remember(&self, place: &Place) -> Result<(), Problem> {
        let text =
            serde_json::to_string(place).map_err(|error| Problem::new(ProblemCode::Internal, error))?;
        self.replica.put_setting(PLACE, Some(text)).await?;
        self.remembered.visit(&self.replica, place.document.parse()?).await
    }

    /// Returns the documents that were opened here last.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn recent(&self) -> Result<Vec<DocumentId>, Problem> {
        self.remembered.recent(&self.replica).await
    }

    /// Remembers what the person sees of the tree.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn remember_tree(&self, view: &TreeView) -> Result<(), Problem> {
        self.remembered.keep_tree(&self.replica, view).await
    }

    /// Leaves out a place in a document that is not here.
    async fn still_there(&self, place: Option<Place>) -> Result<Option<Place>, Problem> {
        let Some(place) = place else { return Ok(None) };
        let Ok(document) = place.document.parse() else { return Ok(None) };
        let rows = self.replica.places(vec![document]).await?;
        Ok((!rows.is_empty()).then_some(place))
    }

    /// Says whether a team has this workspace.
    pub fn is_shared(&self) -> bool {
        self.relay.is_some()
    }
}
