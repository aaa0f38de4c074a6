//! A document that a play is written to, as it stands on this device: what of it has arrived, whoever wrote it.

use std::time::Duration;

use bytes::Bytes;
use sheaf_client::replica::Edit;
use sheaf_client::{Events, Replica, ReplicaEvent, Watcher, chance};
use sheaf_document::ids::DocumentId;
use sheaf_document::update::{DocState, Limits};
use sheaf_protocol::entry::Origin;

use super::Step;
use crate::failure::{Exit, Failure};

/// As many changes share one sync of the disk when nobody waits for them.
const TOGETHER: usize = 4_096;

/// A document, and what has arrived in it.
pub struct Stage {
    replica: Replica,
    document: DocumentId,
    watcher: Watcher,
    events: Events,
    state: DocState,
}

impl Stage {
    /// Opens the document.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn enter(replica: &Replica, document: DocumentId) -> Result<Self, Failure> {
        let (watcher, events) = replica.watch();
        let mut stage = Self {
            replica: replica.clone(),
            document,
            watcher,
            events,
            state: DocState::new(chance::bytes()),
        };
        stage.open().await?;
        Ok(stage)
    }

    /// Says whether anything by this client is here.
    pub fn has_heard(&self, client: u64) -> bool {
        self.state.next(client) > 0
    }

    /// Writes these steps, each when all that it needs has arrived, at most so many in a second.
    ///
    /// # Errors
    /// When the disk fails, or a rule refuses a step.
    pub async fn play(&mut self, steps: Vec<Step>, pace: Option<u32>) -> Result<(), Failure> {
        let mut beat = pace.map(|pace| tokio::time::interval(Duration::from_secs(1) / pace.max(1)));
        let most = if pace.is_some() { 1 } else { TOGETHER };
        let mut steps = steps.into_iter().peekable();
        while steps.peek().is_some() {
            if let Some(beat) = &mut beat {
                beat.tick().await;
            }
            let mut edits = Vec::new();
            while edits.len() < most
                && let Some(step) = steps.next_if(|step| self.has(&step.needs))
            {
                edits.push(Edit {
                    document: self.document,
                    bytes: Bytes::from(step.update),
                    origin: Origin::TYPED,
                    by: None,
                });
            }
            if edits.is_empty() {
                self.listen().await?;
            } else {
                self.replica.commit_all(edits).await?;
            }
        }
        Ok(())
    }

    /// Waits until something happens in the document.
    ///
    /// # Errors
    /// When the workspace was closed.
    async fn listen(&mut self) -> Result<(), Failure> {
        loop {
            match self.events.next().await {
                None => return Err(Failure::new(Exit::Failed, "The workspace was closed.")),
                Some(ReplicaEvent::Update { document, bytes }) if document == self.document => {
                    // What is on the disk has passed the same rules.
                    return match self.state.admit(&bytes, &Limits::WHOLE) {
                        Ok(_) => Ok(()),
                        Err(_) => self.open().await,
                    };
                }
                Some(ReplicaEvent::Reopen(document)) if document == self.document => {
                    return self.open().await;
                }
                Some(_) => {}
            }
        }
    }

    /// Waits until something happens in the document, and takes all else that has happened by then.
    ///
    /// # Errors
    /// When the workspace was closed.
    pub async fn hear_out(&mut self) -> Result<(), Failure> {
        self.listen().await?;
        loop {
            tokio::select! {
                biased;
                heard = self.listen() => heard?,
                () = std::future::ready(()) => return Ok(()),
            }
        }
    }

    fn has(&self, needs: &[(u64, u32)]) -> bool {
        needs.iter().all(|(client, next)| self.state.next(*client) >= *next)
    }

    /// Reads the document as it is now; what comes later comes as events.
    async fn open(&mut self) -> Result<(), Failure> {
        let opened = self.watcher.open(self.document).await?;
        self.state = DocState::new(chance::bytes());
        match self.state.admit(&opened, &Limits::WHOLE) {
            Ok(_) => Ok(()),
            Err(refusal) => {
                Err(Failure::new(Exit::Failed, format!("The document cannot be read: {refusal}.")))
            }
        }
    }
}
