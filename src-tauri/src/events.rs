//! From the replica's events to the window's channel: updates as raw bytes, everything else as JSON.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use sheaf_client::{Events, Replica, ReplicaEvent};
use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::rest::Hex;
use tauri::ipc::{Channel, InvokeResponseBody};

use crate::shapes::{Person, Problem, Sync, Workspace};
use crate::translate;

/// What the window is told, besides updates.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Told {
    Places {
        documents: Option<Vec<String>>,
    },
    Files {
        hashes: Option<Vec<String>>,
    },
    Sync {
        sync: Sync,
    },
    Members,
    Transfer {
        done: u32,
        total: u32,
        path: String,
    },
    People {
        document: Option<String>,
        people: Vec<Person>,
    },
    Reopen {
        document: String,
    },
    Workspace {
        workspace: Workspace,
    },
    Trouble {
        problem: Problem,
    },
    /// Somebody followed a link to a document; [`crate::shell::Shell::visit`] says which.
    Visit,
    Closing,
}

/// The window's ear, once it listens; clones share it.
#[derive(Clone, Default)]
pub struct Ear(Arc<Mutex<Option<Channel<InvokeResponseBody>>>>);

impl Ear {
    /// The window listens to this channel from now on; to none, when its page is gone.
    pub fn turn_to(&self, window: Option<Channel<InvokeResponseBody>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = window;
    }

    /// Returns what the window listens to.
    pub fn channel(&self) -> Option<Channel<InvokeResponseBody>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the window something; says whether it can hear that.
    pub fn tell(&self, told: &Told) -> bool {
        let Ok(json) = serde_json::to_string(told) else { return false };
        self.channel().is_some_and(|window| window.send(InvokeResponseBody::Json(json)).is_ok())
    }
}

/// Tells a window everything until the replica stops, the watcher is gone, or nobody hears it.
pub async fn tell(replica: Replica, shared: bool, mut events: Events, window: Channel<InvokeResponseBody>) {
    // How things stand comes first: what the teller before said last may still be on its way, and is older.
    let company = ReplicaEvent::People { document: None, people: replica.company() };
    let mut now = vec![company, ReplicaEvent::Status(replica.status())];
    while let Some(event) = match now.pop() {
        Some(event) => Some(event),
        None => events.next().await,
    } {
        let told = match event {
            ReplicaEvent::Update { document, bytes } => {
                let raw = [document.to_string().as_bytes(), &bytes].concat();
                if window.send(InvokeResponseBody::Raw(raw)).is_err() {
                    return;
                }
                continue;
            }
            ReplicaEvent::Places(rows) => {
                let names = |rows: BTreeSet<DocumentId>| rows.iter().map(DocumentId::to_string).collect();
                Told::Places { documents: rows.map(names) }
            }
            ReplicaEvent::Files(files) => {
                let names = |files: BTreeSet<ContentHash>| {
                    files.into_iter().map(|it| Hex::from(it).to_string()).collect()
                };
                Told::Files { hashes: files.map(names) }
            }
            // Texts changed or came, and no row with them: a window that shows nothing may have something to show now.
            ReplicaEvent::Documents => Told::Places { documents: Some(Vec::new()) },
            ReplicaEvent::Members => Told::Members,
            ReplicaEvent::Status(status) => Told::Sync { sync: translate::sync(&status, shared) },
            ReplicaEvent::People { document, people } => Told::People {
                document: document.map(|id| id.to_string()),
                people: people.iter().map(translate::person).collect(),
            },
            ReplicaEvent::Reopen(document) => Told::Reopen { document: document.to_string() },
        };
        let Ok(json) = serde_json::to_string(&told) else { continue };
        if window.send(InvokeResponseBody::Json(json)).is_err() {
            return;
        }
    }
}
